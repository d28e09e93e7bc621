import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, startApp } from '../app.ts';
import { parsePhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { silentLog } from '../lib/log.ts';
import { type Clock, systemClock } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import { silenceConsole } from '../whatsapp/quiet-libraries.ts';
import { NoticeBoard } from './notice-board.ts';
import type { Phone } from './phone.ts';
import { startWhatsAppServer, type WhatsAppServer } from './whatsapp-server.ts';

const TOKEN = 'a-token-for-tests';

/** A test hangs no longer than this on one thing. */
const PATIENCE = 30_000;

/** A WhatsApp with the phones of a shop, its owner and two customers, and the whole bot in this process: the stage of one test. */
export class ShopStage {
  readonly whatsapp: WhatsAppServer;
  readonly shop: Phone;
  readonly owner: Phone;
  /** Her chats are addressed by hidden id. */
  readonly ana: Phone;
  /** His chats are addressed by phone number. */
  readonly bob: Phone;
  /** Every state of the link so far. */
  readonly links: Link[] = [];
  /** Where the bot keeps its files. */
  readonly directory = mkdtempSync(join(tmpdir(), 'shopbell-stage-'));
  /** Where the operator hears that WhatsApp is down. */
  alertUrl: string | undefined;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #board = new NoticeBoard();
  #app: App | undefined;

  private constructor(whatsapp: WhatsAppServer, database: Database, clock: Clock) {
    this.whatsapp = whatsapp;
    this.#database = database;
    this.#clock = clock;
    this.shop = whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' });
    this.owner = whatsapp.addPhone({ number: '34600000002', name: 'Olga' });
    this.ana = whatsapp.addPhone({ number: '34600000003', name: 'Ana' });
    this.bob = whatsapp.addPhone({ number: '34600000004', name: 'Bob', addressing: 'pn' });
  }

  static async open(database: Database, clock: Clock = systemClock): Promise<ShopStage> {
    silenceConsole(silentLog);
    return new ShopStage(await startWhatsAppServer({ clock }), database, clock);
  }

  async startBot(owners: readonly string[] = [this.owner.number]): Promise<void> {
    this.#app = await startApp({
      opened: {
        database: this.#database,
        kind: 'embedded',
        ping: async () => undefined,
        lease: () => alwaysHeld,
        close: async () => undefined,
      },
      dataDirectory: this.directory,
      clock: this.#clock,
      log: silentLog,
      owners: owners.map((number) => parsePhoneNumber(`+${number}`)).filter((phone) => phone !== undefined),
      firstSettings: { 'shop.name': 'Mug Shop', 'shop.timezone': 'Europe/Madrid' },
      whatsapp: { encryptionKey: undefined, url: this.whatsapp.url, rootKey: this.whatsapp.rootKey },
      web: { host: '127.0.0.1', port: 0, token: TOKEN },
      alertUrl: this.alertUrl,
      onLink: (link) => {
        this.links.push(link);
        this.#board.changed();
      },
    });
  }

  async stopBot(): Promise<void> {
    await this.#app?.stop();
    this.#app = undefined;
  }

  /** Starts the bot and links it, or lets it find its link again. */
  async startLinkedBot(owners?: readonly string[]): Promise<void> {
    this.links.length = 0;
    await this.startBot(owners);
    if ((await this.linkWhen('pairing', 'linked')).state === 'pairing') {
      await this.shop.scan((await this.linkWhen('pairing')).qr);
      await this.linkWhen('linked');
    }
    await this.whatsapp.online(this.shop);
  }

  /** Resolves with the first of the links so far, and from now on, that is in such a state. Empty `links` to wait for a new one. */
  linkWhen<State extends Link['state']>(...states: readonly State[]): Promise<Extract<Link, { state: State }>> {
    const isWanted = ({ state }: Link) => states.some((one) => one === state);
    return this.linkThat(isWanted, `${states}`) as Promise<Extract<Link, { state: State }>>;
  }

  /** The same for a link that matches; `what` completes “the link is …”. */
  linkThat(matches: (link: Link) => boolean, what: string): Promise<Link> {
    return this.#board.until(() => this.links.findLast(matches), `the link is ${what}`, PATIENCE);
  }

  /** Writes to the shop and waits for its answer. */
  async ask(phone: Phone, text: string): Promise<string> {
    await phone.send(this.shop.number, text);
    return (await phone.nextMessage(({ from }) => from === this.shop.number)).text;
  }

  /** A page of the bot, with the token. */
  page(path: string, init?: RequestInit): Promise<Response> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return fetch(`http://127.0.0.1:${this.#app?.port}${path}`, { ...init, headers });
  }

  /** Ends everything. @returns what the simulated WhatsApp did not understand: a test expects nothing */
  async close(): Promise<readonly string[]> {
    await this.stopBot();
    const { unanswered } = this.whatsapp;
    await this.whatsapp.close();
    rmSync(this.directory, { recursive: true, force: true });
    return unanswered;
  }
}
