import { Curve, type KeyPair } from '@whiskeysockets/baileys';
import { type Clock, type Milliseconds, minutes } from '../lib/time.ts';
import { limitUpdates } from './account-limits.ts';
import { type Addressing, hiddenIdOf } from './addresses.ts';
import { type CertificateChain, issueCertificates } from './certificate-chain.ts';
import type { ChatMessage } from './chat-list.ts';
import { DeviceDesk } from './device-desk.ts';
import { logIn } from './device-login.ts';
import { DevicePairing } from './device-pairing.ts';
import { Directory } from './directory.ts';
import { FaultBoard, type Faults, noFaults } from './faults.ts';
import { FrontDoor } from './front-door.ts';
import { MediaHost } from './media-host.ts';
import { NoticeBoard } from './notice-board.ts';
import { type AcceptedMessage, Observations, type Refusal, repeatedTexts } from './observations.ts';
import { Phone } from './phone.ts';
import { PostOffice } from './post-office.ts';
import { Postponed } from './postponed.ts';
import type { PreparedMessage } from './prepared-message.ts';
import { stanza } from './stanza.ts';

/** How long a test waits for a bot to confirm everything, unless it says otherwise. */
const DRAIN_PATIENCE = minutes(2);

export interface ServerOptions {
  readonly clock: Clock;
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  /**
   * Whether phones confirm what other phones send them, as real ones do. Else the ticks of a message to somebody with a linked device
   * tell what that device has confirmed, which is what tests want to know.
   */
  readonly phonesConfirm?: boolean;
  /** Given when one trust must outlive several servers, or serve several at once. */
  readonly root?: KeyPair;
}

export interface PhoneOptions {
  readonly number: string;
  readonly name: string;
  /** In which way this person's chats are addressed; hidden ids are usual today (facts). */
  readonly addressing?: Addressing;
  readonly lid?: string;
  /** A person with a username: bots never learn the number, unless they knew it before. */
  readonly hidesNumber?: boolean;
}

/** Starts a WhatsApp of one's own on this machine. */
export async function startWhatsAppServer(options: ServerOptions): Promise<WhatsAppServer> {
  const server = new WhatsAppServer(options);
  await server.start();
  return server;
}

/**
 * A local WhatsApp: unmodified Baileys links to it and exchanges real encrypted messages with simulated phones. It also
 * keeps the books of an outside judge. Faults are data: see `faults.ts`.
 */
export class WhatsAppServer {
  readonly clock: Clock;
  readonly #certificates: CertificateChain;
  readonly #board = new NoticeBoard();
  readonly #faults = new FaultBoard();
  readonly #directory = new Directory();
  readonly #observations = new Observations();
  readonly #pairing: DevicePairing;
  readonly #post: PostOffice;
  readonly #media: MediaHost;
  readonly #postponed: Postponed;
  readonly #door: FrontDoor;

  constructor({ clock, port = 0, root = Curve.generateKeyPair(), phonesConfirm = false }: ServerOptions) {
    this.clock = clock;
    this.#certificates = issueCertificates(clock.now(), root);
    this.#postponed = new Postponed(clock);
    const shared = {
      clock,
      postponed: this.#postponed,
      directory: this.#directory,
      faults: this.#faults,
      board: this.#board,
      observations: this.#observations,
    };
    this.#media = new MediaHost(clock, this.#faults, this.#board);
    this.#pairing = new DevicePairing(shared);
    this.#post = new PostOffice({ ...shared, pairing: this.#pairing, media: this.#media, phonesConfirm });
    const desk = new DeviceDesk({ ...shared, post: this.#post });
    this.#door = new FrontDoor({
      ...shared,
      port,
      certificates: this.#certificates,
      onHandshake: (socket, payload) =>
        payload.devicePairingData
          ? this.#pairing.welcome(socket, payload.devicePairingData)
          : logIn(socket, payload, { ...shared, desk }),
      onTrouble: (error) => this.#observations.unanswered.push(String(error)),
    });
  }

  /** What the bot connects to. */
  get url(): string {
    return this.#door.url;
  }

  /** What a bot in a process of its own needs to know in order to use this WhatsApp instead of the real one. */
  get environment(): Readonly<Record<string, string>> {
    return { WHATSAPP_URL: this.url, WHATSAPP_ROOT_KEY: this.rootKey, NODE_EXTRA_CA_CERTS: this.certificatePath };
  }

  /** 64 hex digits: the key that the bot must trust. */
  get rootKey(): string {
    return this.#certificates.rootKey;
  }

  /** The media host's own root certificate as PEM, for `trustInThisProcess`. */
  get certificate(): string {
    return this.#media.certificate;
  }

  /** The same in a file, for the `NODE_EXTRA_CA_CERTS` of another process. */
  get certificatePath(): string {
    return this.#media.certificatePath;
  }

  /** Stanzas this server did not understand, written out. A test expects none. */
  get unanswered(): readonly string[] {
    return this.#observations.unanswered;
  }

  /** Messages taken from phones for linked devices, in order. */
  get accepted(): readonly AcceptedMessage[] {
    return this.#observations.accepted;
  }

  /** Messages that a bot answered with an error instead of a receipt. */
  get refusals(): readonly Refusal[] {
    return this.#observations.refusals;
  }

