import { randomBytes } from 'node:crypto';
import type { Clock } from '../lib/time.ts';
import { type Address, type Addressing, addressOf, parseAddress, phoneAddress } from './addresses.ts';
import type { DevicePairing } from './device-pairing.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard } from './faults.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { MediaHost } from './media-host.ts';
import { readableText } from './message-content.ts';
import {
  chatstate,
  customerMessage,
  ownMessage,
  peerMessage,
  receiptStanza,
  type SentMessage,
  type Typing,
} from './message-stanzas.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Observations } from './observations.ts';
import { OrderBook } from './order-book.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext } from './phone-signal.ts';
import type { Postponed } from './postponed.ts';
import type { Envelope, PreparedMessage } from './prepared-message.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly pairing: DevicePairing;
  readonly observations: Observations;
  readonly board: NoticeBoard;
  readonly media: MediaHost;
  readonly faults: FaultBoard;
  readonly postponed: Postponed;
  readonly phonesConfirm: boolean;
}

/** What a phone tells one of its own companions about a message of that companion. */
interface CompanionReceipt {
  readonly id: string;
  readonly type: 'sender' | 'peer_msg';
  /** The chat, in the words of the companion. */
  readonly recipient?: string | undefined;
}

export interface PhoneReceipt {
  readonly by: Phone;
  /** Whose messages are confirmed. */
  readonly author: Phone;
  readonly ids: readonly string[];
  readonly kind: 'delivered' | 'read';
  readonly addressing: Addressing;
}

export interface RetryRequest {
  readonly by: Phone;
  readonly device: LinkedDevice;
  readonly id: string;
  readonly addressing: Addressing;
  readonly content: readonly Stanza[];
}

/** What phones hand in at the server, and how it reaches other phones and linked devices. */
export class PostOffice {
  readonly clock: Clock;
  readonly pairing: DevicePairing;
  readonly media: MediaHost;
  /** Whether phones confirm what other phones send them. */
  readonly phonesConfirm: boolean;
  readonly orders = new OrderBook();
  readonly #directory: Directory;
  readonly #observations: Observations;
  readonly #board: NoticeBoard;
  readonly #faults: FaultBoard;
  readonly #postponed: Postponed;
  #tasks = 0;

  constructor({ clock, pairing, directory, observations, board, media, faults, postponed, phonesConfirm }: Parts) {
    this.phonesConfirm = phonesConfirm;
    this.#board = board;
    this.#faults = faults;
    this.#postponed = postponed;
    this.media = media;
    this.clock = clock;
    this.pairing = pairing;
    this.#directory = directory;
    this.#observations = observations;
  }

  /** Whether phones still have something to encrypt for a linked device. */
  get busy(): boolean {
    return this.#tasks > 0;
  }

  /** Lets a phone encrypt something for a linked device; until it is done the devices do not have everything. */
  inBackground(task: Promise<void>): void {
    this.#tasks += 1;
    this.whenSwitchedOn(
      task.finally(() => {
        this.#tasks -= 1;
        this.#board.changed();
      }),
    );
  }

