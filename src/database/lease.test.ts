import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { later, type Milliseconds, seconds, systemClock } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Database, type OpenDatabase, openServerDatabase } from './database.ts';
import { alwaysHeld, endlessTenure, type Lease, LeaseLost, makeLease, nameHolder, type Tenure } from './lease.ts';
import { leases, settings } from './schema.ts';
import { createServerDatabase, emptyTestDatabase } from './test-database.ts';

// Two processes on one database. Their own clocks are simulated; the database's is moved along by moving what it compares with.

const noon = new Date('2026-11-22T12:00:00Z');
const never = new AbortController().signal;

let database: Database;
let clock: SimulatedClock;
let one: Process;
let two: Process;
let started: Process[];

/** A process that could hold the lease, with a way to the database that can be cut. */
interface Process {
  readonly lease: Lease;
  readonly waitedFor: string[];
  cutOff: boolean;
  /** Begins to stand by, or holds it at once. */
  standBy(): void;
  tenure(): Tenure | undefined;
  /** Everything that the present instant brings about has happened. */
  settled(): Promise<void>;
  end(): Promise<void>;
}

function startProcess(): Process {
  const stop = new AbortController();
  let asking = 0;
  const watched = new Proxy(database, {
    get(target, property) {
      const value = Reflect.get(target, property, target);
      if (property !== 'execute') {
        return value;
      }
      return async (statement: unknown) => {
        if (process.cutOff) {
          throw new Error('The network is gone');
        }
        asking += 1;
        try {
          return await value.call(target, statement);
        } finally {
          asking -= 1;
        }
      };
    },
  });
  const lease = makeLease({ name: 'whatsapp', clock, log: silentLog }, nameHolder(), () => ({
    database: watched,
    end: () => undefined,
  }));
  let standing: Promise<unknown> = Promise.resolve();
  const process: Process = {
    lease,
    waitedFor: [],
    cutOff: false,
    standBy() {
      standing = standing.then(() => lease.acquire(stop.signal, (waitingFor) => process.waitedFor.push(waitingFor)));
    },
    tenure: () => lease.tenure(),
    async settled() {
      for (let quiet = 0; quiet < 5; quiet = asking > 0 ? 0 : quiet + 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async end() {
      stop.abort();
      await standing;
      process.cutOff = false;
      await lease.release();
    },
  };
  started.push(process);
  return process;
}

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(noon);
  started = [];
  one = startProcess();
  two = startProcess();
});

afterEach(() => Promise.all(started.map((process) => process.end())));

/** Time passes for everybody, the database included. */
async function pass(span: Milliseconds): Promise<void> {
  await passAtDatabase(span);
  clock.advance(span);
  await settled();
}

async function passAtDatabase(span: Milliseconds): Promise<void> {
  const [row] = await database.select().from(leases);
  if (row) {
    await database.update(leases).set({ expiresAt: later(row.expiresAt, -span) });
  }
}

async function settled(): Promise<void> {
  for (const process of started) {
    await process.settled();
  }
}

async function standBy(process: Process): Promise<void> {
  process.standBy();
  await settled();
}

/** What every writer does: within the transaction, under the lease. */
async function write(tenure: Tenure | undefined, key: string): Promise<boolean> {
  expect(tenure).toBeDefined();
  try {
    await database.transaction(async (transaction) => {
      await tenure?.confirm(transaction);
      await transaction.insert(settings).values({ key, value: 'written', changedAt: noon });
    });
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(LeaseLost);
    return false;
  }
}

