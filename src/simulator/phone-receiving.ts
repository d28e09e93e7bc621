import type { proto } from '@whiskeysockets/baileys';
import { type Addressing, parseAddress } from './addresses.ts';
import type { ChatList, ChatMessage } from './chat-list.ts';
import type { Turn } from './in-turn.ts';
import { keyStanzas, registrationStanza } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import { isShown, readableText, readMessage } from './message-content.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext, PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { stanza, unixTime } from './stanza.ts';

/** facts: a phone asks for an undecryptable message five times, from the second time on with fresh keys. */
const RETRY_LIMIT = 5;
const KEYS_FROM_ATTEMPT = 2;

/** A linked device's message as it comes to one phone. */
export interface DeviceMessage {
  readonly id: string;
  readonly sender: LinkedDevice;
  /** In which of the recipient's two addresses the device wrote. */
  readonly addressing: Addressing;
  readonly ciphertext: Ciphertext;
  readonly at: Date;
}

interface Parts {
  readonly phone: Phone;
  readonly signal: PhoneSignal;
  readonly chats: ChatList;
  readonly board: NoticeBoard;
  readonly post: PostOffice;
  readonly turn: Turn;
}

/** The reading half of a phone: decrypts, shows each message once, and confirms or asks again. */
export class PhoneReceiving {
  retriesAsked = 0;
  readonly #parts: Parts;
  readonly #attempts = new Map<string, number>();
  readonly #addressings = new Map<string, Addressing>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  fromDevice(message: DeviceMessage): Promise<void> {
    const { signal, turn } = this.#parts;
    return turn(async () => {
      this.#addressings.set(message.id, message.addressing);
      const plaintext = await signal.decrypt(message.sender.lidJid, message.ciphertext).catch(() => undefined);
      if (plaintext) {
        this.#read(message, readMessage(plaintext));
      } else {
        this.#askAgain(message);
      }
    });
  }

  /** Another phone's message; between simulated phones nothing is encrypted. */
  fromPhone(message: ChatMessage, author: Phone): Promise<void> {
    const { phone, post, turn } = this.#parts;
    return turn(async () => {
      this.#show(message);
      // With a linked device, the ticks of the writer tell what that device has confirmed.
      if (post.devicesOf(phone).length === 0) {
        this.#confirm(author, message.id);
      }
    });
  }

  /** In which of this phone's addresses a message was written, so that its receipts answer in the same one. */
  addressingOf(id: string): Addressing {
    return this.#addressings.get(id) ?? this.#parts.phone.addressing;
  }

  #read(message: DeviceMessage, received: proto.Message): void {
    const { phone, post } = this.#parts;
    const writer = post.phoneOf(message.sender);
    const wrapped = received.deviceSentMessage;
    const content = wrapped?.message ?? received;
    if (writer === phone) {
      const destination = post.phoneAt(parseAddress(wrapped?.destinationJid ?? undefined));
      if (destination) {
        this.#showFromDevice(message, content, destination.number);
      }
      return;
    }
    this.#showFromDevice(message, content, writer.number);
    this.#confirm(writer, message.id);
  }

  #showFromDevice({ id, sender, at }: DeviceMessage, content: proto.IMessage, chat: string): void {
    if (isShown(content)) {
      const from = sender.identity.number;
      const ticks = from === this.#parts.phone.number ? 'sent' : 'delivered';
      this.#show({ id, chat, from, text: readableText(content), content, time: at, ticks });
    }
  }

  #show(message: ChatMessage): void {
    this.#parts.chats.addArrived(message);
    this.#parts.board.changed();
  }

  #confirm(author: Phone, id: string): void {
    const { phone, post } = this.#parts;
    post.passReceipt({ by: phone, author, ids: [id], kind: 'delivered', addressing: this.addressingOf(id) });
  }

  #askAgain({ id, sender, at }: DeviceMessage): void {
    const { phone, signal, post, board } = this.#parts;
    const attempt = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempt);
    if (attempt > RETRY_LIMIT) {
      return;
    }
    this.retriesAsked += 1;
    const bundle = signal.giveBundle();
    post.passRetry({
      by: phone,
      device: sender,
      id,
      addressing: this.addressingOf(id),
      content: [
        stanza('retry', { count: String(attempt), id, t: unixTime(at), v: '1' }),
        registrationStanza(bundle.registrationId),
        ...(attempt >= KEYS_FROM_ATTEMPT ? [stanza('keys', {}, keyStanzas(bundle))] : []),
      ],
    });
    board.changed();
  }
}