  /** Ids of bots' messages that came more than once without anybody having asked for it. */
  get idsSeenTwice(): readonly string[] {
    return this.#observations.idsSeenTwice;
  }

  get mostSocketsOfOneDevice(): number {
    return this.#observations.mostSocketsOfOneDevice;
  }

  /**
   * Messages of bots that a phone shows although it shows one with the same words of the same bot already, under another id.
   *
   * @param isUnique which texts the bot had reason to send to one person only once
   */
  textsShownTwice(isUnique: (text: string) => boolean = () => true): readonly ChatMessage[] {
    return this.#directory.phones.flatMap((phone) => repeatedTexts(phone, isUnique));
  }

  addPhone(options: PhoneOptions): Phone {
    const { number, name, addressing = 'lid', lid = hiddenIdOf(number), hidesNumber = false } = options;
    const phone = new Phone({ number, name, addressing, lid, hidesNumber }, this.#post);
    this.#directory.add(phone);
    return phone;
  }

  /** Hands in prepared messages all at once, as live traffic. */
  release(messages: readonly PreparedMessage[]): void {
    for (const message of messages) {
      this.#post.accept(message);
    }
  }

  /** Resolves when every linked device has confirmed everything that was sent or kept for it. */
  async drained(limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    const isDrained = () => !this.#post.busy && this.#directory.devices.every(({ owed }) => owed === 0);
    await this.#board.until(() => isDrained() || undefined, 'all stanzas confirmed', limit);
  }

  /** Resolves when a bot of this phone is logged in and has got everything that was kept for it. */
  async online(phone: Phone, limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    const isLive = () => this.#directory.devicesOf(phone).some(({ live }) => live);
    await this.#board.until(() => isLive() || undefined, `the bot of ${phone.name} is online`, limit);
  }

  /** Resolves when nobody is connected any more. */
  async noSockets(limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    await this.#board.until(() => this.#door.isEmpty || undefined, 'all connections are gone', limit);
  }

  /** Resolves when a login has met the fault that waited for it. */
  async loginFaultMet(limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    const isMet = () => this.#faults.current.nextLogin === undefined || undefined;
    await this.#board.until(isMet, 'a login meets its fault', limit);
  }

  /** Resolves when a bot waits for a file that comes slowly. */
  async downloadWaits(limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    await this.#board.until(() => this.#media.waiting > 0 || undefined, 'a slow download has begun', limit);
  }

  /** How many stanzas the bots of a phone have not confirmed yet. */
  owedTo(phone: Phone): number {
    return this.#directory.devicesOf(phone).reduce((sum, { owed }) => sum + owed, 0);
  }

  /** How many one-time keys the bots of a phone have left here. */
  prekeysOf(phone: Phone): number {
    return this.#directory.devicesOf(phone).reduce((sum, { shelf }) => sum + shelf.count, 0);
  }

  /** Resolves when the bots of a phone have `count` one-time keys here. */
  async prekeysReach(phone: Phone, count: number, limit: Milliseconds = DRAIN_PATIENCE): Promise<void> {
    await this.#board.until(() => this.prekeysOf(phone) === count || undefined, `${count} one-time keys`, limit);
  }

  /** Uses up the one-time keys of a phone's bots until so many are left, and warns them as usual. */
  usePrekeys(phone: Phone, left: number): void {
    for (const device of this.#directory.devicesOf(phone)) {
      device.shelf.reduceTo(left);
      device.warnOfLowKeys();
    }
  }

  /** Lets things go wrong from now on; what is not named stays as it is. */
  setFaults(faults: Partial<Faults>): void {
    this.#faults.set(faults);
  }

  /** Ends all faults: acks held back and stanzas withheld go out now. */
  repair(): void {
    this.#faults.set(noFaults);
    this.#postponed.doAll();
    this.#door.speak();
    for (const device of this.#directory.devices) {
      device.flush();
    }
  }

  /** Tells a phone's bots of the time lock and the cap for new chats as they are now, without being asked. */
  announceLimits(phone: Phone): void {
    for (const device of this.#directory.devicesOf(phone)) {
      for (const update of limitUpdates(this.#faults.current)) {
        device.notify('mex', [update]);
      }
    }
  }

  /** Cuts every connection without a word, as a lost network does. */
  dropConnections(): void {
    this.#door.cutAll();
  }

  /** Ends the sessions of a phone's bots with a stream error, such as 503. */
  sendStreamError(phone: Phone, code: number): void {
    for (const { socket } of this.#directory.devicesOf(phone)) {
      socket?.part(stanza('stream:error', { code: String(code) }));
    }
  }

  /** Tells a phone's bots that somebody else uses their session. */
  replaceSession(phone: Phone): void {
    for (const { socket } of this.#directory.devicesOf(phone)) {
      socket?.part(stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]));
    }
  }

  /** Nothing answers on the port any more; open connections stay. */
  stopListening(): void {
    this.#door.shut();
  }

  async start(): Promise<void> {
    await this.#media.start();
    await this.startListening();
  }

  /** Listens on the port of the first time again. */
  async startListening(): Promise<void> {
    await this.#door.open();
  }

  /** Ends everything: listening, connections, and whoever still waits. */
  async close(): Promise<void> {
    this.#board.close();
    this.#postponed.close();
    for (const phone of this.#directory.phones) {
      phone.close();
    }
    await this.#door.close();
    await this.#media.close();
  }
}
