import { setTimeout as pause } from 'node:timers/promises';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import { isOutage } from '../database/outage.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, type Milliseconds, minutes, within } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import {
  markFailed,
  markHandled,
  openArrival,
  type PendingArrival,
  pendingArrivals,
  type StoredArrival,
} from './journal.store.ts';
import { decryptVotes } from './poll-votes.store.ts';
import { placeholderFor, readArrival } from './read-arrival.ts';
import type { Seal } from './seal.ts';

/** How long arrivals gather after the last batch. The first one after a quiet time is taken at once. */
const GATHER_MS = 40;

/** An orderly stop leaves the log complete, within reason; the rest waits in the journal for the next start. */
const BATCHES_AT_STOP = 20;

/** A piece of history that does not come by then is set aside. */
const READ_WITHIN: Milliseconds = minutes(2);

/** As many as one transaction takes without holding the embedded database for long. */
const BATCH = 100;

interface JournalWorkerParts {
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly seal: Seal;
  /** The shop's own WhatsApp ids, under which votes on its polls are encrypted. */
  readonly ownIds: () => readonly string[];
  /** @returns the ids of the lines that are new in the log */
  readonly receive: (
    transaction: Database,
    messages: readonly IncomingMessage[],
    now: Date,
  ) => Promise<readonly number[]>;
  /** Messages were received: there may be answers to send. */
  readonly onReceived: () => void;
}

/**
 * Takes arrivals from the journal into the log, in their order, while this process holds the lease. Woken by each commit, and when
 * the lease comes for what a crash, or another process, has left.
 *
 * A batch is one transaction: messages, their effects and the mark of being handled. When a batch fails, its arrivals are taken
 * one by one, and one that cannot be handled is set aside, so that it never blocks those behind it.
 */
export function makeJournalWorker(parts: JournalWorkerParts): WorkLoop {
  const { database, lease, clock, log, seal, ownIds, receive, onReceived } = parts;

  async function work(tenure: Tenure, stop: AbortSignal): Promise<void> {
    for (let batches = 0; !stop.aborted || batches < BATCHES_AT_STOP; batches++) {
      const arrivals = await pendingArrivals(database, BATCH);
      if (arrivals.length === 0) {
        return;
      }
      await handle(tenure, arrivals);
      onReceived();
      if (arrivals.length < BATCH && !stop.aborted) {
        // Under load the next ones are taken together: a batch costs little more than a single arrival.
        await pause(GATHER_MS);
      }
    }
  }

  async function handle(tenure: Tenure, arrivals: readonly StoredArrival[]): Promise<void> {
    try {
      await handleTogether(tenure, arrivals);
    } catch (error) {
      if (isOutage(error)) {
        throw error;
      }
      for (const arrival of arrivals) {
        await handleAlone(tenure, arrival);
      }
    }
  }

  async function handleTogether(tenure: Tenure, arrivals: readonly StoredArrival[]): Promise<void> {
    const opened = arrivals.map((arrival) => openArrival(seal, arrival));
    const messages = await within(clock, READ_WITHIN, readAll(opened));
    const now = clock.now();
    await database.transaction(async (transaction) => {
      await tenure.confirm(transaction);
      // First, so that an answer which counts what is still waiting does not count its own question.
      await markHandled(
        transaction,
        arrivals.map(({ id }) => id),
        now,
      );
      for (let start = 0; start < messages.length; start += BATCH) {
        const part = messages.slice(start, start + BATCH);
        const lineIds = await receive(transaction, part, now);
        if (part.some(({ details: { kind } }) => kind === 'vote' || kind === 'poll')) {
          await decryptVotes(transaction, lineIds, ownIds());
        }
      }
    });
  }

  async function handleAlone(tenure: Tenure, arrival: StoredArrival): Promise<void> {
    try {
      await handleTogether(tenure, [arrival]);
    } catch (error) {
      if (isOutage(error)) {
        throw error;
      }
      log.error({ arrival: arrival.id, error: describe(error) }, 'An arrival could not be handled and was set aside');
      await setAside(parts, arrival, describe(error));
    }
  }

  return makeWorkLoop({
    name: 'Receiving',
    work: (stop) => lease.whileHeld((tenure) => work(tenure, stop)),
    clock,
    log,
    finishOnStop: true,
  });
}

async function setAside(
  { database, clock, seal, receive }: JournalWorkerParts,
  arrival: StoredArrival,
  problem: string,
) {
  const now = clock.now();
  await database.transaction(async (transaction) => {
    await markFailed(transaction, arrival.id, problem, now);
    // Whatever is wrong with it must not keep it from being set aside.
    await transaction
      .transaction((savepoint) => receive(savepoint, placeholderFor(openArrival(seal, arrival)), now))
      .catch(() => undefined);
  });
}

/** Reading takes time only for a history, which may have to be fetched. */
async function readAll(arrivals: readonly PendingArrival[]): Promise<IncomingMessage[]> {
  const messages: IncomingMessage[] = [];
  for (const arrival of arrivals) {
    messages.push(...(await readArrival(arrival)));
  }
  return messages;
}
