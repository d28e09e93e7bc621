import { readFileSync } from 'node:fs';
import { asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { readDelivery } from '../connectors/read-delivery.ts';
import { consentOf } from '../contacts/consents.store.ts';
import { contactOfPhone, resolveContacts } from '../contacts/contacts.store.ts';
import { makeOwner, readMembers } from '../contacts/members.store.ts';
import type { PhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import {
  carts,
  checkouts,
  contactAddresses,
  contactAttributes,
  contacts,
  orders,
  shopEvents,
  shopReports,
} from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, hours, later, minutes } from '../lib/time.ts';
import type { ShopReport } from '../shop/report.ts';
import { makeTakeReports } from './shop-events.flow.ts';

const now = new Date('2026-11-22T10:00:00Z');
const CAMILLE = '+12025550143' as PhoneNumber;

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

const takeReports = makeTakeReports({ onUninstalled: async () => undefined });

async function tell(...reports: readonly ShopReport[]): Promise<void> {
  const told = reports.map((report) => ({ source: 'shopify', report }));
  await database.transaction((transaction) => takeReports(transaction, told, now));
}

/** A sample of what Shopify delivers. */
async function deliver(topic: string, file: string): Promise<void> {
  const body = readFileSync(new URL(`../connectors/samples/shopify/${file}.json`, import.meta.url));
  await tell(...readDelivery({ source: 'shopify', key: file, topic, body, triggeredAt: now }, 'US'));
}

async function contactId(phone = CAMILLE): Promise<number> {
  return database.transaction((transaction) => contactOfPhone(transaction, phone, now));
}

async function eventTypes(): Promise<string[]> {
  const rows = await database.select().from(shopEvents).orderBy(asc(shopEvents.occurredAt), asc(shopEvents.id));
  return rows.map(({ type }) => type);
}

const consent = (state: 'granted' | 'withdrawn', at: Date, act = true): ShopReport => ({
  kind: 'consent',
  person: { phone: CAMILLE },
  state,
  act,
  source: 'Shopify',
  at,
});

const order = (more: Partial<Extract<ShopReport, { kind: 'order' }>> = {}): ShopReport => ({
  kind: 'order',
  order: '1001',
  person: {},
  items: [],
  codes: [],
  createdAt: now,
  whole: true,
  test: false,
  at: now,
  ...more,
});

describe('One customer’s journey at Shopify', () => {
  it('joins a cart that names nobody with whoever begins its checkout', async () => {
    await deliver('carts/create', 'carts_create');
    expect(await database.select().from(carts)).toMatchObject([{ contactId: null, joinedAt: null, currency: 'USD' }]);

    await deliver('checkouts/update', 'checkouts_update');
    const person = await contactId();
    const [cart] = await database.select().from(carts);
    const [checkout] = await database.select().from(checkouts);
    expect(cart).toMatchObject({ contactId: person, phone: CAMILLE });
    expect(checkout).toMatchObject({ contactId: person, completedAt: null });
    expect(cart?.joinedAt).toEqual(checkout?.joinedAt);
  });

  it('is told in the one vocabulary, and ends a checkout with its order', async () => {
    await deliver('carts/create', 'carts_create');
    await deliver('carts/update', 'carts_update');
    await deliver('checkouts/create', 'checkouts_create');
    await deliver('orders/create', 'orders_create');
    await deliver('orders/paid', 'orders_paid');
    await deliver('orders/fulfilled', 'orders_fulfilled');

    const types = await eventTypes();
    expect(types.filter((type) => type !== 'cart.added' && type !== 'cart.updated')).toEqual([
      'checkout.started',
      'order.created',
      'order.completed',
      'order.paid',
    ]);
    expect(types.filter((type) => type === 'cart.added').length).toBeGreaterThan(0);
    expect(await database.select().from(checkouts)).toMatchObject([{ completedAt: expect.any(Date) }]);
    expect(await database.select().from(orders)).toMatchObject([
      { contactId: await contactId(), paidAt: expect.any(Date), completedAt: expect.any(Date), refunded: '0.0000' },
    ]);
  });

  it('counts a refund that comes before its order, and each once', async () => {
    await deliver('refunds/create', 'refunds_create');
    expect(await database.select().from(orders)).toEqual([]);
    await deliver('orders/cancelled', 'orders_cancelled');
    await deliver('refunds/create', 'refunds_create');

    expect(await database.select().from(orders)).toMatchObject([
      { refunded: '30.9000', cancelledAt: expect.any(Date) },
    ]);
    expect((await eventTypes()).filter((type) => type === 'order.refunded')).toHaveLength(1);
  });
});

describe('An order', () => {
  it('is never moved backwards by an older report that comes late', async () => {
    await tell(
      order({ paidAt: later(now, minutes(5)), completedAt: later(now, minutes(9)), at: later(now, minutes(9)) }),
    );
    await tell(order({ at: now }));

    expect(await database.select().from(orders)).toMatchObject([
      { paidAt: later(now, minutes(5)), completedAt: later(now, minutes(9)), updatedAt: later(now, minutes(9)) },
    ]);
  });

  it('stands again when its payment failed first and then went through', async () => {
    await tell(order({ cancelledAt: now, at: now }));
    await tell(order({ at: later(now, minutes(2)) }));
    expect(await database.select().from(orders)).toMatchObject([{ cancelledAt: null }]);
  });

  it('stays cancelled when a later event tells of something else', async () => {
    await tell(order({ cancelledAt: now, at: now }));
    await tell(order({ whole: false, paidAt: later(now, minutes(2)), at: later(now, minutes(2)) }));
    expect(await database.select().from(orders)).toMatchObject([{ cancelledAt: now }]);
  });

  it('without a phone is given to whom the shop’s customer turns out to be, and events with it', async () => {
    await tell(order({ person: { customerId: '501' } }));
    expect(await database.select().from(orders)).toMatchObject([{ contactId: null }]);

    await tell({ kind: 'person', person: { customerId: '501', phone: CAMILLE }, at: later(now, -days(3)) });
    const person = await contactId();
    expect(await database.select().from(orders)).toMatchObject([{ contactId: person, phone: null }]);
    expect(await database.select().from(shopEvents)).toMatchObject([{ type: 'order.created', contactId: person }]);
  });

  it('of a present is the buyer’s, not of whom the parcel is for', async () => {
    await tell(order({ person: { phone: CAMILLE, phoneFrom: 'gift', customerId: '501' } }));
    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, phone: null }]);
    expect(await database.select().from(contacts)).toEqual([]);
  });
});

