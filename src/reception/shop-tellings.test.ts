import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { consentOf, recordConsent } from '../contacts/consents.store.ts';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { erasePerson } from '../contacts/erase.store.ts';
import { ensureOwners, readMembers } from '../contacts/members.store.ts';
import type { PhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import {
  carts,
  checkouts,
  consents,
  contactAttributes,
  contacts,
  orders,
  shopEvents,
  shopReports,
} from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes } from '../lib/time.ts';
import type { ShopPerson, ShopReport } from '../shop/report.ts';
import { makeTakeReports } from './shop-events.flow.ts';

const start = new Date('2026-11-22T10:00:00Z');
const past = (minute: number) => later(start, minutes(minute));
const ana = '+34600000003' as PhoneNumber;
const ben = '+34600000004' as PhoneNumber;
const items = [{ name: 'Mug', quantity: 1 }];

let database: Database;
let uninstalled: string[];

beforeEach(async () => {
  database = await emptyTestDatabase();
  uninstalled = [];
});

/** A shop tells these, one after the other, an hour after the start. */
async function tell(source: string, ...reports: readonly ShopReport[]): Promise<void> {
  const takeReports = makeTakeReports({
    onUninstalled: async (_transaction, from, at) => void uninstalled.push(`${from} ${at.toISOString()}`),
  });
  for (const report of reports) {
    await database.transaction((transaction) => takeReports(transaction, [{ source, report }], past(60)));
  }
}

function cart(minute: number, person: ShopPerson = {}): ShopReport {
  return { kind: 'cart', cart: 'c1', person, items, added: undefined, at: past(minute), url: 'https://shop/cart/key' };
}

function checkout(minute: number, person: ShopPerson = {}): ShopReport {
  return { kind: 'checkout', checkout: 'k1', cart: 'c1', person, items, startedAt: past(minute), at: past(minute) };
}

type OrderReport = Extract<ShopReport, { kind: 'order' }>;

function order(minute: number, person: ShopPerson = {}, more: Partial<OrderReport> = {}): ShopReport {
  const usual = { kind: 'order', order: '1001', items, codes: [], test: false, whole: true, createdAt: start } as const;
  return { ...usual, person, at: past(minute), ...more };
}

type ConsentReport = Extract<ShopReport, { kind: 'consent' }>;

function consent(minute: number, state: ConsentReport['state'], more: Partial<ConsentReport> = {}): ShopReport {
  return { kind: 'consent', person: { phone: ana }, state, act: true, source: 'checkout', at: past(minute), ...more };
}

const idOf = (phone: PhoneNumber) => contactOfPhone(database, phone, past(60));
const stateOf = async (phone: PhoneNumber) => (await consentOf(database, await idOf(phone))).state;

async function withdraw(phone: PhoneNumber, minute: number): Promise<void> {
  const saying = {
    contactId: await idOf(phone),
    key: 'chat:STOP',
    state: 'withdrawn',
    act: true,
    said: 'chat',
  } as const;
  await recordConsent(database, { ...saying, wording: 'STOP', proof: 'M1', at: past(minute) }, past(minute));
}

describe('Consent, as a shop tells it,', () => {
  it('lifts a withdrawal by the person’s own later act, and not by an earlier one that is told late', async () => {
    await withdraw(ana, 10);

    await tell('shopify', consent(5, 'granted'));
    expect(await stateOf(ana)).toBe('withdrawn');

    await tell('shopify', consent(20, 'granted'));
    expect(await stateOf(ana)).toBe('granted');
  });

  it('is withdrawn again by what the shop has told, however often it repeats the yes of before', async () => {
    const yes = consent(5, 'granted');

    await tell('shopify', yes, consent(20, 'withdrawn'), yes, consent(30, 'granted', { act: false }));

    expect(await stateOf(ana)).toBe('withdrawn');
  });

  it('under a name without a phone is that person’s as soon as it is known whose name it is', async () => {
    await tell('shopify', consent(5, 'withdrawn', { person: { email: 'Ana@example.com' } }));
    expect(await stateOf(ana)).toBe('not-granted');

    await tell('shopify', order(10, { phone: ana, phoneFrom: 'account', email: 'ana@example.com' }));

    expect(await stateOf(ana)).toBe('withdrawn');
  });
});

