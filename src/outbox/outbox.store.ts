import { and, asc, count, eq, gte, inArray, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { formatAddress } from '../contacts/address.ts';
import { addressToAnswer } from '../contacts/contacts.store.ts';
import { cleanText } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { outbox } from '../database/schema.ts';
import { later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
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

/** Claims the oldest waiting message and marks it as being sent. To be called in a transaction. */
export async function claimNext(database: Database, now: Date): Promise<OutboxRow | undefined> {
  const [waiting] = await database
    .select()
    .from(outbox)
    .where(eq(outbox.state, 'queued'))
    .orderBy(asc(outbox.id))
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
export async function returnToQueue(database: Database, row: OutboxRow, now: Date): Promise<void> {
  const attempts = row.attempts - 1;
  await database
    .update(outbox)
    .set({ state: 'queued', stateSince: now, attempts, firstTriedAt: attempts === 0 ? null : row.firstTriedAt })
    .where(and(eq(outbox.id, row.id), eq(outbox.state, 'sending')));
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

export function byId(id: number): SQL {
  return eq(outbox.id, id);
}

export function byWhatsappId(whatsappId: string): SQL {
  return eq(outbox.whatsappId, whatsappId);
}

/** WhatsApp refused the message; a delivery that was reported before stands. */
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

/** So long an interrupted message rests before it is sent again: a receipt may still settle it. */
export const RESEND_PAUSE: Milliseconds = seconds(5);

/**
 * What was being sent when the process ended or the connection broke may or may not have left. Within the resend window of the
 * first try it is queued again under the same id, which a phone shows once; later, or after too many tries, it is shown as
 * unknown and sent no more.
 *
 * @returns whether some still rest and should be looked at again after `RESEND_PAUSE`
 */
export async function recoverInterrupted(database: Database, now: Date): Promise<boolean> {
  const interrupted = eq(outbox.state, 'sending');
  const tooLate = lt(outbox.firstTriedAt, later(now, -RESEND_WINDOW));
  const tooOften = and(interrupted, gte(outbox.attempts, MOST_ATTEMPTS));
  await database
    .update(outbox)
    .set({ state: 'unknown', reason: 'interrupted', stateSince: now })
    .where(and(inArray(outbox.state, ['queued', 'sending']), or(tooLate, tooOften)));
  await database
    .update(outbox)
    .set({ state: 'queued', stateSince: now })
    .where(and(interrupted, lte(outbox.stateSince, later(now, -RESEND_PAUSE))));
  const resting = await database.select({ id: outbox.id }).from(outbox).where(interrupted).limit(1);
  return resting.length > 0;
}

/** The content of a message of ours, for phones that ask for it again. */
export async function findContent(database: Database, whatsappId: string): Promise<OutgoingContent | undefined> {
  const [row] = await database.select({ content: outbox.content }).from(outbox).where(byWhatsappId(whatsappId));
  return row?.content as OutgoingContent | undefined;
}

export async function countWaiting(database: Database): Promise<number> {
  const [row] = await database.select({ waiting: count() }).from(outbox).where(sql`state in ('queued', 'sending')`);
  return row?.waiting ?? 0;
}
