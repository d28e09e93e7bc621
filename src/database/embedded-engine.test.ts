import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedDatabase } from './database.ts';
import { DirectoryInUse } from './directory-lock.ts';
import { startEmbeddedEngine } from './embedded-engine.ts';

const writer = fileURLToPath(new URL('./test-processes/commit-writer.ts', import.meta.url));

describe('the embedded database', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'shopbell-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('writes the log with O_SYNC, keeps fsync on, and flushes data files at a checkpoint', async () => {
    const engine = await startEmbeddedEngine(directory);
    const client = postgres({ socket: () => engine.connect(), max: 1, fetch_types: false } as postgres.Options<
      Record<string, never>
    >);

    const [settings] = await client`
      select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method`;
    const before = engine.fsyncs();
    await client`create table proof as select generate_series(1, 1000) as number`;
    await client`checkpoint`;
    const flushed = engine.fsyncs() - before;
    await client.end();
    await engine.close();

    expect(settings).toEqual({ fsync: 'on', method: 'open_datasync' });
    expect(flushed).toBeGreaterThan(0);
  });

  it('keeps every commit it has confirmed, whole, through kill -9 at any moment', async () => {
    let confirmed = -1;
    for (const commitsBeforeKill of [1, 40, 75, 120]) {
      confirmed = Math.max(confirmed, await writeUntilKilled(directory, commitsBeforeKill));
    }

    const { database, close } = await openEmbeddedDatabase(directory);
    const [row] = await database.execute(sql`
      select count(*)::int as kept, count(c.key)::int as whole, max(split_part(s.key, '-', 2)::int) as last
      from settings s left join setting_changes c using (key)`);
    await close();

    expect(confirmed).toBeGreaterThan(200);
    expect(row?.['last']).toBeGreaterThanOrEqual(confirmed);
    expect(row?.['kept']).toBe(Number(row?.['last']) + 1);
    expect(row?.['whole']).toBe(row?.['kept']);
  }, 180_000);

  it('refuses a second process with a sentence that names the directory and the holder', async () => {
    const first = await openEmbeddedDatabase(directory);

    const second = openEmbeddedDatabase(directory);

    await expect(second).rejects.toThrow(DirectoryInUse);
    await expect(second).rejects.toThrow(`${directory} is in use by another Shopbell process (process ${process.pid})`);
    await first.close();
    const third = await openEmbeddedDatabase(directory);
    await third.close();
  });
});

/** Runs the writer, kills it after so many confirmed commits, and answers the last number it confirmed. */
async function writeUntilKilled(directory: string, commits: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
    if (printed.split('\n').length > commits) {
      child.kill('SIGKILL');
    }
  });
  await once(child, 'close');
  return Number(printed.trimEnd().split('\n').at(-1));
}
