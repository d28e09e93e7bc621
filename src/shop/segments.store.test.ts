import { beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { cappings, orders } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { hours, later } from '../lib/time.ts';
import { readSegmentFacts } from './segments.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const earlier = later(now, -hours(1));

let database: Database;
let ana: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  ana = await contactOfPhone(database, '+34600000001', now);
});

async function order(externalId: string, values: Partial<typeof orders.$inferInsert>): Promise<void> {
  const usual = { source: 'shopify', externalId, items: [], refunded: '0', codes: [], test: false, contactId: ana };
  await database.insert(orders).values({ ...usual, createdAt: now, updatedAt: now, ...values });
}

describe('What a person’s groups follow from', () => {
  it('is nothing of somebody of whom nothing is known', async () => {
    expect(await readSegmentFacts(database, ana)).toEqual({
      ...{ rescuedAt: undefined, boughtAt: undefined, consent: 'not-granted', privateSince: undefined },
    });
  });

  it('is the latest order that is neither cancelled nor a test', async () => {
    await order('1', { createdAt: earlier });
    await order('2', { cancelledAt: now });
    await order('3', { test: true });

    expect((await readSegmentFacts(database, ana)).boughtAt).toEqual(earlier);
  });

  it('is the latest rescue that was not given back', async () => {
    await database.insert(cappings).values([
      { contactId: ana, reservedAt: earlier },
      { contactId: ana, reservedAt: now, releasedAt: now },
    ]);

    expect((await readSegmentFacts(database, ana)).rescuedAt).toEqual(earlier);
  });
});
