import type { proto } from '@whiskeysockets/baileys';
import { normalizeMessageContent } from '@whiskeysockets/baileys';
import type { Milliseconds } from '../lib/time.ts';
import { seconds } from '../lib/time.ts';
import { type Addressing, hiddenIdOf, type Person } from './addresses.ts';
import { ChatList, type ChatMessage, type Ticks } from './chat-list.ts';
import { composeMessage } from './compose-message.ts';
import type { Content, SendOptions } from './content.ts';
import { type AppStateKey, type KnownChat, makeAppStateKey } from './first-sync.ts';
import { makeTurn } from './in-turn.ts';
import type { LinkedDevice } from './linked-device.ts';
import { fileOf, openFile } from './media-crypto.ts';
import { answerMediaRetry } from './media-retry.ts';
import type { Typing } from './message-stanzas.ts';
import { NoticeBoard } from './notice-board.ts';
import { PhoneCalls } from './phone-calls.ts';
import { PhoneReceiving } from './phone-receiving.ts';
import { PhoneSending } from './phone-sending.ts';
import { PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { newMessageId, type PreparedMessage } from './prepared-message.ts';
import { TypingSigns } from './typing-signs.ts';

/** How long a test waits for something to appear on a phone, unless it says otherwise. */
const PATIENCE: Milliseconds = seconds(20);

/** A person's phone: a number with a screen full of chats. What it exchanges with linked devices is really encrypted. */
export class Phone implements Person {
  readonly number: string;
  readonly name: string;
  readonly addressing: Addressing;
  readonly hidesNumber: boolean;
  readonly chats: ChatList;
  readonly signal = new PhoneSignal();
  /** What the server tells the phone goes in here; a test has no use for these two. */
  readonly receiving: PhoneReceiving;
  readonly sending: PhoneSending;
  readonly calls: PhoneCalls;
  readonly #post: PostOffice;
  readonly #board = new NoticeBoard();
  readonly #turn = makeTurn();
  readonly #typing: TypingSigns;
  /** What the network has for this phone while it is switched off. */
  readonly #missed: (() => void)[] = [];
  #lid: string;
  #powerOn: (() => void) | undefined;
  #appStateKeys: readonly AppStateKey[] = [];

  constructor({ number, lid, name, addressing, hidesNumber }: Person, post: PostOffice) {
    this.number = number;
    this.#lid = lid;
    this.name = name;
    this.addressing = addressing;
    this.hidesNumber = hidesNumber;
    this.#post = post;
    this.chats = new ChatList((known) => post.phone(known));
    const parts = { phone: this, signal: this.signal, chats: this.chats, board: this.#board, post, turn: this.#turn };
    this.receiving = new PhoneReceiving(parts);
    this.sending = new PhoneSending(parts);
    this.calls = new PhoneCalls(this, post, this.#board);
    this.#typing = new TypingSigns(post.clock, () => this.#board.changed());
  }

  get lid(): string {
    return this.#lid;
  }

  get isOn(): boolean {
    return this.#powerOn === undefined;
  }

  /** How many bots this phone shows under "Linked devices". */
  get linkedDevices(): number {
    return this.#post.devicesOf(this).length;
  }

  /** Calls the listener after every change of what the screen shows, until the returned function is called. */
  watch(listener: () => void): () => void {
    return this.#board.watch(listener);
  }

  /** How often this phone asked a linked device to send a message again because it could not decrypt it. */
  get retriesAsked(): number {
    return this.receiving.retriesAsked;
  }

  /** How often this phone encrypted a message again because a linked device could not decrypt it. */
  get retriesAnswered(): number {
    return this.sending.retriesAnswered;
  }

  /** Scans the QR code that a bot shows; resolves when the bot is linked, before its first login. */
  async scan(qrText: string): Promise<void> {
    await this.#post.pairing.linkByQr(this, qrText);
  }

  /** Types the code that a bot shows; resolves when the bot is linked. */
  async enterPairingCode(code: string): Promise<void> {
    await this.#post.pairing.linkByCode(this, code);
  }

  /** Removes all linked devices, as the owner does under "Linked devices"; they learn it as code 401. */
  unlinkDevices(): void {
    this.#post.unlinkDevices(this);
  }

  /** Writes to a number and resolves when the server has accepted the message. */
  async send(to: string, content: Content, options: SendOptions = {}): Promise<PreparedMessage> {
    const id = newMessageId();
    const composed = this.#compose(to, content, options);
    if (!options.through) {
      this.chats.addOwn(this.#own(id, to, composed.message, 'pending'));
      this.#board.changed();
    }
    const prepared = await this.sending.prepare(this.#post.phone(to), composed, options, id);
    this.#post.accept(prepared);
    return prepared;
  }

  /** Writes and encrypts a message without handing it in; the server's `release` does that. */
  prepare(to: string, content: Content, options: SendOptions = {}): Promise<PreparedMessage> {
    return this.sending.prepare(this.#post.phone(to), this.#compose(to, content, options), options);
  }

  /** Sends linked devices the real message under the id of one that was `unavailable` to them. */
  async sendLater(id: string): Promise<void> {
    await this.sending.sendLater(id);
  }

  /**
   * Taps on a choice under a message, named by its label or its id.
   *
   * @returns the answer, or `undefined` for a choice that tells nobody (a link, a code to copy)
   */
  async tap(messageId: string, choice: string): Promise<PreparedMessage | undefined> {
    const message = this.chats.find(messageId);
    const shown = message?.choices.find(({ label, id }) => label === choice || id === choice);
    if (!message || !shown) {
      throw new Error(`The phone of ${this.name} shows no choice ${choice} under message ${messageId}`);
    }
    const { label, id, answeredAs } = shown;
    return id === undefined || !answeredAs
      ? undefined
      : await this.send(message.chat, { kind: answeredAs, id, label, of: messageId });
  }

  /** The file that came or went with a message, fetched and decrypted. */
  async file(messageId: string): Promise<Buffer> {
    const content = this.chats.find(messageId)?.content;
    const file = content && fileOf(normalizeMessageContent(content) ?? content);
    const sealed = this.#post.media.read(file?.fields.directPath ?? '');
    if (!file || !sealed) {
      throw new Error(`There is no file with message ${messageId}`);
    }
    return openFile(sealed, file.kind, file.fields);
  }

  /** Resolves when a message is on the screen and matches, as after an edit, a reaction or a vote. */
  async shows(
    id: string,
    matches: (message: ChatMessage) => boolean = () => true,
    limit = PATIENCE,
  ): Promise<ChatMessage> {
    const shown = () => {
      const message = this.chats.find(id);
      return message && matches(message) ? message : undefined;
    };
    return await this.#board.until(shown, `message ${id} as expected on the phone of ${this.name}`, limit);
  }

  /** The next message from elsewhere that matches, whether it is on the screen already or still to come; each once. */
  nextMessage(matches: (message: ChatMessage) => boolean = () => true, limit = PATIENCE): Promise<ChatMessage> {
    return this.#board.until(() => this.chats.takeArrived(matches), `a message on the phone of ${this.name}`, limit);
  }

  /** Resolves when the message has at least these ticks. */
  async ticks(id: string, wanted: Ticks, limit = PATIENCE): Promise<void> {
    const order: readonly Ticks[] = ['pending', 'sent', 'delivered', 'read'];
    const reached = () => {
      const ticks = this.chats.find(id)?.ticks;
      return ticks && order.indexOf(ticks) >= order.indexOf(wanted) ? ticks : undefined;
    };
    await this.#board.until(reached, `message ${id} of ${this.name} ${wanted}`, limit);
  }

  /** Opens a chat: everything in it counts as read, and its writers learn that. */
  markRead(chat: string): void {
    const unread = this.chats.with(chat).filter(({ from, ticks }) => from !== this.number && ticks !== 'read');
    for (const { id } of unread) {
      this.chats.raise(id, 'read');
    }
    this.#board.changed();
    for (const addressing of ['lid', 'pn'] as const) {
      const ids = unread.map(({ id }) => id).filter((id) => this.receiving.addressingOf(id) === addressing);
      if (ids.length > 0) {
        this.#post.passReceipt({ by: this, author: this.#post.phone(chat), ids, kind: 'read', addressing });
      }
    }
  }

  type(to: string, typing: Typing): void {
    this.#post.passTyping(this, this.#post.phone(to), typing);
  }

  /** Resolves when the other party of a chat is shown as typing, recording or no longer so. */
  async sees(from: string, typing: Typing, limit = PATIENCE): Promise<void> {
    const shown = () => (this.#typing.of(from) === typing ? typing : undefined);
    await this.#board.until(shown, `${typing} by ${from} on the phone of ${this.name}`, limit);
  }

  /** What the other party of a chat is doing just now, if anything. */
  typingOf(number: string): Exclude<Typing, 'paused'> | undefined {
    const typing = this.#typing.of(number);
    return typing === 'paused' ? undefined : typing;
  }

  /** Loses the sessions with the linked devices of others, as a reinstalled phone does. */
  async forgetSessions(): Promise<void> {
    await this.#turn(() => this.signal.forgetSessions());
  }

  /** Gets another hidden id. The old one still works for those who write to it, and the server tells them so. */
  changeLid(lid = hiddenIdOf(`${this.number}, not ${this.#lid}`)): void {
    this.#lid = lid;
    this.#post.changeLid(this);
  }

  /** Sets the app up anew: another identity key and no sessions. Its chats are restored. */
  async reinstall(): Promise<void> {
    await this.#turn(async () => this.signal.renew());
    this.#post.announceIdentity(this);
  }

  /** Lets the account behind a number write to this person even when it may not write to strangers. */
  trust(number: string): void {
    this.#post.passTrust(this, this.#post.phone(number));
  }

  /** Cuts the phone from the network: nothing is read, confirmed or sent until it is switched on again. */
  switchOff(): void {
    if (this.isOn) {
      const isOff = new Promise<void>((resolve) => {
        this.#powerOn = resolve;
      });
      void this.#turn(() => isOff);
      this.#board.changed();
    }
  }

  switchOn(): void {
    this.#powerOn?.();
    this.#powerOn = undefined;
    for (const missed of this.#missed.splice(0)) {
      missed();
    }
    this.#board.changed();
  }

  /** The server has taken one of this phone's messages. */
  accepted({ id, to, content, route }: PreparedMessage, at: Date): void {
    this.sending.accepted(id, at);
    if (!route.through) {
      this.chats.addOwn(this.#own(id, to.number, content, 'sent'));
    }
    // A note to oneself has been read by the time it is written.
    this.raiseTicks([id], to.number === this.number ? 'read' : 'sent');
  }

  raiseTicks(ids: readonly string[], ticks: Ticks): void {
    if (!this.isOn) {
      this.#missed.push(() => this.raiseTicks(ids, ticks));
      return;
    }
    for (const id of ids) {
      this.chats.raise(id, ticks);
    }
    this.#board.changed();
  }

  /** Somebody types; a phone that is switched off never learns it. */
  showTyping(from: string, typing: Typing): void {
    if (this.isOn) {
      this.#typing.show(from, typing);
    }
  }

  /** What somebody was writing has come. */
  endTyping(from: string): void {
    this.#typing.end(from);
  }

  /** A bot was linked to this phone, or is so no longer. */
  devicesChanged(): void {
    this.#board.changed();
  }

  knownChats(): readonly KnownChat[] {
    return this.chats.chats.map((number) => ({ person: this.#post.phone(number), messages: this.chats.with(number) }));
  }

  /** The keys of the account's settings, the same for all companions. */
  get appStateKeys(): readonly AppStateKey[] {
    if (this.#appStateKeys.length === 0) {
      this.#appStateKeys = [makeAppStateKey(this.#post.clock.now())];
    }
    return this.#appStateKeys;
  }

  /** Ids of messages that reached this phone and show nothing, because their buttons came in the wrong wrapping. */
  get invisible(): readonly string[] {
    return this.receiving.invisible;
  }

  /** Whether the person has ever written to this number. */
  hasWrittenTo(number: string): boolean {
    return this.chats.with(number).some(({ from, ticks }) => from === this.number && ticks !== 'pending');
  }

  /** A companion could not fetch a file: this phone uploads it again. */
  uploadAgain(device: LinkedDevice, messageId: string): void {
    this.#post.whenSwitchedOn(this.#turn(async () => answerMediaRetry(this, device, messageId, this.#post)));
  }

  personAt(number: string): Person {
    return this.#post.phone(number);
  }

  close(): void {
    this.switchOn();
    this.#typing.close();
    this.#board.close();
    this.signal.close();
  }

  #compose(to: string, content: Content, options: SendOptions) {
    const other = this.#post.phone(to);
    const isShop = this.#post.devicesOf(this).length > 0;
    return composeMessage(content, options, {
      writer: this,
      other,
      addressing: (about) => (isShop || about === undefined ? other.addressing : this.receiving.addressingOf(about)),
      find: (id) => this.chats.find(id),
      media: this.#post.media,
      orders: this.#post.orders,
      now: this.#post.clock.now(),
    });
  }

  #own(id: string, chat: string, content: proto.IMessage, ticks: Ticks) {
    return { id, chat, from: this.number, content, time: this.#post.clock.now(), ticks };
  }
}
