import postgres from 'postgres';
import { closeLater } from './closing.ts';
import { startPrivatePostgres } from './private-postgres.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type DatabaseKind = 'embedded' | 'postgres';

/** The environment variables that lead the bot to an empty database. Everything of it is gone after the measurement. */
export async function emptyStorage(kind: DatabaseKind): Promise<Readonly<Record<string, string>>> {
  const directory = temporaryDirectory();
  if (kind === 'embedded') {
    return { DATA_DIR: directory };
  }
  const server = process.env['DATABASE_URL'] ?? (await startPrivatePostgres());
  return { DATA_DIR: directory, DATABASE_URL: await createDatabase(server) };
}

async function createDatabase(server: string): Promise<string> {
  const name = `shopbell_bench_${process.pid}`;
  const drop = `drop database if exists ${name} with (force)`;
  await run(server, drop, `create database ${name}`);
  closeLater(() => run(server, drop));
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function run(server: string, ...statements: readonly string[]): Promise<void> {
  const client = postgres(server, { max: 1, onnotice: () => undefined });
  try {
    for (const statement of statements) {
      await client.unsafe(statement);
    }
  } finally {
    await client.end();
  }
}
