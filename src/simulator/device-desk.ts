import { binaryNodeToString } from '@whiskeysockets/baileys';
import type { Clock } from '../lib/time.ts';
import { type Addressing, addressOf, parseAddress } from './addresses.ts';
import type { CompanionSocket } from './companion-socket.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard } from './faults.ts';
import { readRetryBundle } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import { chatstate, readTyping } from './message-stanzas.ts';
import type { Observations } from './observations.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import { answerQuery } from './query-answers.ts';
import {
  attribute,
  bytesOf,
  childOf,
  childrenOf,
  type Stanza,
  StanzaNotUnderstood,
  stanza,
  unixTime,
} from './stanza.ts';

/** facts: the code for a message that the server finds malformed. */
const MALFORMED = 479;

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly post: PostOffice;
  readonly faults: FaultBoard;
  readonly observations: Observations;
}

interface HeldAck {
  readonly device: LinkedDevice;
  readonly socket: CompanionSocket | undefined;
  readonly ack: Stanza;
}

/** One device's copy inside a message of the bot. */
interface Copy {
  readonly to: string;
  readonly ciphertext: Ciphertext;
}

/** Serves the linked devices that are logged in: answers their queries and takes their messages, receipts and acks. */
export class DeviceDesk {
  readonly #parts: Parts;
  readonly #takers: Readonly<Record<string, (device: LinkedDevice, heard: Stanza) => void>> = {
    iq: (device, query) => this.#answer(device, query),
    message: (device, message) => this.#takeMessage(device, message),
    receipt: (device, receipt) => this.#takeReceipt(device, receipt),
    ack: (device, ack) => this.#takeAck(device, ack),
    chatstate: (device, chatstate) => this.#passTyping(device, chatstate),
    presence: (device, presence) => this.#takePresence(device, presence),
    ib: (device, info) => this.#takeInfo(device, info),
  };
  #heldAcks: HeldAck[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  hear(device: LinkedDevice, heard: Stanza): void {
    const take = this.#takers[heard.tag];
    if (take) {
      take(device, heard);
    } else {
      this.#notUnderstood(heard);
    }
  }

  /** Sends the acks held back so far; those of connections that are gone by now stay lost. */
  releaseAcks(): void {
    for (const { device, socket, ack } of this.#heldAcks) {
      if (socket && device.isOn(socket)) {
        socket.send(ack);
      }
    }
    this.#heldAcks = [];
  }

  #answer(device: LinkedDevice, query: Stanza): void {
    const type = query.attrs['type'];
    if (type === 'result' || type === 'error') {
      return;
    }
    const answer = answerQuery(query, { ...this.#parts, device });
    if (!answer) {
      this.#notUnderstood(query);
    }
    device.answer(answer?.reply ?? errorReply(query));
    answer?.afterwards?.();
  }

  #takeMessage(device: LinkedDevice, message: Stanza): void {
    const id = attribute(message, 'id');
    const { observations, faults } = this.#parts;
    observations.sawMessage(id);
    const copies = readCopies(message);
    if (copies.length === 0 || !parseAddress(message.attrs['to'])) {
      this.#notUnderstood(message);
      this.#ack(device, message, MALFORMED);
      return;
    }
    const { acks } = faults.current;
    this.#ack(device, message, typeof acks === 'object' ? acks.error : undefined);
    if (typeof acks !== 'object') {
      for (const copy of copies) {
        this.#deliverCopy(device, message, copy);
      }
    }
  }

  #ack(device: LinkedDevice, message: Stanza, error?: number): void {
    const { id, to } = message.attrs;
    const t = unixTime(this.#parts.clock.now());
    const ack = stanza('ack', { class: 'message', id, from: to, t, error: error?.toString() });
    if (this.#parts.faults.current.acks === 'held') {
      this.#heldAcks.push({ device, socket: device.socket, ack });
    } else {
      device.answer(ack);
    }
  }

  #deliverCopy(sender: LinkedDevice, message: Stanza, { to, ciphertext }: Copy): void {
    const { clock, directory, post } = this.#parts;
    const address = parseAddress(to);
    const phone = directory.phoneAt(address);
    if (!address || !phone) {
      return;
    }
    if (address.device === 0) {
      const id = attribute(message, 'id');
      const { addressing } = address;
      post.whenSwitchedOn(phone.receiving.fromDevice({ id, sender, addressing, ciphertext, at: clock.now() }));
    } else {
      const device = directory.deviceAt(address);
      device?.deliver(this.#betweenDevices(sender, device, message, { addressing: address.addressing, ciphertext }));
    }
  }

  /** A bot's message for another bot, or for a second companion of the same phone. */
  #betweenDevices(
    { identity }: LinkedDevice,
    to: LinkedDevice,
    message: Stanza,
    { addressing, ciphertext: { type, bytes } }: { readonly addressing: Addressing; readonly ciphertext: Ciphertext },
  ): Stanza {
    const isOwn = to.identity.number === identity.number;
    return stanza(
      'message',
      {
        from: addressOf(identity, addressing, identity.id),
        id: message.attrs['id'],
        t: unixTime(this.#parts.clock.now()),
        type: message.attrs['type'],
        notify: this.#parts.post.phone(identity.number).name,
        addressing_mode: addressing,
        recipient: isOwn ? message.attrs['to'] : undefined,
      },
      [stanza('enc', { v: '2', type }, bytes)],
    );
  }

  #takeReceipt(device: LinkedDevice, receipt: Stanza): void {
    const { id, to, type } = receipt.attrs;
    device.answer(stanza('ack', { class: 'receipt', id, from: to, type }));
    const ids = [
      attribute(receipt, 'id'),
      ...childrenOf(childOf(receipt, 'list'), 'item').map((item) => attribute(item, 'id')),
    ];
    const author = this.#parts.directory.phoneAt(parseAddress(to));
    if (type === 'retry') {
      this.#passRetry(device, receipt, author);
    } else if (type === 'read' || type === 'played' || type === 'read-self') {
      this.#passRead(device, ids, author, type !== 'read-self');
    } else {
      this.#settle(device, ids);
      // facts: other types confirm what came from the account's own phone, and mean nothing to its screen.
      if (type === undefined || type === 'inactive') {
        author?.raiseTicks(ids, 'delivered');
      }
    }
  }

  #passRetry(device: LinkedDevice, receipt: Stanza, author: Phone | undefined): void {
    const id = attribute(receipt, 'id');
    const attempt = Number(childOf(receipt, 'retry')?.attrs['count'] ?? 1);
    if (!author) {
      device.settle('message', { id });
      return;
    }
    device.askAgain(id);
    this.#parts.post.inBackground(author.sending.answerRetry(device, id, attempt, readRetryBundle(receipt)));
  }

  #passRead(device: LinkedDevice, ids: readonly string[], author: Phone | undefined, tellAuthor: boolean): void {
    this.#parts.post.phoneOf(device).raiseTicks(ids, 'read');
    if (tellAuthor) {
      author?.raiseTicks(ids, 'read');
    }
  }

  #settle(device: LinkedDevice, ids: readonly string[]): void {
    for (const id of ids) {
      device.settle('message', { id });
    }
  }

  #takeAck(device: LinkedDevice, ack: Stanza): void {
    const { id, error, class: stanzaClass } = ack.attrs;
    if (!id || !stanzaClass) {
      throw new StanzaNotUnderstood('An ack without id or class');
    }
    if (stanzaClass === 'message' && device.takeAskedAgain(id)) {
      return;
    }
    if (error) {
      this.#parts.observations.refusals.push({ device: device.jid, id, error });
    }
    device.settle(stanzaClass, ack.attrs);
  }

  #passTyping(device: LinkedDevice, heard: Stanza): void {
    const { directory, post } = this.#parts;
    const address = parseAddress(heard.attrs['to']);
    const phone = directory.phoneAt(address);
    if (!address || !phone) {
      this.#notUnderstood(heard);
      return;
    }
    const typing = readTyping(heard);
    phone.showTyping(device.identity.number, typing);
    for (const other of post.devicesOf(phone)) {
      other.pass(chatstate(addressOf(device.identity, address.addressing), typing));
    }
  }

  /** facts: a subscription is answered with the present state; phones here do not tell when they were last online. */
  #takePresence(device: LinkedDevice, { attrs }: Stanza): void {
    const { type, to } = attrs;
    if (type === 'subscribe') {
      device.answer(stanza('presence', { from: to, type: 'unavailable', last: 'deny' }));
    } else if (type === 'available' || type === 'unavailable') {
      device.presence = type;
    }
  }

  #takeInfo(device: LinkedDevice, info: Stanza): void {
    if (childOf(info, 'offline_batch')) {
      device.sendBacklog();
      this.#introduce(device);
    } else if (!childOf(info, 'unified_session')) {
      this.#notUnderstood(info);
    }
  }

  #introduce(device: LinkedDevice): void {
    if (!device.introduced) {
      device.introduced = true;
      const { post } = this.#parts;
      post.inBackground(post.phoneOf(device).sending.introduce(device));
    }
  }

  #notUnderstood(heard: Stanza): void {
    this.#parts.observations.unanswered.push(binaryNodeToString(heard));
  }
}

/** facts: normally one copy for each device; a resend to one linked device carries its copy directly. */
function readCopies(message: Stanza): readonly Copy[] {
  const participants = childrenOf(childOf(message, 'participants'), 'to');
  const copies = participants.map((to) => ({ to: attribute(to, 'jid'), enc: childOf(to, 'enc') }));
  const all = copies.length > 0 ? copies : [{ to: attribute(message, 'to'), enc: childOf(message, 'enc') }];
  return all.flatMap(({ to, enc }) => {
    const bytes = bytesOf(enc);
    const type = enc?.attrs['type'] === 'pkmsg' ? 'pkmsg' : 'msg';
    return bytes ? [{ to, ciphertext: { type, bytes } as const }] : [];
  });
}

function errorReply(query: Stanza): Stanza {
  return stanza('iq', { from: query.attrs['to'], id: query.attrs['id'], type: 'error' }, [
    stanza('error', { code: '501', text: 'feature-not-implemented' }),
  ]);
}
