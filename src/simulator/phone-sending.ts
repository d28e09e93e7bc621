import { encodeWAMessage, type proto } from '@whiskeysockets/baileys';
import { addressOf } from './addresses.ts';
import type { ChatList } from './chat-list.ts';
import { introductions } from './first-sync.ts';
import type { Turn } from './in-turn.ts';
import type { KeyBundle } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext, PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { newMessageId, type PreparedMessage } from './prepared-message.ts';

/** facts: a device that still cannot decrypt gives up after five attempts. */
const RETRY_LIMIT = 5;
/** How many sent messages a phone can encrypt again; older ones are forgotten. */
const KEPT_FOR_RETRIES = 20_000;

interface Parts {
  readonly phone: Phone;
  readonly signal: PhoneSignal;
  readonly chats: ChatList;
  readonly post: PostOffice;
  readonly turn: Turn;
}

/** The writing half of a phone: encrypts for every linked device concerned, and again when one asks for it. */
export class PhoneSending {
  retriesAnswered = 0;
  readonly #parts: Parts;
  readonly #sent = new Map<string, PreparedMessage>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  prepare(to: Phone, content: proto.IMessage, id = newMessageId()): Promise<PreparedMessage> {
    const { phone, post, turn } = this.#parts;
    return turn(async () => {
      const devices = new Set([...post.devicesOf(to), ...post.devicesOf(phone)]);
      const envelopes = [];
      for (const device of devices) {
        envelopes.push({ device, ciphertext: await this.#encrypt(device, to, content) });
      }
      const prepared = { id, from: phone, to, content, envelopes };
      this.#remember(prepared);
      return prepared;
    });
  }

  /** A device could not decrypt message `id`: encrypts it once more under the same id. */
  answerRetry(device: LinkedDevice, id: string, attempt: number, bundle: KeyBundle | undefined): Promise<void> {
    const { signal, chats, post, turn } = this.#parts;
    return turn(async () => {
      const sent = this.#sent.get(id);
      const shown = chats.find(id);
      if (!sent || !shown || attempt > RETRY_LIMIT) {
        post.giveUp(device, id);
        return;
      }
      if (bundle) {
        await signal.openSession(device.lidJid, bundle);
      }
      const ciphertext = await this.#encrypt(device, sent.to, sent.content);
      this.retriesAnswered += 1;
      post.resend({ ...sent, at: shown.time }, { device, ciphertext }, attempt);
    });
  }

  /** Tells a new companion of this phone what it needs to know of the account. */
  introduce(device: LinkedDevice): Promise<void> {
    const { phone, signal, post, turn } = this.#parts;
    return turn(async () => {
      const now = post.clock.now();
      for (const content of introductions(phone, phone.knownChats(), now)) {
        const ciphertext = await signal.encrypt(device.lidJid, encodeWAMessage(content), () => device.takeBundle());
        post.sendPeer({ id: newMessageId(), from: phone, to: phone, content, at: now }, { device, ciphertext });
      }
    });
  }

  /** The phone's own companions get the message wrapped, with the chat it belongs to. */
  #encrypt(device: LinkedDevice, to: Phone, message: proto.IMessage): Promise<Ciphertext> {
    const { phone, signal } = this.#parts;
    const isOwn = device.identity.number === phone.number;
    const content = isOwn ? { deviceSentMessage: { destinationJid: addressOf(to, to.addressing), message } } : message;
    return signal.encrypt(device.lidJid, encodeWAMessage(content), () => device.takeBundle());
  }

  #remember(prepared: PreparedMessage): void {
    this.#sent.set(prepared.id, prepared);
    if (this.#sent.size > KEPT_FOR_RETRIES) {
      const [oldest] = this.#sent.keys();
      this.#sent.delete(oldest ?? prepared.id);
    }
  }
}