describe('What a shop tells', () => {
  it('joins a cart to whom its checkout names, since then', async () => {
    await tell('shopify', cart(0), checkout(5), checkout(7, { phone: ana, phoneFrom: 'billing' }));

    const contactId = await idOf(ana);
    expect(await database.select().from(carts)).toMatchObject([{ contactId, phone: ana, joinedAt: past(7) }]);
  });

  it('joins a cart to whom its order names, and completes the checkout by the order', async () => {
    const bought = { cart: 'c1', checkout: 'k1' };
    await tell('shopify', cart(-30), checkout(-20), order(5, { phone: ana, phoneFrom: 'account' }, bought));

    const contactId = await idOf(ana);
    expect(await database.select().from(carts)).toMatchObject([{ contactId }]);
    expect(await database.select().from(checkouts)).toMatchObject([{ completedAt: start }]);
    const events = await database.select().from(shopEvents).where(eq(shopEvents.subject, 'cart:c1'));
    expect(events).toMatchObject([{ type: 'cart.added', contactId }]);
  });

  it('is of that shop alone: the same cart, checkout and customer of another are others', async () => {
    const named = { phone: ana, phoneFrom: 'account', customerId: '501' } as const;
    await tell('pos', order(5, named, { cart: 'c1', checkout: 'k1' }));
    await tell('shopify', cart(0), checkout(0), order(6, { customerId: '501' }));

    expect(await database.select().from(carts)).toMatchObject([{ contactId: null }]);
    expect(await database.select().from(checkouts)).toMatchObject([{ completedAt: null }]);
    expect(await database.select().from(orders).where(eq(orders.source, 'shopify'))).toMatchObject([
      { contactId: null, customerId: '501' },
    ]);
  });

  it('means the customer whose id it names, whoever used the mail address last', async () => {
    await tell(
      'shopify',
      order(0, { phone: ana, phoneFrom: 'account', customerId: '501', email: 'us@example.com' }, { order: '1' }),
      order(1, { phone: ben, phoneFrom: 'account', customerId: '502', email: 'us@example.com' }, { order: '2' }),
      order(2, { customerId: '501', email: 'us@example.com' }, { order: '3' }),
    );

    const [last] = await database.select().from(orders).where(eq(orders.externalId, '3'));
    expect(last?.contactId).toBe(await idOf(ana));
  });

  it('late changes nothing of a person that was told since', async () => {
    const named = { phone: ana, phoneFrom: 'account' } as const;
    await tell(
      'shopify',
      { kind: 'person', person: { ...named, firstName: 'Ana' }, at: past(9) },
      { kind: 'person', person: { ...named, firstName: 'Anna' }, at: past(3) },
    );

    expect(await database.select().from(contactAttributes)).toMatchObject([{ value: 'Ana', at: past(9) }]);
  });

  it('counts a refund once, however often and by however many reports it comes', async () => {
    const refund = { kind: 'refund', refund: 'r1', order: '1001', money: { amount: '10', currency: 'EUR' } } as const;
    const total = { amount: '30', currency: 'EUR' };

    await tell('shopify', order(0, {}, { total }), { ...refund, at: past(1) }, { ...refund, at: past(2) });

    expect(await database.select({ refunded: orders.refunded }).from(orders)).toEqual([{ refunded: '10.0000' }]);
    expect(await database.select().from(shopEvents).where(eq(shopEvents.type, 'order.refunded'))).toHaveLength(1);
  });

  it('of its end with us is passed on', async () => {
    await tell('shopify', { kind: 'uninstalled', at: past(1) });

    expect(uninstalled).toEqual([`shopify ${past(1).toISOString()}`]);
  });
});

describe('Somebody who was forgotten', () => {
  const named = { phone: ana, phoneFrom: 'account', email: 'ana@example.com', firstName: 'Ana' } as const;

  beforeEach(async () => {
    await erasePerson(database, await idOf(ana), past(10));
  });

  it('does not come back by what the shop tells late of the time before', async () => {
    await tell('shopify', cart(5, named), consent(6, 'granted', { person: named }), order(7, named));

    expect(await database.select().from(contacts)).toEqual([]);
    expect(await database.select().from(contactAttributes)).toEqual([]);
    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, phone: null, email: null }]);
    const kept = JSON.stringify((await database.select().from(shopReports)).map(({ report }) => report));
    expect(kept).not.toMatch(/34600000003|ana@example|Ana|key/);
  });

  it('does not leave the number that was put on a present, either', async () => {
    await tell('shopify', order(7, { phone: ana, phoneFrom: 'gift', email: 'ben@example.com' }));

    expect(JSON.stringify(await database.select().from(shopReports))).not.toContain('34600000003');
  });

  it('under a name alone, and is then known by another phone, has withdrawn too', async () => {
    await tell('shopify', { kind: 'erase', person: { customerId: '501' }, orders: [], at: past(11) });

    await tell('shopify', order(70, { phone: ben, phoneFrom: 'account', customerId: '501' }));

    expect(await stateOf(ben)).toBe('withdrawn');
  });
});

describe('A shop that asks us to forget somebody', () => {
  const named = { phone: ana, phoneFrom: 'account', customerId: '501', email: 'ana@example.com' } as const;
  const erase = (numbers: readonly string[]): ShopReport => ({
    ...{ kind: 'erase', person: { phone: ana, customerId: '501' }, orders: numbers, at: past(30) },
  });

  it('has everything of them erased, and keeps its orders without them', async () => {
    await tell('shopify', cart(0, named), order(1, named), erase([]));

    expect(await database.select().from(contacts)).toEqual([]);
    expect(await database.select().from(carts)).toEqual([]);
    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, phone: null, customerId: null }]);
  });

  it('has them taken out of the orders that it names, whoever these name', async () => {
    await tell('shopify', order(1, { phone: ben, phoneFrom: 'billing', firstName: 'Ana' }), erase(['1001']));

    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, phone: null }]);
    expect((await database.select().from(shopReports)).map(({ report }) => report)).toMatchObject([{ person: {} }]);
  });

  it('takes no role away: of staff who buy there too only what the shop has told goes', async () => {
    await ensureOwners(database, [ana], start);
    await withdraw(ana, 0);
    await tell('shopify', cart(0, named), order(1, named), consent(1, 'granted', { person: named }), erase([]));

    expect((await readMembers(database)).get(await idOf(ana))).toBe('owner');
    expect(await database.select().from(orders)).toMatchObject([{ contactId: null, phone: null, email: null }]);
    expect([await database.select().from(carts), await database.select().from(contactAttributes)]).toEqual([[], []]);
    expect(await database.select().from(consents)).toMatchObject([{ said: 'chat', state: 'withdrawn' }]);
  });
});
