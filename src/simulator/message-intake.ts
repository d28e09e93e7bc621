import { binaryNodeToString } from '@whiskeysockets/baileys';
import type { Clock } from '../lib/time.ts';
import { type Address, type Addressing, addressOf, parseAddress } from './addresses.ts';
import { bizNodesOf, refusalOf } from './choices.ts';
import type { Directory } from './directory.ts';
import type { AckFault, AckScope, FaultBoard } from './faults.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { Observations } from './observations.ts';
import type { Ciphertext } from './phone-signal.ts';
import type { PostOffice } from './post-office.ts';
import type { Postponed } from './postponed.ts';
import { attribute, bytesOf, childOf, childrenOf, type Stanza, stanza, unixTime } from './stanza.ts';

/** facts: the code for a message that the server finds malformed. */
const MALFORMED = 479;
/** facts: the account may not write to this person, or the person's token is missing. */
const NOT_ALLOWED = 463;
/** Assumed: what the facts say of it is only that such a message is refused. */
const UNKNOWN_RECIPIENT = 404;

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly post: PostOffice;
  readonly faults: FaultBoard;
  readonly observations: Observations;
  readonly postponed: Postponed;
}

/** One device's copy inside a message of the bot. */
interface Copy {
  readonly to: string;
  readonly ciphertext: Ciphertext;
}

/** Takes the messages of linked devices: acknowledges or refuses them, and passes their copies on. */
export class MessageIntake {
  readonly #parts: Parts;
  /** How many messages each fault has been asked about, for those that strike each n-th. */
  readonly #asked = new WeakMap<object, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  take(device: LinkedDevice, message: Stanza): void {
    const { observations } = this.#parts;
    observations.sawMessage(attribute(message, 'id'));
    const to = parseAddress(message.attrs['to']);
    const copies = readCopies(message);
    if (copies.length === 0 || !to) {
      observations.unanswered.push(binaryNodeToString(message));
      this.#answer(device, message, MALFORMED);
      return;
    }
    const fault = this.#faultFor(message, to);
    const error =
      this.#refusal(device, message, to) ?? (typeof fault === 'object' && 'error' in fault ? fault.error : undefined);
    this.#answerInDueTime(device, fault, () => this.#answer(device, message, error));
    if (error === undefined) {
      for (const copy of copies) {
        this.#pass(device, message, copy);
      }
    }
  }

  #answerInDueTime(device: LinkedDevice, fault: AckFault, answer: () => void): void {
    const { socket } = device;
    const ifStillThere = () => socket && device.isOn(socket) && answer();
    if (fault === 'held') {
      this.#parts.postponed.putOff(ifStillThere);
    } else if (fault === 'sent' || 'error' in fault) {
      answer();
    } else if ('delay' in fault) {
      this.#parts.postponed.putOff(ifStillThere, fault.delay);
    }
  }

  /** What is wrong with the acks as far as this message is concerned. */
  #faultFor(message: Stanza, to: Address): AckFault {
    const { acks } = this.#parts.faults.current;
    return typeof acks === 'string' || this.#concerns(acks, message, to) ? acks : 'sent';
  }

  #concerns(fault: AckScope, message: Stanza, to: Address): boolean {
    const recipient = this.#parts.directory.phoneAt(to)?.number;
    const isMeant =
      (fault.to === undefined || fault.to === recipient) &&
      (fault.only === undefined || bizNodesOf(message).length > 0);
    if (!isMeant) {
      return false;
    }
    const asked = (this.#asked.get(fault) ?? 0) + 1;
    this.#asked.set(fault, asked);
    return asked % (fault.every ?? 1) === 0;
  }

  /** What the server refuses by itself, with the code it gives. */
  #refusal(device: LinkedDevice, message: Stanza, to: Address): number | undefined {
    const { directory, faults, post, clock } = this.#parts;
    const { unknown, reachoutTimelock, trustedTokens } = faults.current;
    const recipient = directory.phoneAt(to);
    if (!recipient || unknown.includes(recipient.number)) {
      return UNKNOWN_RECIPIENT;
    }
    const own = post.phoneOf(device);
    if (recipient !== own) {
      const isLocked = reachoutTimelock !== undefined && clock.now() < reachoutTimelock.until;
      const isStranger = !recipient.hasWrittenTo(own.number);
      const lacksToken = trustedTokens === 'required' && !childOf(message, 'tctoken');
      if ((isLocked && isStranger) || (lacksToken && !isResend(message))) {
        return NOT_ALLOWED;
      }
    }
    return refusalOf(message);
  }

  #answer(device: LinkedDevice, message: Stanza, error?: number): void {
    const { clock, directory } = this.#parts;
    const { id, to } = message.attrs;
    const address = parseAddress(to);
    // facts/whatsapp §2.4: the server says when the hidden id that a bot uses is no longer the person's own.
    const isStale = address?.addressing === 'lid' && directory.phoneAt(address)?.lid !== address.user;
    const refresh = isStale && error === undefined ? 'true' : undefined;
    const t = unixTime(clock.now());
    device.answer(stanza('ack', { class: 'message', id, from: to, t, error: error?.toString(), refresh_lid: refresh }));
  }

  #pass(sender: LinkedDevice, message: Stanza, { to, ciphertext }: Copy): void {
    const { clock, directory, post, faults } = this.#parts;
    const address = parseAddress(to);
    const phone = directory.phoneAt(address);
    if (!address || !phone) {
      return;
    }
    const { number } = phone;
    if (number !== sender.identity.number && faults.current.blockers.includes(number)) {
      return;
    }
    if (address.device === 0) {
      const id = attribute(message, 'id');
      const { addressing } = address;
      const biz = bizNodesOf(message);
      post.whenSwitchedOn(phone.receiving.fromDevice({ id, sender, addressing, ciphertext, biz, at: clock.now() }));
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
}

/** facts: an answer to a retry receipt goes to one device only, and never carries a token. */
function isResend(message: Stanza): boolean {
  return message.attrs['device_fanout'] === 'false';
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