  /** Lets a phone read something in its own time; what fails there is a fault of the simulator. */
  whenSwitchedOn(task: Promise<void>): void {
    task.catch((error: unknown) => this.#observations.unanswered.push(`On a phone: ${String(error)}`));
  }

  phone(number: string): Phone {
    const phone = this.phoneAt(parseAddress(phoneAddress(number)));
    if (!phone) {
      throw new Error(`${number} is not on this WhatsApp`);
    }
    return phone;
  }

  phoneAt(address: Address | undefined): Phone | undefined {
    return this.#directory.phoneAt(address);
  }

  phoneOf(device: LinkedDevice): Phone {
    return this.phone(device.identity.number);
  }

  devicesOf(phone: Phone): readonly LinkedDevice[] {
    return this.#directory.devicesOf(phone);
  }

  /** Takes a message from a phone: from here on it reaches everyone concerned, now or when they are online. */
  accept(message: PreparedMessage): void {
    const { id, from, to, content, bytes, route, envelopes } = message;
    const at = this.clock.now();
    const linked = envelopes.filter(({ device }) => device.linked);
    if (linked.length > 0 && !route.through) {
      this.#observations.accepted.push({ id, from: from.number, to: to.number, text: readableText(content), at });
    }
    from.accepted(message, at);
    for (const envelope of linked) {
      this.#deliver({ id, from, to, content, bytes, route, at }, envelope);
    }
    if (to !== from && !route.through) {
      this.whenSwitchedOn(to.receiving.fromPhone({ id, content, time: at }, from));
    }
  }

  /** The same message once more for a device that could not decrypt it. */
  resend(message: SentMessage, envelope: Envelope, attempt?: number): void {
    if (envelope.device.linked) {
      this.#deliver(message, envelope, attempt);
    }
  }

  /** The phone cannot help: the device will never get this message. */
  giveUp(device: LinkedDevice, id: string): void {
    device.settle('message', { id });
  }

  sendPeer(message: Parameters<typeof peerMessage>[0], { device, ciphertext }: Envelope): void {
    device.deliver(peerMessage(message, ciphertext));
  }

  passReceipt({ by, author, ids, kind, addressing }: PhoneReceipt): void {
    const at = this.clock.now();
    const type = kind === 'read' ? ({ type: 'read' } as const) : {};
    author.raiseTicks(ids, kind);
    for (const device of this.devicesOf(author)) {
      this.#inDueTime(() => device.deliver(receiptStanza({ from: addressOf(by, addressing), ids, at, ...type })));
    }
    if (kind === 'read') {
      this.#tellOwnDevices(by, author, ids, addressing);
    }
  }

  passToCompanion(phone: Phone, device: LinkedDevice, { id, type, recipient }: CompanionReceipt): void {
    const addressing = parseAddress(recipient)?.addressing ?? 'pn';
    const from = addressOf(phone, addressing);
    device.deliver(receiptStanza({ from, ids: [id], at: this.clock.now(), type, recipient }));
  }

  passRetry({ by, device, id, addressing, content }: RetryRequest): void {
    this.#observations.askedAgain(id);
    const from = addressOf(by, addressing);
    device.deliver(receiptStanza({ from, ids: [id], at: this.clock.now(), type: 'retry', content }));
  }

  passTyping(by: Phone, to: Phone, typing: Typing): void {
    to.showTyping(by.number, typing);
    for (const device of this.devicesOf(to)) {
      device.pass(chatstate(addressOf(by, by.addressing), typing));
    }
  }

  unlinkDevices(phone: Phone): void {
    for (const device of [...this.devicesOf(phone)]) {
      this.unlink(device, stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]));
    }
  }

  unlink(device: LinkedDevice, lastWords?: Stanza): void {
    this.#directory.unlink(device);
    device.unlink(lastWords);
  }

  /** facts: everybody who has a chat with this person learns of the new identity key. */
  announceIdentity(phone: Phone): void {
    const from = addressOf(phone, phone.addressing);
    for (const device of phone.chats.chats.flatMap((number) => this.devicesOf(this.phone(number)))) {
      device.notify('encrypt', [stanza('identity')], { from });
    }
  }

  /** The person has another hidden id from now on; the old one still leads to them. */
  changeLid(phone: Phone): void {
    this.#directory.add(phone);
  }

  /** facts: with this token the account may write to the person first. */
  passTrust(by: Phone, to: Phone): void {
    const from = addressOf(by, 'lid');
    const t = unixTime(this.clock.now());
    for (const device of this.devicesOf(to)) {
      const token = stanza('token', { jid: device.jid, t, type: 'trusted_contact' }, randomBytes(16));
      device.notify('privacy_token', [stanza('tokens', {}, [token])], { from, sender_lid: from });
    }
  }

  /** facts: devices of the reader learn it as `read-self`, with the chat as recipient. */
  #tellOwnDevices(by: Phone, author: Phone, ids: readonly string[], addressing: Addressing): void {
    const from = addressOf(by, addressing);
    const recipient = addressOf(author, author.addressing);
    for (const device of this.devicesOf(by)) {
      device.deliver(receiptStanza({ from, ids, at: this.clock.now(), type: 'read-self', recipient }));
    }
  }

  #inDueTime(deliver: () => void): void {
    const { receipts } = this.#faults.current;
    if (receipts === 'prompt') {
      deliver();
    } else {
      this.#postponed.putOff(deliver, receipts === 'held' ? undefined : receipts.delay);
    }
  }

  #deliver(message: SentMessage, { device, ciphertext }: Envelope, attempt?: number): void {
    const { ciphertexts } = this.#faults.current;
    const isSpoilt = ciphertexts === 'spoilt' || (ciphertexts === 'spoilt-once' && attempt === undefined);
    const build = device.identity.number === message.from.number ? ownMessage : customerMessage;
    device.deliver(build(message, isSpoilt ? spoil(ciphertext) : ciphertext, attempt));
  }
}

/** What ends a ciphertext is the proof that it was not changed. */
function spoil({ type, bytes }: Ciphertext): Ciphertext {
  const spoilt = Uint8Array.from(bytes);
  spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 0xff;
  return { type, bytes: spoilt };
}
