import type { Address } from '../contacts/address.ts';
import type { Clock } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { CannotBeSent, NotLinked, type Transport } from '../outbox/transport.ts';

type Typing = Parameters<Transport['showTyping']>[1];

export interface Sent {
  readonly to: Address;
  readonly whatsappId: string;
  readonly content: OutgoingContent;
}

/** A way to people's phones that is only a list: for scenarios about what is said, not about how it travels. */
export class MemoryTransport implements Transport {
  readonly #sent: Sent[] = [];
  readonly #typing: { to: Address; typing: Typing }[] = [];
  readonly #failing = new Map<string, 'in-doubt' | 'not-linked' | 'cannot-be-sent' | 'unanswered'>();
  #typingFails: 'at-once' | 'unanswered' | undefined;
  #link: Link;
  #isCaughtUp = true;
  #lastId = 0;

  constructor(clock: Clock, phone: string) {
    this.#link = { state: 'linked', since: clock.now(), phone };
  }

  link(): Link {
    return this.#link;
  }

  setLink(link: Link): void {
    this.#link = link;
  }

  chooseMessageId(): string {
    this.#lastId += 1;
    return `BOT${this.#lastId}`;
  }

  async send(to: Address, whatsappId: string, content: OutgoingContent): Promise<void> {
    if (this.#link.state !== 'linked') {
      throw new NotLinked('The scenario has cut the link');
    }
    const failure = this.#failing.get(whatsappId);
    if (failure === 'not-linked') {
      this.#link = { state: 'connecting', since: this.#link.since };
      throw new NotLinked('The scenario has cut the link');
    }
    if (failure === 'cannot-be-sent') {
      throw new CannotBeSent('file-missing');
    }
    if (failure === 'unanswered') {
      return new Promise(() => undefined);
    }
    if (failure === 'in-doubt') {
      throw new Error('The scenario lets this message fail');
    }
    this.#sent.push({ to, whatsappId, content });
  }

  async showTyping(to: Address, typing: Typing): Promise<void> {
    this.#typing.push({ to, typing });
    if (this.#typingFails === 'unanswered') {
      return new Promise(() => undefined);
    }
    if (this.#typingFails) {
      throw new Error('The scenario shows nobody as typing');
    }
  }

  caughtUpAt(): Date | undefined {
    return this.#link.state === 'linked' && this.#isCaughtUp ? this.#link.since : undefined;
  }

  /** WhatsApp still has something kept for us, or no more. */
  setCaughtUp(isCaughtUp: boolean): void {
    this.#isCaughtUp = isCaughtUp;
  }

  /** Who was shown as typing since the last call. */
  takeTyping(): readonly { readonly to: Address; readonly typing: Typing }[] {
    return this.#typing.splice(0);
  }

  /**
   * Lets every try of one message fail: without a known outcome, because the link falls before anything is written, for good, or by
   * never coming to an end.
   */
  failFor(whatsappId: string, how: 'in-doubt' | 'not-linked' | 'cannot-be-sent' | 'unanswered' = 'in-doubt'): void {
    this.#failing.set(whatsappId, how);
  }

  /** Lets every showing of somebody as typing fail. */
  failTyping(how: 'at-once' | 'unanswered'): void {
    this.#typingFails = how;
  }

  /** What was sent since the last call. */
  take(): readonly Sent[] {
    return this.#sent.splice(0);
  }
}
