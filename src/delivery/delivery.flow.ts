import { parseAddress } from '../contacts/address.ts';
import { markLidStale } from '../contacts/lids.store.ts';
import { logMessages } from '../conversations/log.store.ts';
import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import { assert } from '../lib/assert.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, minutes, seconds, wholeSecond, within } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import { isLinked } from '../outbox/link.ts';
import {
  advance,
  byClaim,
  byWhatsappId,
  claimNext,
  markFailed,
  type OutboxRow,
  recoverInterrupted,
  returnToQueue,
  SETTLING_TIME,
} from '../outbox/outbox.store.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { outgoingLine } from '../outbox/outgoing-line.ts';
import { CannotBeSent, NotLinked, type Progress, type Transport } from '../outbox/transport.ts';
import { typeBefore } from './typing.flow.ts';

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
const SEND_WITHIN: Milliseconds = seconds(30);
/** A file has to be uploaded first. */
const SEND_FILE_WITHIN: Milliseconds = minutes(3);
/** Takes waiting messages to WhatsApp, one at a time, while this process holds the lease and there is a link. */
export function makeDelivery({
  database,
  lease,
  clock,
  transport,
  log,
}: {
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly log: Log;
}): Delivery {
  let nextLook: Date | undefined;
  const loop: WorkLoop = makeWorkLoop({
    work: (stop) => lease.whileHeld((tenure) => deliverWaiting(tenure, stop)),
    clock,
    log,
    name: 'Delivery',
  });

  async function deliverWaiting(tenure: Tenure, stop: AbortSignal): Promise<void> {
    const caughtUpAt = transport.caughtUpAt();
    if (caughtUpAt) {
      const recover = (transaction: Database) => recoverInterrupted(transaction, tenure, caughtUpAt, clock.now());
      lookAgainAt(await database.transaction(recover), stop);
    }
    for (let link = transport.link(); !stop.aborted && isLinked(link); link = transport.link()) {
      await typeBefore({ database, clock, transport }, link.since, stop);
      const { since } = link;
      const row = await database.transaction((transaction) => claim(transaction, tenure, since, clock.now()));
      if (!row) {
        return;
      }
      await send(row, tenure);
      // By then WhatsApp has acknowledged it, or it is in doubt.
      lookAgainAt(later(clock.now(), SETTLING_TIME), stop);
    }
  }

  /** Not waited for: what is queued meanwhile goes out at once. */
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

  async function send(row: OutboxRow, tenure: Tenure): Promise<void> {
    const address = parseAddress(row.address);
    assert(address, 'an outbox row has an address');
    const content = row.content as OutgoingContent;
    try {
      const limit = 'file' in content ? SEND_FILE_WITHIN : SEND_WITHIN;
      await within(clock, limit, transport.send(address, row.whatsappId, content));
      await advance(database, byClaim(row, tenure), 'sent', clock.now());
    } catch (error) {
      if (error instanceof CannotBeSent) {
        await markFailed(database, row.whatsappId, error.reason, clock.now());
      } else if (error instanceof NotLinked) {
        await returnToQueue(database, tenure, row, clock.now());
      } else {
        log.warn({ message: row.id, error: describe(error) }, 'A message may not have left');
      }
    }
  }

  return {
    wake: loop.wake,
    async settle(progress) {
      if (progress.kind === 'lid-stale') {
        await markLidStale(database, progress.whatsappId, clock.now());
        return;
      }
      if (progress.kind === 'refused') {
        log.warn({ code: progress.code }, 'WhatsApp refused a message');
        await markFailed(database, progress.whatsappId, progress.code, clock.now());
        return;
      }
      await advance(database, byWhatsappId(progress.whatsappId), progress.kind, clock.now());
    },
    start: loop.start,
    idle: loop.idle,
    stop: loop.stop,
  };
}

/** Claims a message and writes it into the log, in one transaction: what left us is always on record. */
async function claim(
  transaction: Database,
  tenure: Tenure,
  linkedSince: Date,
  now: Date,
): Promise<OutboxRow | undefined> {
  const row = await claimNext(transaction, tenure, linkedSince, now);
  if (row) {
    const content = row.content as OutgoingContent;
    const line = {
      ...outgoingLine(content),
      contactId: row.contactId,
      direction: 'out',
      whatsappId: row.whatsappId,
      author: 'bot',
      // In whole seconds like WhatsApp's own times, so that question and answer stay in the order of the log.
      sentAt: wholeSecond(now),
      loggedAt: now,
      arrival: 'sent',
    } as const;
    await logMessages(transaction, [line]);
  }
  return row;
}
