import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import { isOutage } from '../database/outage.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import type { ShopReport } from '../shop/report.ts';
import { markDeliveriesDone, markDeliveryFailed, pendingDeliveries, type StoredDelivery } from './deliveries.store.ts';
import { readDelivery } from './read-delivery.ts';

/** As many as one transaction takes without holding the embedded database for long. */
const BATCH = 50;

interface DeliveriesWorkerParts {
  readonly database: Database;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  /** ISO code of the shop's country, for phone numbers without a country code. */
  readonly country: () => Promise<string | undefined>;
  readonly takeReports: (
    transaction: Database,
    told: readonly { readonly source: string; readonly report: ShopReport }[],
    now: Date,
  ) => Promise<void>;
  /** Something was taken in. */
  readonly onTaken: () => void;
}

/**
 * Takes stored deliveries in, while this process holds the lease. Woken by each delivery and by start-up, for what a crash has left. A
 * batch is one transaction: what it says, and the mark of being done. One that cannot be read is set aside and blocks nothing.
 */
export function makeDeliveriesWorker(parts: DeliveriesWorkerParts): WorkLoop {
  const { database, lease, clock, log, country, takeReports, onTaken } = parts;

  async function work(tenure: Tenure, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const deliveries = await pendingDeliveries(database, BATCH);
      if (deliveries.length === 0) {
        return;
      }
      await take(tenure, deliveries);
      onTaken();
    }
  }

  async function take(tenure: Tenure, deliveries: readonly StoredDelivery[]): Promise<void> {
    try {
      await takeTogether(tenure, deliveries);
    } catch (error) {
      if (isOutage(error)) {
        throw error;
      }
      for (const delivery of deliveries) {
        await takeAlone(tenure, delivery);
      }
    }
  }

  async function takeTogether(tenure: Tenure, deliveries: readonly StoredDelivery[]): Promise<void> {
    const now = clock.now();
    const shopCountry = await country();
    const told = deliveries.flatMap((delivery) =>
      readDelivery(delivery, shopCountry).map((report) => ({ source: delivery.source, report })),
    );
    await database.transaction(async (transaction) => {
      await tenure.confirm(transaction);
      await takeReports(transaction, told, now);
      await markDeliveriesDone(
        transaction,
        deliveries.map(({ id }) => id),
        now,
      );
    });
  }

  async function takeAlone(tenure: Tenure, delivery: StoredDelivery): Promise<void> {
    try {
      await takeTogether(tenure, [delivery]);
    } catch (error) {
      if (isOutage(error)) {
        throw error;
      }
      log.error({ delivery: delivery.id, topic: delivery.topic, error: describe(error) }, 'A delivery was set aside');
      await markDeliveryFailed(database, delivery.id, describe(error), clock.now());
    }
  }

  return makeWorkLoop({
    name: 'Taking in what shops tell',
    work: (stop) => lease.whileHeld((tenure) => work(tenure, stop)),
    clock,
    log,
  });
}
