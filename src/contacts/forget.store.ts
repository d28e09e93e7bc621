import { createHmac, randomBytes } from 'node:crypto';
import { eq, inArray, max } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { forgotten, houseKeys } from '../database/schema.ts';
import { matchKey } from './phone.ts';

/** Under which names somebody may come back. */
export interface PersonNames {
  /** E.164. */
  readonly phones: readonly string[];
  /** A shop's own ids of them. */
  readonly customers: readonly { readonly source: string; readonly id: string }[];
  readonly emails: readonly string[];
}

const KEY_NAME = 'forgotten';
const KEY_BYTES = 32;

/**
 * Keeps of somebody who is being forgotten only what it takes to know them again: keyed hashes of their names. To be called in the
 * transaction that erases the rest.
 */
export async function rememberForgotten(database: Database, names: PersonNames, now: Date): Promise<void> {
  const hashes = hashesOf(names, await makeKey(database));
  if (hashes.length > 0) {
    await database
      .insert(forgotten)
      .values(hashes.map((hash) => ({ hash, at: now })))
      .onConflictDoUpdate({ target: forgotten.hash, set: { at: now } });
  }
}

/** When somebody with any of these names was forgotten, the latest time; `undefined` for everybody else. */
export async function whenForgotten(database: Database, names: PersonNames): Promise<Date | undefined> {
  // Without a key nobody has ever been forgotten.
  const key = await readKey(database);
  const hashes = key ? hashesOf(names, key) : [];
  if (hashes.length === 0) {
    return undefined;
  }
  const [row] = await database
    .select({ at: max(forgotten.at) })
    .from(forgotten)
    .where(inArray(forgotten.hash, hashes));
  return row?.at ?? undefined;
}

/** However a phone number is written, it has one hash; an email address too. */
function hashesOf({ phones, customers, emails }: PersonNames, key: Uint8Array): Uint8Array[] {
  const names = new Set([
    ...phones.map((phone) => `phone:${matchKey(phone)}`),
    ...customers.map(({ source, id }) => `customer:${source}:${id}`),
    ...emails.map((email) => `email:${email.trim().toLowerCase()}`),
  ]);
  return [...names].map((name) => createHmac('sha256', key).update(name).digest());
}

async function readKey(database: Database): Promise<Uint8Array | undefined> {
  const [row] = await database.select({ value: houseKeys.value }).from(houseKeys).where(eq(houseKeys.name, KEY_NAME));
  return row?.value;
}

/** The key, made once; of two processes that make one at the same time, one wins. */
async function makeKey(database: Database): Promise<Uint8Array> {
  const value = randomBytes(KEY_BYTES);
  await database.insert(houseKeys).values({ name: KEY_NAME, value }).onConflictDoNothing();
  return (await readKey(database)) ?? value;
}
