import { and, asc, count, desc, eq, gte, inArray, lt, lte, min, or, type SQL, sql } from 'drizzle-orm';
import { formatAddress } from '../contacts/address.ts';
import { addressToAnswer } from '../contacts/contacts.store.ts';
import { cleanText } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import type { Tenure } from '../database/lease.ts';
import { outbox } from '../database/schema.ts';
import { later, type Milliseconds, minutes } from '../lib/time.ts';
import type { OutgoingContent } from './outgoing-content.ts';

export type OutboxRow = typeof outbox.$inferSelect;

export interface QueuedMessage {
  /** Built from the cause, such as `answer:12`: the same cause queues once. */
  readonly key: string;
  readonly contactId: number;
  readonly kind: OutboxRow['kind'];
  readonly content: OutgoingContent;
  /** Chosen before anything is sent; a second try uses it again. */
  readonly whatsappId: string;
}

/** Queues a message once per key. @returns whether it was new */
export async function queueMessage(database: Database, message: QueuedMessage, now: Date): Promise<boolean> {
  const address = await addressToAnswer(database, message.contactId);
  if (!address) {
    return false;
  }
  const rows = await database
    .insert(outbox)
    .values({
      ...message,
      content: cleanWords(message.content),
      address: formatAddress(address),
      state: 'queued',
      queuedAt: now,
      stateSince: now,
      attempts: 0,
    })
    .onConflictDoNothing({ target: outbox.key })
    .returning({ id: outbox.id });
  return rows.length === 1;
}

/** Every word of it as it can be stored. */
function cleanWords(content: OutgoingContent): OutgoingContent {
  return JSON.parse(JSON.stringify(content), (_key, value) => (typeof value === 'string' ? cleanText(value) : value));
}

/**
 * The oldest message that may go now. Messages to one customer keep their order: one whose fate is in doubt holds back those after it.
 * Answers to staff are each for themselves, so a command is never kept waiting by an earlier one.
 */
function nextWaiting(linkedSince: Date): SQL {
  return sql`${outbox.state} = 'queued' and (${outbox.kind} = 'staff' or not exists (
    select from ${outbox} as before
    where before.contact_id = ${outbox.contactId} and before.id < ${outbox.id}
      and (before.state = 'sending' or (before.state = 'sent' and before.state_since < ${linkedSince.toISOString()}::timestamptz))))`;
}

/** Who has asked the bot something at work does not wait behind customers. */
const staffFirst = [desc(sql`${outbox.kind} = 'staff'`), asc(outbox.id)] as const;

/** Looks at the message that would be claimed next, without claiming it. */
export async function peekNext(database: Database, linkedSince: Date): Promise<OutboxRow | undefined> {
  const [waiting] = await database
    .select()
    .from(outbox)
    .where(nextWaiting(linkedSince))
    .orderBy(...staffFirst)
    .limit(1);
  return waiting;
}

/** Whether messages to more than one person may go now. */
export async function othersWait(database: Database, linkedSince: Date): Promise<boolean> {
  const waiting = await database
    .selectDistinct({ contactId: outbox.contactId })
    .from(outbox)
    .where(nextWaiting(linkedSince))
    .limit(2);
  return waiting.length > 1;
}

/**
 * Claims the oldest message that may go and marks it as being sent. To be called in a transaction.
 *
 * @param linkedSince since when the present connection stands
 * @throws LeaseLost
 */
export async function claimNext(
  database: Database,
  tenure: Tenure,
  linkedSince: Date,
  now: Date,
): Promise<OutboxRow | undefined> {
  await tenure.confirm(database);
  const [waiting] = await database
    .select()
    .from(outbox)
    .where(nextWaiting(linkedSince))
    .orderBy(...staffFirst)
    .limit(1)
    .for('update', { skipLocked: true });
  if (!waiting) {
    return undefined;
  }
  const claimed = {
    state: 'sending' as const,
    stateSince: now,
    firstTriedAt: waiting.firstTriedAt ?? now,
    attempts: waiting.attempts + 1,
  };
  await database.update(outbox).set(claimed).where(eq(outbox.id, waiting.id));
  return { ...waiting, ...claimed };
}

/** Gives a claimed message back as if it had never been claimed: nothing of it was written to the wire. */
export async function returnToQueue(database: Database, tenure: Tenure, row: OutboxRow, now: Date): Promise<void> {
  const attempts = row.attempts - 1;
  await database
    .update(outbox)
    .set({ state: 'queued', stateSince: now, attempts, firstTriedAt: attempts === 0 ? null : row.firstTriedAt })
    .where(and(byClaim(row, tenure), eq(outbox.state, 'sending')));
}

/** The states in their order; a message only moves up. */
const order = ['queued', 'sending', 'sent', 'accepted', 'delivered', 'read'] as const;

export type SentState = (typeof order)[number];

/** Moves a message up to `state`; a report that comes late, or twice, changes nothing. What was unknown is known by it. */
export async function advance(database: Database, which: SQL, state: SentState, now: Date): Promise<void> {
  const lower = ['unknown' as const, ...order.slice(0, order.indexOf(state))];
  await database
    .update(outbox)
    .set({ state, stateSince: now, reason: null })
    .where(and(which, inArray(outbox.state, lower)));
}

