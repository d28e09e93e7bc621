import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { connections } from '../database/schema.ts';
import type { Trouble } from './connector.ts';

type ConnectionName = typeof connections.$inferSelect.name;

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
