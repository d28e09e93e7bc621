import { beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, orders, shopDeliveries, shopNames } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, later, minutes } from '../lib/time.ts';
import { findPurchase, hasDelivered, haveEventsCome, readShopCustomer } from './purchase.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const since = later(now, -days(1));

let database: Database;
let ana: number;
let ben: number;
let numbers: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  numbers = 0;
  ana = await contactOfPhone(database, '+34600000001', now);
  ben = await contactOfPhone(database, '+34600000002', now);
});

async function order(values: Partial<typeof orders.$inferInsert>): Promise<string> {
  numbers += 1;
  const usual = { source: 'shopify', externalId: String(numbers), items: [], refunded: '0', codes: [], test: false };
  await database.insert(orders).values({ ...usual, createdAt: now, updatedAt: now, ...values });
  return String(numbers);
}

async function name(kind: 'customer' | 'email', value: string, contactId: number, source = 'shopify'): Promise<void> {
  await database.insert(shopNames).values({ source, kind, value, contactId, phone: '+34600000001', at: now });
}

const found = async (contactId: number) => (await findPurchase(database, contactId, since))?.order;

describe('A contact’s purchase', () => {
  it('is the newest order that belongs to it', async () => {
    await order({ contactId: ana, createdAt: later(now, -minutes(5)) });
    const newest = await order({ contactId: ana, number: '#1002' });
    await order({ contactId: ana, createdAt: later(now, -minutes(9)) });

    expect(await findPurchase(database, ana, since)).toEqual({
      ...{ source: 'shopify', order: newest, number: '#1002', createdAt: now },
    });
    expect(await found(ben)).toBeUndefined();
  });

  it.each<[title: string, values: Partial<typeof orders.$inferInsert>]>([
    ['from before', { createdAt: later(since, -1) }],
    ['that was cancelled', { cancelledAt: now }],
    ['that only tests the shop', { test: true }],
  ])('is no order %s', async (_title, values) => {
    await order({ contactId: ana, ...values });

    expect(await found(ana)).toBeUndefined();
  });

  it('is an order of that very instant', async () => {
    const one = await order({ contactId: ana, createdAt: since });

    expect(await found(ana)).toBe(one);
  });

  it('is one under the same number in another writing', async () => {
    const address = { kind: 'phone', firstSeenAt: now, lastSeenAt: now, matchKey: '551187654321' } as const;
    await database.insert(contactAddresses).values({ ...address, value: '+551187654321', contactId: ana });
    await database.insert(contactAddresses).values({ ...address, value: '+5511987654321', contactId: ben });
    const one = await order({ contactId: ben });

    expect(await found(ana)).toBe(one);
  });

  it.each<['customer' | 'email', Partial<typeof orders.$inferInsert>]>([
    ['customer', { customerId: 'C7' }],
    ['email', { email: 'C7' }],
  ])('is one under a name that the shop has for it: %s', async (kind, values) => {
    await name(kind, 'C7', ana);
    const one = await order(values);

    expect(await found(ana)).toBe(one);
    expect(await found(ben)).toBeUndefined();
  });

  it('is none under the same name in another shop', async () => {
    await name('customer', 'C7', ana, 'woocommerce');
    await order({ customerId: 'C7' });

    expect(await found(ana)).toBeUndefined();
  });
});

it('knows a contact by every writing of its numbers, its mail addresses anywhere, and the names of this shop', async () => {
  const bia = await contactOfPhone(database, '+551187654321', now);
  await name('email', 'bia@example.com', bia);
  await name('email', 'bia@example.com', bia, 'woocommerce');
  await name('customer', 'C7', bia);
  await name('customer', 'W7', bia, 'woocommerce');

  expect(await readShopCustomer(database, bia, 'woocommerce')).toEqual({
    phones: ['+551187654321', '+5511987654321'],
    emails: ['bia@example.com'],
    customerIds: ['W7'],
  });
  expect((await readShopCustomer(database, bia, undefined)).customerIds.toSorted()).toEqual(['C7', 'W7']);
});

it('tells whether a shop has delivered, what, and since when', async () => {
  const delivery = {
    key: 'k',
    body: new Uint8Array(),
    bodyHash: new Uint8Array(),
    triggeredAt: now,
    state: 'done',
  } as const;
  await database
    .insert(shopDeliveries)
    .values({ ...delivery, source: 'shopify', topic: 'orders/create', receivedAt: now });

  expect(await hasDelivered(database, 'shopify')).toBe(true);
  expect(await hasDelivered(database, 'shopify', { since: now, topics: 'order' })).toBe(true);
  expect(await hasDelivered(database, 'shopify', { topics: 'carts' })).toBe(false);
  expect(await hasDelivered(database, 'shopify', { since: later(now, 1) })).toBe(false);
  expect(await hasDelivered(database, 'woocommerce')).toBe(false);
});

it.each([['my-shop'], ['till'], ['zoo']])(
  'tells whether anything has come by the event API, under a name such as %s',
  async (name) => {
    const delivery = { body: new Uint8Array(), bodyHash: new Uint8Array(), triggeredAt: now, state: 'done' } as const;
    const deliver = (source: string) =>
      database.insert(shopDeliveries).values({ ...delivery, source, key: 'k', topic: 't', receivedAt: now });
    await deliver('shopify');
    await deliver('woocommerce');
    expect(await haveEventsCome(database)).toBe(false);

    await deliver(name);
    expect(await haveEventsCome(database)).toBe(true);
  },
);
