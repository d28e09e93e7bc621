import { randomBytes } from 'node:crypto';
import type { Config } from '../../src/config.ts';
import { parsePhoneNumber } from '../../src/contacts/phone.ts';
import type { OpenDatabase } from '../../src/database/database.ts';
import type { Log } from '../../src/lib/log.ts';
import { systemClock } from '../../src/lib/time.ts';
import { makeTurn } from '../../src/simulator/in-turn.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';
import { type Bot, startBot } from './bot.ts';
import { invitePlayers, type Players } from './players.ts';

interface WorldParts {
  readonly config: Config;
  readonly log: Log;
  /** Where the bot keeps its files. */
  readonly directory: string;
  /** Where the bot shows its link, as it does in a terminal. */
  readonly print: (text: string) => void;
}

/** A WhatsApp, the phones of everybody, and at most one bot. */
export class World {
  readonly players: Players;
  readonly #parts: WorldParts;
  readonly #whatsapp: WhatsAppServer;
  readonly #token = randomBytes(18).toString('base64url');
  /** Whoever quits in the middle of a restart waits for it: a bot half started would leave files behind. */
  readonly #turn = makeTurn();
  #bot: Bot | undefined;
  #port = 0;
  #closed = false;

  private constructor(parts: WorldParts, whatsapp: WhatsAppServer) {
    this.#parts = parts;
    this.#whatsapp = whatsapp;
    this.players = invitePlayers(whatsapp);
  }

  static async create(parts: WorldParts): Promise<World> {
    return new World(parts, await startWhatsAppServer({ clock: systemClock }));
  }

  get bot(): Bot | undefined {
    return this.#bot;
  }

  get pairingPage(): string {
    return `http://${this.#parts.config.HOST}:${this.#port}/pair?token=${this.#token}`;
  }

  startBot(openDatabase: () => Promise<OpenDatabase>): Promise<Bot> {
    return this.#turn(async () => {
      if (this.#closed) {
        throw new Error('The demo has ended');
      }
      const { shop, owner } = this.players;
      const bot = await startBot({
        ...this.#parts,
        opened: await openDatabase(),
        whatsapp: this.#whatsapp,
        owners: [parsePhoneNumber(`+${owner.phone.number}`)].filter((phone) => phone !== undefined),
        shopName: shop.name,
        port: this.#port,
        token: this.#token,
      });
      this.#bot = bot;
      // The same address after a restart, so that an open page goes on.
      this.#port = bot.port;
      return bot;
    });
  }

  stopBot(): Promise<void> {
    return this.#turn(async () => {
      const bot = this.#bot;
      this.#bot = undefined;
      await bot?.stop();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.stopBot();
    await this.#whatsapp.close();
  }
}
