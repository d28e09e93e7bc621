import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from '@whiskeysockets/baileys';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { whatsappCredentials, whatsappKeys, whatsappSessions } from '../database/schema.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, days, later, type Milliseconds, seconds } from '../lib/time.ts';
import { type Arrival, journalStatement } from './journal.store.ts';
import { type Seal, SessionUnreadable } from './seal.ts';

/** The key type under which an arrival travels into the commit of its own ratchet step. */
export const JOURNAL = 'journal';

/** What one commit of the key store may hold: Baileys' own types, and arrivals for the journal. */
export type KeyChanges = SignalDataSet & { readonly [JOURNAL]?: Readonly<Record<string, Arrival>> };

/** The login of the shop's number, and the only way to write it. */
export interface AuthStore {
  readonly sessionId: number;
  readonly creds: AuthenticationCreds;
  readonly keys: SignalKeyStore;
  /** Stores the credentials as they are now. Calls while one runs are answered by one more write. */
  saveCreds(): Promise<void>;
  /** Ends this login for good; its rows are kept for a week, for inquiries. */
  end(because: string): Promise<void>;
}

export interface AuthStoreParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly log: Log;
  /** Called once when a row cannot be read or the database stays away: the session must stop. */
  readonly onFailure: (error: Error) => void;
}

/** Logins that ended are kept this long (facts/whatsapp §4.3). */
const KEEP_ENDED = days(7);

/** Ratchets of this many devices stay in memory; others are read when they write. About 3 kB each. */
const CACHED_KEYS = 4000;

/** How long the database is asked again before the session is given up: longer would leave people's messages unreceipted. */
const PATIENCE: Milliseconds = seconds(5);
const PAUSE: Milliseconds = 250;

/**
 * Opens the shop's login, or begins a new one when there is none.
 *
 * Every `set` is one statement, hence one transaction over all types in it, and has reached the disk when it resolves. The cache
 * changes after the commit and belongs to the store itself, so no writer can go around it.
 *
 * @throws SessionUnreadable when a login is there and cannot be read: it is never replaced silently
 */
export async function openAuthStore(parts: AuthStoreParts): Promise<AuthStore> {
  const { database, clock, seal } = parts;
  await forgetOldSessions(database, clock.now());
  const sessionId = (await findSession(database)) ?? (await beginSession(parts));
  await sealWithCurrentKey(database, seal, sessionId);
  const creds = await readCreds(database, seal, sessionId);
  await skipUsedPreKeys(database, sessionId, creds);
  const keys = makeKeyStore(parts, sessionId);
  return {
    sessionId,
    creds,
    keys,
    saveCreds: latestWins(() => writeCreds(parts, sessionId, creds)),
    async end(because) {
      await database
        .update(whatsappSessions)
        .set({ endedAt: clock.now(), endedBecause: because })
        .where(eq(whatsappSessions.id, sessionId));
    },
  };
}

async function forgetOldSessions(database: Database, now: Date): Promise<void> {
  await database.delete(whatsappSessions).where(lt(whatsappSessions.endedAt, later(now, -KEEP_ENDED)));
}

async function findSession(database: Database): Promise<number | undefined> {
  const [session] = await database
    .select({ id: whatsappSessions.id })
    .from(whatsappSessions)
    .where(isNull(whatsappSessions.endedAt));
  return session?.id;
}

async function beginSession({ database, clock, seal }: AuthStoreParts): Promise<number> {
  const now = clock.now();
  return database.transaction(async (transaction) => {
    const [session] = await transaction
      .insert(whatsappSessions)
      .values({ startedAt: now })
      .returning({ id: whatsappSessions.id });
    const sessionId = session?.id ?? 0;
    const data = seal.close(serialise(initAuthCreds()), placeOfCreds(sessionId));
    await transaction.insert(whatsappCredentials).values({ sessionId, data, updatedAt: now });
    return sessionId;
  });
}

