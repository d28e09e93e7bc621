import { and, desc, eq, gte, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { connections, orders } from '../database/schema.ts';
import {
  type Connection,
  type ConnectionName,
  type ConnectionNotice,
  noticeOf,
  troubleSince,
} from './connection-health.ts';
import type { Trouble, TroubleKind } from './connector.ts';

/** Every outside system that somebody has looked at, by name. */
export async function readConnections(database: Database): Promise<readonly Connection[]> {
  const rows = await database.select().from(connections).orderBy(connections.name);
  return rows.map(fromRow);
}

export async function readConnection(database: Database, name: ConnectionName): Promise<Connection | undefined> {
  const [row] = await database.select().from(connections).where(eq(connections.name, name));
  return row && fromRow(row);
}

function fromRow(row: typeof connections.$inferSelect): Connection {
  const { name, trouble: kind, detail } = row;
  return {
    name,
    trouble: kind === null ? undefined : { kind: kind as TroubleKind, ...(detail === null ? {} : { detail }) },
    troubleSince: row.troubleSince ?? undefined,
    checkedAt: row.checkedAt ?? undefined,
    polledUntil: row.polledUntil ?? undefined,
    knownFrom: row.knownFrom ?? undefined,
  };
}

/**
 * Writes down how it stands with an outside system. To be called in a transaction.
 *
 * @returns what owners are to be told of it
 */
export async function keepHealth(
  transaction: Database,
  name: ConnectionName,
  trouble: Trouble | undefined,
  now: Date,
): Promise<ConnectionNotice | undefined> {
  await transaction.insert(connections).values({ name }).onConflictDoNothing();
  const [row] = await transaction.select().from(connections).where(eq(connections.name, name)).for('update');
  const before = row && fromRow(row);
  const since = troubleSince(before, trouble, now);
  const health = {
    trouble: trouble?.kind ?? null,
    detail: trouble?.detail ?? null,
    troubleSince: since ?? null,
    checkedAt: now,
  };
  const [after] = await transaction.update(connections).set(health).where(eq(connections.name, name)).returning();
  return after && noticeOf(before, fromRow(after));
}

/** Moves the mark up to which orders have been fetched, never back. */
export async function keepPolled(database: Database, name: ConnectionName, until: Date): Promise<void> {
  await database
    .insert(connections)
    .values({ name, polledUntil: until })
    .onConflictDoUpdate({
      target: connections.name,
      set: { polledUntil: sql`greatest(${connections.polledUntil}, excluded.polled_until)` },
    });
}

/** From then on all orders are known; what was known before stays known. */
export async function keepKnownFrom(database: Database, name: ConnectionName, from: Date): Promise<void> {
  await database
    .insert(connections)
    .values({ name, knownFrom: from })
    .onConflictDoUpdate({
      target: connections.name,
      set: { knownFrom: sql`least(${connections.knownFrom}, excluded.known_from)` },
    });
}

/** Forgets how it stood with these: whatever is connected under the name later begins anew. */
export async function forgetConnections(database: Database, names: readonly ConnectionName[]): Promise<void> {
  await database.delete(connections).where(inArray(connections.name, [...names]));
}

/** Whether the shop has an order that was created in this span. */
export async function hasOrders(database: Database, source: string, span: { from: Date; to: Date }): Promise<boolean> {
  const rows = await database
    .select({ id: orders.id })
    .from(orders)
    .where(and(eq(orders.source, source), gte(orders.createdAt, span.from), lte(orders.createdAt, span.to)))
    .limit(1);
  return rows.length > 0;
}

/** Whether the shop has so many orders, and none of the newest says whose it is. */
export async function areNewestNameless(database: Database, source: string, count: number): Promise<boolean> {
  const newest = await database
    .select({ phone: orders.phone, email: orders.email })
    .from(orders)
    .where(and(eq(orders.source, source), eq(orders.test, false)))
    .orderBy(desc(orders.createdAt))
    .limit(count);
  return newest.length === count && newest.every(({ phone, email }) => phone === null && email === null);
}

/**
 * Keeps what is wrong with a connection, or that nothing is. Since when counts from the first trouble after all was well, however the
 * trouble changes.
 */
export async function setTrouble(
  database: Database,
  name: ConnectionName,
  trouble: Trouble | undefined,
  now: Date,
): Promise<void> {
  if (!trouble) {
    await database
      .update(connections)
      .set({ trouble: null, detail: null, troubleSince: null, checkedAt: now })
      .where(and(eq(connections.name, name), isNotNull(connections.trouble)));
    return;
  }
  const row = { trouble: trouble.kind, detail: trouble.detail ?? null, checkedAt: now };
  await database
    .insert(connections)
    .values({ name, ...row, troubleSince: now })
    .onConflictDoUpdate({
      target: connections.name,
      set: { ...row, troubleSince: sql`coalesce(${connections.troubleSince}, ${now.toISOString()}::timestamptz)` },
    });
}

/** What is wrong with a connection, and since when. */
export async function readTrouble(
  database: Database,
  name: ConnectionName,
): Promise<{ readonly kind: string; readonly since: Date } | undefined> {
  const [row] = await database
    .select({ kind: connections.trouble, since: connections.troubleSince })
    .from(connections)
    .where(eq(connections.name, name));
  return row?.kind && row.since ? { kind: row.kind, since: row.since } : undefined;
}
