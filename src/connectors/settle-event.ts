import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { readSettings } from '../settings/settings.store.ts';
import { readTrouble, setTrouble } from '../shop/connections.store.ts';
import { type Exchange, troubleOf } from '../shop/exchange.ts';
import { isHopeless, judgeTry, type Verdict } from '../shop/outbound-event.ts';
import { finishEvent, giveUpWaiting, type OutboundRow, tryAgain } from '../shop/outbound-events.store.ts';

/** One try of an event. */
export interface Try {
  readonly row: OutboundRow;
  readonly url: string;
  readonly exchange: Exchange;
}

/** Keeps what came of a try. To be called in a transaction. */
export type Settle = (transaction: Database, made: Try, now: Date) => Promise<void>;

/** Why an address is told nothing more. */
export type SwitchOffReason = 'gone' | 'failed-for-days';

export function makeSettle(parts: {
  readonly log: Log;
  /** From 0 to 1, for the pauses between tries. */
  readonly chance: () => number;
  /** Tells the owners, in the transaction in which the address is switched off. */
  readonly tellSwitchedOff: (transaction: Database, made: Try, reason: SwitchOffReason, now: Date) => Promise<void>;
}): Settle {
  const { log, chance, tellSwitchedOff } = parts;

  return async (transaction, made, now) => {
    const { row, url, exchange } = made;
    const verdict = judgeTry(exchange, row.attempts, chance(), now);
    if (verdict.kind === 'delivered') {
      await finishEvent(transaction, row, { state: 'delivered' }, now);
      await setTrouble(transaction, 'webhook', undefined, now);
      return;
    }
    const problem = problemIn(exchange);
    log.info({ event: row.id, attempt: row.attempts, problem }, 'An event was not taken');
    if ((await readSettings(transaction))['sales.webhook-url'] !== url) {
      // The owner has set another address meanwhile: what the old one says is of no matter.
      await tryAgain(transaction, row, problem, now);
      return;
    }
    await keepFailure(transaction, made, verdict, now);
  };

  async function keepFailure(transaction: Database, made: Try, verdict: Verdict, now: Date): Promise<void> {
    const { row, exchange } = made;
    const problem = problemIn(exchange);
    if (verdict.kind === 'again') {
      await tryAgain(transaction, row, problem, verdict.at);
    } else {
      await finishEvent(transaction, row, { state: 'failed', problem }, now);
    }
    const reason = verdict.kind === 'gone' ? 'gone' : await noteFailure(transaction, exchange, now);
    if (reason) {
      await setTrouble(transaction, 'webhook', { kind: 'switched-off', detail: reason }, now);
      await giveUpWaiting(transaction, 'switched-off', now);
      await tellSwitchedOff(transaction, made, reason, now);
    }
  }
}

/** @returns why the address is to be told nothing more, if it is */
async function noteFailure(transaction: Database, exchange: Exchange, now: Date): Promise<SwitchOffReason | undefined> {
  await setTrouble(transaction, 'webhook', troubleOf(exchange), now);
  const trouble = await readTrouble(transaction, 'webhook');
  return trouble && isHopeless(trouble.since, now) ? 'failed-for-days' : undefined;
}

/** For the log: which kind of failure, and nothing of what was said. */
function problemIn(exchange: Exchange): string {
  return exchange.kind === 'answered' ? `status ${exchange.status}` : exchange.why;
}