/** A message that was claimed in this tenure; none once the lease is lost, for by then the next holder may have claimed it again. */
export function byClaim({ id }: OutboxRow, { guard }: Tenure): SQL {
  return sql`${outbox.id} = ${id} and exists (${guard})`;
}

export function byWhatsappId(whatsappId: string): SQL {
  return eq(outbox.whatsappId, whatsappId);
}

/** The message was refused, by WhatsApp or because it cannot be sent at all; a delivery that was reported before stands. */
export async function markFailed(database: Database, whatsappId: string, code: string, now: Date): Promise<void> {
  await database
    .update(outbox)
    .set({ state: 'failed', reason: code, stateSince: now })
    .where(and(byWhatsappId(whatsappId), inArray(outbox.state, ['queued', 'sending', 'sent', 'accepted'])));
}

/** The same id may go out again this long after the first try (DESIGN §8). */
const RESEND_WINDOW: Milliseconds = minutes(10);

/** A message that cannot be handed over this often has something wrong with itself. */
const MOST_ATTEMPTS = 5;

/** So long after the offline replay an interrupted message rests: a receipt may still settle it (DESIGN §8). */
export const SETTLING_TIME: Milliseconds = minutes(1);

/**
 * What was being sent when the process ended or the connection broke may or may not have left, and so may what was written to a
 * connection that broke before WhatsApp's acknowledgement. When receipts have had their time, it is queued again under the same id,
 * which a phone shows once. Ten minutes after the first try, or after too many, it is `unknown`, shown, and sent no more.
 *
 * To be called in a transaction.
 *
 * @param caughtUpAt when the present connection had brought everything that WhatsApp had kept
 * @returns when to look again; `undefined` when nothing is in doubt
 * @throws LeaseLost
 */
export async function recoverInterrupted(
  database: Database,
  tenure: Tenure,
  caughtUpAt: Date,
  now: Date,
): Promise<Date | undefined> {
  await tenure.confirm(database);
  const unacknowledged = inArray(outbox.state, ['sending', 'sent']);
  await database
    .update(outbox)
    .set({ state: 'unknown', reason: 'interrupted', stateSince: now })
    .where(
      or(
        and(or(unacknowledged, eq(outbox.state, 'queued')), lt(outbox.firstTriedAt, later(now, -RESEND_WINDOW))),
        and(eq(outbox.state, 'sending'), gte(outbox.attempts, MOST_ATTEMPTS), inDoubt(caughtUpAt, now)),
      ),
    );
  await database
    .update(outbox)
    .set({ state: 'queued', stateSince: now })
    .where(and(unacknowledged, inDoubt(caughtUpAt, now)));
  const [oldest] = await database
    .select({ since: min(outbox.stateSince) })
    .from(outbox)
    .where(unacknowledged);
  if (!oldest?.since) {
    return undefined;
  }
  const settledAt = later(latest(oldest.since, caughtUpAt), SETTLING_TIME);
  // Later than now, or whoever looks would never stop looking: an acknowledgement may be long in coming.
  return settledAt > now ? settledAt : later(now, SETTLING_TIME);
}

/** Written over an earlier connection, or never confirmed to be written over this one; and receipts have had their time. */
function inDoubt(caughtUpAt: Date, now: Date): SQL | undefined {
  const settled = lte(outbox.stateSince, later(now, -SETTLING_TIME));
  const earlierConnection = lt(outbox.stateSince, caughtUpAt);
  return now >= later(caughtUpAt, SETTLING_TIME)
    ? and(settled, or(earlierConnection, eq(outbox.state, 'sending')))
    : sql`false`;
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** A message of ours, for a second try and for phones that ask for it again. */
export async function findSent(
  database: Database,
  whatsappId: string,
): Promise<{ content: OutgoingContent; wire: Uint8Array | undefined } | undefined> {
  const [row] = await database
    .select({ content: outbox.content, wire: outbox.wire })
    .from(outbox)
    .where(byWhatsappId(whatsappId));
  return row && { content: row.content as OutgoingContent, wire: row.wire ?? undefined };
}

/** Keeps a message as it goes over the wire, before it does. */
export async function rememberWire(database: Database, whatsappId: string, wire: Uint8Array): Promise<void> {
  await database.update(outbox).set({ wire }).where(byWhatsappId(whatsappId));
}

/** Which of these WhatsApp ids are ours. */
export async function whichAreOurs(database: Database, whatsappIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await database
    .select({ whatsappId: outbox.whatsappId })
    .from(outbox)
    .where(inArray(outbox.whatsappId, [...whatsappIds]));
  return new Set(rows.map(({ whatsappId }) => whatsappId));
}

export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.select({ waiting: count() }).from(outbox).where(sql`state in ('queued', 'sending')`);
  return row?.waiting ?? 0;
}

/** What did not arrive since an instant, by reason, the most frequent first. */
export async function countRefused(database: Database, since: Date): Promise<{ reason: string; count: number }[]> {
  const rows = await database
    .select({ reason: outbox.reason, count: count() })
    .from(outbox)
    .where(and(inArray(outbox.state, ['failed', 'unknown']), gte(outbox.stateSince, since)))
    .groupBy(outbox.reason)
    .orderBy(desc(count()), asc(outbox.reason));
  return rows.map((row) => ({ reason: row.reason ?? '', count: row.count }));
}
