import { createHash, randomBytes } from 'node:crypto';
import type { Milliseconds } from '../../lib/time.ts';
import type { Link } from '../../outbox/link.ts';
import { makeTurn } from '../in-turn.ts';
import type { BotBeginning } from './bot-talk.ts';
import type { DemoBot, Told } from './demo-bot.ts';
import type { BotState, LinkState } from './page-state.ts';
import { Refusal } from './refusal.ts';

export const BOT_HOST = '127.0.0.1';

interface BotSeatParts {
  /** Starts a process for the bot. */
  readonly spawn: () => DemoBot;
  readonly beginning: Omit<BotBeginning, 'web' | 'ahead'>;
  /** How far the time of this world is ahead. */
  readonly ahead: () => Milliseconds;
  readonly tell: (text: string) => void;
  readonly onChange: () => void;
  /** Where the bot listens, the same after a restart: shops know it by its address. */
  readonly port: number;
  /** It listens. */
  readonly onListening: () => void;
}

type ToldOfLink = Told & { readonly kind: 'link' };

/** The place of the bot in this world: at most one process sits there, and it can be killed and started again. */
export class BotSeat {
  readonly #parts: BotSeatParts;
  readonly #token = randomBytes(18).toString('base64url');
  readonly #turn = makeTurn();
  #bot: DemoBot | undefined;
  #process: BotState['process'] = 'ended';
  #link: ToldOfLink | undefined;
  #closed = false;

  constructor(parts: BotSeatParts) {
    this.#parts = parts;
  }

  /** The process, as long as there is one. */
  get bot(): DemoBot | undefined {
    return this.#bot;
  }

  get state(): BotState {
    return {
      process: this.#process,
      link: this.#link && readLink(this.#link),
      pairingPage:
        this.#process === 'running' ? `http://${BOT_HOST}:${this.#parts.port}/pair?token=${this.#token}` : undefined,
    };
  }

  /** The text of the code to scan, while the bot shows one. */
  get code(): string | undefined {
    const link = this.#link?.link;
    return link?.state === 'pairing' ? link.qr : undefined;
  }

  /** @throws Refusal when one sits there already */
  async start(bot?: DemoBot): Promise<void> {
    await this.#turn(async () => {
      if (this.#bot || this.#closed) {
        throw new Refusal('The bot is running already.');
      }
      if (!bot) {
        this.#parts.tell('The bot was started again, with the same data.');
      }
      this.#bot = bot ?? this.#parts.spawn();
      this.#process = 'starting';
      this.#begin(this.#bot);
      this.#parts.onChange();
    });
  }

  /** Ends the process as a power cut would. @throws Refusal when there is none */
  async kill(): Promise<void> {
    await this.#turn(async () => {
      if (!this.#bot) {
        throw new Refusal('The bot is not running. Start it first.');
      }
      await this.#bot.kill();
      this.#parts.tell('The bot was killed, as by a power cut.');
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn(async () => this.#bot?.stop());
  }

  #begin(bot: DemoBot): void {
    const { beginning, ahead, port } = this.#parts;
    const web = { host: BOT_HOST, port, token: this.#token };
    bot.begin(
      { ...beginning, web, ahead: ahead() },
      { onTold: (told) => this.#hear(told), onEnd: () => this.#leave(bot) },
    );
  }

  #hear(told: Told): void {
    if (told.kind === 'listening') {
      this.#process = 'running';
      this.#parts.onListening();
    } else if (told.kind === 'link') {
      const isNews = told.title !== this.#link?.title;
      this.#link = told;
      if (isNews) {
        this.#parts.tell(`The bot says: ${told.title}.`);
      }
    } else {
      this.#parts.tell(`The bot has a problem: ${told.problem}`);
    }
    this.#parts.onChange();
  }

  #leave(bot: DemoBot): void {
    if (this.#bot === bot) {
      this.#bot = undefined;
      this.#process = 'ended';
      this.#link = undefined;
      this.#parts.onChange();
    }
  }
}

function readLink({ link, title, advice }: ToldOfLink): LinkState {
  const retryAt = link.state === 'connecting' ? link.retryAt?.toISOString() : undefined;
  return { state: link.state, title, advice, since: link.since.toISOString(), retryAt, ...readCode(link) };
}

function readCode(link: Link): Pick<LinkState, 'qr' | 'qrExpiresAt'> {
  if (link.state !== 'pairing') {
    return { qr: undefined, qrExpiresAt: undefined };
  }
  // Another address for each code, so that the browser fetches the new picture.
  const code = createHash('sha256').update(link.qr).digest('hex').slice(0, 12);
  return { qr: `/qr.svg?code=${code}`, qrExpiresAt: link.qrExpiresAt.toISOString() };
}
