import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, days } from '../lib/time.ts';
import { spanToHear } from './connection-health.ts';
import { hasOrders } from './connections.store.ts';
import type { Answer, Connector, Trouble } from './connector.ts';
import { hasDelivered } from './purchase.store.ts';

/** Where a shop is to report to, or the variable without which it cannot. */
export type ReportTo = { readonly address: string } | { readonly missing: string };

/** Whether one shop reports to us. */
export interface Reporting {
  /** What keeps it from reporting, when somebody looked last. */
  trouble(): Trouble | undefined;
  /** Has it report what it does not report yet. @returns whether something had to be added */
  listen(stop: AbortSignal): Promise<boolean>;
  /** It could not be asked to; it is to be asked as soon as it answers. */
  postpone(trouble: Trouble): void;
  /** It has orders, and none of its webhooks for orders has come in all the time, although it knows where to. */
  isSilent(stop: AbortSignal): Promise<boolean>;
}

interface ReportingParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly reportTo: ReportTo;
}

export function makeReporting(parts: ReportingParts, connector: Connector): Reporting {
  const { database, clock, log } = parts;
  const { source } = connector;
  let trouble: Trouble | undefined;
  let listeningSince: Date | undefined;

  async function listen(stop: AbortSignal): Promise<boolean> {
    const answer = await askToReport(parts, connector, stop);
    if (!answer.ok) {
      trouble = answer.trouble;
      log.warn({ source, trouble: trouble.kind, why: trouble.detail }, 'A shop cannot report to us');
      return false;
    }
    trouble = undefined;
    const added = answer.value.length;
    listeningSince = added > 0 ? clock.now() : (listeningSince ?? clock.now());
    log.info({ source, added }, 'A shop reports to us');
    return added > 0;
  }

  return {
    trouble: () => trouble,
    listen,
    postpone(why) {
      trouble = why;
    },
    async isSilent(stop) {
      const span = spanToHear(listeningSince, clock.now(), days(1));
      if (!span || (await hasDelivered(database, source, { since: span.from, topics: 'order' }))) {
        return false;
      }
      return (await hasOrders(database, source, span)) && !(await listen(stop));
    },
  };
}

/** @returns the topics that were added */
async function askToReport(
  { database, reportTo }: ReportingParts,
  connector: Connector,
  stop: AbortSignal,
): Promise<Answer<readonly string[]>> {
  if ('address' in reportTo) {
    return connector.subscribe(reportTo.address, stop);
  }
  // Somebody may have set the webhooks up by hand.
  return (await hasDelivered(database, connector.source))
    ? { ok: true, value: [] }
    : { ok: false, trouble: { kind: 'no-address', detail: reportTo.missing } };
}
