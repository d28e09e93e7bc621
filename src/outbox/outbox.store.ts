import { and, asc, count, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import { formatAddress } from '../contacts/address.ts';
import { addressToAnswer } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
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

/** Gives a claimed message back: nothing of it was written to the wire. */
export async function returnToQueue(database: Database, id: number, now: Date): Promise<void> {
  await database
    .update(outbox)
    .set({ state: 'queued', stateSince: now })
    .where(and(eq(outbox.id, id), eq(outbox.state, 'sending')));
}

/** The states in their order; a message only moves up. */
const order = ['queued', 'sending', 'sent', 'accepted', 'delivered', 'read'] as const;

export type SentState = (typeof order)[number];

/** Moves a message up to `state`; a report that comes late, or twice, changes nothing. */
export async function advance(database: Database, which: SQL, state: SentState, now: Date): Promise<void> {
  const lower = order.slice(0, order.indexOf(state));
  await database
    .update(outbox)
    .set({ state, stateSince: now })
    .where(and(which, inArray(outbox.state, [...lower])));
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

/**
 * What was being sent when the process ended or the connection broke may or may not have left. Within the resend window it is
 * queued again under the same id, which a phone shows once; later, or after too many tries, it is shown as unknown.
 */
export async function recoverInterrupted(database: Database, now: Date): Promise<void> {
  const interrupted = eq(outbox.state, 'sending');
  const tooLate = lt(outbox.firstTriedAt, later(now, -RESEND_WINDOW));
  await database
    .update(outbox)
    .set({ state: 'unknown', reason: 'interrupted', stateSince: now })
    .where(and(interrupted, or(tooLate, gte(outbox.attempts, MOST_ATTEMPTS))));
  await database.update(outbox).set({ state: 'queued', stateSince: now }).where(interrupted);
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
