import { elapsed, later, type Milliseconds, minutes } from '../lib/time.ts';
import type { Trouble, TroubleKind } from './connector.ts';

/** How it stands with one outside system. */
export interface Connection {
  readonly name: ConnectionName;
  readonly trouble: Trouble | undefined;
  readonly troubleSince: Date | undefined;
  /** When somebody last looked how it stands. */
  readonly checkedAt: Date | undefined;
  /** Orders that changed before this have been fetched, by the shop's own clock. */
  readonly polledUntil: Date | undefined;
  /** Orders that were created or changed from this on are all known. */
  readonly knownFrom: Date | undefined;
}

export type ConnectionName = 'shopify' | 'woocommerce' | 'crm' | 'webhook';

/** What passes by itself most of the time; nobody is told of it before it has lasted. */
const passing: ReadonlySet<TroubleKind> = new Set(['unreachable', 'busy', 'failing']);
const PATIENCE: Milliseconds = minutes(30);

/**
 * Since when there is this trouble. A shop that now does not answer and now answers with an error has one trouble, not many.
 *
 * @param before how it stood when somebody last looked
 */
export function troubleSince(before: Connection | undefined, now: Trouble | undefined, at: Date): Date | undefined {
  return now && ((before && isSame(before.trouble, now) && before.troubleSince) || at);
}

function isSame(before: Trouble | undefined, now: Trouble): boolean {
  return before?.kind === now.kind || (before !== undefined && passing.has(before.kind) && passing.has(now.kind));
}

export interface ConnectionNotice {
  /** The same for the same trouble, so that everybody hears of it once. */
  readonly key: string;
  readonly connection: Connection;
  /** None when the trouble is over. */
  readonly trouble: Trouble | undefined;
}

/** What owners are to be told now: of a trouble once, and once that it is over if they had been told. */
export function noticeOf(before: Connection | undefined, now: Connection): ConnectionNotice | undefined {
  const { trouble, troubleSince: since, checkedAt } = now;
  if (trouble && since && checkedAt && isTold(trouble, since, checkedAt)) {
    return { key: keyOf(now.name, trouble, since), connection: now, trouble };
  }
  const wasTold =
    before?.trouble && before.troubleSince && before.checkedAt
      ? isTold(before.trouble, before.troubleSince, before.checkedAt)
      : false;
  return before?.trouble && before.troubleSince && wasTold && !trouble
    ? { key: `over:${keyOf(now.name, before.trouble, before.troubleSince)}`, connection: before, trouble: undefined }
    : undefined;
}

function isTold({ kind }: Trouble, since: Date, checkedAt: Date): boolean {
  return !passing.has(kind) || elapsed(since, checkedAt) >= PATIENCE;
}

function keyOf(name: ConnectionName, { kind }: Trouble, since: Date): string {
  return `connection:${name}:${passing.has(kind) ? 'passing' : kind}:${since.toISOString()}`;
}

/** So much later than the order its webhook may come: low-traffic sites lag minutes (facts/commerce §2). */
const WEBHOOK_LAG: Milliseconds = minutes(30);

/** Orders that were created in this span should have been reported by now. None as long as nothing can be said. */
export function spanToHear(
  listeningSince: Date | undefined,
  now: Date,
  day: Milliseconds,
): { from: Date; to: Date } | undefined {
  if (listeningSince === undefined) {
    return undefined;
  }
  const dayAgo = later(now, -day);
  const from = listeningSince > dayAgo ? listeningSince : dayAgo;
  const to = later(now, -WEBHOOK_LAG);
  return from < to ? { from, to } : undefined;
}

/** What is known of a connection, each by itself; of several troubles the first keeps the most from working. */
export function worstOf(facts: {
  /** Of asking for orders. */
  readonly asking: Trouble | undefined;
  /** Of having the shop report to us. */
  readonly reporting: Trouble | undefined;
  readonly isSilent: boolean;
  readonly hidesCustomers: boolean;
  readonly before: Trouble | undefined;
}): Trouble | undefined {
  const { asking, reporting, isSilent, hidesCustomers, before } = facts;
  if (asking) {
    // After the app was taken away, the token is refused: that is no second trouble.
    return before?.kind === 'uninstalled' && (asking.kind === 'refused' || asking.kind === 'not-found')
      ? before
      : asking;
  }
  return (
    (hidesCustomers ? { kind: 'hidden-customers' as const } : undefined) ??
    reporting ??
    (isSilent ? { kind: 'silent' as const } : undefined)
  );
}
