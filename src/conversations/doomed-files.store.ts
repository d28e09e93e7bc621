import { asc, eq, lte } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { doomedFiles } from '../database/schema.ts';

/** Notes that a file is to go from the disk at `dueAt`. */
export async function doomFile(database: Database, file: string, dueAt: Date): Promise<void> {
  await database
    .insert(doomedFiles)
    .values({ file, dueAt })
    .onConflictDoUpdate({ target: doomedFiles.file, set: { dueAt } });
}

export async function dueFiles(database: Database, now: Date): Promise<string[]> {
  const rows = await database.select({ file: doomedFiles.file }).from(doomedFiles).where(lte(doomedFiles.dueAt, now));
  return rows.map(({ file }) => file);
}

/** When the next one is due; `undefined` when none is. */
export async function nextFileDue(database: Database): Promise<Date | undefined> {
  const [row] = await database.select().from(doomedFiles).orderBy(asc(doomedFiles.dueAt)).limit(1);
  return row?.dueAt;
}

/** It is gone from the disk. */
export async function fileGone(database: Database, file: string): Promise<void> {
  await database.delete(doomedFiles).where(eq(doomedFiles.file, file));
}
