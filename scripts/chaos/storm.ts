import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, gt } from 'drizzle-orm';
import postgres from 'postgres';
import { openEmbeddedDatabase, openServerDatabase } from '../../src/database/database.ts';
import { messages, outbox } from '../../src/database/schema.ts';
import { systemClock } from '../../src/lib/time.ts';
import { BotProcess } from '../../src/simulator/bot-process.ts';
import type { Phone } from '../../src/simulator/phone.ts';
import { seededRandom } from '../../src/simulator/seeded-random.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';
import { Load, pause } from './load.ts';
import { NaiveListener } from './naive-listener.ts';
import { judge, timesAnswered, type Verdict } from './verdict.ts';

export interface StormOptions {
  readonly seed: number;
  readonly kills: number;
  /** An empty PostgreSQL database; the embedded one otherwise. */
  readonly databaseUrl: string | undefined;
  /** Whether a naive listener stands beside the bot, hears the same and is killed at the same moments. */
  readonly naive: boolean;
  readonly say: (line: string) => void;
}

export interface StormResult {
  readonly bot: Verdict;
  readonly faults: Readonly<Record<string, number>>;
  readonly naive?: {
    readonly accepted: number;
    readonly lost: number;
    readonly twice: number;
    readonly loginsLost: number;
  };
}

const MEMBERS = 6;
const CUSTOMERS = 8;
const MESSAGES_BETWEEN_KILLS = 40;
/** The resend rule waits a minute after the replay; then everything has been answered that ever will be. */
const LAST_ANSWERS_MS = 100_000;
const LOOK_EVERY_MS = 500;
const OUTAGE_MS = 3000;

/** Kills, drops and outages under load, in moments that come from the seed; judged from outside. */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const storm = await Storm.prepare(options);
  try {
    return await storm.run();
  } finally {
    await storm.close();
  }
}

type Fault = 'kill' | 'drop' | 'twice' | 'acks held' | 'outage';

class Storm {
  readonly #options: StormOptions;
  /** For the faults alone: who draws beside them, and when, must not change which faults come. */
  readonly #random: () => number;
  readonly #directory = mkdtempSync(join(tmpdir(), 'shopbell-storm-'));
  readonly #whatsapp: WhatsAppServer;
  readonly #shop: Phone;
  readonly #members: readonly Phone[];
  readonly #bot: BotProcess;
  readonly #naive: NaiveListener | undefined;
  readonly #load: Load;
  readonly #faults: Record<Fault, number> = { kill: 0, drop: 0, twice: 0, 'acks held': 0, outage: 0 };

