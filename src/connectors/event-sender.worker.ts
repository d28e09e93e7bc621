import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, type Milliseconds, seconds } from '../lib/time.ts';
import { makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import type { Settings } from '../settings/registry.ts';
import { readSettings } from '../settings/settings.store.ts';
import type { Exchange } from '../shop/exchange.ts';
import {
  claimDue,
  finishEvent,
  forgetFinished,
  nextEventDue,
  type OutboundRow,
} from '../shop/outbound-events.store.ts';
import type { PostOutside } from './guarded-request.ts';
import type { Settle } from './settle-event.ts';
import { standardHeaders } from './signature.ts';

/** facts/commerce §4 */
const LIMIT: Milliseconds = seconds(10);

/** Posts an event that was claimed to an address, signed. */
export type PostEvent = (url: string, row: OutboundRow, stop: AbortSignal) => Promise<Exchange>;

export function makePostEvent(parts: {
  readonly post: PostOutside;
  readonly clock: Clock;
  readonly secret: string | undefined;
}): PostEvent {
  const { post, clock, secret } = parts;
  return (url, { body, eventId, type, attempts }, stop) => {
    const headers = {
      ...standardHeaders(body, eventId, secret, clock.now()),
      'x-webhook-event': type,
      'x-webhook-attempt': String(attempts),
    };
    return post({ url, headers, body, limit: LIMIT }, stop);
  };
}

/**
 * Tells the shop's own systems of events, the earliest first, while this process holds the lease. An event goes again under the same id
 * until it has been taken; what was being sent when the process ended goes again too. Neither the address nor what goes over the wire is
 * logged.
 */
export function makeEventSender(parts: {
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly post: PostEvent;
  /** Makes a test that somebody waits for. @returns whether the row was one */
  readonly tryOut: (row: OutboundRow, stop: AbortSignal) => Promise<boolean>;
  /** Keeps what came of a try, in one transaction. */
  readonly settle: Settle;
  /** Messages may have been queued. */
  readonly onQueued: () => void;
}): WorkLoop {
  const { database, lease, clock, log, post, tryOut, settle, onQueued } = parts;
  let nextLook: Date | undefined;
  const loop = makeWorkLoop({
    name: 'Telling events',
    work: (stop) => lease.whileHeld((tenure) => sendDue(tenure, stop)),
    clock,
    log,
  });

  async function sendDue(tenure: Tenure, stop: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([stop, tenure.lost]);
    for (let sent = 0; !ended.aborted; sent += 1) {
      const row = await database.transaction((transaction) => claimDue(transaction, tenure, clock.now()));
      if (!row) {
        if (sent > 0) {
          await forgetFinished(database, clock.now());
        }
        lookAgainAt(await nextEventDue(database), stop);
        return;
      }
      await sendUnlessEnded(row, ended);
    }
  }

  async function sendUnlessEnded(row: OutboundRow, ended: AbortSignal): Promise<void> {
    try {
      await send(row, ended);
    } catch (error) {
      // What was on its way goes again: by the next start, or by whoever holds the lease now.
      if (!ended.aborted) {
        throw error;
      }
    }
  }

  function lookAgainAt(instant: Date | undefined, stop: AbortSignal): void {
    if (instant && (!nextLook || instant < nextLook)) {
      nextLook = instant;
      void clock.sleepUntil(instant, stop).then(() => {
        if (nextLook === instant) {
          nextLook = undefined;
        }
        loop.wake();
      });
    }
  }

  async function send(row: OutboundRow, stop: AbortSignal): Promise<void> {
    if (await tryOut(row, stop)) {
      onQueued();
      return;
    }
    const settings = await readSettings(database);
    if (!isWanted(row, settings)) {
      await finishEvent(database, row, { state: 'failed', problem: 'not-wanted' }, clock.now());
      return;
    }
    const url = settings['sales.webhook-url'];
    const exchange = await post(url, row, stop);
    await database.transaction((transaction) => settle(transaction, { row, url, exchange }, clock.now()));
    onQueued();
  }

  return loop;
}

/** Whether it is still to be told: an owner may have switched it off while it waited. */
function isWanted({ type }: OutboundRow, settings: Settings): boolean {
  return settings['sales.webhook-url'] !== '' && settings['sales.webhook-events'].some((one) => one === type);
}