describe('A person', () => {
  it('is one, however a shop and WhatsApp write the same number', async () => {
    const atWhatsApp = { kind: 'phone', value: '+551188887777' } as const;
    const [writer] = await resolveContacts(
      database,
      [{ addresses: [{ kind: 'lid', value: '9' }, atWhatsApp], name: 'Bia' }],
      now,
    );
    await tell(order({ person: { phone: '+5511988887777' as PhoneNumber } }));

    expect(await database.select().from(orders)).toMatchObject([{ contactId: writer }]);
    expect(await database.select().from(contacts)).toHaveLength(1);
    const known = await database.select().from(contactAddresses).where(eq(contactAddresses.kind, 'phone'));
    expect(known.map(({ value }) => value).toSorted()).toEqual(['+551188887777', '+5511988887777']);
  });

  it('is known by what was said last of each thing', async () => {
    const said = (firstName: string, at: Date): ShopReport => ({
      kind: 'person',
      person: { phone: CAMILLE, firstName },
      at,
    });
    await tell(said('Camille', now));
    await tell(said('Camila', later(now, -hours(1))));
    expect(await database.select().from(contactAttributes)).toMatchObject([{ name: 'first-name', value: 'Camille' }]);
  });
});

describe('Consent told by a shop', () => {
  it('is what the customer did last there', async () => {
    await tell(consent('granted', later(now, -hours(2))));
    expect(await consentOf(database, await contactId())).toMatchObject({ state: 'granted' });
    await tell(consent('withdrawn', later(now, -hours(1))));
    await tell(consent('granted', later(now, -hours(2))));
    expect(await consentOf(database, await contactId())).toMatchObject({ state: 'withdrawn' });
  });

  it('does not lift a withdrawal by repeating what held before', async () => {
    await tell(consent('withdrawn', later(now, -hours(2))));
    await tell(consent('granted', later(now, -hours(1)), false));
    expect(await consentOf(database, await contactId())).toMatchObject({ state: 'withdrawn' });
    await tell(consent('granted', now));
    expect(await consentOf(database, await contactId())).toMatchObject({ state: 'granted' });
  });
});

describe('Somebody whom a shop has erased', () => {
  const erase = (at: Date): ShopReport => ({
    kind: 'erase',
    person: { customerId: '501', phone: CAMILLE, email: 'camille@example.com' },
    orders: [],
    at,
  });

  it('is in no report, cart, order, attribute any more; the order itself stays for the figures', async () => {
    const person = { customerId: '501', phone: CAMILLE, email: 'camille@example.com', firstName: 'Camille' };
    await tell(order({ person, total: { amount: '25.00', currency: 'EUR' } }), {
      kind: 'checkout',
      checkout: 'k1',
      person,
      items: [],
      url: 'https://shop.example/recover?key=secret',
      startedAt: now,
      at: now,
    });
    await tell(erase(now));

    const everything = JSON.stringify([
      await database.select().from(shopReports),
      await database.select().from(contacts),
      await database.select().from(contactAddresses),
      await database.select().from(contactAttributes),
      await database.select().from(checkouts),
    ]);
    expect(everything).not.toContain('Camille');
    expect(everything).not.toContain('2025550143');
    expect(everything).not.toContain('secret');
    expect(await database.select().from(orders)).toMatchObject([
      { total: '25.0000', contactId: null, phone: null, email: null },
    ]);
  });

  it('does not come back by a delivery that is older than the erasure', async () => {
    await tell(erase(now));
    await tell(order({ person: { customerId: '501', firstName: 'Camille' }, at: later(now, -hours(1)) }));

    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, customerId: null }]);
    expect(await database.select().from(contactAttributes)).toEqual([]);
  });

  it('comes back as somebody who has withdrawn, until their own later yes', async () => {
    await tell(erase(later(now, -days(1))));
    await tell(order({ person: { phone: CAMILLE }, at: later(now, days(1)) }));
    expect(await consentOf(database, await contactId())).toMatchObject({
      state: 'withdrawn',
      because: { source: 'forgotten' },
    });

    await tell(consent('granted', later(now, days(2))));
    expect(await consentOf(database, await contactId())).toMatchObject({ state: 'granted' });
  });

  it('keeps role and chats when it is a member of the shop’s staff', async () => {
    const owner = await contactId();
    await makeOwner(database, owner, 'environment', now);
    await tell(erase(now));
    expect(await readMembers(database)).toEqual(new Map([[owner, 'owner']]));
  });
});
