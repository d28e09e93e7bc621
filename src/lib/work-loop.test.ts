import { DrizzleQueryError } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { silentLog } from './log.ts';
import { elapsed, seconds } from './time.ts';
import { describe as describeError, makeWorkLoop, type WorkLoop } from './work-loop.ts';

let clock: SimulatedClock;
let loop: WorkLoop | undefined;

beforeEach(() => {
  clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));
  loop = undefined;
});

afterEach(() => loop?.stop());

function startLoop(work: (stop: AbortSignal) => Promise<void>, log = silentLog): WorkLoop {
  loop = makeWorkLoop({ name: 'Working', work, clock, log });
  loop.start();
  return loop;
}

/** A moment that somebody else lets come. */
function makeGate(): { readonly passed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

/** Whatever could run without time passing has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const failedQuery = new DrizzleQueryError(
  'insert into messages (text) values ($1)',
  ['What I wrote to my doctor'],
  Object.assign(new Error('relation "messages" does not exist'), { name: 'PostgresError' }),
);

describe('a work loop', () => {
  it('runs at its start and whenever it is woken', async () => {
    let runs = 0;
    const started = startLoop(async () => {
      runs += 1;
    });
    await started.idle();
    expect(runs).toBe(1);

    started.wake();
    await started.idle();

    expect(runs).toBe(2);
  });

  it('runs once more when it is woken during a run, however often', async () => {
    const gate = makeGate();
    let runs = 0;
    let atOnce = 0;
    let mostAtOnce = 0;
    const started = startLoop(async () => {
      runs += 1;
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await gate.passed;
      atOnce -= 1;
    });
    await settled();
    expect(runs).toBe(1);

    started.wake();
    started.wake();
    gate.open();
    await started.idle();

    expect(runs).toBe(2);
    expect(mostAtOnce).toBe(1);
  });

  it('tells the run on its way to stop, and has stopped only when that run has ended', async () => {
    const gate = makeGate();
    const events: string[] = [];
    const started = startLoop(async (stop) => {
      stop.addEventListener('abort', () => events.push('told'));
      await gate.passed;
      events.push('run ended');
    });
    await settled();

    const stopped = started.stop().then(() => events.push('stopped'));
    await settled();
    expect(events).toEqual(['told']);
    gate.open();
    await stopped;

    expect(events).toEqual(['told', 'run ended', 'stopped']);
  });

  it('does not run any more once it has stopped', async () => {
    let runs = 0;
    const started = startLoop(async () => {
      runs += 1;
    });
    await started.idle();
    await started.stop();

    started.wake();
    await settled();

    expect(runs).toBe(1);
  });

  it('lets nobody wait for idleness once it has stopped', async () => {
    const started = startLoop(async () => {
      throw new Error('broken');
    });
    const idle = started.idle();
    await settled();

    await started.stop();
    started.wake();

    await idle;
    await started.idle();
  });

  it('stops at once while it waits before a new try', async () => {
    const started = startLoop(async () => {
      throw new Error('broken');
    });
    await settled();

    await started.stop();

    expect(clock.now()).toEqual(new Date('2026-11-22T10:00:00Z'));
  });

  it('tries a failed run again by itself: the pauses double and never exceed a minute', async () => {
    const tries: Date[] = [];
    startLoop(async () => {
      tries.push(clock.now());
      throw new Error('broken');
    });

    while (tries.length < 10) {
      await settled();
      clock.advance(seconds(1));
    }

    const pauses = tries.slice(1).map((instant, index) => elapsed(tries[index] ?? instant, instant) / 1000);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('begins with the shortest pause again after a run that went well', async () => {
    const tries: Date[] = [];
    const started = startLoop(async () => {
      tries.push(clock.now());
      if (tries.length !== 4) {
        throw new Error('broken');
      }
    });

    while (tries.length < 4) {
      await settled();
      clock.advance(seconds(1));
    }
    await started.idle();
    started.wake();
    while (tries.length < 6) {
      await settled();
      clock.advance(seconds(1));
    }

    expect(elapsed(tries[4] ?? clock.now(), tries[5] ?? clock.now())).toBe(seconds(1));
  });

  it('notes a failure without the words that people wrote', async () => {
    const lines: string[] = [];
    startLoop(
      async () => {
        throw failedQuery;
      },
      pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }),
    );
    await settled();

    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      { level: 50, error: 'PostgresError: relation "messages" does not exist', msg: 'Working failed; trying again' },
    ]);
  });
});

describe('an error for the log', () => {
  it('is the database’s own sentence, with none of the parameters that drizzle repeats', () => {
    expect(failedQuery.message).toContain('my doctor');

    expect(describeError(failedQuery)).toBe('PostgresError: relation "messages" does not exist');
  });

  it.each<[string, unknown, string]>([
    ['its own name and sentence when nothing caused it', new TypeError('not a function'), 'TypeError: not a function'],
    ['its own sentence when its cause is no error', new Error('odd', { cause: 'a word' }), 'Error: odd'],
    ['what was thrown when that is no error', 'just words', 'just words'],
  ])('is %s', (_title, error, sentence) => expect(describeError(error)).toBe(sentence));
});
