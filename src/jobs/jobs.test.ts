import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { alwaysHeld, endlessTenure, type Lease, type Tenure } from '../database/lease.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { aborted, days, hours, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Job, type Jobs, makeJobs } from './jobs.ts';

// Madrid, the day before the clocks are put back.
const START = new Date('2026-10-24T06:00:00Z');
const daily = { pattern: '0 9 * * *' };

let database: Database;
let clock: SimulatedClock;
let running: Jobs | undefined;
let lines: string[];
/** When which job was run, by UTC. */
let ran: string[];
let timeZone: string;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(START);
  lines = [];
  ran = [];
  timeZone = 'Europe/Madrid';
});

afterEach(() => running?.stop());

function job(name: string, when: Job['when'], more: Partial<Job> = {}): Job {
  return { name, when, run: async () => void ran.push(`${name} ${clock.now().toISOString().slice(5, 16)}`), ...more };
}

async function start(jobs: readonly Job[], lease: Lease = alwaysHeld): Promise<void> {
  await running?.stop();
  const log = pino({ base: null }, { write: (line) => lines.push(line) });
  running = makeJobs({ jobs, database, lease, clock, log, timeZone: () => Promise.resolve(timeZone) });
  running.start();
  await settle();
}

/** Whatever can be done without time passing is done. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await database.execute('select 1');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function pass(span: Milliseconds, step: Milliseconds = minutes(10)): Promise<void> {
  for (let passed = 0; passed < span; passed += step) {
    clock.advance(step);
    await settle();
  }
}

describe('What happens by itself', () => {
  it('happens at its time of day, over a clock change too', async () => {
    await start([job('brief', daily)]);

    await pass(hours(2));
    clock.advance(hours(22));
    await pass(hours(3));

    expect(ran).toEqual(['brief 10-24T07:00', 'brief 10-25T08:00']);
  });

  it('happens again and again, from the start on', async () => {
    await start([job('poll', { every: minutes(10) }, { atStart: true })]);

    await pass(minutes(25), minutes(5));

    expect(ran).toEqual(['poll 10-24T06:00', 'poll 10-24T06:10', 'poll 10-24T06:20']);
  });

  it('is done late when the process was away at its time, and not when that is too long ago', async () => {
    await start([job('brief', daily)]);
    await pass(hours(2));
    await running?.stop();
    clock.advance(days(1) + hours(2));

    await start([job('brief', daily, { lateAtMost: hours(4) })]);
    expect(ran).toEqual(['brief 10-24T07:00', 'brief 10-25T10:00']);
    await running?.stop();
    clock.advance(days(1) + hours(4));

    await start([job('brief', daily, { lateAtMost: hours(4) })]);
    expect(ran).toHaveLength(2);
  });

  it('goes by the new time zone as soon as it is set', async () => {
    await start([job('brief', { pattern: '0 12 * * *' })]);
    await pass(hours(1));
    timeZone = 'Asia/Kolkata';

    await pass(hours(1));

    // Noon in Kolkata was at 06:30, half an hour before the change.
    expect(ran).toEqual(['brief 10-24T07:10']);
  });

  it('is logged when it fails, and done at its next time', async () => {
    const failing = job('poll', { every: minutes(10) }, { run: () => Promise.reject(new Error('no way there')) });
    await start([failing]);

    await pass(minutes(20), minutes(5));

    expect(lines.filter((line) => line.includes('no way there'))).toHaveLength(2);
  });

  it('keeps no other job waiting, however long it takes', async () => {
    await start([
      job('long', { every: minutes(10) }, { atStart: true, run: () => new Promise(() => undefined) }),
      job('poll', { every: minutes(10) }, { atStart: true }),
    ]);

    await pass(minutes(10));

    expect(ran).toEqual(['poll 10-24T06:00', 'poll 10-24T06:10']);
    running = undefined;
  });

  it('happens only in the process that holds the lease, and at once in the one that takes over', async () => {
    const lease = switchedLease();
    await start([job('poll', { every: minutes(10) }, { atStart: true })], lease);
    await pass(minutes(30), minutes(5));
    expect(ran).toEqual([]);

    lease.take();
    await pass(seconds(5), seconds(5));
    expect(ran).toEqual(['poll 10-24T06:30']);

    lease.lose();
    await pass(minutes(20));
    expect(ran).toHaveLength(1);

    lease.take();
    await pass(seconds(5), seconds(5));
    expect(ran).toEqual(['poll 10-24T06:30', 'poll 10-24T06:50']);
  });

  it('is done again by who takes over when it was cut off in the middle', async () => {
    const lease = switchedLease();
    lease.take();
    let begun = 0;
    const run = async (stop: AbortSignal) => {
      begun += 1;
      await aborted(stop);
    };
    await start([job('brief', daily, { run })], lease);
    await pass(hours(1));
    expect(begun).toBe(1);
    lease.lose();
    await settle();
    await running?.stop();
    clock.advance(minutes(1));

    await start([job('brief', daily)]);

    expect(ran).toEqual(['brief 10-24T07:01']);
  });
});

/** A lease that is taken and lost when the test says so. */
function switchedLease(): Lease & { take(): void; lose(): void } {
  let losing = new AbortController();
  let tenure: Tenure | undefined;
  return {
    ...alwaysHeld,
    tenure: () => tenure,
    take() {
      losing = new AbortController();
      tenure = { ...endlessTenure, lost: losing.signal };
    },
    lose() {
      tenure = undefined;
      losing.abort();
    },
  };
}
