import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, elapsed, hours, later, type Milliseconds, minutes } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import { worstOf } from './connection-health.ts';
import {
  areNewestNameless,
  forgetConnections,
  keepKnownFrom,
  keepPolled,
  readConnection,
} from './connections.store.ts';
import type { Answer, Connector, OrderPage, Trouble } from './connector.ts';
import { hasDelivered } from './purchase.store.ts';
import type { ShopReport } from './report.ts';
import { makeReporting, type ReportTo } from './reporting.flow.ts';

/** A shop's search may be a few minutes behind the shop itself. */
const OVERLAP: Milliseconds = minutes(5);
const FIRST_TIME: Milliseconds = hours(24);
/** facts/commerce §1.2 */
const ENOUGH_ORDERS = 10;

/** Takes in what a shop has told, in the given transaction. */
type TakeReports = (
  transaction: Database,
  told: readonly { readonly source: string; readonly report: ShopReport }[],
  now: Date,
) => Promise<void>;

export interface OrderPollParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly connectors: readonly Connector[];
  /** Shops that report to us and cannot be asked: they are well again when they report again. */
  readonly listeners: readonly Connector['source'][];
  readonly reportTo: Readonly<Record<Connector['source'], ReportTo>>;
  readonly takeReports: TakeReports;
  /** How it stands with a shop; owners are told of it there. */
  readonly note: (source: Connector['source'], trouble: Trouble | undefined) => Promise<void>;
}

/** Fetches orders that were not reported, and sees that shops report to us. */
export interface OrderPoll {
  /** Fetches what has changed at every shop. A shop that does not answer keeps none of the others waiting for the next time. */
  pollAll(stop: AbortSignal): Promise<void>;
  /** Tests every connection, and has every shop report what it does not report yet. */
  recheckAll(stop: AbortSignal): Promise<void>;
  /**
   * Fetches what has changed at one shop, unless that was done within `freshFor`.
   *
   * @returns from when on all its orders are known now
   */
  catchUp(source: Connector['source'], freshFor: Milliseconds, stop: AbortSignal): Promise<Answer<Date | undefined>>;
}

export function makeOrderPoll(parts: OrderPollParts): OrderPoll {
  const watches = new Map(parts.connectors.map((connector) => [connector.source, makeWatch(parts, connector)]));
  const { database, note, listeners } = parts;
  let isTidy = false;

  async function tidy(): Promise<void> {
    if (!isTidy) {
      const still = [...watches.keys(), ...listeners];
      await forgetConnections(
        database,
        (['shopify', 'woocommerce'] as const).filter((source) => !still.includes(source)),
      );
      isTidy = true;
    }
    for (const source of listeners) {
      const connection = await readConnection(database, source);
      const since = connection?.troubleSince && later(connection.troubleSince, 1);
      if (since && (await hasDelivered(database, source, { since }))) {
        await note(source, undefined);
      }
    }
  }

  return {
    async pollAll(stop) {
      await tidy();
      await allToTheEnd([...watches.values()].map(({ poll }) => poll(stop)));
    },
    async recheckAll(stop) {
      await tidy();
      await allToTheEnd([...watches.values()].map(({ recheck }) => recheck(stop)));
    },
    async catchUp(source, freshFor, stop) {
      const watch = watches.get(source);
      return watch ? watch.catchUp(freshFor, stop) : { ok: true, value: undefined };
    },
  };
}

/** Whatever happens to one of them, the others come to their end before anybody hears of it. */
async function allToTheEnd(works: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    throw failed.reason;
  }
}

/** Troubles after which a shop may have forgotten whom to report to. */
const shutOut: ReadonlySet<Trouble['kind']> = new Set(['uninstalled', 'refused', 'forbidden', 'not-found']);

