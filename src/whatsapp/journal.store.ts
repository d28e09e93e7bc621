import { and, asc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { numberArray, textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { journal } from '../database/schema.ts';
import { days, later, type Milliseconds } from '../lib/time.ts';
import type { Seal } from './seal.ts';

/** One decrypted stanza, as it is kept until (and after) its message is in the log. */
export interface Arrival {
  /** WhatsApp id of who wrote it, as on the envelope. */
  readonly author: string;
  readonly messageId: string;
  readonly stanza: ArrivalStanza;
  /** Empty for events, which have none. */
  readonly ciphertextHash: Buffer;
  /** The padded plaintext, as the ratchet gave it; empty for events. */
  readonly plaintext: Uint8Array;
}

interface ArrivalStanza {
  /** The envelope's attributes. */
  readonly attrs: Readonly<Record<string, string>>;
  /** Whether the shop's own account wrote it. */
  readonly fromMe: boolean;
  /** Set for what never passes decryption. */
  readonly event?: ArrivalEvent;
}

export type ArrivalEvent =
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly video: boolean;
      readonly outcome: 'ringing' | 'missed' | 'rejected' | 'accepted';
    }
  | { readonly kind: 'unreadable'; readonly because: 'undecryptable' | 'view-once' | 'absent' };

/**
 * The part of a commit that keeps arrivals, if its statement has `held` the lease. A message that was encrypted again under the same id changes only the hash by which a
 * later redelivery is recognised: the first plaintext is the one that was or will be handled, unless it could not be.
 */
export function journalStatement(seal: Seal, sessionId: number, arrivals: readonly Arrival[], now: string): SQL {
  return sql`
    insert into ${journal} (session_id, source, author, message_id, stanza, ciphertext_hash, plaintext, arrived_at, state)
    select ${sessionId}::bigint, source, author, message_id, stanza, decode(hash, 'hex'), decode(plaintext, 'hex'), ${now}::timestamptz, 'pending'
    from held, unnest(
      ${textArray(arrivals.map(({ stanza }) => (stanza.event ? 'event' : 'message')))}::text[],
      ${textArray(arrivals.map(({ author }) => author))}::text[],
      ${textArray(arrivals.map(({ messageId }) => messageId))}::text[],
      ${textArray(arrivals.map(({ stanza }) => JSON.stringify(stanza)))}::text[],
      ${textArray(arrivals.map(({ ciphertextHash }) => ciphertextHash.toString('hex')))}::text[],
      ${textArray(arrivals.map((arrival) => storedPlaintext(seal, arrival).toString('hex')))}::text[]
    ) as new (source, author, message_id, stanza, hash, plaintext)
    on conflict (session_id, source, author, message_id) do update set
      ciphertext_hash = excluded.ciphertext_hash,
      plaintext = case when ${journal}.state = 'failed' then excluded.plaintext else ${journal}.plaintext end,
      state = case when ${journal}.state = 'failed' then 'pending' else ${journal}.state end`;
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
    .where(
      and(
        eq(journal.sessionId, sessionId),
        eq(journal.source, 'message'),
        eq(journal.author, author),
        eq(journal.messageId, messageId),
      ),
    );
  if (!row || !ciphertextHash.equals(row.hash)) {
    return undefined;
  }
  return openPlaintext(seal, JSON.parse(row.stanza), { messageId, plaintext: row.plaintext });
}

function openPlaintext(
  seal: Seal,
  stanza: ArrivalStanza,
  { messageId, plaintext }: { readonly messageId: string; readonly plaintext: Uint8Array },
): Uint8Array {
  return isFromPhone(stanza)
    ? Buffer.from(seal.open(Buffer.from(plaintext).toString(), placeOf(messageId)), 'base64')
    : plaintext;
}

export type StoredArrival = typeof journal.$inferSelect;

export type PendingArrival = Pick<Arrival, 'stanza' | 'messageId' | 'plaintext'> & {
  readonly id: number;
  readonly arrivedAt: Date;
};

/** The oldest arrivals that are not handled yet, in the order in which they came. */
export async function pendingArrivals(database: Database, limit: number): Promise<StoredArrival[]> {
  return database.select().from(journal).where(eq(journal.state, 'pending')).orderBy(asc(journal.id)).limit(limit);
}

/** A row as it was before it was stored. @throws SessionUnreadable when it was sealed with another key */
export function openArrival(seal: Seal, row: StoredArrival): PendingArrival {
  const { id, messageId, arrivedAt } = row;
  const stanza: ArrivalStanza = JSON.parse(row.stanza);
  return { id, messageId, arrivedAt, stanza, plaintext: openPlaintext(seal, stanza, row) };
}

/** Takes every arrival that was set aside as if it had just come. @returns how many there were */
export async function replayFailed(database: Database): Promise<number> {
  const rows = await database
    .update(journal)
    .set({ state: 'pending', problem: null, handledAt: null })
    .where(eq(journal.state, 'failed'))
    .returning({ id: journal.id });
  return rows.length;
}

/** WhatsApp may deliver a message again this long (facts/whatsapp-server §4). */
export const KEEP_HANDLED: Milliseconds = days(30);

/** Forgets what was handled so long ago that it cannot come again. */
export async function forgetHandled(database: Database, now: Date): Promise<void> {
  await database
    .delete(journal)
    .where(and(eq(journal.state, 'done'), lt(journal.arrivedAt, later(now, -KEEP_HANDLED))));
}

export async function markHandled(database: Database, ids: readonly number[], now: Date): Promise<void> {
  await database.execute(sql`
    update ${journal} set state = 'done', handled_at = ${now.toISOString()}::timestamptz
    where id = any(${numberArray(ids)}::bigint[])`);
}

/** Sets an arrival aside that cannot be handled, so that those behind it go on. `problem` names the error, never the text. */
export async function markFailed(database: Database, id: number, problem: string, now: Date): Promise<void> {
  await database
    .update(journal)
    .set({ state: 'failed', problem, handledAt: now })
    .where(and(eq(journal.id, id), eq(journal.state, 'pending')));
}

export async function countArrivals(database: Database): Promise<{ pending: number; failed: number }> {
  const [row] = await database.execute<{ pending: number; failed: number }>(sql`
    select count(*) filter (where state = 'pending')::int as pending, count(*) filter (where state = 'failed')::int as failed
    from ${journal} where state <> 'done'`);
  return { pending: row?.pending ?? 0, failed: row?.failed ?? 0 };
}
