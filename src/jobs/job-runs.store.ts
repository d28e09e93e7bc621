import { eq, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { jobRuns } from '../database/schema.ts';

/** When a job was begun the last time that it came to its end, by whichever process. */
export async function readRanAt(database: Database, name: string): Promise<Date | undefined> {
  const [row] = await database.select().from(jobRuns).where(eq(jobRuns.name, name));
  return row?.ranAt;
}

export async function keepRanAt(database: Database, name: string, ranAt: Date): Promise<void> {
  await database
    .insert(jobRuns)
    .values({ name, ranAt })
    .onConflictDoUpdate({ target: jobRuns.name, set: { ranAt: sql`excluded.ran_at` } });
}
