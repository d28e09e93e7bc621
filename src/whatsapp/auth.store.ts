import { type AuthenticationCreds, initAuthCreds } from '@whiskeysockets/baileys';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { whatsappCredentials, whatsappKeys, whatsappSessions } from '../database/schema.ts';
import { days, later } from '../lib/time.ts';
import { parse, serialise } from './auth-serialisation.ts';
import { type ClosableKeyStore, type KeyStoreParts, makeKeyStore, placeOfKey } from './key.store.ts';
import { type Seal, SessionUnreadable } from './seal.ts';

/** The login of the shop's number, and the only way to write it. */
export interface AuthStore {
  readonly sessionId: number;
  readonly creds: AuthenticationCreds;
  readonly keys: ClosableKeyStore;
  /** Stores the credentials as they are now. Calls while one runs are answered by one more write. */
  saveCreds(): Promise<void>;
  /** Ends this login for good; its rows are kept for a week, for inquiries. */
  end(because: string): Promise<void>;
}

/** Logins that ended are kept this long (facts/whatsapp §4.3). */
const KEEP_ENDED = days(7);

/**
 * Opens the shop's login, or begins a new one when there is none.
 *
 * @throws SessionUnreadable when a login is there and cannot be read: it is never replaced silently
 */
export async function openAuthStore(parts: KeyStoreParts): Promise<AuthStore> {
  const { database, tenure, clock, seal } = parts;
  await forgetOldSessions(database, clock.now());
  const sessionId = (await findSession(database)) ?? (await beginSession(parts));
  await sealWithCurrentKey(parts, sessionId);
  const creds = await readCreds(database, seal, sessionId);
  await skipUsedPreKeys(database, sessionId, creds);
  const keys = makeKeyStore(parts, sessionId);
  return {
    sessionId,
    creds,
    keys,
    saveCreds: latestWins(() => writeCreds(parts, sessionId, creds)),
    async end(because) {
      await database.transaction(async (transaction) => {
        await tenure.confirm(transaction);
        await transaction
          .update(whatsappSessions)
          .set({ endedAt: clock.now(), endedBecause: because })
          .where(eq(whatsappSessions.id, sessionId));
      });
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

async function beginSession({ database, tenure, clock, seal }: KeyStoreParts): Promise<number> {
  const now = clock.now();
  return database.transaction(async (transaction) => {
    await tenure.confirm(transaction);
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

async function writeCreds(
  { database, tenure, clock, seal }: KeyStoreParts,
  sessionId: number,
  creds: AuthenticationCreds,
): Promise<void> {
  const data = seal.close(serialise(creds), placeOfCreds(sessionId));
  const rows = await database.execute(sql`
    with held as materialized (${tenure.guard}), stored as (
      update ${whatsappCredentials} set data = ${data}, updated_at = ${clock.now().toISOString()}::timestamptz
      from held where session_id = ${sessionId}
    )
    select from held`);
  tenure.check(rows);
}

/** After a key was set for the first time, what an earlier start has stored in the open is encrypted too, all at once. */
async function sealWithCurrentKey({ database, tenure, seal }: KeyStoreParts, sessionId: number): Promise<void> {
  await database.transaction(async (transaction) => {
    await tenure.confirm(transaction);
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

function placeOfCreds(sessionId: number): string {
  return `whatsapp_credentials of session ${sessionId}`;
}
