import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from './directory-lock.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shopbell-lock-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('lets one holder in at a time, and the next one after it has let go', async () => {
  const first = await lockDirectory(directory);

  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);

  await first.release();
  const second = await lockDirectory(directory);
  await second.release();
});

it('takes over from a process that was killed and left its socket behind', async () => {
  const script = `require('net').createServer().listen(${JSON.stringify(join(directory, 'shopbell.lock'))}, () => console.log('held'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(readdirSync(directory)).toEqual(['shopbell.lock']);

  const lock = await lockDirectory(directory);

  expect(readdirSync(directory)).toEqual(['shopbell.lock']);
  await lock.release();
});

it('gives exactly one of many that start at once the directory', async () => {
  const server = createServer().listen(join(directory, 'shopbell.lock'));
  await once(server, 'listening');
  server.close();

  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)));

  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  await won[0]?.value.release();
});

it('works in a directory whose path is too long for a socket address', async () => {
  const deep = join(directory, 'd'.repeat(120));
  mkdirSync(deep);

  const lock = await lockDirectory(deep);

  await expect(lockDirectory(deep)).rejects.toThrow(DirectoryInUse);
  await lock.release();
});
