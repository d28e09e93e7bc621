import { binaryNodeToString } from '@whiskeysockets/baileys';
import type { Clock } from '../lib/time.ts';
import { addressOf, parseAddress } from './addresses.ts';
import type { Directory } from './directory.ts';
import type { FaultBoard } from './faults.ts';
import { readRetryBundle } from './key-bundle.ts';
import type { LinkedDevice } from './linked-device.ts';
import { MessageIntake } from './message-intake.ts';
import { chatstate, readTyping } from './message-stanzas.ts';
import type { Observations } from './observations.ts';
import type { Phone } from './phone.ts';
import type { PostOffice } from './post-office.ts';
import type { Postponed } from './postponed.ts';
import { answerQuery } from './query-answers.ts';
import { attribute, childOf, childrenOf, type Stanza, StanzaNotUnderstood, stanza } from './stanza.ts';

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly post: PostOffice;
  readonly faults: FaultBoard;
  readonly observations: Observations;
  readonly postponed: Postponed;
}

/** Serves the linked devices that are logged in: answers their queries and takes their messages, receipts and acks. */
export class DeviceDesk {
  readonly #parts: Parts;
  readonly #intake: MessageIntake;
  readonly #takers: Readonly<Record<string, (device: LinkedDevice, heard: Stanza) => void>> = {
    iq: (device, query) => this.#answer(device, query),
    message: (device, message) => this.#intake.take(device, message),
    call: (device, call) => this.#takeCall(device, call),
    receipt: (device, receipt) => this.#takeReceipt(device, receipt),
    ack: (device, ack) => this.#takeAck(device, ack),
    chatstate: (device, chatstate) => this.#passTyping(device, chatstate),
    presence: (device, presence) => this.#takePresence(device, presence),
    ib: (device, info) => this.#takeInfo(device, info),
  };

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#intake = new MessageIntake(parts);
  }

  hear(device: LinkedDevice, heard: Stanza): void {
    const take = this.#takers[heard.tag];
    if (take) {
      take(device, heard);
    } else {
      this.#notUnderstood(heard);
    }
  }

  #answer(device: LinkedDevice, query: Stanza): void {
    const type = query.attrs['type'];
    if (type === 'result' || type === 'error') {
      return;
    }
    const answer = answerQuery(query, { ...this.#parts, device });
    if (!answer) {
      this.#notUnderstood(query);
      device.answer(errorReply(query));
      return;
    }
    if (answer.reply) {
      device.answer(answer.reply);
    }
    answer.afterwards?.();
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
    } else if (type === 'server-error') {
      this.#parts.post.phoneOf(device).uploadAgain(device, attribute(receipt, 'id'));
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

  /** A bot that does not want a call: the caller sees it. */
  #takeCall(device: LinkedDevice, call: Stanza): void {
    const { id, to } = call.attrs;
    const reject = childOf(call, 'reject');
    const caller = this.#parts.directory.phoneAt(parseAddress(to));
    if (!reject || !caller) {
      this.#notUnderstood(call);
      return;
    }
    device.answer(stanza('ack', { class: 'call', id, from: to, type: 'reject' }));
    caller.calls.rejected(attribute(reject, 'call-id'));
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

function errorReply(query: Stanza): Stanza {
  return stanza('iq', { from: query.attrs['to'], id: query.attrs['id'], type: 'error' }, [
    stanza('error', { code: '501', text: 'feature-not-implemented' }),
  ]);
}
