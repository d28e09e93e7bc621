import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Figures, FromBot, ToBot } from './bot-talk.ts';
import { closeLater } from './closing.ts';

export type BotKind = 'bare' | 'shopbell';

const entries: Readonly<Record<BotKind, URL>> = {
  bare: new URL('./bare-bot.ts', import.meta.url),
  shopbell: new URL('./shopbell-bot.ts', import.meta.url),
};

const ANSWERS_WITHIN_MS = 60_000;
const STOPS_WITHIN_MS = 15_000;

/** A bot in a process of its own, as the script sees it. */
export class BotUnderTest {
  readonly kind: BotKind;
  readonly #child: ChildProcess;
  readonly #gone: Promise<never>;

  constructor(kind: BotKind, environment: Readonly<Record<string, string>>) {
    this.kind = kind;
    const { NODE_OPTIONS, PATH } = process.env;
    this.#child = fork(fileURLToPath(entries[kind]), {
      env: { ...(NODE_OPTIONS && { NODE_OPTIONS }), ...(PATH && { PATH }), ...environment },
    });
    this.#gone = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`The ${kind} bot ended by itself (${signal ?? code})`);
    });
    // Whoever waits for the bot learns of its end; when nobody waits it is none of anybody's business.
    this.#gone.catch(() => undefined);
    closeLater(() => this.stop());
  }

  /** The text of the first QR code it shows. */
  async qr(): Promise<string> {
    return (await this.#hear('qr')).qr;
  }

  async answer(lids: readonly string[]): Promise<void> {
    this.#ask({ ask: 'answer', lids });
    await this.#hear('answering');
  }

  async figures(): Promise<Figures> {
    this.#ask({ ask: 'figures' });
    return this.#hear('figures');
  }

  /** Waits for something that happens elsewhere, but no longer than the bot lives. */
  whileAlive<Result>(what: Promise<Result>): Promise<Result> {
    return Promise.race([what, this.#gone]);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const ended = once(this.#child, 'exit');
    this.#ask({ ask: 'stop' });
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), STOPS_WITHIN_MS);
    await ended;
    clearTimeout(impatience);
  }

  #ask(message: ToBot): void {
    if (this.#child.connected) {
      this.#child.send(message);
    }
  }

  #hear<Said extends FromBot['said']>(said: Said): Promise<Extract<FromBot, { said: Said }>> {
    const heard = new Promise<Extract<FromBot, { said: Said }>>((resolve, reject) => {
      const listen = (message: FromBot) => {
        if (message.said === said) {
          clearTimeout(impatience);
          this.#child.off('message', listen);
          resolve(message as Extract<FromBot, { said: Said }>);
        }
      };
      const impatience = setTimeout(() => {
        this.#child.off('message', listen);
        reject(new Error(`The ${this.kind} bot did not say "${said}" in time`));
      }, ANSWERS_WITHIN_MS);
      this.#child.on('message', listen);
    });
    return this.whileAlive(heard);
  }
}