/** One shop. */
function makeWatch(parts: OrderPollParts, connector: Connector) {
  const { database, clock, note } = parts;
  const { source } = connector;
  const reporting = makeReporting({ ...parts, reportTo: parts.reportTo[connector.source] }, connector);
  let polling: Promise<Answer<Date | undefined>> | undefined;
  let polledAt: Milliseconds | undefined;
  /** What kept the shop from answering for orders the last time. */
  let asking: Trouble | undefined;

  function poll(stop: AbortSignal): Promise<Answer<Date | undefined>> {
    polling ??= pollOnce(stop).finally(() => {
      polling = undefined;
    });
    return polling;
  }

  async function pollOnce(stop: AbortSignal): Promise<Answer<Date | undefined>> {
    const before = (await readConnection(database, source))?.trouble;
    const outcome = await fetchChanges(parts, connector, stop);
    polledAt = outcome.ok ? clock.ticks() : undefined;
    asking = outcome.ok ? undefined : outcome.trouble;
    // Who was shut out may have lost its webhooks too, and what did not work the last time may work now.
    if (outcome.ok && (reporting.trouble() || (before && shutOut.has(before.kind)))) {
      await inspect(stop);
    }
    await tell(stop);
    return outcome;
  }

  async function inspect(stop: AbortSignal): Promise<void> {
    const profile = await connector.inspect(stop);
    // Who lacks one permission may have others.
    if (profile.ok || profile.trouble.kind === 'forbidden') {
      await reporting.listen(stop);
    }
    if (!profile.ok) {
      reporting.postpone(profile.trouble);
    }
  }

  async function tell(stop: AbortSignal): Promise<void> {
    const before = (await readConnection(database, source))?.trouble;
    const hidesCustomers = await areNewestNameless(database, source, ENOUGH_ORDERS);
    const isSilent = !asking && !reporting.trouble() && (await reporting.isSilent(stop));
    if (!stop.aborted) {
      await note(source, worstOf({ asking, reporting: reporting.trouble(), isSilent, hidesCustomers, before }));
    }
  }

  async function recheck(stop: AbortSignal): Promise<void> {
    await inspect(stop);
    await tell(stop);
  }

  return {
    poll,
    recheck,
    async catchUp(freshFor: Milliseconds, stop: AbortSignal): Promise<Answer<Date | undefined>> {
      const isFresh = polledAt !== undefined && clock.ticks() - polledAt < freshFor;
      return isFresh ? { ok: true, value: (await readConnection(database, source))?.knownFrom } : poll(stop);
    },
  };
}

/** Page by page: what a page says and the mark behind it are one transaction, so whatever ends in between is begun again. */
async function fetchChanges(
  parts: OrderPollParts,
  connector: Connector,
  stop: AbortSignal,
): Promise<Answer<Date | undefined>> {
  const { database, clock } = parts;
  const { source } = connector;
  const startedAt = clock.now();
  const before = await readConnection(database, source);
  const since = before?.polledUntil ? later(before.polledUntil, -OVERLAP) : later(startedAt, -FIRST_TIME);
  let page: string | undefined;
  do {
    const answer = await connector.changedOrders(since, page, stop);
    if (!answer.ok) {
      return answer;
    }
    const { reports, next } = answer.value;
    const mark = markAfter(answer.value, startedAt);
    await takePage(parts, source, reports, async (transaction) => {
      if (mark) {
        await keepPolled(transaction, source, mark);
      }
      if (next === undefined) {
        await keepKnownFrom(transaction, source, since);
      }
    });
    page = next;
  } while (page !== undefined);
  return { ok: true, value: (await readConnection(database, source))?.knownFrom };
}

/** No shop's clock is so wrong that what we have seen of it an hour ago by ours is still to come. */
const CLOCKS_DIFFER: Milliseconds = hours(1);

/** Up to when everything is told, by the shop's clock. One that is ahead of ours must not lead us past what it has not told. */
function markAfter({ toldUntil, next }: OrderPage, startedAt: Date): Date | undefined {
  const seen = toldUntil && (elapsed(startedAt, toldUntil) > 0 ? startedAt : toldUntil);
  const atLeast = later(startedAt, -CLOCKS_DIFFER);
  return next === undefined && (seen === undefined || seen < atLeast) ? atLeast : seen;
}

/** A report that cannot be taken in must not keep all later ones away: then each is taken by itself, and that one is left out. */
async function takePage(
  { database, clock, log, takeReports }: OrderPollParts,
  source: Connector['source'],
  reports: readonly ShopReport[],
  move: (transaction: Database) => Promise<void>,
): Promise<void> {
  const take = (some: readonly ShopReport[], after: (transaction: Database) => Promise<void>) =>
    database.transaction(async (transaction) => {
      await takeReports(
        transaction,
        some.map((report) => ({ source, report })),
        clock.now(),
      );
      await after(transaction);
    });
  try {
    await take(reports, move);
  } catch (error) {
    let taken = 0;
    for (const report of reports) {
      try {
        await take([report], async () => undefined);
        taken += 1;
      } catch (problem) {
        log.error({ source, kind: report.kind, error: describe(problem) }, 'What a shop said could not be taken in');
      }
    }
    if (taken === 0) {
      // Not one of them: the fault is ours or the database's.
      throw error;
    }
    await take([], move);
  }
}
