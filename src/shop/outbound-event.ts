import { days, elapsed, hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { eventTypes } from '../settings/registry.ts';
import type { Exchange } from './exchange.ts';

/** What the shop's own systems are told of: what an owner has switched on, and the test that anybody may ask for. */
export type EventType = (typeof eventTypes)[number] | typeof TEST_EVENT;

export const TEST_EVENT = 'webhook.test';

/** The body of an event as it goes over the wire (facts/commerce §4). Built once: every try sends the same bytes. */
export function writeEvent(event: {
  readonly id: string;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
}): string {
  const { id, type, data, occurredAt } = event;
  return JSON.stringify({ id, type, occurred_at: occurredAt.toISOString(), data });
}

/** The pauses after the first try, the second and so on; no try follows the last one (facts/commerce §4). */
const PAUSES: readonly Milliseconds[] = [
  seconds(5),
  minutes(1),
  minutes(5),
  minutes(30),
  hours(2),
  hours(8),
  hours(24),
];

/** Each pause is this much shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/** An answer that says that the event itself is wrong is doubted this often. */
const TRIES_IF_REJECTED = 3;

/** An address may ask for a longer pause, but not for ever. */
const LONGEST_PAUSE: Milliseconds = hours(24);

/** Statuses below 500 that only mean “not now”. */
const NOT_NOW: readonly number[] = [408, 425, 429];

const GONE = 410;

/** What one try means for the event. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'again'; readonly at: Date }
  | { readonly kind: 'given-up' }
  /** The address wants no more events at all. */
  | { readonly kind: 'gone' };

/**
 * @param tries how often it has been tried, this time included
 * @param chance from 0 to 1, for the pause
 */
export function judgeTry(exchange: Exchange, tries: number, chance: number, now: Date): Verdict {
  if (exchange.kind === 'answered' && isTaken(exchange.status)) {
    return { kind: 'delivered' };
  }
  if (exchange.kind === 'answered' && exchange.status === GONE) {
    return { kind: 'gone' };
  }
  const pause = PAUSES[tries - 1];
  if (pause === undefined || (isRejected(exchange) && tries >= TRIES_IF_REJECTED)) {
    return { kind: 'given-up' };
  }
  const spread = pause * (1 + JITTER * (2 * chance - 1));
  const asked = exchange.kind === 'answered' ? readRetryAfter(exchange.retryAfter, now) : 0;
  return { kind: 'again', at: later(now, Math.max(Math.round(spread), Math.min(asked, LONGEST_PAUSE))) };
}

export function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Trying again will hardly help: the address says no, leads elsewhere, or is one that is never called. */
function isRejected(exchange: Exchange): boolean {
  return (
    exchange.kind === 'refused' ||
    (exchange.kind === 'answered' && exchange.status < 500 && !NOT_NOW.includes(exchange.status))
  );
}

/** `Retry-After` in seconds or as a date; what cannot be read asks for nothing. */
function readRetryAfter(text: string | undefined, now: Date): Milliseconds {
  const written = text?.trim() ?? '';
  const span = /^\d{1,9}$/.test(written) ? seconds(Number(written)) : Date.parse(written) - now.getTime();
  return span > 0 ? span : 0;
}

/** So long with nothing but failures, and an address is told nothing more until somebody switches it on again. */
const HOPELESS_AFTER: Milliseconds = days(3);

export function isHopeless(failingSince: Date, now: Date): boolean {
  return elapsed(failingSince, now) >= HOPELESS_AFTER;
}
