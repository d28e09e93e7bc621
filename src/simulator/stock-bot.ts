import {
  type AnyMessageContent,
  type BinaryNode,
  type ConnectionState,
  initAuthCreds,
  type MiscMessageGenerationOptions,
  makeWASocket,
  type proto,
  WA_CERT_DETAILS,
  type WACallEvent,
  type WAMessage,
  type WASocket,
} from '@whiskeysockets/baileys';
import { type Milliseconds, seconds } from '../lib/time.ts';
import { readableText } from './message-content.ts';
import { NoticeBoard } from './notice-board.ts';
import { silentLogger } from './silent-logger.ts';
import { makeSimulatedKeys } from './simulated-keys.ts';
import type { WhatsAppServer } from './whatsapp-server.ts';

const PATIENCE: Milliseconds = seconds(20);
const RESTART_REQUIRED = 515;

/** A message as Baileys reported it. */
export interface HeardMessage {
  readonly message: WAMessage;
  readonly text: string;
  /** `notify` for live messages, `append` for those kept while the bot was away. */
  readonly kind: 'notify' | 'append';
}

/** What a bot keeps on its disk: with the same memory a new process is the same device. */
export function makeBotMemory() {
  return { creds: initAuthCreds(), keys: makeSimulatedKeys() };
}

/** Unmodified Baileys with everything in memory, for proving that the simulated server is one that Baileys accepts. */
export class StockBot {
  readonly heard: HeardMessage[] = [];
  /** Texts of the messages that the phone showed of the time before the link. */
  readonly history: string[] = [];
  readonly historyMessages: WAMessage[] = [];
  readonly statuses: { readonly id: string; readonly status: number }[] = [];
  readonly presences: { readonly from: string; readonly presence: string }[] = [];
  readonly calls: WACallEvent[] = [];
  /** Ids of the keys that the phone has given, as they came. */
  readonly keyShares: (readonly string[])[] = [];
  /** The stanzas that came in, as Baileys decoded them, before it did anything with them. */
  readonly received: BinaryNode[] = [];
  /** The codes with which connections ended, oldest first. */
  readonly closeCodes: number[] = [];
  /** A test puts its own in, to interfere before Baileys acts on a stanza. */
  onStanza: (stanza: BinaryNode) => void = () => undefined;
  readonly #server: WhatsAppServer;
  readonly #memory: ReturnType<typeof makeBotMemory>;
  readonly #board = new NoticeBoard();
  readonly #sent = new Map<string, proto.IMessage>();
  #qr: string | undefined;
  #open = false;
  #socket: WASocket | undefined;

  constructor(server: WhatsAppServer, memory = makeBotMemory()) {
    this.#server = server;
    this.#memory = memory;
  }

  get socket(): WASocket {
    if (!this.#socket) {
      throw new Error('The bot was not started');
    }
    return this.#socket;
  }

  get memory(): ReturnType<typeof makeBotMemory> {
    return this.#memory;
  }

