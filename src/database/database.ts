import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import { drizzle, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { type EmbeddedEngine, startEmbeddedEngine } from './embedded-engine.ts';
import { alwaysHeld, type Lease, type LeaseConnection, type LeaseParts, makeLease, nameHolder } from './lease.ts';
import * as schema from './schema.ts';
import { openServerClient, serverOptions } from './server-client.ts';
import { guardedDatabase } from './transaction-guard.ts';

/** A connection or a transaction: stores cannot tell them apart, so every store call composes. */
export type Database = PgDatabase<PostgresJsQueryResultHKT, typeof schema>;

export interface OpenDatabase {
  readonly database: Database;
  readonly kind: 'embedded' | 'server';
  /** Resolves when the database answers a trivial query; rejects with the driver's error otherwise. */
  ping(): Promise<void>;
  /** The right to act for the shop, of which several processes on one database have one. */
  lease(parts: LeaseParts): Lease;
  close(): Promise<void>;
}

/** The database cannot be used. The message is a sentence for people and never holds the password. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

const OLDEST_SERVER = 150_000;
const SERVER_CONNECTIONS = 10;
const CONNECT_TIMEOUT_SECONDS = 10;

/** More than connecting may take: whoever listens at the address and does not speak PostgreSQL is given up then. */
const FIRST_ANSWER_MS = 15_000;

/** Any number that no other program on the same server takes for its advisory lock. */
const MIGRATION_LOCK = 7_420_865_331;

/**
 * A process that is paused, or cut off, in the middle of a transaction would keep what it has locked, and so another process from
 * taking over. The server ends such a transaction after this time; ours ask nobody else in between.
 */
const IDLE_IN_TRANSACTION_MS = 5000;

/** Less than the lease waits for an answer, so that no statement takes effect after it was given up. */
const LEASE_STATEMENT_MS = 2500;

/** Writes under the lease take milliseconds; who locks its row for longer is stuck. */
const LEASE_LOCK_MS = 1000;

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/**
 * Opens the database inside this process, kept in `directory`, and brings its tables up to date.
 *
 * @throws DirectoryInUse when another process has it open
 */
export async function openEmbeddedDatabase(directory: string): Promise<OpenDatabase> {
  const lock = await lockDirectory(directory);
  try {
    const files = resolve(directory, 'postgres');
    await prepareFiles(files);
    return await openEngine(await startEmbeddedEngine(files), lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Making a new database takes 500 MB that its thread never gives back; a thread of its own does by ending. */
async function prepareFiles(files: string): Promise<void> {
  if (!existsSync(resolve(files, 'PG_VERSION'))) {
    const engine = await startEmbeddedEngine(files);
    await engine.close();
  }
}

/** A database in memory, for tests: the same engine and driver, gone when closed. */
export async function openMemoryDatabase(): Promise<OpenDatabase> {
  return openEngine(await startEmbeddedEngine(undefined));
}

async function openEngine(engine: EmbeddedEngine, lock?: DirectoryLock): Promise<OpenDatabase> {
  const client = postgres({
    socket: () => engine.connect(),
    // The engine has one session: a second connection would share its transactions.
    max: 1,
    max_lifetime: null,
    ...clientOptions,
  } as postgres.Options<Record<string, never>>);
  const database = guardedDatabase(client);
  await migrate(drizzle(client), { migrationsFolder });
  return {
    database,
    kind: 'embedded',
    ping: () => ping(client),
    lease: () => alwaysHeld,
    async close() {
      await client.end({ timeout: 5 });
      await engine.close();
      await lock?.release();
    },
  };
}

/**
 * Connects to a PostgreSQL server (15 or later) and brings its tables up to date. Several Shopbell processes may open one
 * database; which of them acts is the lease's matter.
 *
 * @param firstAnswerMs how long the server may take to answer the first query
 * @throws DatabaseUnavailable with what is wrong and what would be right
 */
export async function openServerDatabase(url: string, firstAnswerMs = FIRST_ANSWER_MS): Promise<OpenDatabase> {
  const holder = nameHolder();
  const client = openServerClient(url, {
    max: SERVER_CONNECTIONS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    connection: { application_name: holder, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS },
    ...clientOptions,
  });
  try {
    await answeredWithin(firstAnswerMs, checkVersion(client));
    await migrateAlone(client);
    return {
      database: guardedDatabase(client),
      kind: 'server',
      ping: () => ping(client),
      lease: (parts) => makeLease(parts, holder, () => connectLease(url, holder)),
      async close() {
        await client.end({ timeout: 5 });
      },
    };
  } catch (error) {
    await client.end({ timeout: 0 });
    throw error instanceof DatabaseUnavailable ? error : unavailable(url, error);
  }
}

const clientOptions = {
  // No catalogue of array types is read at connecting; we send arrays with their type written in the statement.
  fetch_types: false,
  onnotice: () => undefined,
} as const;

async function ping(client: postgres.Sql): Promise<void> {
  await client`select 1`;
}

async function answeredWithin<Answer>(limitMs: number, question: Promise<Answer>): Promise<Answer> {
  const given = new AbortController();
  const tooLate = pause(limitMs, undefined, { signal: given.signal }).then(() => {
    throw new Error(`no answer within ${limitMs / 1000} seconds`);
  });
  try {
    return await Promise.race([question, tooLate]);
  } finally {
    tooLate.catch(() => undefined);
    given.abort();
  }
}

async function checkVersion(client: postgres.Sql): Promise<void> {
  const [row] = await client<{ number: string; name: string }[]>`
    select current_setting('server_version_num') as number, current_setting('server_version') as name`;
  if (!row || Number(row.number) < OLDEST_SERVER) {
    throw new DatabaseUnavailable(
      `DATABASE_URL leads to PostgreSQL ${row?.name ?? 'of an unknown version'}. Shopbell needs PostgreSQL 15 or later.`,
    );
  }
}

/** Processes that start together bring the tables up to date one after the other. */
async function migrateAlone(client: postgres.Sql): Promise<void> {
  const connection = await client.reserve();
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(client), { migrationsFolder });
    await connection`select pg_advisory_unlock(${MIGRATION_LOCK})`;
  } finally {
    connection.release();
  }
}

function connectLease(url: string, holder: string): LeaseConnection {
  const client = postgres(
    url,
    serverOptions({
      max: 1,
      connect_timeout: LEASE_STATEMENT_MS / 1000,
      connection: { application_name: holder, statement_timeout: LEASE_STATEMENT_MS, lock_timeout: LEASE_LOCK_MS },
      ...clientOptions,
    }),
  );
  return { database: drizzle(client, { schema }), end: () => void client.end({ timeout: 0 }) };
}

/** What the codes mean that a wrong address or a server that is not ready gives, for those who do not know them. */
const reasons: Readonly<Record<string, string>> = {
  '28P01': 'it refuses the user or the password (28P01)',
  '28000': 'it refuses the user or the password (28000)',
  '3D000': 'there is no database of this name; create it first (3D000)',
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ECONNRESET: 'what listens there closes the connection (ECONNRESET)',
  ENOTFOUND: 'there is no host of this name (ENOTFOUND)',
};

function unavailable(url: string, cause: unknown): DatabaseUnavailable {
  const { code, message } = cause as { code?: string; message?: string };
  let where = 'the server';
  try {
    where = new URL(url).host;
  } catch {
    // The address itself is the problem; the driver's message says so.
  }
  const reason = reasons[code ?? ''] ?? code ?? message ?? 'no reason given';
  return new DatabaseUnavailable(
    `The database at ${where} (DATABASE_URL) cannot be used: ${reason}. ` +
      'Check the address, the password and that the server runs, then start again; nothing was changed.',
    { cause },
  );
}
