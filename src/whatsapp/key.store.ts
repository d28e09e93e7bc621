import { proto, type SignalDataSet, type SignalDataTypeMap, type SignalKeyStore } from '@whiskeysockets/baileys';
import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { LeaseLost, type Tenure } from '../database/lease.ts';
import { whatsappKeys } from '../database/schema.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, seconds } from '../lib/time.ts';
import { parse, serialise } from './auth-serialisation.ts';
import { type Arrival, journalStatement } from './journal.store.ts';
import { type Seal, SessionUnreadable } from './seal.ts';

/** The key type under which an arrival travels into the commit of its own ratchet step. */
export const JOURNAL = 'journal';

/** What one commit of the key store may hold: Baileys' own types, and arrivals for the journal. */
export type KeyChanges = SignalDataSet & { readonly [JOURNAL]?: Readonly<Record<string, Arrival>> };

export interface KeyStoreParts {
  readonly database: Database;
  /** The login is written only during this tenure: whoever holds the lease next may have gone on from what is stored. */
  readonly tenure: Tenure;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly log: Log;
  /** Called when a row cannot be read or the database stays away: the session must stop. */
  readonly onFailure: (error: Error) => void;
}

export interface ClosableKeyStore extends SignalKeyStore {
  /** Finishes what is being read or written; what comes later is refused, as if the process had ended already. */
  close(): Promise<void>;
}

/** Ratchets of this many devices stay in memory; others are read when they write. About 3 kB each. */
const CACHED_KEYS = 4000;

/** What the cache holds for a key that is not there: every message asks for some that most people do not have. */
const MISSING = '';

/** How long the database is asked again before the session is given up: longer would leave people's messages unreceipted. */
const PATIENCE: Milliseconds = seconds(5);
const PAUSE: Milliseconds = 250;

/**
 * Signal keys and ratchets of one login.
 *
 * Every `set` is one statement, hence one transaction over all types in it, and has reached the disk when it resolves. The cache
 * changes after the commit and belongs to the store itself, so no writer can go around it.
 */
export function makeKeyStore(parts: KeyStoreParts, sessionId: number): ClosableKeyStore {
  const { database, seal } = parts;
  const cache = new LRUCache<string, string>({ max: CACHED_KEYS });
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /**
   * Strictly one after another: two commits of one ratchet must not overtake each other on different connections, nor must what
   * was read before a commit reach the cache after it.
   */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) {
      return Promise.reject(new Error('The WhatsApp login is closed'));
    }
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function get<Type extends keyof SignalDataTypeMap>(type: Type, ids: string[]) {
    const texts = new Map(ids.map((id) => [id, cache.get(`${type}/${id}`)]));
    const unknown = ids.filter((id) => texts.get(id) === undefined);
    if (unknown.length > 0) {
      // Baileys takes a failed read for a missing key and would go on without it: a failure ends the session instead.
      const rows = await inTurn(() => withPatience(parts, () => read(type, unknown)));
      for (const [id, text] of rows) {
        texts.set(id, text);
      }
    }
    const found: { [id: string]: SignalDataTypeMap[Type] } = {};
    for (const [id, text] of texts) {
      if (text !== undefined && text !== MISSING) {
        found[id] = revive(type, parse(text, placeOfKey(sessionId, type, id))) as SignalDataTypeMap[Type];
      }
    }
    return found;
  }

  async function read(type: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await database.execute<{ id: string; data: string }>(sql`
      select id, data from ${whatsappKeys}
      where session_id = ${sessionId} and type = ${type} and id = any(${textArray(ids)}::text[])`);
    const texts = new Map(ids.map((id) => [id, MISSING]));
    for (const { id, data } of rows) {
      const place = placeOfKey(sessionId, type, id);
      const text = seal.open(data, place);
      parse(text, place);
      texts.set(id, text);
    }
    for (const [id, text] of texts) {
      cache.set(`${type}/${id}`, text);
    }
    return texts;
  }

  async function write(changes: KeyChanges): Promise<void> {
    const { stored, removed, arrivals } = split(changes);
    const statement = commitStatement(parts, sessionId, stored, removed, arrivals);
    await withPatience(parts, async () => parts.tenure.check(await database.execute(statement)));
    for (const { type, id, text } of stored) {
      cache.set(`${type}/${id}`, text);
    }
    for (const { type, id } of removed) {
      cache.set(`${type}/${id}`, MISSING);
    }
  }

  return {
    get,
    set: (changes) => inTurn(() => write(changes)),
    async close() {
      closed = true;
      await last;
    },
  };
}

interface StoredKey {
  readonly type: string;
  readonly id: string;
  readonly text: string;
}

function split({ [JOURNAL]: arrivals, ...changes }: KeyChanges) {
  const stored: StoredKey[] = [];
  const removed: Omit<StoredKey, 'text'>[] = [];
  for (const [type, values] of Object.entries(changes)) {
    for (const [id, value] of Object.entries(values ?? {})) {
      if (value === null || value === undefined) {
        removed.push({ type, id });
      } else {
        stored.push({ type, id, text: serialise(value) });
      }
    }
  }
  return { stored, removed, arrivals: Object.values(arrivals ?? {}) };
}

/** All changes as one statement: one round trip, and all of it or nothing; no row comes back when the lease is lost. */
function commitStatement(
  { clock, seal, tenure }: KeyStoreParts,
  sessionId: number,
  stored: readonly StoredKey[],
  removed: readonly Omit<StoredKey, 'text'>[],
  arrivals: readonly Arrival[],
) {
  const now = clock.now().toISOString();
  const data = stored.map(({ type, id, text }) => seal.close(text, placeOfKey(sessionId, type, id)));
  return sql`
    with held as materialized (${tenure.guard}), removed as (
      delete from ${whatsappKeys} as kept
      using held, unnest(${textArray(removed.map(({ type }) => type))}::text[], ${textArray(removed.map(({ id }) => id))}::text[])
        as gone (type, id)
      where kept.session_id = ${sessionId} and kept.type = gone.type and kept.id = gone.id
    ), arrived as (${journalStatement(seal, sessionId, arrivals, now)}), stored as (
    insert into ${whatsappKeys} (session_id, type, id, data, updated_at)
    select ${sessionId}::bigint, type, id, data, ${now}::timestamptz
    from held, unnest(
      ${textArray(stored.map(({ type }) => type))}::text[],
      ${textArray(stored.map(({ id }) => id))}::text[],
      ${textArray(data)}::text[]
    ) as new (type, id, data)
    on conflict (session_id, type, id) do update set data = excluded.data, updated_at = excluded.updated_at)
    select from held`;
}

/** Tries again for a few seconds; then the session is told to stop, for its memory and the database may no longer agree. */
async function withPatience<Result>(
  { clock, log, onFailure }: KeyStoreParts,
  work: () => PromiseLike<Result>,
): Promise<Result> {
  const until = later(clock.now(), PATIENCE);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionUnreadable || error instanceof LeaseLost || clock.now() >= until) {
        onFailure(error as Error);
        throw error;
      }
      log.warn('The WhatsApp login could not be read or stored; trying again');
      await clock.sleepUntil(later(clock.now(), PAUSE), new AbortController().signal);
    }
  }
}

/** facts/whatsapp §4.2: without `fromObject` the bytes of an app state key stay base64 text, and labels stop working. */
function revive(type: string, value: unknown): unknown {
  return type === 'app-state-sync-key'
    ? proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>)
    : value;
}

/** Where a key lies, for its encryption and for error sentences. */
export function placeOfKey(sessionId: number, type: string, id: string): string {
  return `whatsapp_keys ${type} ${id} of session ${sessionId}`;
}
