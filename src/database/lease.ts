import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import type { Log } from '../lib/log.ts';
import { type Clock, type Milliseconds, seconds, within } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import type { Database } from './database.ts';
import { leases } from './schema.ts';

// Which of several processes on one database may act. Expiry is judged by the database's own clock, which all of them share; the
// holder itself counts elapsed time on its own, and less of it, so that it gives up before another can take over. Both fail for a
// process that is paused: therefore every write that matters also carries the fence, and is refused with an older one.

/** facts/whatsapp §3.9 */
const TERM: Milliseconds = seconds(12);
const RENEW_EVERY: Milliseconds = seconds(4);

/** So much earlier than the database the holder itself counts the lease as over: time to leave WhatsApp. */
const MARGIN: Milliseconds = seconds(2);

/** How often who stands by looks again, and who failed to renew tries again. */
const LOOK_EVERY: Milliseconds = seconds(1);

/** An answer that takes longer does not come: the connection is given up and the next try has a new one. */
const ANSWER_WITHIN: Milliseconds = seconds(3);

const term = sql.raw(`interval '${TERM} milliseconds'`);

/** This process no longer holds the lease, so nothing was written. Another one may be at work already. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('Another Shopbell process may have taken over; nothing was written');
  }
}

/** The time from taking the lease to losing it. Taken again later, it is another tenure. */
export interface Tenure {
  /** Grows with every change of hands. */
  readonly fence: number;
  /** Aborted as soon as the tenure is over. */
  readonly lost: AbortSignal;
  /** By this process's own count. After having been paused it is wrong no more than until the next timers run. */
  isHeld(): boolean;
  /**
   * A query that gives one row while the lease is held, and none afterwards. It keeps others from taking over until the end of its
   * transaction, so what depends on the row in the same statement or transaction is written under the lease or not at all.
   */
  readonly guard: SQL;
  /** Takes the rows that `guard` gave. @throws LeaseLost when there was none, and the tenure is over then */
  check(rows: readonly unknown[]): void;
  /** To be called first in a transaction. @throws LeaseLost */
  confirm(transaction: Database): Promise<void>;
}

export interface Lease {
  /** The present tenure, if any. */
  tenure(): Tenure | undefined;
  /**
   * Stands by until this process may act.
   *
   * @param onWait says after each vain try what it waits for
   * @returns nothing when `stop` came first
   */
  acquire(stop: AbortSignal, onWait: (waitingFor: 'holder' | 'database') => void): Promise<Tenure | undefined>;
  /** Does `work` if the lease is held. That it is lost on the way is no error: whoever holds it then does the work. */
  whileHeld(work: (tenure: Tenure) => Promise<void>): Promise<void>;
  /** Gives the lease back, so that who stands by need not wait for its end. */
  release(): Promise<void>;
}

/** Of which nobody can rob this process. */
export const endlessTenure: Tenure = {
  fence: 0,
  lost: new AbortController().signal,
  isHeld: () => true,
  guard: sql`select 1`,
  check: () => undefined,
  confirm: () => Promise.resolve(),
};

/** For a database that only one process can open at all. */
export const alwaysHeld: Lease = {
  tenure: () => endlessTenure,
  acquire: () => Promise.resolve(endlessTenure),
  whileHeld: (work) => work(endlessTenure),
  release: () => Promise.resolve(),
};

/** A connection of the lease's own, so that renewing never waits behind other work. */
export interface LeaseConnection {
  readonly database: Database;
  /** Gives the connection up at once, whatever it waits for. */
  end(): void;
}

export interface LeaseParts {
  /** What the lease is for: one holder for each name. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A name for this process that no other one has, short enough to be the name of its connections too. */
export function nameHolder(): string {
  return `shopbell ${process.pid} ${randomUUID()}`;
}

/**
 * A lease of 12 s on a database that several processes can reach, renewed every 4 s for as long as it is held.
 *
 * @param holder from `nameHolder`; all connections of this process bear it as their `application_name`
 */
export function makeLease({ name, clock, log }: LeaseParts, holder: string, connect: () => LeaseConnection): Lease {
  const line = makeLine(clock, connect);
  let current: HeldTenure | undefined;

  const tenure = () => (current?.isHeld() ? current : undefined);

  async function take(): Promise<HeldTenure | undefined> {
    const startedAt = clock.ticks();
    const fence = await line.ask((database) => takeFrom(database, name, holder));
    const taken = fence === undefined ? undefined : new HeldTenure({ name, holder, clock }, fence, startedAt);
    return taken?.isHeld() ? taken : undefined;
  }

  async function keep(mine: HeldTenure): Promise<void> {
    let pause = RENEW_EVERY;
    for (;;) {
      await clock.sleep(pause, mine.lost);
      const startedAt = clock.ticks();
      if (!mine.isHeld()) {
        return;
      }
      try {
        mine.check(await line.ask((database) => renew(database, mine)));
        mine.renewedAt(startedAt);
        pause = RENEW_EVERY;
      } catch (error) {
        log.warn({ error: describe(error) }, 'The lease on WhatsApp could not be renewed');
        pause = LOOK_EVERY;
      }
    }
  }

  /** Giving it back saves the others the waiting. Where the database does not answer, it ends by itself. */
  async function giveBackIfPossible(mine: HeldTenure): Promise<void> {
    await line
      .ask((database) => giveBack(database, mine))
      .catch((error) => {
        log.info({ error: describe(error) }, 'The lease on WhatsApp could not be given back; it ends by itself');
      });
  }

  return {
    tenure,
    async acquire(stop, onWait) {
      while (!stop.aborted) {
        const taken = await take().catch((error) => {
          log.debug({ error: describe(error) }, 'The lease on WhatsApp could not be asked for');
          return 'no answer' as const;
        });
        if (taken instanceof HeldTenure) {
          current = taken;
          void taken.watch();
          void keep(taken);
          return taken;
        }
        onWait(taken === undefined ? 'holder' : 'database');
        await clock.sleep(LOOK_EVERY, stop);
      }
      return undefined;
    },
    whileHeld: (work) => doWhileHeld(tenure(), work),
    async release() {
      const mine = current;
      current = undefined;
      mine?.end();
      await (mine && giveBackIfPossible(mine));
      line.close();
    },
  };
}

async function doWhileHeld(tenure: Tenure | undefined, work: (tenure: Tenure) => Promise<void>): Promise<void> {
  try {
    await (tenure && work(tenure));
  } catch (error) {
    if (!(error instanceof LeaseLost)) {
      throw error;
    }
  }
}

/** Asks the database one question at a time, on a new connection after one that failed or did not answer. */
function makeLine(clock: Clock, connect: () => LeaseConnection) {
  let connection: LeaseConnection | undefined;

  return {
    async ask<Answer>(question: (database: Database) => Promise<Answer>): Promise<Answer> {
      connection ??= connect();
      const asked = connection;
      try {
        return await within(clock, ANSWER_WITHIN, question(asked.database));
      } catch (error) {
        asked.end();
        connection = connection === asked ? undefined : connection;
        throw error;
      }
    },
    close() {
      connection?.end();
      connection = undefined;
    },
  };
}

interface Place {
  readonly name: string;
  readonly holder: string;
  readonly clock: Clock;
}

class HeldTenure implements Tenure {
  readonly fence: number;
  readonly #place: Place;
  readonly #ending = new AbortController();
  #heldUntil: Milliseconds;

