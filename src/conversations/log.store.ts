import { and, count, eq, gte, isNull, max } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { members, messages } from '../database/schema.ts';

export type LogLine = typeof messages.$inferInsert;

/**
 * Writes lines to the log, each message once: a line whose contact, WhatsApp id and direction are there already is left alone.
 *
 * @returns the WhatsApp ids of the lines that were new, with their contact, as `contactId/whatsappId`
 */
export async function logMessages(database: Database, lines: readonly LogLine[]): Promise<ReadonlySet<string>> {
  if (lines.length === 0) {
    return new Set();
  }
  const written = await database
    .insert(messages)
    .values([...lines])
    .onConflictDoNothing({ target: [messages.contactId, messages.whatsappId, messages.direction] })
    .returning({ contactId: messages.contactId, whatsappId: messages.whatsappId });
  return new Set(written.map(({ contactId, whatsappId }) => `${contactId}/${whatsappId}`));
}

/** How many messages customers (everybody but staff) have sent and been sent since an instant. */
export async function countCustomerMessages(
  database: Database,
  since: Date,
): Promise<{ received: number; sent: number }> {
  const rows = await database
    .select({ direction: messages.direction, lines: count() })
    .from(messages)
    .leftJoin(members, eq(members.contactId, messages.contactId))
    .where(and(gte(messages.loggedAt, since), isNull(members.contactId)))
    .groupBy(messages.direction);
  const lines = (direction: string) => rows.find((row) => row.direction === direction)?.lines ?? 0;
  return { received: lines('in'), sent: lines('out') };
}

export async function lastReceivedAt(database: Database): Promise<Date | undefined> {
  const [row] = await database
    .select({ at: max(messages.loggedAt) })
    .from(messages)
    .where(and(eq(messages.direction, 'in')));
  return row?.at ?? undefined;
}
