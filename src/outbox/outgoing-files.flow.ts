import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { OUTGOING_FILES } from '../contacts/erase.store.ts';
import { doomFile } from '../conversations/doomed-files.store.ts';
import type { Database } from '../database/database.ts';
import { days, later, type Milliseconds } from '../lib/time.ts';

/** A file that is written only to be sent goes again after this time, sent or not: it may be about a person. */
const KEEP: Milliseconds = days(2);

/** Writes a file that is to be sent and notes when it is to go. @returns where it lies, relative to `DATA_DIR` */
export async function keepOutgoingFile(
  database: Database,
  dataDirectory: string,
  { name, content }: { readonly name: string; readonly content: Uint8Array },
  now: Date,
): Promise<string> {
  const file = join(OUTGOING_FILES, `${randomUUID()}${extname(name)}`);
  await doomFile(database, file, later(now, KEEP));
  await mkdir(resolve(dataDirectory, OUTGOING_FILES), { recursive: true });
  await writeFile(resolve(dataDirectory, file), content, { mode: 0o600 });
  return file;
}
