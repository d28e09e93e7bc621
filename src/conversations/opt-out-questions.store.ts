import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { optOutQuestions } from '../database/schema.ts';

/** The last question whether offers should end. */
export type OptOutQuestion = typeof optOutQuestions.$inferSelect;

export async function readOptOutQuestion(database: Database, contactId: number): Promise<OptOutQuestion | undefined> {
  const [question] = await database.select().from(optOutQuestions).where(eq(optOutQuestions.contactId, contactId));
  return question;
}

/** Which of these contacts have one open. */
export async function whoWasAsked(database: Database, contactIds: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await database
    .select({ contactId: optOutQuestions.contactId })
    .from(optOutQuestions)
    .where(and(inArray(optOutQuestions.contactId, [...contactIds]), isNull(optOutQuestions.answeredAt)));
  return new Set(rows.map(({ contactId }) => contactId));
}

export async function keepOptOutQuestion(
  database: Database,
  question: Omit<OptOutQuestion, 'answeredAt'>,
): Promise<void> {
  const row = { ...question, answeredAt: null };
  await database
    .insert(optOutQuestions)
    .values(row)
    .onConflictDoUpdate({ target: optOutQuestions.contactId, set: row });
}

export async function closeOptOutQuestion(database: Database, contactId: number, now: Date): Promise<void> {
  await database
    .update(optOutQuestions)
    .set({ answeredAt: now })
    .where(and(eq(optOutQuestions.contactId, contactId), isNull(optOutQuestions.answeredAt)));
}