describe('the lease', () => {
  it('goes to the first who asks, and the second stands by', async () => {
    await standBy(one);
    await standBy(two);

    expect([one.tenure()?.fence, two.tenure()]).toEqual([1, undefined]);
    expect(two.waitedFor).toEqual(['holder']);
    expect(await write(one.tenure(), 'first')).toBe(true);
  });

  it('is renewed for as long as its holder lives', async () => {
    await standBy(one);
    await standBy(two);
    const tenure = one.tenure();

    for (let minute = 0; minute < 12; minute++) {
      await pass(seconds(5));
    }

    expect(one.tenure()).toBe(tenure);
    expect(two.tenure()).toBeUndefined();
    expect(await write(tenure, 'late')).toBe(true);
  });

  it('passes on within a second or so when it is given back', async () => {
    await standBy(one);
    await standBy(two);
    const former = one.tenure();

    await one.lease.release();
    expect(former?.lost.aborted).toBe(true);
    await pass(seconds(1));

    expect(two.tenure()?.fence).toBe(2);
    expect(await write(former, 'too late')).toBe(false);
  });

  it('is let go although the database cannot be told: it ends by itself, and nobody is kept from stopping', async () => {
    const one = startProcess();
    one.standBy();
    await one.settled();
    expect(one.tenure()).toBeDefined();
    one.cutOff = true;

    await one.lease.release();

    expect(one.tenure()).toBeUndefined();
  });

  it('passes on when its holder is cut off, and not before that one has given up by itself', async () => {
    await standBy(one);
    await standBy(two);
    const former = one.tenure();
    one.cutOff = true;

    for (let second = 0; second < 9; second++) {
      await pass(seconds(1));
      expect([former?.isHeld(), two.tenure()]).toEqual([true, undefined]);
    }
    await pass(seconds(1));
    expect([former?.isHeld(), former?.lost.aborted, one.tenure(), two.tenure()]).toEqual([
      false,
      true,
      undefined,
      undefined,
    ]);
    await pass(seconds(2));
    await pass(seconds(1));

    expect(two.tenure()?.fence).toBe(2);
  });

  it('is kept through a short outage of the database', async () => {
    await standBy(one);
    const tenure = one.tenure();
    one.cutOff = true;
    await pass(seconds(5));
    one.cutOff = false;
    await pass(seconds(1));
    await pass(seconds(8));

    expect(tenure?.isHeld()).toBe(true);
  });

  it('is taken again by its former holder after an outage, as a new tenure', async () => {
    await standBy(one);
    const former = one.tenure();
    one.cutOff = true;
    await pass(seconds(11));
    one.standBy();
    await pass(seconds(1));
    expect(one.waitedFor).toContain('database');
    one.cutOff = false;
    await pass(seconds(1));

    expect(one.tenure()?.fence).toBe(2);
    expect(await write(former, 'of the former tenure')).toBe(false);
  });

  it('refuses what a holder writes that was paused and does not know that its time is over', async () => {
    await standBy(one);
    const paused = one.tenure();
    await standBy(two);
    // The first process does nothing; the database and the other one live on.
    await passAtDatabase(seconds(13));
    await two.end();
    two = startProcess();
    await standBy(two);
    expect(two.tenure()?.fence).toBe(2);

    expect(paused?.isHeld()).toBe(true);
    expect(await write(paused, 'after the pause')).toBe(false);

    expect([paused?.isHeld(), paused?.lost.aborted]).toEqual([false, true]);
    expect(await write(two.tenure(), 'by the holder')).toBe(true);
    expect(await database.select({ key: settings.key }).from(settings)).toEqual([{ key: 'by the holder' }]);
  });

  it('leaves work alone that cannot be done under it, without complaint', async () => {
    let done = 0;
    const work = async (tenure: Tenure) => {
      await database.transaction((transaction) => tenure.confirm(transaction));
      done += 1;
    };
    await one.lease.whileHeld(work);
    await standBy(one);
    await one.lease.whileHeld(work);
    await database.update(leases).set({ holder: 'somebody else' });
    await one.lease.whileHeld(work);

    expect(done).toBe(1);
    await expect(one.lease.whileHeld(() => Promise.reject(new Error('of its own')))).resolves.toBeUndefined();
    await expect(alwaysHeld.whileHeld(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
  });

  it('costs nothing where one process has the database to itself', async () => {
    expect(await alwaysHeld.acquire(never, () => expect.fail('waited'))).toBe(endlessTenure);
    expect(await write(alwaysHeld.tenure(), 'alone')).toBe(true);
    expect(await database.select().from(leases)).toEqual([]);
  });

  it('has at most one holder at any time, whatever is cut off, paused or given back', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('pass' as const), span: fc.integer({ min: 100, max: 4000 }) }),
      },
      fc.record({ kind: fc.constantFrom('cut', 'heal', 'give back', 'ask' as const), who: fc.nat(2) }),
    );
    let changes = 0;
    const history = async (steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]) => {
      await database.delete(leases);
      const processes = [startProcess(), startProcess(), startProcess()];
      for (const process of processes) {
        await standBy(process);
      }
      const fences = new Set<number>();
      for (const now of steps) {
        if (now.kind === 'pass') {
          await pass(now.span);
        } else {
          const process = processes[now.who] as Process;
          await act(process, now.kind);
        }
        const holders = processes.map((process) => process.tenure()).filter((tenure) => tenure !== undefined);
        expect(holders.length).toBeLessThanOrEqual(1);
        for (const { fence } of holders) {
          fences.add(fence);
        }
      }
      changes += fences.size;
      await Promise.all(processes.map((process) => process.end()));
      started = started.filter((process) => !processes.includes(process));
    };

    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), history), {
      seed: 20_261_122,
      numRuns: 25,
    });

    expect(changes).toBeGreaterThan(25);
  }, 60_000);
});

