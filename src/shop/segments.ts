import type { Consent } from '../contacts/consent.ts';
import { days, elapsed, hours, later, type Milliseconds } from '../lib/time.ts';

/** How long after a rescue a person gets no other. */
const CAPPING: Milliseconds = days(3);

/** Who has bought within this time needs no reminder of a cart. */
const BOUGHT_LATELY: Milliseconds = hours(24);

/** What segments follow from. */
export interface SegmentFacts {
  /** When the latest rescue that was not given back went out, or was reserved. */
  readonly rescuedAt: Date | undefined;
  /** When the latest order was made that was neither cancelled nor a test. */
  readonly boughtAt: Date | undefined;
  readonly consent: Consent['state'];
  readonly privateSince: Date | undefined;
}

/** A group that a person belongs to now, with what makes it so. */
export type Segment =
  | { readonly kind: 'private'; readonly since: Date }
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'consented' }
  | { readonly kind: 'capped'; readonly until: Date }
  | { readonly kind: 'bought-lately'; readonly at: Date };

/** The groups that a person belongs to now: nothing is kept of it, so nothing can be out of date. */
export function segmentsOf({ rescuedAt, boughtAt, consent, privateSince }: SegmentFacts, now: Date): Segment[] {
  const cappedUntil = rescuedAt && later(rescuedAt, CAPPING);
  return [
    ...(privateSince ? [{ kind: 'private' as const, since: privateSince }] : []),
    ...(consent === 'withdrawn' ? [{ kind: 'withdrawn' as const }] : []),
    ...(consent === 'granted' ? [{ kind: 'consented' as const }] : []),
    ...(cappedUntil && cappedUntil > now ? [{ kind: 'capped' as const, until: cappedUntil }] : []),
    ...(boughtAt && elapsed(boughtAt, now) < BOUGHT_LATELY ? [{ kind: 'bought-lately' as const, at: boughtAt }] : []),
  ];
}
