import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { numberArray, textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { journal } from '../database/schema.ts';
import type { Seal } from './seal.ts';

/** One decrypted stanza, as it is kept until (and after) its message is in the log. */
export interface Arrival {
  /** WhatsApp id of who wrote it, as on the envelope. */
  readonly author: string;
  readonly messageId: string;
  /** The envelope's attributes, and whether the shop's own account wrote it. */
  readonly stanza: { readonly attrs: Readonly<Record<string, string>>; readonly fromMe: boolean };
  readonly ciphertextHash: Buffer;
  /** The padded plaintext, as the ratchet gave it. */
  readonly plaintext: Uint8Array;
}

/**
 * The part of a commit that keeps arrivals. A message that was encrypted again under the same id changes only the hash by which a
 * later redelivery is recognised: the first plaintext is the one that was or will be handled.
 */
export function journalStatement(seal: Seal, sessionId: number, arrivals: readonly Arrival[], now: string): SQL {
  return sql`
    insert into ${journal} (session_id, author, message_id, stanza, ciphertext_hash, plaintext, arrived_at, state)
    select ${sessionId}::bigint, author, message_id, stanza, decode(hash, 'hex'), decode(plaintext, 'hex'), ${now}::timestamptz, 'pending'
    from unnest(
      ${textArray(arrivals.map(({ author }) => author))}::text[],
      ${textArray(arrivals.map(({ messageId }) => messageId))}::text[],
      ${textArray(arrivals.map(({ stanza }) => JSON.stringify(stanza)))}::text[],
      ${textArray(arrivals.map(({ ciphertextHash }) => ciphertextHash.toString('hex')))}::text[],
      ${textArray(arrivals.map((arrival) => storedPlaintext(seal, arrival).toString('hex')))}::text[]
    ) as new (author, message_id, stanza, hash, plaintext)
    on conflict (session_id, author, message_id) do update set ciphertext_hash = excluded.ciphertext_hash`;
}

/** What the phone tells this device may hold keys of the account, so it is sealed like the login itself. */
function storedPlaintext(seal: Seal, { stanza, messageId, plaintext }: Arrival): Buffer {
  const bytes = Buffer.from(plaintext);
  return isFromPhone(stanza) ? Buffer.from(seal.close(bytes.toString('base64'), placeOf(messageId))) : bytes;
}

function isFromPhone({ attrs }: Arrival['stanza']): boolean {
  return attrs['category'] === 'peer';
}

function placeOf(messageId: string): string {
  return `journal ${messageId}`;
}

/** The stored plaintext of exactly this ciphertext; `undefined` when it never arrived. */
export async function findPlaintext(
  database: Database,
  seal: Seal,
  sessionId: number,
  author: string,
  messageId: string,
  ciphertextHash: Buffer,
): Promise<Uint8Array | undefined> {
  const [row] = await database
    .select({ hash: journal.ciphertextHash, plaintext: journal.plaintext, stanza: journal.stanza })
    .from(journal)
    .where(and(eq(journal.sessionId, sessionId), eq(journal.author, author), eq(journal.messageId, messageId)));
  if (!row || !ciphertextHash.equals(row.hash)) {
    return undefined;
  }
  return isFromPhone(JSON.parse(row.stanza))
    ? Buffer.from(seal.open(Buffer.from(row.plaintext).toString(), placeOf(messageId)), 'base64')
    : row.plaintext;
}

export type PendingArrival = typeof journal.$inferSelect;

/** The oldest arrivals that are not handled yet, in the order in which they came. */
export async function pendingArrivals(database: Database, limit: number): Promise<PendingArrival[]> {
  return database.select().from(journal).where(eq(journal.state, 'pending')).orderBy(asc(journal.id)).limit(limit);
}

export async function markHandled(database: Database, ids: readonly number[], now: Date): Promise<void> {
  await database.execute(sql`
    update ${journal} set state = 'done', handled_at = ${now.toISOString()}::timestamptz
    where id = any(${numberArray(ids)}::bigint[])`);
}

/** Sets an arrival aside that cannot be handled, so that those behind it go on. `problem` names the error, never the text. */
export async function markFailed(database: Database, id: number, problem: string, now: Date): Promise<void> {
  await database.update(journal).set({ state: 'failed', problem, handledAt: now }).where(eq(journal.id, id));
}

export async function countArrivals(database: Database): Promise<{ pending: number; failed: number }> {
  const [row] = await database.execute<{ pending: number; failed: number }>(sql`
    select count(*) filter (where state = 'pending')::int as pending, count(*) filter (where state = 'failed')::int as failed
    from ${journal} where state <> 'done'`);
  return { pending: row?.pending ?? 0, failed: row?.failed ?? 0 };
}
