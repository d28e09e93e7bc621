import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { silentLog } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import {
  type Database,
  type OpenDatabase,
  openEmbeddedDatabase,
  openMemoryDatabase,
  openServerDatabase,
} from './database.ts';
import { type Lease, makeLease, nameHolder } from './lease.ts';
import { leases } from './schema.ts';

// One database per test worker: on the server of TEST_DATABASE_URL when it is set, else the embedded engine in memory.

let opened: Promise<OpenDatabase> | undefined;

/** The worker's database, with all tables empty and all counters back at one. */
export async function emptyTestDatabase(): Promise<Database> {
  opened ??= openTestDatabase();
  const { database } = await opened;
  await database.execute(sql`
    do $$ declare tables text; begin
      select string_agg(format('%I', tablename), ', ') into tables from pg_tables where schemaname = 'public';
      execute 'truncate ' || tables || ' restart identity cascade';
    end $$`);
  return database;
}

async function openTestDatabase(): Promise<OpenDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  return server ? openServerDatabase(await createServerDatabase(server)) : openMemoryDatabase();
}

/** Makes a fresh database of this name on the test server and answers its address. */
export async function createServerDatabase(server: string, name = `shopbell_test_${process.pid}`): Promise<string> {
  const client = postgres(server, { max: 1, onnotice: () => undefined });
  await client.unsafe(`drop database if exists "${name}" with (force)`);
  await client.unsafe(`create database "${name}"`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

/** A lease as two processes on one database have it, here on whatever database the test has. */
export function testLease(database: Database, clock: Clock): Lease {
  return makeLease({ name: 'whatsapp', clock, log: silentLog }, nameHolder(), () => ({
    database,
    end: () => undefined,
  }));
}

/** Another process takes the lease over, or has it from the start. */
export async function robLease(database: Database): Promise<void> {
  await database.execute(sql`
    insert into ${leases} as kept (name, holder, fence, expires_at) values ('whatsapp', 'another process', 1, '2100-01-01')
    on conflict (name) do update set holder = excluded.holder, fence = kept.fence + 1, expires_at = excluded.expires_at`);
}

/** The time of a process that ended without giving its lease back is over. */
export async function expireLease(database: Database): Promise<void> {
  await database.execute(sql`update ${leases} set expires_at = '2000-01-01'`);
}

let template: Promise<string> | undefined;

/** A directory with an embedded database that has its tables and nothing in them: a copy, much faster than a first start. */
export async function preparedDirectory(): Promise<string> {
  template ??= makeTemplate();
  const directory = mkdtempSync(join(tmpdir(), 'shopbell-test-'));
  cpSync(await template, directory, { recursive: true });
  return directory;
}

async function makeTemplate(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'shopbell-template-'));
  const { close } = await openEmbeddedDatabase(directory);
  await close();
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
