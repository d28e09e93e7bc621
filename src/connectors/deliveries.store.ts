import { createHash } from 'node:crypto';
import { and, asc, count, eq, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { shopDeliveries } from '../database/schema.ts';
import { days, later, type Milliseconds } from '../lib/time.ts';

/** Something a shop has delivered, verified, as it came. */
export interface Delivery {
  readonly source: string;
  /** The same delivery has the same key, however often it comes. */
  readonly key: string;
  readonly topic: string;
  readonly body: Uint8Array;
  readonly triggeredAt: Date;
}

export type StoredDelivery = Pick<
  typeof shopDeliveries.$inferSelect,
  'id' | 'source' | 'key' | 'topic' | 'body' | 'triggeredAt'
>;

/** Which of several deliveries were new, which had come before, and which came before with something else in them. */
export interface Stored {
  readonly fresh: readonly string[];
  readonly repeated: readonly string[];
  readonly reused: readonly string[];
}

/** So long a delivery that comes again is known again (facts/commerce §3). */
const KEPT: Milliseconds = days(30);

/** Stores deliveries of one source, each once, in one statement. */
export async function storeDeliveries(
  database: Database,
  source: string,
  deliveries: readonly Omit<Delivery, 'source'>[],
  now: Date,
): Promise<Stored> {
  if (deliveries.length === 0) {
    return { fresh: [], repeated: [], reused: [] };
  }
  const rows = deliveries.map((delivery) => ({
    ...delivery,
    source,
    bodyHash: hashOf(delivery.body),
    receivedAt: now,
    state: 'pending' as const,
  }));
  const inserted = await database
    .insert(shopDeliveries)
    .values(rows)
    .onConflictDoNothing({ target: [shopDeliveries.source, shopDeliveries.key] })
    .returning({ key: shopDeliveries.key });
  const fresh = inserted.map(({ key }) => key);
  const known = rows.filter(({ key }) => !fresh.includes(key));
  const reused = known.length > 0 ? await reusedKeys(database, source, known) : [];
  return { fresh, reused, repeated: known.map(({ key }) => key).filter((key) => !reused.includes(key)) };
}

async function reusedKeys(
  database: Database,
  source: string,
  known: readonly { readonly key: string; readonly bodyHash: Uint8Array }[],
): Promise<readonly string[]> {
  const stored = await database
    .select({ key: shopDeliveries.key, bodyHash: shopDeliveries.bodyHash })
    .from(shopDeliveries)
    .where(
      and(
        eq(shopDeliveries.source, source),
        inArray(
          shopDeliveries.key,
          known.map(({ key }) => key),
        ),
      ),
    );
  const hashes = new Map(stored.map(({ key, bodyHash }) => [key, Buffer.from(bodyHash)]));
  return known.filter(({ key, bodyHash }) => !hashes.get(key)?.equals(bodyHash)).map(({ key }) => key);
}

function hashOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}

/** The oldest deliveries that nothing was done with yet. */
export function pendingDeliveries(database: Database, limit: number): Promise<StoredDelivery[]> {
  const { id, source, key, topic, body, triggeredAt } = shopDeliveries;
  return database
    .select({ id, source, key, topic, body, triggeredAt })
    .from(shopDeliveries)
    .where(eq(shopDeliveries.state, 'pending'))
    .orderBy(asc(id))
    .limit(limit);
}

/** Everything in them is known now, so the bodies, which name people, go. */
export async function markDeliveriesDone(database: Database, ids: readonly number[], now: Date): Promise<void> {
  await database
    .update(shopDeliveries)
    .set({ state: 'done', body: new Uint8Array(), handledAt: now })
    .where(inArray(shopDeliveries.id, [...ids]));
}

/** Sets a delivery aside; its body stays, to be read by a later version. */
export async function markDeliveryFailed(database: Database, id: number, problem: string, now: Date): Promise<void> {
  await database
    .update(shopDeliveries)
    .set({ state: 'failed', problem, handledAt: now })
    .where(eq(shopDeliveries.id, id));
}

/** Forgets deliveries that have been handled and are too old to come again. */
export async function forgetOldDeliveries(database: Database, now: Date): Promise<void> {
  await database
    .delete(shopDeliveries)
    .where(and(eq(shopDeliveries.state, 'done'), lt(shopDeliveries.receivedAt, later(now, -KEPT))));
}

/** How many deliveries wait; counted no further than `most`. */
export async function countPending(database: Database, most: number): Promise<number> {
  const waiting = database
    .select({ id: shopDeliveries.id })
    .from(shopDeliveries)
    .where(eq(shopDeliveries.state, 'pending'))
    .limit(most)
    .as('waiting');
  const [row] = await database.select({ waiting: count() }).from(waiting);
  return row?.waiting ?? 0;
}

/** How many deliveries are not taken in: on their way, and set aside because they could not be read. */
export async function countUntaken(database: Database): Promise<{ pending: number; failed: number }> {
  const of = async (state: 'pending' | 'failed') => {
    const [row] = await database
      .select({ count: count() })
      .from(shopDeliveries)
      .where(eq(shopDeliveries.state, sql.raw(`'${state}'`)));
    return row?.count ?? 0;
  };
  return { pending: await of('pending'), failed: await of('failed') };
}

/** Has everything that was set aside taken in anew. @returns how many there were */
export async function replayDeliveries(database: Database): Promise<number> {
  const rows = await database
    .update(shopDeliveries)
    .set({ state: 'pending', problem: null, handledAt: null })
    .where(eq(shopDeliveries.state, 'failed'))
    .returning({ id: shopDeliveries.id });
  return rows.length;
}