  constructor(place: Place, fence: number, startedAt: Milliseconds) {
    this.#place = place;
    this.fence = fence;
    this.#heldUntil = startedAt + TERM - MARGIN;
  }

  get lost(): AbortSignal {
    return this.#ending.signal;
  }

  isHeld(): boolean {
    return !this.lost.aborted && this.#place.clock.ticks() < this.#heldUntil;
  }

  get row(): SQL {
    const { name, holder } = this.#place;
    return sql`${leases.name} = ${name} and ${leases.holder} = ${holder} and ${leases.fence} = ${this.fence}`;
  }

  get guard(): SQL {
    return sql`select 1 from ${leases} where ${this.row} for share`;
  }

  check(rows: readonly unknown[]): void {
    if (rows.length === 0) {
      this.end();
      throw new LeaseLost();
    }
  }

  async confirm(transaction: Database): Promise<void> {
    this.check(this.isHeld() ? await transaction.execute(this.guard) : []);
  }

  /** The database has prolonged it, at the earliest then. */
  renewedAt(instant: Milliseconds): void {
    this.#heldUntil = instant + TERM - MARGIN;
  }

  /** Ends the tenure when its time is over, whether or not the database can be reached. */
  async watch(): Promise<void> {
    const { clock } = this.#place;
    while (this.isHeld()) {
      await clock.sleep(this.#heldUntil - clock.ticks(), this.lost);
    }
    this.end();
  }

  end(): void {
    this.#ending.abort();
  }
}

/** PostgreSQL's code for having waited longer than `lock_timeout` for a row that somebody has locked. */
const STILL_LOCKED = '55P03';

/**
 * Takes the lease if it is free. A former holder that is paused or cut off in the middle of a transaction keeps the row locked,
 * and the server may wait for it for ever: its connections are ended, for what it has begun is refused in any case.
 *
 * @returns the new fence; `undefined` while somebody else holds it
 */
async function takeFrom(database: Database, name: string, holder: string): Promise<number | undefined> {
  try {
    return await takeIfFree(database, name, holder);
  } catch (error) {
    if (((error as Error).cause as { code?: unknown } | undefined)?.code !== STILL_LOCKED) {
      throw error;
    }
    await database.execute(sql`
      select pg_terminate_backend(activity.pid) from pg_stat_activity as activity
      join ${leases} on activity.application_name = ${leases.holder} and activity.datname = current_database()
      where ${leases.name} = ${name} and ${leases.holder} <> ${holder} and ${leases.expiresAt} <= clock_timestamp()`);
    return takeIfFree(database, name, holder);
  }
}

/** Only reads while somebody else holds it. */
async function takeIfFree(database: Database, name: string, holder: string): Promise<number | undefined> {
  const [taken] = await database.execute<{ fence: string }>(sql`
    insert into ${leases} as kept (name, holder, fence, expires_at)
    select ${name}, ${holder}, 1, clock_timestamp() + ${term}
    where not exists (
      select from ${leases} where name = ${name} and holder <> ${holder} and expires_at > clock_timestamp()
    )
    on conflict (name) do update set holder = excluded.holder, fence = kept.fence + 1, expires_at = clock_timestamp() + ${term}
    where kept.holder = ${holder} or kept.expires_at <= clock_timestamp()
    returning fence`);
  return taken && Number(taken.fence);
}

async function renew(database: Database, { row }: HeldTenure): Promise<readonly unknown[]> {
  return database.execute(
    sql`update ${leases} set expires_at = clock_timestamp() + ${term} where ${row} returning fence`,
  );
}

async function giveBack(database: Database, { row }: HeldTenure): Promise<void> {
  await database.execute(sql`update ${leases} set expires_at = clock_timestamp() where ${row}`);
}