async function readCreds(database: Database, seal: Seal, sessionId: number): Promise<AuthenticationCreds> {
  const place = placeOfCreds(sessionId);
  const [row] = await database
    .select({ data: whatsappCredentials.data })
    .from(whatsappCredentials)
    .where(eq(whatsappCredentials.sessionId, sessionId));
  if (!row) {
    throw new SessionUnreadable('corrupt', place);
  }
  const creds = parse(seal.open(row.data, place), place) as AuthenticationCreds;
  if (!creds?.noiseKey?.private || !creds.signedIdentityKey?.private || !creds.signedPreKey || !creds.advSecretKey) {
    throw new SessionUnreadable('corrupt', place);
  }
  return creds;
}

async function writeCreds({ database, clock, seal }: AuthStoreParts, sessionId: number, creds: AuthenticationCreds) {
  const data = seal.close(serialise(creds), placeOfCreds(sessionId));
  await database
    .update(whatsappCredentials)
    .set({ data, updatedAt: clock.now() })
    .where(eq(whatsappCredentials.sessionId, sessionId));
}

/** After a key was set for the first time, what an earlier start has stored in the open is encrypted too, all at once. */
async function sealWithCurrentKey(database: Database, seal: Seal, sessionId: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const creds = await transaction
      .select()
      .from(whatsappCredentials)
      .where(eq(whatsappCredentials.sessionId, sessionId));
    if (creds.every((row) => seal.isCurrent(row.data))) {
      return;
    }
    for (const { data } of creds) {
      const place = placeOfCreds(sessionId);
      const sealed = seal.close(seal.open(data, place), place);
      await transaction
        .update(whatsappCredentials)
        .set({ data: sealed })
        .where(eq(whatsappCredentials.sessionId, sessionId));
    }
    const keys = await transaction.select().from(whatsappKeys).where(eq(whatsappKeys.sessionId, sessionId));
    for (const { type, id, data } of keys) {
      const place = placeOfKey(sessionId, type, id);
      await transaction
        .update(whatsappKeys)
        .set({ data: seal.close(seal.open(data, place), place) })
        .where(and(eq(whatsappKeys.sessionId, sessionId), eq(whatsappKeys.type, type), eq(whatsappKeys.id, id)));
    }
  });
}

/**
 * Pre-keys are stored before the credentials that count them. After a kill between the two, the count would hand out numbers
 * whose keys WhatsApp has already, and the new keys would overwrite those that customers may be using.
 */
async function skipUsedPreKeys(database: Database, sessionId: number, creds: AuthenticationCreds): Promise<void> {
  const [row] = await database.execute<{ last: number | null }>(sql`
    select max(id::int) as last from ${whatsappKeys} where session_id = ${sessionId} and type = 'pre-key'`);
  creds.nextPreKeyId = Math.max(creds.nextPreKeyId, (row?.last ?? 0) + 1);
}

