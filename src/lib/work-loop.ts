import type { Log } from './log.ts';
import { type Clock, later, type Milliseconds, minutes, seconds } from './time.ts';

export interface WorkLoop {
  start(): void;
  /** There may be work: runs now, or once more when a run is on its way. */
  wake(): void;
  /** Resolves as soon as there is nothing to do, or nothing is done any more. */
  idle(): Promise<void>;
  /** Lets the run on its way finish, and ends. */
  stop(): Promise<void>;
}

const FIRST_PAUSE: Milliseconds = seconds(1);
const LONGEST_PAUSE: Milliseconds = minutes(1);

/**
 * Runs `work` whenever it is woken, one run at a time. A run that fails is tried again by itself after 1 s, then twice as long
 * each time up to a minute, so that a database that was away for a while is all that it takes to recover.
 */
export function makeWorkLoop(parts: {
  readonly name: string;
  readonly work: (stop: AbortSignal) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs a last time after the end of the loop, for what came in just before. */
  readonly finishOnStop?: boolean;
}): WorkLoop {
  const { name, work, clock, log, finishOnStop = false } = parts;
  const stopping = new AbortController();
  let wanted = false;
  let working = false;
  let stopped = false;
  let rouse: () => void = () => undefined;
  const onIdle: (() => void)[] = [];
  let ended: Promise<void> = Promise.resolve();

  function wake(): void {
    wanted = true;
    rouse();
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      if (!wanted) {
        await nextWake();
        continue;
      }
      wanted = false;
      working = true;
      try {
        await work(stopping.signal);
        failures = 0;
      } catch (error) {
        failures += 1;
        wanted = true;
        log.error({ error: describe(error) }, `${name} failed; trying again`);
        const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
        await clock.sleepUntil(later(clock.now(), pause), stopping.signal);
      }
    }
  }

  function nextWake(): Promise<void> {
    working = false;
    settleIdle();
    return new Promise((resolve) => {
      rouse = resolve;
    });
  }

  function settleIdle(): void {
    for (const resolve of onIdle.splice(0)) {
      resolve();
    }
  }

  return {
    idle: () => ((wanted || working) && !stopped ? new Promise((resolve) => onIdle.push(resolve)) : Promise.resolve()),
    start() {
      wanted = true;
      ended = run();
    },
    wake,
    async stop() {
      stopping.abort();
      rouse();
      await ended;
      stopped = true;
      settleIdle();
      if (finishOnStop) {
        await work(stopping.signal).catch((error) =>
          log.error({ error: describe(error) }, `${name} could not be finished`),
        );
      }
    },
  };
}

/** An error for the log. A failed query's own message repeats its parameters, which may be what people wrote. */
export function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}
