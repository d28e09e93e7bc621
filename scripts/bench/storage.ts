import postgres from 'postgres';
import { closeLater } from './closing.ts';
import { startPrivatePostgres } from './private-postgres.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type DatabaseKind = 'embedded' | 'postgres';

/** The environment variables that lead the bot to an empty database, one for each use. All is gone after the measurement. */
export async function emptyStorage(kind: DatabaseKind, use = 'bot'): Promise<Readonly<Record<string, string>>> {
  const directory = temporaryDirectory();
  if (kind === 'embedded') {
    return { DATA_DIR: directory };
  }
  return { DATA_DIR: directory, DATABASE_URL: await emptyDatabase(use) };
}

/** On a server of our own, or on the one of DATABASE_URL, where it is dropped afterwards. */
async function emptyDatabase(use: string): Promise<string> {
  const name = `shopbell_bench_${use}_${process.pid}`;
  const given = process.env['DATABASE_URL'];
  const server = given ?? (await startPrivatePostgres());
  await run(server, `create database ${name}`);
  if (given) {
    closeLater(() => run(server, `drop database ${name} with (force)`));
  }
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function run(server: string, statement: string): Promise<void> {
  const client = postgres(server, { max: 1 });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end();
  }
}
