import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, elapsed, hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import { keepRanAt, readRanAt } from './job-runs.store.ts';
import { nextRun, type When } from './next-run.ts';

/** Something that happens by itself. */
export interface Job {
  /** Never changes: under it is remembered when it was done. */
  readonly name: string;
  readonly when: When;
  /** Also as soon as this process may act, whenever it was done before. */
  readonly atStart?: true;
  /** So much later than its time of day it is still worth doing, after the process was away. */
  readonly lateAtMost?: Milliseconds;
  run(stop: AbortSignal): Promise<void>;
}

export interface Jobs {
  start(): void;
  /** Lets what is under way come to its end. */
  stop(): Promise<void>;
}

/** The shop's time zone may be set anew, and another process may take over, while somebody sleeps. */
const LOOK_AGAIN: Milliseconds = minutes(10);
const STAND_BY: Milliseconds = seconds(5);
const LATE_AT_MOST: Milliseconds = hours(6);

interface JobsParts {
  readonly jobs: readonly Job[];
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: () => Promise<string>;
}

/**
 * Does every job at its time, in the process that holds the lease, each by itself: a long one keeps no other waiting. What fails is
 * logged, and done at its next time.
 */
export function makeJobs(parts: JobsParts): Jobs {
  const stopping = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  return {
    start() {
      const bornAt = parts.clock.now();
      ended = Promise.all(parts.jobs.map((job) => keepDoing(parts, job, bornAt, stopping.signal)));
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepDoing(parts: JobsParts, job: Job, bornAt: Date, stop: AbortSignal): Promise<void> {
  const { lease, clock, log } = parts;
  /** Each tenure begins with what is done at the start. */
  let begunIn: Tenure | undefined;
  while (!stop.aborted) {
    const tenure = lease.tenure();
    if (!tenure) {
      await clock.sleepUntil(later(clock.now(), STAND_BY), stop);
      continue;
    }
    const isFirst = begunIn !== tenure;
    begunIn = tenure;
    const wake = AbortSignal.any([stop, tenure.lost]);
    try {
      await doOrWait(parts, job, { isFirst, bornAt }, wake);
    } catch (error) {
      log.error({ job: job.name, error: describe(error) }, 'A job could not be looked after; trying again');
      await clock.sleepUntil(later(clock.now(), minutes(1)), wake);
    }
  }
}

async function doOrWait(
  parts: JobsParts,
  job: Job,
  { isFirst, bornAt }: { readonly isFirst: boolean; readonly bornAt: Date },
  wake: AbortSignal,
): Promise<void> {
  const { clock } = parts;
  const due = isFirst && job.atStart ? clock.now() : await dueAt(parts, job, bornAt);
  if (due <= clock.now()) {
    await runOnce(parts, job, wake);
  } else {
    const lookAgain = later(clock.now(), LOOK_AGAIN);
    await clock.sleepUntil(due < lookAgain ? due : lookAgain, wake);
  }
}

async function dueAt({ database, clock, timeZone }: JobsParts, job: Job, bornAt: Date): Promise<Date> {
  const ranAt = await readRanAt(database, job.name);
  if (!ranAt) {
    // So that whoever takes over knows what was due before its own time.
    await keepRanAt(database, job.name, bornAt);
  }
  const zone = await timeZone();
  const due = nextRun(job.when, ranAt ?? bornAt, zone);
  const isTooLate = 'pattern' in job.when && elapsed(due, clock.now()) > (job.lateAtMost ?? LATE_AT_MOST);
  return isTooLate ? nextRun(job.when, clock.now(), zone) : due;
}

async function runOnce({ database, clock, log }: JobsParts, job: Job, stop: AbortSignal): Promise<void> {
  const begunAt = clock.now();
  try {
    await job.run(stop);
  } catch (error) {
    log.error({ job: job.name, error: describe(error) }, 'A job failed; it is done again at its next time');
  }
  if (!stop.aborted) {
    await keepRanAt(database, job.name, begunAt);
  }
}
