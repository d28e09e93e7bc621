import { and, count, eq, gte } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { messages } from '../database/schema.ts';

/** How many messages from people were logged since `since` that WhatsApp had kept while there was no link. */
export async function countLateMessages(database: Database, since: Date): Promise<number> {
  const late = and(eq(messages.arrival, 'offline'), eq(messages.author, 'contact'), gte(messages.loggedAt, since));
  const [row] = await database.select({ late: count() }).from(messages).where(late);
  return row?.late ?? 0;
}