  start(): this {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(this.#server.rootKey, 'hex');
    this.#open = false;
    const socket = makeWASocket({
      auth: this.#memory,
      waWebSocketUrl: this.#server.url,
      logger: silentLogger,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      getMessage: async ({ id }) => this.#sent.get(id ?? ''),
    });
    this.#socket = socket;
    socket.ws.on('frame', (frame: BinaryNode | Uint8Array) => {
      if (!(frame instanceof Uint8Array)) {
        this.received.push(frame);
        this.onStanza(frame);
        this.#board.changed();
      }
    });
    socket.ev.on('connection.update', (update) => this.#connectionChanged(socket, update));
    socket.ev.on('creds.update', (update) => void Object.assign(this.#memory.creds, update));
    socket.ev.on('messages.upsert', ({ messages, type }) => {
      for (const { message } of messages) {
        const shared = message?.protocolMessage?.appStateSyncKeyShare?.keys;
        if (shared) {
          this.keyShares.push(shared.map(({ keyId }) => Buffer.from(keyId?.keyId ?? []).toString('base64')));
        }
      }
      for (const message of messages.filter(({ message }) => !message?.protocolMessage)) {
        this.heard.push({ message, text: readableText(message.message ?? {}), kind: type });
      }
      this.#board.changed();
    });
    socket.ev.on('call', (calls) => {
      this.calls.push(...calls);
      this.#board.changed();
    });
    socket.ev.on('messaging-history.set', ({ messages }) => {
      this.historyMessages.push(...messages);
      this.history.push(...messages.map(({ message }) => readableText(message ?? {})));
      this.#board.changed();
    });
    socket.ev.on('messages.update', (updates) => {
      for (const { key, update } of updates) {
        this.statuses.push({ id: key.id ?? '', status: update.status ?? -1 });
      }
      this.#board.changed();
    });
    socket.ev.on('presence.update', ({ id, presences }) => {
      for (const { lastKnownPresence } of Object.values(presences)) {
        this.presences.push({ from: id, presence: lastKnownPresence });
      }
      this.#board.changed();
    });
    return this;
  }

  /** The text of the QR code on show. */
  qr(): Promise<string> {
    return this.until(() => this.#qr, 'a QR code');
  }

  /** Resolves when the bot is logged in, not when it only has been linked. */
  async online(): Promise<void> {
    await this.until(() => this.#open || undefined, 'the bot is open');
  }

  /** The message as Baileys reports it, also one without words. */
  async hearsId(id: string): Promise<HeardMessage> {
    return await this.until(
      () => this.heard.find(({ message }) => message.key.id === id),
      `the bot hears message ${id}`,
    );
  }

  hears(text: string): Promise<HeardMessage> {
    return this.until(() => this.heard.find((heard) => heard.text === text), `the bot hears "${text}"`);
  }

  async sendText(to: string, text: string, messageId?: string): Promise<string> {
    return await this.send(to, { text }, messageId ? { messageId } : {});
  }

  /** Sends anything that Baileys can send. @returns its id */
  async send(to: string, content: AnyMessageContent, options: MiscMessageGenerationOptions = {}): Promise<string> {
    const sent = await this.socket.sendMessage(to, content, options);
    const id = sent?.key.id ?? '';
    this.#sent.set(id, sent?.message ?? {});
    return id;
  }

  until<Found>(find: () => Found | undefined, what: string): Promise<Found> {
    return this.#board.until(find, what, PATIENCE);
  }

  /** Baileys reports a status as an update, or inside a message that it had not reported yet when the status came. */
  async hasStatus(id: string, status: number): Promise<void> {
    const reported = () => [
      ...this.statuses,
      ...this.heard.map(({ message }) => ({ id: message.key.id, status: message.status ?? -1 })),
    ];
    const reached = () => reported().some((update) => update.id === id && update.status >= status) || undefined;
    await this.until(reached, `message ${id} has status ${status}`);
  }

  /** Whether the server has answered a message of this bot, with or without an error. */
  isAcknowledged(id: string): boolean {
    return this.received.some(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id);
  }

  async acknowledged(id: string): Promise<void> {
    await this.until(() => this.isAcknowledged(id) || undefined, `message ${id} is acknowledged`);
  }

  async sees(from: string, presence: string): Promise<void> {
    const seen = () => this.presences.some((shown) => shown.from === from && shown.presence === presence) || undefined;
    await this.until(seen, `${presence} of ${from}`);
  }

  /** Resolves when the server knows that this bot waits for its code to be typed. */
  async asksForCode(): Promise<void> {
    const answered = () =>
      this.received.some(({ content }) => Array.isArray(content) && content[0]?.tag === 'link_code_companion_reg');
    await this.until(() => answered() || undefined, 'the server has taken the request for a code');
  }

  async closedWith(code: number): Promise<void> {
    await this.until(() => this.closeCodes.includes(code) || undefined, `the connection closes with ${code}`);
  }

  /** Lets go of the connection like a process that ends; the memory stays. */
  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    await socket?.end(undefined);
  }

  #connectionChanged(socket: WASocket, { connection, qr, lastDisconnect }: Partial<ConnectionState>): void {
    this.#qr = qr ?? this.#qr;
    if (connection === 'open') {
      this.#open = true;
    }
    if (connection === 'close' && this.#socket === socket) {
      this.#open = false;
      const code = closeCode(lastDisconnect?.error);
      this.closeCodes.push(code);
      if (code === RESTART_REQUIRED) {
        this.start();
      }
    }
    this.#board.changed();
  }
}

/** Baileys reports why a connection ended as the status code of an error. */
function closeCode(error: unknown): number {
  const output = (error as { readonly output?: { readonly statusCode?: number } } | undefined)?.output;
  return output?.statusCode ?? 0;
}
