import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, days, elapsed, hours, later, type Milliseconds, minutes } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import { spanToHear, worstOf } from './connection-health.ts';
import {
  areNewestNameless,
  forgetConnections,
  hasOrders,
  keepKnownFrom,
  keepPolled,
  readConnection,
} from './connections.store.ts';
import type { Answer, Connector, OrderPage, Trouble } from './connector.ts';
import { hasDelivered } from './purchase.store.ts';
import type { ShopReport } from './report.ts';

/** A shop's search may be a few minutes behind the shop itself. */
const OVERLAP: Milliseconds = minutes(5);
const FIRST_TIME: Milliseconds = hours(24);
/** facts/commerce §1.2 */
const ENOUGH_ORDERS = 10;

/** Takes in what a shop has told, in the given transaction. */
export type TakeReports = (
  transaction: Database,
  told: readonly { readonly source: string; readonly report: ShopReport }[],
  now: Date,
) => Promise<void>;

/** Where a shop is to report to, or the variable without which it cannot. */
export type ReportTo = { readonly address: string } | { readonly missing: string };

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
      if (connection?.troubleSince && (await hasDelivered(database, source, { since: connection.troubleSince }))) {
        await note(source, undefined);
      }
    }
  }

  return {
    async pollAll(stop) {
      await tidy();
      await Promise.all([...watches.values()].map(({ poll }) => poll(stop)));
    },
    async recheckAll(stop) {
      await tidy();
      await Promise.all([...watches.values()].map(({ recheck }) => recheck(stop)));
    },
    async catchUp(source, freshFor, stop) {
      const watch = watches.get(source);
      return watch ? watch.catchUp(freshFor, stop) : { ok: true, value: undefined };
    },
  };
}

/** One shop. */
function makeWatch(parts: OrderPollParts, connector: Connector) {
  const { database, clock, log, note } = parts;
  const { source } = connector;
  let polling: Promise<Answer<Date | undefined>> | undefined;
  let polledAt: Milliseconds | undefined;
  let reporting: Trouble | undefined;
  let listeningSince: Date | undefined;

  function poll(stop: AbortSignal): Promise<Answer<Date | undefined>> {
    polling ??= pollOnce(stop).finally(() => {
      polling = undefined;
    });
    return polling;
  }

  async function pollOnce(stop: AbortSignal): Promise<Answer<Date | undefined>> {
    const outcome = await fetchChanges(parts, connector, stop);
    if (stop.aborted) {
      return { ok: false, trouble: { kind: 'unreachable' } };
    }
    polledAt = outcome.ok ? clock.ticks() : undefined;
    await note(source, await findTrouble(outcome.ok ? undefined : outcome.trouble));
    return outcome;
  }

  async function findTrouble(asking: Trouble | undefined): Promise<Trouble | undefined> {
    const before = (await readConnection(database, source))?.trouble;
    const hidesCustomers = await areNewestNameless(database, source, ENOUGH_ORDERS);
    return worstOf({ asking, reporting, isSilent: await isSilent(), hidesCustomers, before });
  }

  /** The shop has orders, and none of its webhooks for orders has come in all the time. */
  async function isSilent(): Promise<boolean> {
    const span = spanToHear(listeningSince, clock.now(), days(1));
    if (!span || (await hasDelivered(database, source, { since: span.from, topics: 'order' }))) {
      return false;
    }
    return hasOrders(database, source, span);
  }

  async function recheck(stop: AbortSignal): Promise<void> {
    const profile = await connector.inspect(stop);
    const answer = profile.ok ? await askToReport(parts, connector, stop) : profile;
    if (stop.aborted) {
      return;
    }
    if (!answer.ok) {
      reporting = answer.trouble;
      log.warn({ source, trouble: answer.trouble.kind, why: answer.trouble.detail }, 'A shop cannot report to us');
    } else {
      reporting = undefined;
      listeningSince = answer.value.length > 0 ? clock.now() : (listeningSince ?? clock.now());
      log.info({ source, added: answer.value.length }, 'A shop reports to us');
    }
    await note(source, await findTrouble(profile.ok ? undefined : profile.trouble));
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

/** @returns the topics that were added */
async function askToReport(
  { database, reportTo }: OrderPollParts,
  connector: Connector,
  stop: AbortSignal,
): Promise<Answer<readonly string[]>> {
  const { source } = connector;
  const where = reportTo[source];
  if ('address' in where) {
    return connector.subscribe(where.address, stop);
  }
  // Somebody may have set the webhooks up by hand.
  return (await hasDelivered(database, source))
    ? { ok: true, value: [] }
    : { ok: false, trouble: { kind: 'no-address', detail: where.missing } };
}
