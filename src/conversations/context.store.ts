import { and, desc, eq, gte, lt, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { messages, outbox } from '../database/schema.ts';
import { days, later, type Milliseconds } from '../lib/time.ts';
import type { Before } from './opt-out.ts';

/** What was said longer ago does not make a word an answer to it (facts/whatsapp §8.4). */
const REMEMBERED: Milliseconds = days(7);

/**
 * What came last in a chat before an instant: something that the bot sent by itself, with nothing of ours behind it; any other talk; or
 * nothing.
 */
export async function whatCameBefore(database: Database, contactId: number, sentAt: Date): Promise<Before> {
  const recent = and(
    eq(messages.contactId, contactId),
    lt(messages.sentAt, sentAt),
    gte(messages.sentAt, later(sentAt, -REMEMBERED)),
  );
  const [ours] = await database
    .select({ kind: outbox.kind })
    .from(messages)
    .leftJoin(outbox, eq(outbox.whatsappId, messages.whatsappId))
    .where(and(recent, eq(messages.direction, 'out')))
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(1);
  if (ours) {
    return ours.kind === 'proactive' ? 'offer' : 'service';
  }
  const [theirs] = await database.select({ one: sql`1` }).from(messages).where(recent).limit(1);
  return theirs ? 'service' : 'nothing';
}
