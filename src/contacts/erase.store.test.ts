import { beforeEach, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { orders, shopEvents, shopReports } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { contactOfPhone } from './contacts.store.ts';
import { anonymiseOrders, eraseFromShops, erasePerson } from './erase.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const ana = '+34600000003';
const ben = '+34600000004';

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

async function order(externalId: string, phone: string, more: Partial<typeof orders.$inferInsert> = {}): Promise<void> {
  const contactId = await contactOfPhone(database, phone, now);
  const source = 'shopify';
  await database.insert(orders).values({
    source,
    externalId,
    items: [],
    total: '30',
    refunded: '0',
    codes: [],
    createdAt: now,
    updatedAt: now,
    test: false,
    contactId,
    phone,
    ...more,
  });
  const subject = `order:${externalId}`;
  const report = { kind: 'order', person: { phone, email: 'Someone@Example.com' }, url: 'https://shop/secret' };
  await database.insert(shopReports).values({ source, subject, version: '1', report });
  const event = { source, subject, type: 'order.created', occurredAt: now, recordedAt: now, contactId };
  await database.insert(shopEvents).values(event);
}

/** Whose each order is, in the order itself, in its report and in its event. */
async function whoseOrders() {
  const [found, reports, events] = [
    await database.select().from(orders).orderBy(orders.externalId),
    await database.select().from(shopReports).orderBy(shopReports.subject),
    await database.select().from(shopEvents).orderBy(shopEvents.subject),
  ];
  const people = reports.map(({ report }) => JSON.stringify((report as { person: unknown }).person));
  return found.map(({ externalId, phone }, index) => [
    externalId,
    phone,
    people[index],
    events[index]?.contactId !== null,
  ]);
}

it('Takes the person out of the orders that a shop names, and leaves the orders and all others alone', async () => {
  await order('1', ana);
  await order('2', ben);

  await anonymiseOrders(database, 'shopify', ['1', '3']);
  await anonymiseOrders(database, 'woocommerce', ['2']);
  await anonymiseOrders(database, 'shopify', []);

  expect(await whoseOrders()).toEqual([
    ['1', null, '{}', false],
    ['2', ben, expect.stringContaining(ben), true],
  ]);
});

it('Erases what a shop has told of somebody by an email in any capitals, who is no contact', async () => {
  await order('1', ana, { contactId: null, phone: null, email: 'Someone@example.com' });

  await eraseFromShops(database, { phones: [], customers: [], emails: ['someone@EXAMPLE.com'] }, [], now);

  expect((await whoseOrders()).map(([, , person]) => person)).toEqual(['{}']);
  expect((await database.select().from(orders))[0]).toMatchObject({ email: null, total: '30.0000' });
});

it('Erases one person and leaves another alone', async () => {
  await order('1', ana, { email: 'ana@example.com' });
  await order('2', ben);
  await database.update(shopReports).set({ report: { person: { phone: ben } } });

  await erasePerson(database, await contactOfPhone(database, ana, now), now);

  expect((await whoseOrders()).map(([id, phone, , known]) => [id, phone, known])).toEqual([
    ['1', null, false],
    ['2', ben, true],
  ]);
});
