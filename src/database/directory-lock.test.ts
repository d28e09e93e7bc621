import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryInUse, DirectoryUnusable, lockDirectory } from './directory-lock.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shopbell-lock-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('lets one holder in at a time, and the next one after it has let go', async () => {
  const first = await lockDirectory(directory);

  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  await expect(lockDirectory(directory)).rejects.toThrow(
    `${directory} is in use by another Shopbell process (process ${process.pid})`,
  );

  await first.release();
  expect(readdirSync(directory)).toEqual([]);
  const second = await lockDirectory(directory);
  await second.release();
});

it('takes over from a process that was killed, and clears its socket away', async () => {
  await leaveStaleSocket();
  expect(readdirSync(directory)).toHaveLength(1);

  const lock = await lockDirectory(directory);

  expect(readdirSync(directory)).toHaveLength(1);
  expect(readdirSync(directory)).not.toContain('shopbell.lock.stale');
  await lock.release();
});

it.each([2, 3, 8])(
  'never lets two in when %i start at once beside the socket of a killed process',
  async (starters) => {
    for (let round = 0; round < 10; round++) {
      await leaveStaleSocket();

      const outcomes = await Promise.allSettled(Array.from({ length: starters }, () => lockDirectory(directory)));

      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(won.length).toBe(1);
      expect(lost.every(({ reason }) => reason instanceof DirectoryInUse)).toBe(true);
      await Promise.all(won.map(({ value }) => value.release()));
      expect(readdirSync(directory)).toEqual([]);
    }
  },
);

it('does not take the silence of a living process for a yes', async () => {
  const silent = createServer().listen(join(directory, 'shopbell.lock.silent'));
  await once(silent, 'listening');

  await expect(lockDirectory(directory)).rejects.toThrow('it gives no name');
  silent.close();
});

it('works in a directory whose path is too long for a socket address', async () => {
  const deep = join(directory, 'd'.repeat(120));
  mkdirSync(deep);

  const lock = await lockDirectory(deep);

  await expect(lockDirectory(deep)).rejects.toThrow(DirectoryInUse);
  await lock.release();
});

it.each([
  ['a file', 'file', 'EEXIST'],
  ['a place below a file', 'file/below', 'ENOTDIR'],
])('says that %s cannot be the data directory, and what to do', async (_place, name, code) => {
  writeFileSync(join(directory, 'file'), '');
  const wanted = resolve(directory, name);

  const locking = lockDirectory(wanted);

  await expect(locking).rejects.toThrow(DirectoryUnusable);
  await expect(locking).rejects.toThrow(
    `The data directory ${wanted} cannot be used (${code}). Give the user that runs Shopbell the right to write there, or set DATA_DIR to another folder.`,
  );
});

async function leaveStaleSocket(): Promise<void> {
  const path = JSON.stringify(join(directory, 'shopbell.lock.stale'));
  const script = `require('net').createServer().listen(${path}, () => console.log('held'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}