  private constructor(options: StormOptions, whatsapp: WhatsAppServer) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#whatsapp = whatsapp;
    this.#shop = whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' });
    this.#members = Array.from({ length: MEMBERS }, (_, index) =>
      whatsapp.addPhone({
        number: `3460000010${index}`,
        name: `Member ${index}`,
        addressing: index % 2 ? 'pn' : 'lid',
      }),
    );
    this.#bot = new BotProcess({
      DATA_DIR: join(this.#directory, 'data'),
      WHATSAPP_URL: whatsapp.url,
      WHATSAPP_ROOT_KEY: whatsapp.rootKey,
      NODE_EXTRA_CA_CERTS: whatsapp.certificatePath,
      OWNER_PHONES: this.#members.map(({ number }) => `+${number}`).join(','),
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
    });
    const naiveShop = whatsapp.addPhone({ number: '34600000009', name: 'Naive Shop' });
    this.#naive = options.naive ? new NaiveListener(whatsapp, naiveShop, this.#directory) : undefined;
    const shops = [this.#shop, ...(this.#naive ? [naiveShop] : [])].map(({ number }) => number);
    this.#load = new Load({
      whatsapp,
      shops,
      members: this.#members,
      customers: CUSTOMERS,
      random: seededRandom(options.seed + 1),
    });
  }

  static async prepare(options: StormOptions): Promise<Storm> {
    return new Storm(options, await startWhatsAppServer({ clock: systemClock }));
  }

  async run(): Promise<StormResult> {
    await this.#link();
    this.#load.start();
    for (let kill = 1; kill <= this.#options.kills; kill++) {
      await this.#round();
      if (kill % 10 === 0) {
        this.#options.say(`${kill} of ${this.#options.kills} kills`);
      }
    }
    await this.#calm();
    const naive = this.#judgeNaive();
    return { bot: await this.#judge(), faults: this.#faults, ...(naive ? { naive } : {}) };
  }

  async #link(): Promise<void> {
    await this.#bot.start();
    await this.#shop.scan(await this.#bot.qr());
    await this.#whatsapp.online(this.#shop);
    this.#naive?.start();
    await (this.#naive && this.#whatsapp.online(this.#naive.shop));
  }

  /** The bot is online; part of the load comes before the kill, the rest while nobody is there. */
  async #round(): Promise<void> {
    await this.#whatsapp.online(this.#shop);
    this.#load.allow(MESSAGES_BETWEEN_KILLS);
    await this.#disturb();
    await pause(50 + this.#random() * 900);
    this.#faults.kill += 1;
    await Promise.all([this.#bot.kill(), this.#naive?.kill()]);
    this.#whatsapp.repair();
    this.#naive?.start();
    await this.#endLease();
    await this.#bot.start();
  }

  /** The killed process holds its lease for twelve seconds more. A storm does not wait: who is dead is dead. */
  async #endLease(): Promise<void> {
    const { databaseUrl } = this.#options;
    if (databaseUrl) {
      const client = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
      await client`update leases set expires_at = '2000-01-01'`.finally(() => client.end());
    }
  }

  /** In some rounds something else goes wrong before the kill. */
  async #disturb(): Promise<void> {
    const dice = this.#random();
    if (dice < 0.1) {
      this.#faults.drop += 1;
      this.#whatsapp.dropConnections();
    } else if (dice < 0.2) {
      this.#faults.twice += 1;
      this.#whatsapp.setFaults({ delivery: 'twice' });
    } else if (dice < 0.3) {
      this.#faults['acks held'] += 1;
      this.#whatsapp.setFaults({ acks: 'held' });
    } else if (dice < 0.35 && this.#options.databaseUrl) {
      this.#faults.outage += 1;
      await outage(this.#options.databaseUrl);
    }
  }

  /** No more load, everything repaired; what is on its way arrives. */
  async #calm(): Promise<void> {
    await this.#load.end();
    this.#whatsapp.repair();
    await this.#whatsapp.online(this.#shop);
    await this.#whatsapp
      .drained()
      .catch(() => this.#options.say(`Not confirmed in time: ${this.#whatsapp.owedTo(this.#shop)} by the bot`));
    this.#options.say('The load is over; waiting for what was in doubt …');
    for (let waited = 0; waited < LAST_ANSWERS_MS && !this.#isAllAnswered(); waited += LOOK_EVERY_MS) {
      await pause(LOOK_EVERY_MS);
    }
    // An answer that comes a second time would come soon.
    await pause(LOOK_EVERY_MS * 4);
    await this.#bot.stop();
    await this.#naive?.kill();
  }

  #answers(): readonly string[] {
    return this.#members.flatMap(({ chats }) => chats.with(this.#shop.number).map(({ text }) => text));
  }

  #isAllAnswered(): boolean {
    const answers = this.#answers();
    return this.#load.asked.every((question) => timesAnswered(question, answers) > 0);
  }

  #acceptedFor(shop: Phone): readonly string[] {
    return this.#whatsapp.accepted.filter(({ to }) => to === shop.number).map(({ text }) => text);
  }

  async #judge(): Promise<Verdict> {
    const { databaseUrl } = this.#options;
    const { database, close } = databaseUrl
      ? await openServerDatabase(databaseUrl)
      : await openEmbeddedDatabase(join(this.#directory, 'data'));
    try {
      const lines = await database.select({ text: messages.text, direction: messages.direction }).from(messages);
      const unknown = await database
        .select({ content: outbox.content })
        .from(outbox)
        .where(eq(outbox.state, 'unknown'));
      const again = await database.select({ id: outbox.whatsappId }).from(outbox).where(gt(outbox.attempts, 1));
      return judge({
        accepted: this.#acceptedFor(this.#shop),
        logged: lines.filter(({ direction }) => direction === 'in').map(({ text }) => text ?? ''),
        asked: this.#load.asked,
        inDoubt: unknown.map(({ content }) => JSON.stringify(content)),
        answers: this.#answers(),
        idsSeenTwice: this.#whatsapp.idsSeenTwice,
        idsSentAgain: again.map(({ id }) => id),
        mostSockets: this.#whatsapp.mostSocketsOfOneDevice,
      });
    } finally {
      await close();
    }
  }

  #judgeNaive(): StormResult['naive'] {
    if (!this.#naive) {
      return undefined;
    }
    const accepted = this.#acceptedFor(this.#naive.shop);
    const written = this.#naive.written();
    const once = new Set(written);
    const lost = accepted.filter((text) => !once.has(text)).length;
    return { accepted: accepted.length, lost, twice: written.length - once.size, loginsLost: this.#naive.loginsLost };
  }

  async close(): Promise<void> {
    await Promise.all([this.#bot.kill(), this.#naive?.kill()]);
    await this.#load.end();
    await this.#whatsapp.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** The database throws everybody out and lets nobody in for three seconds, as a server does that is restarted. */
async function outage(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const server = new URL(databaseUrl);
  server.pathname = '/postgres';
  const admin = postgres(server.href, { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`alter database "${name}" with allow_connections false`);
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await pause(OUTAGE_MS);
  } finally {
    await admin.unsafe(`alter database "${name}" with allow_connections true`);
    await admin.end();
  }
}
