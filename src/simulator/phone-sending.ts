import { encodeWAMessage, proto, writeRandomPadMax16 } from '@whiskeysockets/baileys';
import { addressOf } from './addresses.ts';
import type { Composed } from './compose-message.ts';
import { field } from './content.ts';
import { introductions } from './first-sync.ts';
import type { Turn } from './in-turn.ts';
import type { KeyBundle } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext, PhoneSignal } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { newMessageId, type PreparedMessage, type Route } from './prepared-message.ts';

/** facts: a device that still cannot decrypt gives up after five attempts. */
const RETRY_LIMIT = 5;
/** How many sent messages a phone can encrypt again; older ones are forgotten. */
const KEPT_FOR_RETRIES = 20_000;
/** Numbers of fields in WhatsApp's schema: `Message.deviceSentMessage`, and its destination and message. */
const DEVICE_SENT = 31;
const DESTINATION = 1;
const WRAPPED_MESSAGE = 2;

interface Parts {
  readonly phone: Phone;
  readonly signal: PhoneSignal;
  readonly post: PostOffice;
  readonly turn: Turn;
}

interface Sent {
  readonly prepared: PreparedMessage;
  /** When the server took it. */
  at: Date | undefined;
}

/** The writing half of a phone: encrypts for every linked device concerned, and again when one asks for it. */
export class PhoneSending {
  retriesAnswered = 0;
  readonly #parts: Parts;
  readonly #sent = new Map<string, Sent>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  prepare(to: Phone, { message, bytes }: Composed, route: Route = {}, id = newMessageId()): Promise<PreparedMessage> {
    const { phone, post, turn } = this.#parts;
    return turn(async () => {
      const encoded = bytes ?? proto.Message.encode(message).finish();
      const written = { id, from: phone, to, content: message, bytes: encoded, route };
      const devices = new Set([...post.devicesOf(to), ...post.devicesOf(phone)]);
      const envelopes = [];
      for (const device of devices) {
        envelopes.push({ device, ciphertext: await this.#encrypt(device, to, encoded) });
      }
      const prepared = { ...written, envelopes };
      this.#remember(prepared);
      return prepared;
    });
  }

  /** The server has taken a message. */
  accepted(id: string, at: Date): void {
    const sent = this.#sent.get(id);
    if (sent) {
      sent.at ??= at;
    }
  }

  /** A device could not decrypt message `id`: encrypts it once more under the same id. */
  answerRetry(device: LinkedDevice, id: string, attempt: number, bundle: KeyBundle | undefined): Promise<void> {
    const { signal, post, turn } = this.#parts;
    return turn(async () => {
      const { prepared, at } = this.#sent.get(id) ?? {};
      if (!prepared || !at || attempt > RETRY_LIMIT) {
        post.giveUp(device, id);
        return;
      }
      if (bundle) {
        await signal.openSession(device.lidJid, bundle);
      }
      const ciphertext = await this.#encrypt(device, prepared.to, prepared.bytes);
      this.retriesAnswered += 1;
      post.resend({ ...prepared, at }, { device, ciphertext }, attempt);
    });
  }

  /** Sends linked devices the real message under the id of one that came without content. */
  sendLater(id: string): Promise<void> {
    const { post, turn } = this.#parts;
    return turn(async () => {
      const { prepared, at } = this.#sent.get(id) ?? {};
      if (!prepared || !at) {
        throw new Error(`Message ${id} was never sent`);
      }
      for (const { device } of prepared.envelopes) {
        const ciphertext = await this.#encrypt(device, prepared.to, prepared.bytes);
        post.resend({ ...prepared, route: {}, at }, { device, ciphertext });
      }
    });
  }

  /** Tells a new companion of this phone what it needs to know of the account. */
  introduce(device: LinkedDevice): Promise<void> {
    const { phone, turn } = this.#parts;
    return turn(async () => {
      for (const content of introductions(phone, phone.appStateKeys, phone.knownChats())) {
        await this.sendPeer(device, content);
      }
    });
  }

  /** Tells a companion something that belongs to no chat. To be called in the phone's turn. */
  async sendPeer(device: LinkedDevice, content: proto.IMessage): Promise<void> {
    const { phone, signal, post } = this.#parts;
    const ciphertext = await signal.encrypt(device.lidJid, encodeWAMessage(content), () => device.takeBundle());
    post.sendPeer({ id: newMessageId(), from: phone, content, at: post.clock.now() }, { device, ciphertext });
  }

  /** The phone's own companions get the message wrapped, with the chat it belongs to. */
  #encrypt(device: LinkedDevice, to: Phone, encoded: Uint8Array): Promise<Ciphertext> {
    const { phone, signal } = this.#parts;
    const isOwn = device.identity.number === phone.number;
    const bytes = isOwn ? asDeviceSent(addressOf(to, to.addressing), encoded) : encoded;
    return signal.encrypt(device.lidJid, writeRandomPadMax16(bytes), () => device.takeBundle());
  }

  #remember(prepared: PreparedMessage): void {
    this.#sent.set(prepared.id, { prepared, at: undefined });
    if (this.#sent.size > KEPT_FOR_RETRIES) {
      const [oldest] = this.#sent.keys();
      this.#sent.delete(oldest ?? prepared.id);
    }
  }
}

/** Written by hand, because the wrapped bytes need not be a message of the schema. */
function asDeviceSent(destination: string, message: Uint8Array): Uint8Array {
  const wrapped = [field(DESTINATION, Buffer.from(destination)), field(WRAPPED_MESSAGE, message)];
  return field(DEVICE_SENT, Buffer.concat(wrapped));
}
