import { parseAddress } from '../contacts/address.ts';
import { logMessages } from '../conversations/log.store.ts';
import type { Database } from '../database/database.ts';
import { assert } from '../lib/assert.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, seconds, wholeSecond } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import { isLinked } from '../outbox/link.ts';
import {
  advance,
  byId,
  byWhatsappId,
  claimNext,
  markFailed,
  type OutboxRow,
  RESEND_PAUSE,
  recoverInterrupted,
  returnToQueue,
} from '../outbox/outbox.store.ts';
import { type OutgoingContent, readableText } from '../outbox/outgoing-content.ts';
import { NotLinked, type Progress, type Transport } from '../outbox/transport.ts';

export interface Delivery {
  /** Looks for waiting messages now: something was queued, or the link came up. */
  wake(): void;
  /** Takes in what WhatsApp reports of a message. */
  settle(progress: Progress): Promise<void>;
  start(): void;
  /** Resolves as soon as nothing can be sent now. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** A send that neither succeeds nor fails by then is left to the resend rule. */
const SEND_TIMEOUT: Milliseconds = seconds(30);

/** Takes waiting messages to WhatsApp, one at a time, while there is a link. */
export function makeDelivery({
  database,
  clock,
  transport,
  log,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly log: Log;
}): Delivery {
  let lookingAgain = false;
  const loop: WorkLoop = makeWorkLoop({ work: deliverWaiting, clock, log, name: 'Delivery' });

  async function deliverWaiting(stop: AbortSignal): Promise<void> {
    // There is one run at a time, so whatever is still marked as being sent was interrupted.
    let resting = await recoverInterrupted(database, clock.now());
    while (!stop.aborted && isLinked(transport.link())) {
      const row = await database.transaction((transaction) => claim(transaction, clock.now()));
      if (!row) {
        break;
      }
      resting = !(await send(row)) || resting;
    }
    if (resting) {
      lookAgain(stop);
    }
  }

  /** Not waited for: what is queued meanwhile goes out at once. */
  function lookAgain(stop: AbortSignal): void {
    if (!lookingAgain) {
      lookingAgain = true;
      void clock.sleepUntil(later(clock.now(), RESEND_PAUSE), stop).then(() => {
        lookingAgain = false;
        loop.wake();
      });
    }
  }

  /** @returns whether it is known what happened: sent, or nothing was written */
  async function send(row: OutboxRow): Promise<boolean> {
    const address = parseAddress(row.address);
    assert(address, 'an outbox row has an address');
    try {
      await withTimeout(transport.send(address, row.whatsappId, row.content as OutgoingContent));
      await advance(database, byId(row.id), 'sent', clock.now());
    } catch (error) {
      if (!(error instanceof NotLinked)) {
        log.warn({ message: row.id, error: describe(error) }, 'A message may not have left');
        return false;
      }
      await returnToQueue(database, row, clock.now());
    }
    return true;
  }

  async function withTimeout(sending: Promise<void>): Promise<void> {
    const done = new AbortController();
    const timeout = clock.sleepUntil(later(clock.now(), SEND_TIMEOUT), done.signal).then(() => {
      if (!done.signal.aborted) {
        throw new Error('Sending took too long');
      }
    });
    await Promise.race([sending, timeout]).finally(() => done.abort());
  }

  return {
    wake: loop.wake,
    async settle(progress) {
      const which = byWhatsappId(progress.whatsappId);
      if (progress.kind === 'refused') {
        log.warn({ code: progress.code }, 'WhatsApp refused a message');
        await markFailed(database, progress.whatsappId, progress.code, clock.now());
        return;
      }
      await advance(database, which, progress.kind, clock.now());
    },
    start: loop.start,
    idle: loop.idle,
    stop: loop.stop,
  };
}

/** Claims a message and writes it into the log, in one transaction: what left us is always on record. */
async function claim(transaction: Database, now: Date): Promise<OutboxRow | undefined> {
  const row = await claimNext(transaction, now);
  if (row) {
    const content = row.content as OutgoingContent;
    await logMessages(transaction, [
      {
        contactId: row.contactId,
        direction: 'out',
        whatsappId: row.whatsappId,
        author: 'bot',
        kind: content.kind,
        text: readableText(content) ?? null,
        // In whole seconds like WhatsApp's own times, so that question and answer stay in the order of the log.
        sentAt: wholeSecond(now),
        loggedAt: now,
        arrival: 'sent',
      },
    ]);
  }
  return row;
}