async function act(process: Process, kind: 'cut' | 'heal' | 'give back' | 'ask'): Promise<void> {
  process.cutOff = kind === 'cut' || (kind !== 'heal' && process.cutOff);
  if (kind === 'give back' && !process.cutOff) {
    await process.lease.release();
  }
  if (kind === 'ask' && !process.tenure()) {
    process.standBy();
  }
  await settled();
}

const server = process.env['TEST_DATABASE_URL'];

describe.runIf(server)('two processes on a PostgreSQL server', () => {
  let first: OpenDatabase;
  let second: OpenDatabase;

  beforeEach(async () => {
    const url = await createServerDatabase(server ?? '', `shopbell_lease_${process.pid}`);
    [first, second] = await Promise.all([openServerDatabase(url), openServerDatabase(url)]);
  });

  afterEach(() => Promise.all([first.close(), second.close()]));

  it('may both open the database, at the same time, and bring its tables up to date once', async () => {
    expect(await first.database.select().from(leases)).toEqual([]);
    expect(await second.database.select().from(leases)).toEqual([]);
  });

  it('do not get between a write and its end: the takeover waits for it', async () => {
    const former = await hold(first);
    const [writing, finish] = [promised(), promised()];
    const write = first.database.transaction(async (transaction) => {
      await former.confirm(transaction);
      writing.keep();
      await finish.promise;
      await transaction.insert(settings).values({ key: 'in time', value: '', changedAt: noon });
    });
    await writing.promise;
    let takenOver = false;
    const taking = expire(second.database).then(() => hold(second));
    void taking.then(() => {
      takenOver = true;
    });
    await untilSomebodyWaits(second.database);

    expect(takenOver).toBe(false);
    finish.keep();
    await write;
    const next = await taking;

    expect(next.fence).toBe(former.fence + 1);
    expect(await second.database.select({ key: settings.key }).from(settings)).toEqual([{ key: 'in time' }]);
  });

  it('refuse a write that waited for a takeover on its way', async () => {
    const former = await hold(first);
    const [taken, finish] = [promised(), promised()];
    const takeover = second.database.transaction(async (transaction) => {
      await transaction.update(leases).set({ holder: 'another', fence: former.fence + 1 });
      taken.keep();
      await finish.promise;
    });
    await taken.promise;
    const write = first.database.execute(sql`
      with held as materialized (${former.guard}), stored as (
        insert into settings select 'too late', '', ${noon.toISOString()}::timestamptz from held
      )
      select from held`);
    const written = Promise.resolve(write).then((rows) => former.check(rows));
    written.catch(() => undefined);
    await untilSomebodyWaits(second.database);
    finish.keep();
    await takeover;

    await expect(written).rejects.toThrow(LeaseLost);
    expect(await second.database.select().from(settings)).toEqual([]);
    expect(former.lost.aborted).toBe(true);
  });

  it('take over from one that is stuck in the middle of a write, whose connections are ended', async () => {
    const stuck = first.lease({ name: 'whatsapp', clock: systemClock, log: silentLog });
    const successor = second.lease({ name: 'whatsapp', clock: systemClock, log: silentLog });
    const former = (await stuck.acquire(never, () => undefined)) ?? expect.fail('not taken');
    await expire(second.database);
    const writing = promised();
    // Never goes on: the driver itself fails at the next query on a connection that the server has ended.
    const write = first.database.transaction(async (transaction) => {
      await former.confirm(transaction);
      writing.keep();
      await new Promise(() => undefined);
    });
    const ended = expect(write).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    await writing.promise;

    const next = await successor.acquire(never, () => undefined);
    expect(next?.fence).toBe(former.fence + 1);
    await ended;

    await Promise.all([stuck.release(), successor.release()]);
  });

  async function hold({ database: through }: OpenDatabase): Promise<Tenure> {
    const lease = makeLease({ name: 'whatsapp', clock, log: silentLog }, nameHolder(), () => ({
      database: through,
      end: () => undefined,
    }));
    const tenure = await lease.acquire(never, () => undefined);
    return tenure ?? expect.fail('not taken');
  }

  /** Written by hand, as if the holder had not renewed it for long enough; waits like the takeover for who writes under it. */
  async function expire(through: Database): Promise<void> {
    await through.execute(sql`update leases set expires_at = '2026-01-01'`);
  }

  async function untilSomebodyWaits(through: Database): Promise<void> {
    await expect
      .poll(async () => {
        const [row] = await through.execute<{ waiting: number }>(sql`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`);
        return row?.waiting;
      })
      .toBeGreaterThan(0);
  }
});

function promised(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
