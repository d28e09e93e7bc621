import { randomUUID } from 'node:crypto';
import { and, asc, desc, eq, inArray, lt, lte, min, ne, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import type { Tenure } from '../database/lease.ts';
import { outboundEvents } from '../database/schema.ts';
import { days, later, type Milliseconds, minutes } from '../lib/time.ts';
import { readSettings } from '../settings/settings.store.ts';
import { readTrouble, setTrouble } from './connections.store.ts';
import type { CrmQuestion } from './crm.ts';
import { type EventType, TEST_EVENT, writeEvent } from './outbound-event.ts';

/** Something that the shop's own systems may be told of. */
export interface OutboundEvent {
  /** Its cause by name, where the same cause may come twice: it is told once. Any other name when left out. */
  readonly id?: string;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  /** Whom it is about. */
  readonly contactId: number | undefined;
}

/**
 * Queues an event for the shop's own systems, if its type is switched on and there is an address that takes events. To be called in the
 * transaction of what happened; whoever does so wakes the sender afterwards.
 *
 * @returns whether it was queued now
 */
export async function emitEvent(database: Database, event: OutboundEvent, now: Date): Promise<boolean> {
  return (await isWanted(database, event.type)) && queueEvent(database, event, now);
}

async function isWanted(database: Database, type: EventType): Promise<boolean> {
  const settings = await readSettings(database);
  const isOn = settings['sales.webhook-url'] !== '' && settings['sales.webhook-events'].some((one) => one === type);
  return isOn && (await readTrouble(database, 'webhook'))?.kind !== 'switched-off';
}

async function queueEvent(database: Database, event: OutboundEvent, now: Date): Promise<boolean> {
  const { id = chooseId(), type, data, contactId } = event;
  const body = writeEvent({ id, type, data, occurredAt: now });
  return queueRow(database, { eventId: id, type, body, contactId: contactId ?? null }, now);
}

function chooseId(): string {
  return `evt_${randomUUID()}`;
}

/** The type of a row that is no event but a question to the CRM, asked for a test. */
export const CRM_TEST = 'verify_conversion';

/** Queues a test event; what comes of it is told to the contact. */
export async function queueWebhookTest(database: Database, contactId: number, now: Date): Promise<void> {
  await queueEvent(database, { type: TEST_EVENT, data: {}, contactId }, now);
}

/** How far back a question to the CRM looks when it is asked for a test. */
const TEST_LOOKS_BACK: Milliseconds = days(30);

/** Queues a question to the CRM about the contact's own phones; what comes of it is told to the contact. */
export async function queueCrmTest(
  database: Database,
  { contactId, phones }: { readonly contactId: number; readonly phones: CrmQuestion['phones'] },
  now: Date,
): Promise<void> {
  const row = { eventId: chooseId(), type: CRM_TEST, body: JSON.stringify(phones), contactId };
  await queueRow(database, row, now);
}

/** The question that was queued for a test. */
export function readCrmTest({ eventId, body, createdAt }: OutboundRow): CrmQuestion {
  return {
    requestId: eventId,
    phones: JSON.parse(body),
    emails: [],
    since: later(createdAt, -TEST_LOOKS_BACK),
    until: createdAt,
    reason: 'manual',
  };
}

async function queueRow(
  database: Database,
  row: Pick<OutboundRow, 'eventId' | 'type' | 'body' | 'contactId'>,
  now: Date,
): Promise<boolean> {
  const rows = await database
    .insert(outboundEvents)
    .values({ ...row, createdAt: now, state: 'pending', attempts: 0, nextTryAt: now, stateSince: now })
    .onConflictDoNothing({ target: outboundEvents.eventId })
    .returning({ id: outboundEvents.id });
  return rows.length === 1;
}

export type OutboundRow = typeof outboundEvents.$inferSelect;

const pending = eq(outboundEvents.state, 'pending');
const isTest = inArray(outboundEvents.type, [TEST_EVENT, CRM_TEST]);

/** When nobody says what became of a try, because the process ended in it, the event is tried again so much later. */
const FORGOTTEN_AFTER: Milliseconds = minutes(1);

/**
 * Takes the event that is due, and counts the try before it is made. Tests go first: somebody waits for them. To be called in a
 * transaction.
 *
 * @throws LeaseLost
 */
export async function claimDue(transaction: Database, tenure: Tenure, now: Date): Promise<OutboundRow | undefined> {
  await tenure.confirm(transaction);
  const [due] = await transaction
    .select()
    .from(outboundEvents)
    .where(and(pending, lte(outboundEvents.nextTryAt, now)))
    .orderBy(desc(isTest), asc(outboundEvents.nextTryAt), asc(outboundEvents.id))
    .limit(1)
    .for('update', { skipLocked: true });
  if (!due) {
    return undefined;
  }
  const claimed = { attempts: due.attempts + 1, nextTryAt: later(now, FORGOTTEN_AFTER) };
  await transaction.update(outboundEvents).set(claimed).where(eq(outboundEvents.id, due.id));
  return { ...due, ...claimed };
}

/** When the next event is due, if any waits. */
export async function nextEventDue(database: Database): Promise<Date | undefined> {
  const [row] = await database
    .select({ due: min(outboundEvents.nextTryAt) })
    .from(outboundEvents)
    .where(pending);
  return row?.due ?? undefined;
}

/** The event has been taken, or never will be. */
export async function finishEvent(
  database: Database,
  { id }: OutboundRow,
  outcome: { readonly state: 'delivered' | 'failed'; readonly problem?: string },
  now: Date,
): Promise<void> {
  const { state, problem = null } = outcome;
  await database
    .update(outboundEvents)
    .set({ state, problem, stateSince: now })
    .where(and(eq(outboundEvents.id, id), ne(outboundEvents.state, 'delivered')));
}

/** Waits for another try, unless somebody else has made one since. */
export async function tryAgain(database: Database, row: OutboundRow, problem: string, at: Date): Promise<void> {
  const unchanged = and(eq(outboundEvents.id, row.id), pending, eq(outboundEvents.attempts, row.attempts));
  await database.update(outboundEvents).set({ problem, nextTryAt: at }).where(unchanged);
}

/** Nothing that waits is sent any more, tests apart. */
export async function giveUpWaiting(database: Database, problem: string, now: Date): Promise<void> {
  await database
    .update(outboundEvents)
    .set({ state: 'failed', problem, stateSince: now })
    .where(and(pending, sql`not ${isTest}`));
}

/** What waits for an address that did not take it goes to the new one at once, and nothing is held against it. */
export async function startAnew(database: Database, now: Date): Promise<void> {
  await setTrouble(database, 'webhook', undefined, now);
  await database.update(outboundEvents).set({ nextTryAt: now }).where(pending);
}

/** Events name people, so none is kept longer than somebody may look for it. */
const KEPT_FOR: Milliseconds = days(7);

export async function forgetFinished(database: Database, now: Date): Promise<void> {
  await database
    .delete(outboundEvents)
    .where(and(ne(outboundEvents.state, 'pending'), lt(outboundEvents.stateSince, later(now, -KEPT_FOR))));
}
