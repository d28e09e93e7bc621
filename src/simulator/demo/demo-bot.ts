import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Milliseconds, seconds, systemClock, within } from '../../lib/time.ts';
import type { BotBeginning, FromBot, QuestionName, Questions, ToBot } from './bot-talk.ts';

/** The bot answers in milliseconds; a machine that is very busy takes longer. */
const ANSWER_WITHIN: Milliseconds = seconds(20);

/** Longer than the bot takes to finish what it is doing. */
const STOP_WITHIN: Milliseconds = seconds(10);

interface DemoBotParts {
  /** Where the bot keeps its files. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Who hears what the bot says without being asked, and its end, by itself or by force. */
export interface BotListener {
  onTold(told: Told): void;
  onEnd(): void;
}

/** What the bot says without being asked. */
export type Told = Exclude<FromBot, { readonly number: number }>;

interface Asked {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The bot's process, from its first moment to its end. It begins to open its database at once. */
export class DemoBot {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  readonly #unheard: Told[] = [];
  #listener: BotListener | undefined;
  #questions = 0;

  constructor({ directory, environment }: DemoBotParts) {
    const program = fileURLToPath(import.meta.url).replace(/demo-bot\.([jt]s)$/, 'bot-main.$1');
    this.#child = fork(program, [directory], {
      env: { ...environment },
      execArgv: program.endsWith('.ts') ? ['--import', 'tsx'] : [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromBot) => this.#hear(message));
    this.#child.once('close', () => {
      for (const { reject } of this.#asked.values()) {
        reject(new Error('The bot is not running'));
      }
      this.#asked.clear();
      this.#listener?.onEnd();
    });
  }

  /** Lets it run, for who listens from now on; what it has said already is heard first. */
  begin(beginning: BotBeginning, listener: BotListener): void {
    this.#listener = listener;
    for (const told of this.#unheard) {
      listener.onTold(told);
    }
    if (this.#isGone) {
      listener.onEnd();
    }
    this.#send({ kind: 'begin', beginning });
  }

  /** @throws when the bot ends before it answers, or does not answer in time */
  async ask<Name extends QuestionName>(name: Name, ask: Questions[Name]['ask']): Promise<Questions[Name]['answer']> {
    this.#questions += 1;
    const number = this.#questions;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#asked.set(number, { resolve, reject });
    });
    this.#send({ kind: 'question', number, name, ask } as ToBot);
    return (await within(systemClock, ANSWER_WITHIN, answer)) as Questions[Name]['answer'];
  }

  /** Ends it as a power cut would, and resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end(() => this.#child.kill('SIGKILL'));
  }

  /** Lets it finish what it is doing; whoever does not come to an end is killed. */
  async stop(): Promise<void> {
    const over = new AbortController();
    void systemClock.sleep(STOP_WITHIN, over.signal).then(() => over.signal.aborted || this.#child.kill('SIGKILL'));
    await this.#end(() => this.#send({ kind: 'stop' }));
    over.abort();
  }

  get #isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #end(end: () => unknown): Promise<void> {
    if (!this.#isGone) {
      const closed = once(this.#child, 'close');
      end();
      await closed;
    }
  }

  #send(message: ToBot): void {
    // Who has just ended hears nothing; `close` tells the others.
    if (this.#child.connected) {
      this.#child.send(message, () => undefined);
    }
  }

  #hear(message: FromBot): void {
    if (!('number' in message)) {
      this.#unheard.push(...(this.#listener ? [] : [message]));
      this.#listener?.onTold(message);
      return;
    }
    const asked = this.#asked.get(message.number);
    this.#asked.delete(message.number);
    if (message.kind === 'answer') {
      asked?.resolve(message.answer);
    } else {
      asked?.reject(new Error(message.problem));
    }
  }
}
