import { and, desc, eq, isNull, lt, or } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { whatsappSessions } from '../database/schema.ts';

export interface SessionTimes {
  /** The last instant at which the link was known to be up. */
  readonly lastLinkedAt: Date | undefined;
  /** When the shop's phone itself was last heard of. */
  readonly phoneSeenAt: Date | undefined;
}

/** The times of the login in use, or of the last one. */
export async function readSessionTimes(database: Database): Promise<SessionTimes> {
  const [row] = await database
    .select({ lastLinkedAt: whatsappSessions.lastLinkedAt, phoneSeenAt: whatsappSessions.phoneSeenAt })
    .from(whatsappSessions)
    .orderBy(desc(whatsappSessions.id))
    .limit(1);
  return { lastLinkedAt: row?.lastLinkedAt ?? undefined, phoneSeenAt: row?.phoneSeenAt ?? undefined };
}

/** Notes that the link is up. */
export async function keepLinkedAt(database: Database, sessionId: number, now: Date): Promise<void> {
  await database.update(whatsappSessions).set({ lastLinkedAt: now }).where(eq(whatsappSessions.id, sessionId));
}

/** Notes when the phone was heard of; what was known later stays. */
export async function keepPhoneSeen(database: Database, sessionId: number, seenAt: Date): Promise<void> {
  const older = or(isNull(whatsappSessions.phoneSeenAt), lt(whatsappSessions.phoneSeenAt, seenAt));
  await database
    .update(whatsappSessions)
    .set({ phoneSeenAt: seenAt })
    .where(and(eq(whatsappSessions.id, sessionId), older));
}
