import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
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

it('gives one of two that start at once the directory in which a killed process left its socket', async () => {
  await leaveStaleSocket(join(directory, 'shopbell.lock'));

  const outcomes = await Promise.allSettled([lockDirectory(directory), lockDirectory(directory)]);

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const [lost] = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(lost?.reason).toBeInstanceOf(DirectoryInUse);
  expect(readdirSync(directory)).toEqual(['shopbell.lock']);
  const [won] = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  await won?.value.release();
});

it('works in a directory whose path is too long for a socket address', async () => {
  const deep = join(directory, 'd'.repeat(120));
  mkdirSync(deep);

  const lock = await lockDirectory(deep);

  await expect(lockDirectory(deep)).rejects.toThrow(DirectoryInUse);
  await lock.release();
});

it('gives the lock back to a process that took it between the question and the clearing away', async () => {
  const path = join(directory, 'shopbell.lock');
  await leaveStaleSocket(path);
  const elsewhere = join(directory, 'elsewhere');
  const winner = await lockDirectory(elsewhere);
  // The stale socket has just been asked, and its silence is not known yet: the winner’s takes its place.
  let questions = 0;
  const onQuestion = () => {
    questions += 1;
    if (questions === 1) {
      process.nextTick(() => renameSync(join(elsewhere, 'shopbell.lock'), path));
    }
  };
  subscribe('net.client.socket', onQuestion);
  try {
    await expect(lockDirectory(directory)).rejects.toThrow(
      `is in use by another Shopbell process (process ${process.pid})`,
    );
  } finally {
    unsubscribe('net.client.socket', onQuestion);
  }

  expect(questions).toBe(2);
  expect(readdirSync(directory).toSorted()).toEqual(['elsewhere', 'shopbell.lock']);
  await expect(lockDirectory(directory)).rejects.toThrow(DirectoryInUse);
  await winner.release();
});

async function leaveStaleSocket(path: string): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('held'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
}
