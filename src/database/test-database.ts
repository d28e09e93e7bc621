import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { type Database, type OpenDatabase, openMemoryDatabase, openServerDatabase } from './database.ts';

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
