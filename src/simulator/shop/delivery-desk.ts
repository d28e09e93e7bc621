import { setMaxListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { type Clock, later, type Milliseconds } from '../../lib/time.ts';
import { post } from './post.ts';

/** Something to tell, to everybody who asked for its topic. */
export interface Message {
  /** The same over all retries. */
  readonly id: string;
  readonly topic: string;
  /** The bytes; some platforms write them only when they go out. */
  body(): Uint8Array;
  /** What goes around them, signed with that secret, in the name of that shop. */
  headers(body: Uint8Array, seal: Seal): Readonly<Record<string, string>>;
}

export interface Seal {
  readonly secret: string;
  readonly domain: string;
  readonly subscription: Subscription;
}

export interface Subscription {
  readonly id: number;
  /** `*` for everything. */
  readonly topic: string;
  readonly target: string;
  readonly secret: string;
  /** `config`: set by hand, and never taken away. */
  readonly madeBy: 'api' | 'config';
}

/** What each platform does when nobody answers as it wishes. */
export interface DeliveryRule {
  /** Between one try and the next; none: it is not tried again. */
  readonly gaps: readonly Milliseconds[];
  readonly answerWithin: Milliseconds;
  isTaken(status: number): boolean;
  /** Whether a subscription is taken away, told how many deliveries in a row failed before this one. */
  endsSubscription(failedBefore: number): boolean;
}

/** What may happen to a delivery on demand. */
export type Mishap =
  | { readonly kind: 'drop' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly by: Milliseconds }
  | { readonly kind: 'wrong-signature' }
  | { readonly kind: 'other-shop' };

export interface Attempt {
  readonly at: Date;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Undefined when nobody answered in time. */
  readonly status: number | undefined;
}

/** One message to one subscriber, and how it went. */
export interface Posting {
  readonly message: Message;
  readonly subscription: Subscription;
  readonly happenedAt: Date;
  readonly attempts: readonly Attempt[];
  readonly state: 'waiting' | 'taken' | 'given-up' | 'dropped';
  /** Of the next try, when there has been one. */
  readonly nextAt: Date | undefined;
}

type OpenPosting = { -readonly [Key in keyof Posting]: Posting[Key] } & { attempts: Attempt[]; mishap?: Mishap };

interface DeskParts {
  readonly clock: Clock;
  readonly rule: DeliveryRule;
  /** The name in which everything goes out. */
  readonly domain: string;
  readonly chance: () => number;
}

/** Delivers what a shop tells, one after the other, tries again as its platform does, and keeps everything for whoever looks. */
export class DeliveryDesk {
  readonly postings: Posting[] = [];
  readonly subscriptions: Subscription[] = [];
  readonly #parts: DeskParts;
  readonly #closing = new AbortController();
  readonly #mishaps: Mishap[] = [];
  readonly #failures = new Map<number, number>();
  #held: OpenPosting[] | undefined;
  #hurry = new AbortController();
  #line: Promise<void> = Promise.resolve();
  #changed: () => void = () => undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    // Every posting that rests listens.
    setMaxListeners(0, this.#closing.signal, this.#hurry.signal);
  }

  /** Everything that has gone out so far, also in vain. */
  get attempts(): readonly (Attempt & { readonly topic: string })[] {
    return this.postings
      .flatMap(({ message, attempts }) => attempts.map((attempt) => ({ ...attempt, topic: message.topic })))
      .toSorted((one, other) => Number(one.at) - Number(other.at));
  }

  /** Calls the listener after every change of a delivery. */
  watch(listener: () => void): void {
    this.#changed = listener;
  }

  subscribe(subscription: Subscription): void {
    this.subscriptions.push(subscription);
    this.#changed();
  }

  unsubscribe(id: number): void {
    this.#end((one) => one.id === id);
  }

  /** Ends every subscription that the app has made; what is on its way still comes. */
  forgetApp(): void {
    this.#end(({ madeBy }) => madeBy === 'api');
  }

  /** What happens to the next deliveries, one each. */
  mishap(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  /** @param secret what it is signed with, when not with the subscription's own */
  send(message: Message, secret?: string): void {
    const wanted = this.subscriptions.filter(({ topic }) => topic === message.topic || topic === '*');
    for (const subscription of wanted) {
      const mishap = this.#mishaps.shift();
      const copies = mishap?.kind === 'duplicate' ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.#accept(message, secret === undefined ? subscription : { ...subscription, secret }, mishap);
      }
    }
  }

  /** Keeps everything back from now on, until it is released. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends what was kept back. */
  release(order: 'as-it-happened' | 'reversed' | 'shuffled' = 'as-it-happened'): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const posting of this.#sorted(held, order)) {
      this.#begin(posting);
    }
  }

  /** Sends what was kept back as one message. */
  releaseAs(combine: (messages: readonly Message[]) => Message): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    const [first] = held;
    if (first) {
      first.message = combine(held.map(({ message }) => message));
      for (const other of held.slice(1)) {
        this.postings.splice(this.postings.indexOf(other), 1);
      }
      this.#begin(first);
    }
  }

  /** Tries everything again now that rests until its next try. */
  retryNow(): void {
    const hurry = this.#hurry;
    this.#hurry = new AbortController();
    setMaxListeners(0, this.#hurry.signal);
    hurry.abort();
  }

  /** Resolves when everything that is due has gone out, and was answered or not. */
  async settled(): Promise<void> {
    for (let before: unknown; before !== this.#line; ) {
      before = this.#line;
      await this.#line;
      // Whoever was woken by the clock stands in line only a moment later.
      await setImmediate();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  #end(isOver: (subscription: Subscription) => boolean): void {
    const left = this.subscriptions.filter((one) => !isOver(one));
    this.subscriptions.splice(0, this.subscriptions.length, ...left);
    this.#changed();
  }

  #accept(message: Message, subscription: Subscription, mishap: Mishap | undefined): void {
    const posting: OpenPosting = {
      message,
      subscription,
      happenedAt: this.#parts.clock.now(),
      attempts: [],
      state: mishap?.kind === 'drop' ? 'dropped' : 'waiting',
      nextAt: undefined,
      ...(mishap ? { mishap } : {}),
    };
    this.postings.push(posting);
    this.#changed();
    if (posting.state === 'dropped') {
      return;
    }
    if (this.#held) {
      this.#held.push(posting);
    } else {
      this.#begin(posting);
    }
  }

  #begin(posting: OpenPosting): void {
    if (posting.mishap?.kind === 'delay') {
      void this.#rest(posting, later(this.#parts.clock.now(), posting.mishap.by));
    } else {
      this.#queue(posting);
    }
  }

  #queue(posting: OpenPosting): void {
    this.#line = this.#line.then(() => (this.#closing.signal.aborted ? undefined : this.#attempt(posting)));
  }

  async #rest(posting: OpenPosting, until: Date): Promise<void> {
    posting.nextAt = until;
    this.#changed();
    await this.#parts.clock.sleepUntil(until, AbortSignal.any([this.#closing.signal, this.#hurry.signal]));
    this.#queue(posting);
  }

  async #attempt(posting: OpenPosting): Promise<void> {
    const { rule, clock } = this.#parts;
    const { message, subscription } = posting;
    const body = message.body();
    const headers = message.headers(body, this.#seal(posting));
    const at = clock.now();
    const status = await post({ target: subscription.target, headers, body, answerWithin: rule.answerWithin });
    posting.attempts.push({ at, headers, body, status });
    posting.nextAt = undefined;
    if (status !== undefined && rule.isTaken(status)) {
      posting.state = 'taken';
      this.#failures.delete(subscription.id);
    } else {
      this.#fail(posting);
    }
    this.#changed();
  }

  #fail(posting: OpenPosting): void {
    const { rule, clock } = this.#parts;
    const gap = rule.gaps[posting.attempts.length - 1];
    if (gap !== undefined) {
      void this.#rest(posting, later(clock.now(), gap));
      return;
    }
    posting.state = 'given-up';
    const { id, madeBy } = posting.subscription;
    const failedBefore = this.#failures.get(id) ?? 0;
    this.#failures.set(id, failedBefore + 1);
    if (madeBy === 'api' && rule.endsSubscription(failedBefore)) {
      this.unsubscribe(id);
    }
  }

  #seal({ mishap, subscription }: OpenPosting): Seal {
    return {
      subscription,
      secret: mishap?.kind === 'wrong-signature' ? WRONG_SECRET : subscription.secret,
      domain: mishap?.kind === 'other-shop' ? 'another-shop.myshopify.com' : this.#parts.domain,
    };
  }

  #sorted(held: readonly OpenPosting[], order: 'as-it-happened' | 'reversed' | 'shuffled'): readonly OpenPosting[] {
    if (order === 'shuffled') {
      const drawn = held.map((posting) => ({ posting, place: this.#parts.chance() }));
      return drawn.toSorted((one, other) => one.place - other.place).map(({ posting }) => posting);
    }
    return order === 'reversed' ? held.toReversed() : held;
  }
}

/** Has the form of both kinds of secret. */
const WRONG_SECRET = 'whsec_d3Jvbmctd3Jvbmctd3Jvbmctd3Jvbmc=';
