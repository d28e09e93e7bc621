import type { proto } from '@whiskeysockets/baileys';
import { type Addressing, parseAddress } from './addresses.ts';
import type { ChatList } from './chat-list.ts';
import { type Choice, isInteractive, shownChoices } from './choices.ts';
import type { Turn } from './in-turn.ts';
import { keyStanzas, registrationStanza } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import { isShown, readMessage } from './message-content.ts';
import type { NoticeBoard } from './notice-board.ts';
import { answerPeerRequest } from './peer-requests.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext, PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { readAct } from './screen-act.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

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
  /** What the stanza says about buttons. */
  readonly biz: readonly Stanza[];
}

/** Another phone's message. */
interface PhoneMessage {
  readonly id: string;
  readonly content: proto.IMessage;
  readonly time: Date;
}

interface Incoming extends PhoneMessage {
  readonly chat: string;
  readonly from: string;
  readonly choices?: readonly Choice[];
  readonly byDevice?: boolean;
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
  /** Ids of messages that were taken and show nothing, because their buttons came without what makes phones display them. */
  readonly invisible: string[] = [];
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
        await this.#read(message, readMessage(plaintext));
      } else {
        this.#askAgain(message);
      }
    });
  }

  /** Another phone's message; between simulated phones nothing is encrypted. */
  fromPhone({ id, content, time }: PhoneMessage, author: Phone): Promise<void> {
    const { phone, post, turn } = this.#parts;
    return turn(async () => {
      this.#show({ id, chat: author.number, from: author.number, content, time });
      if (post.phonesConfirm || post.devicesOf(phone).length === 0) {
        this.#confirm(author, id);
      }
    });
  }

  /** In which of this phone's addresses a message was written, so that its receipts answer in the same one. */
  addressingOf(id: string): Addressing {
    return this.#addressings.get(id) ?? this.#parts.phone.addressing;
  }

  async #read(message: DeviceMessage, received: proto.Message): Promise<void> {
    const { phone, post } = this.#parts;
    const writer = post.phoneOf(message.sender);
    const wrapped = received.deviceSentMessage;
    const content = wrapped?.message ?? received;
    if (writer !== phone) {
      this.#showFromDevice(message, content, writer.number);
      this.#confirm(writer, message.id);
      return;
    }
    const destination = post.phoneAt(parseAddress(wrapped?.destinationJid ?? undefined));
    if (content.protocolMessage && destination === phone && !readAct(content)) {
      await this.#answerCompanion(message, content.protocolMessage);
    } else if (destination) {
      this.#showFromDevice(message, content, destination.number);
      const recipient = wrapped?.destinationJid ?? undefined;
      post.passToCompanion(phone, message.sender, { id: message.id, type: 'sender', recipient });
    }
  }

  /** facts: a companion asks its own phone for keys or for messages that came without content. */
  async #answerCompanion({ id, sender }: DeviceMessage, request: proto.Message.IProtocolMessage): Promise<void> {
    const { phone, post } = this.#parts;
    post.passToCompanion(phone, sender, { id, type: 'peer_msg' });
    const answer = answerPeerRequest(phone, id, request);
    if (answer) {
      await phone.sending.sendPeer(sender, answer);
    }
  }

  #showFromDevice({ id, sender, at, biz }: DeviceMessage, content: proto.IMessage, chat: string): void {
    const choices = shownChoices(content, biz);
    if (isInteractive(content) && choices.length === 0) {
      this.invisible.push(id);
      this.#parts.board.changed();
    } else {
      const from = sender.identity.number;
      this.#show({ id, chat, from, content, time: at, choices, byDevice: true });
    }
  }

  #show(message: Incoming): void {
    const { chats, board, phone } = this.#parts;
    const ticks = message.from === phone.number ? 'sent' : 'delivered';
    if (isShown(message.content) || readAct(message.content)) {
      chats.addArrived({ ...message, ticks });
      phone.endTyping(message.from);
    }
    board.changed();
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