function makeKeyStore(parts: AuthStoreParts, sessionId: number): SignalKeyStore {
  const { database, seal } = parts;
  const cache = new LRUCache<string, string>({ max: CACHED_KEYS });
  let lastWrite: Promise<void> = Promise.resolve();

  async function get<Type extends keyof SignalDataTypeMap>(type: Type, ids: string[]) {
    // Baileys takes a failed read for a missing key and would go on without it: a failure ends the session instead.
    return withPatience(parts, async () => {
      const missing = ids.filter((id) => !cache.has(`${type}/${id}`));
      if (missing.length > 0) {
        await read(type, missing);
      }
      return collect(type, ids);
    });
  }

  async function read(type: string, ids: readonly string[]): Promise<void> {
    const rows = await database.execute<{ id: string; data: string }>(sql`
      select id, data from ${whatsappKeys}
      where session_id = ${sessionId} and type = ${type} and id = any(${textArray(ids)}::text[])`);
    for (const { id, data } of rows) {
      cache.set(`${type}/${id}`, seal.open(data, placeOfKey(sessionId, type, id)));
    }
  }

  function collect<Type extends keyof SignalDataTypeMap>(type: Type, ids: readonly string[]) {
    const found: { [id: string]: SignalDataTypeMap[Type] } = {};
    for (const id of ids) {
      const text = cache.get(`${type}/${id}`);
      if (text !== undefined) {
        found[id] = revive(type, parse(text, placeOfKey(sessionId, type, id))) as SignalDataTypeMap[Type];
      }
    }
    return found;
  }

  async function write(changes: KeyChanges): Promise<void> {
    const { stored, removed, arrivals } = split(changes);
    const statement = commitStatement(parts, sessionId, stored, removed, arrivals);
    await withPatience(parts, () => database.execute(statement));
    for (const { type, id, text } of stored) {
      cache.set(`${type}/${id}`, text);
    }
    for (const { type, id } of removed) {
      cache.delete(`${type}/${id}`);
    }
  }

  return {
    get,
    set(changes) {
      // Strictly one after another: two commits of one ratchet must not overtake each other on different connections.
      const mine = lastWrite.then(() => write(changes));
      lastWrite = mine.catch(() => undefined);
      return mine;
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

/** All changes as one statement: one round trip, and all of it or nothing. */
function commitStatement(
  { clock, seal }: AuthStoreParts,
  sessionId: number,
  stored: readonly StoredKey[],
  removed: readonly Omit<StoredKey, 'text'>[],
  arrivals: readonly Arrival[],
) {
  const now = clock.now().toISOString();
  const data = stored.map(({ type, id, text }) => seal.close(text, placeOfKey(sessionId, type, id)));
  return sql`
    with removed as (
      delete from ${whatsappKeys} as kept
      using unnest(${textArray(removed.map(({ type }) => type))}::text[], ${textArray(removed.map(({ id }) => id))}::text[])
        as gone (type, id)
      where kept.session_id = ${sessionId} and kept.type = gone.type and kept.id = gone.id
    ), arrived as (${journalStatement(sessionId, arrivals, now)})
    insert into ${whatsappKeys} (session_id, type, id, data, updated_at)
    select ${sessionId}::bigint, type, id, data, ${now}::timestamptz
    from unnest(
      ${textArray(stored.map(({ type }) => type))}::text[],
      ${textArray(stored.map(({ id }) => id))}::text[],
      ${textArray(data)}::text[]
    ) as new (type, id, data)
    on conflict (session_id, type, id) do update set data = excluded.data, updated_at = excluded.updated_at`;
}

/** Tries again for a few seconds; then the session is told to stop, for its memory and the database may no longer agree. */
async function withPatience<Result>(
  { clock, log, onFailure }: AuthStoreParts,
  work: () => PromiseLike<Result>,
): Promise<Result> {
  const until = later(clock.now(), PATIENCE);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionUnreadable || clock.now() >= until) {
        onFailure(error as Error);
        throw error;
      }
      log.warn('The WhatsApp login could not be read or stored; trying again');
      await clock.sleepUntil(later(clock.now(), PAUSE), new AbortController().signal);
    }
  }
}

/** Runs `work` at most once at a time; calls that come meanwhile share one run after it. */
function latestWins(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  return () => {
    if (!running) {
      running = work().finally(() => {
        running = undefined;
      });
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        running = work().finally(() => {
          running = undefined;
        });
        return running;
      });
    return next;
  };
}

function serialise(value: unknown): string {
  return JSON.stringify(value, BufferJSON.replacer);
}

function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text, BufferJSON.reviver);
  } catch (cause) {
    throw new SessionUnreadable('corrupt', place, cause);
  }
}

/** facts/whatsapp §4.2: without `fromObject` the bytes of an app state key stay base64 text, and labels stop working. */
function revive(type: string, value: unknown): unknown {
  return type === 'app-state-sync-key'
    ? proto.Message.AppStateSyncKeyData.fromObject(value as Record<string, unknown>)
    : value;
}

function placeOfCreds(sessionId: number): string {
  return `whatsapp_credentials of session ${sessionId}`;
}

function placeOfKey(sessionId: number, type: string, id: string): string {
  return `whatsapp_keys ${type} ${id} of session ${sessionId}`;
}
