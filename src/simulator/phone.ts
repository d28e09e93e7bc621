import type { Milliseconds } from '../lib/time.ts';
import { seconds } from '../lib/time.ts';
import type { Addressing, Person } from './addresses.ts';
import { ChatList, type ChatMessage, type Ticks } from './chat-list.ts';
import type { KnownChat } from './first-sync.ts';
import { makeTurn } from './in-turn.ts';
import { type Content, readableText, toMessage } from './message-content.ts';
import type { Typing } from './message-stanzas.ts';
import { NoticeBoard } from './notice-board.ts';
import { PhoneReceiving } from './phone-receiving.ts';
import { PhoneSending } from './phone-sending.ts';
import { PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { newMessageId, type PreparedMessage } from './prepared-message.ts';

/** How long a test waits for something to appear on a phone, unless it says otherwise. */
const PATIENCE: Milliseconds = seconds(20);

/** A person's phone: a number with a screen full of chats. What it exchanges with linked devices is really encrypted. */
export class Phone implements Person {
  readonly number: string;
  readonly lid: string;
  readonly name: string;
  readonly addressing: Addressing;
  readonly chats = new ChatList();
  readonly signal = new PhoneSignal();
  /** What the server tells the phone goes in here; a test has no use for these two. */
  readonly receiving: PhoneReceiving;
  readonly sending: PhoneSending;
  readonly #post: PostOffice;
  readonly #board = new NoticeBoard();
  readonly #turn = makeTurn();
  readonly #typing = new Map<string, Typing>();
  #powerOn: (() => void) | undefined;

  constructor({ number, lid, name, addressing }: Person, post: PostOffice) {
    this.number = number;
    this.lid = lid;
    this.name = name;
    this.addressing = addressing;
    this.#post = post;
    const parts = { phone: this, signal: this.signal, chats: this.chats, board: this.#board, post, turn: this.#turn };
    this.receiving = new PhoneReceiving(parts);
    this.sending = new PhoneSending(parts);
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
  async send(to: string, content: Content): Promise<PreparedMessage> {
    const message = toMessage(content);
    const id = newMessageId();
    this.chats.addOwn(this.#own(id, to, message, 'pending'));
    const prepared = await this.sending.prepare(this.#post.phone(to), message, id);
    this.#post.accept(prepared);
    return prepared;
  }

  /** Writes and encrypts a message without handing it in; the server's `release` does that. */
  prepare(to: string, content: Content): Promise<PreparedMessage> {
    return this.sending.prepare(this.#post.phone(to), toMessage(content));
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
    const shown = () => (this.#typing.get(from) === typing ? typing : undefined);
    await this.#board.until(shown, `${typing} by ${from} on the phone of ${this.name}`, limit);
  }

  /** Loses the sessions with the linked devices of others, as a reinstalled phone does. */
  async forgetSessions(): Promise<void> {
    await this.#turn(() => this.signal.forgetSessions());
  }

  /** Cuts the phone from the network: nothing is read, confirmed or sent until it is switched on again. */
  switchOff(): void {
    if (!this.#powerOn) {
      void this.#turn(
        () =>
          new Promise<void>((resolve) => {
            this.#powerOn = resolve;
          }),
      );
    }
  }

  switchOn(): void {
    this.#powerOn?.();
    this.#powerOn = undefined;
  }

  /** The server has taken one of this phone's messages. */
  accepted({ id, to, content }: PreparedMessage): void {
    this.chats.addOwn(this.#own(id, to.number, content, 'sent'));
    this.raiseTicks([id], 'sent');
  }

  raiseTicks(ids: readonly string[], ticks: Ticks): void {
    for (const id of ids) {
      this.chats.raise(id, ticks);
    }
    this.#board.changed();
  }

  showTyping(from: string, typing: Typing): void {
    this.#typing.set(from, typing);
    this.#board.changed();
  }

  knownChats(): readonly KnownChat[] {
    return this.chats.chats.map((number) => ({ person: this.#post.phone(number), messages: this.chats.with(number) }));
  }

  close(): void {
    this.switchOn();
    this.#board.close();
    this.signal.close();
  }

  #own(id: string, chat: string, content: ReturnType<typeof toMessage>, ticks: Ticks): ChatMessage {
    const time = this.#post.clock.now();
    return { id, chat, from: this.number, text: readableText(content), content, time, ticks };
  }
}
