import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordConsent } from '../../contacts/consents.store.ts';
import { contactOfPhone } from '../../contacts/contacts.store.ts';
import type { Role } from '../../contacts/member.ts';
import type { Database } from '../../database/database.ts';
import { cappings, carts, checkouts, contactAttributes, contacts, members, orders } from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { days, hours, later, minutes } from '../../lib/time.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';

const ana = '+34600000003';

let database: Database;
let scenario: Scenario;

async function expectChat(chat: string): Promise<void> {
  expect((await play(scenario, chat)).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(tidy(chat));
}

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

const ago = (span: number) => later(scenario.clock.now(), -span);

async function giveBen(role: Role): Promise<void> {
  const contactId = await contactOfPhone(database, '+34600000004', scenario.clock.now());
  await database.insert(members).values({ contactId, role, source: 'environment', since: scenario.clock.now() });
}

async function order(contactId: number, number: string, more: Partial<typeof orders.$inferInsert> = {}): Promise<void> {
  const createdAt = more.createdAt ?? ago(days(5));
  await database.insert(orders).values({
    source: 'shopify',
    externalId: `id-${number}`,
    number,
    items: [],
    total: '25.00',
    currency: 'EUR',
    refunded: '0',
    codes: [],
    test: false,
    contactId,
    phone: ana,
    createdAt,
    updatedAt: createdAt,
    ...more,
  });
}

async function cart(contactId: number, more: Partial<typeof carts.$inferInsert> = {}): Promise<void> {
  await database.insert(carts).values({
    source: 'shopify',
    token: 'c1',
    items: [
      { name: 'Blue mug', quantity: 2 },
      { name: 'Tea', quantity: 1 },
    ],
    total: '30.50',
    currency: 'EUR',
    contactId,
    firstAddedAt: ago(minutes(50)),
    lastAddedAt: ago(minutes(20)),
    updatedAt: ago(minutes(20)),
    ...more,
  });
}

/** Ana as a shop knows her: attributes, a consent, five orders and a cart at the checkout. */
async function furnishAna(): Promise<number> {
  const contactId = await contactOfPhone(database, ana, ago(days(30)));
  const holder = { source: 'shopify', holder: `phone:${ana}`, contactId, version: '2026-11-01', at: ago(days(20)) };
  await database.insert(contactAttributes).values([
    { ...holder, name: 'first-name', value: 'Ana' },
    { ...holder, name: 'last-name', value: 'Pérez' },
    { ...holder, name: 'email', value: 'ana@example.com' },
    { ...holder, name: 'email', value: 'old@example.com', version: '2026-10-01', holder: 'customer:7' },
    { ...holder, name: 'country', value: 'ES' },
    { ...holder, name: 'locale', value: 'es-ES' },
  ]);
  const said = { state: 'granted', act: true, said: 'checkout', wording: 'Send me offers on WhatsApp' } as const;
  await recordConsent(
    database,
    { contactId, key: 'c1', proof: 'delivery 7', at: ago(days(20)), ...said },
    scenario.clock.now(),
  );
  await order(contactId, '1001', { createdAt: ago(days(20)), total: '40.00', refunded: '10.00' });
  await order(contactId, '1002', { createdAt: ago(days(19)), total: '60.00', refunded: '0' });
  await order(contactId, '1003', { createdAt: ago(days(9)), completedAt: ago(days(8)), refunded: '5.00' });
  await order(contactId, '1004', { createdAt: ago(days(7)), cancelledAt: ago(days(6)) });
  await order(contactId, '1005', { createdAt: ago(hours(3)), paidAt: ago(hours(3)) });
  await order(contactId, '1006', { createdAt: ago(hours(2)), test: true });
  await cart(contactId);
  await database.insert(checkouts).values({
    source: 'shopify',
    token: 'k1',
    cartToken: 'c1',
    items: [],
    contactId,
    startedAt: ago(minutes(10)),
    updatedAt: ago(minutes(10)),
  });
  await database.insert(cappings).values({ contactId, reservedAt: ago(days(1)), confirmedAt: ago(days(1)) });
  return contactId;
}

describe('contact', () => {
  it('tells all about one person, on one screen', async () => {
    await furnishAna();
    await expectChat(`
      ana: Do you have blue mugs?
      owner: contact 600 000 003
      bot: I cannot read “600 000 003” as a phone number. Write it with its country code, for example: *contact +34 600 000 003*. By name, people are found with *find*.
      owner: contact +34 600 000 003
      bot: *ana, +34 600 00 00 03*
        Known since 24 Oct 2026.
        Has written 1 message, the last on 23 Nov 2026, 10:00: Do you have blue mugs?
        At the shop: Ana Pérez · ana@example.com · Spain · European Spanish
        ✅ Offers: *yes*, “Send me offers on WhatsApp”, ticked at the shop (checkout), 3 Nov 2026, 10:00.
        ⏳ Was reminded of a cart lately: no other reminder until 25 Nov 2026, 10:00.
        🛍 Bought within the last 24 hours (23 Nov 2026, 07:00).
        *5 orders*
        • 1005: €25.00, 23 Nov 2026, paid 23 Nov 2026
        • 1004: €25.00, 16 Nov 2026, cancelled 17 Nov 2026
        • 1003: €25.00, 14 Nov 2026, completed 15 Nov 2026, €5.00 refunded
        • 2 earlier ones, €90.00 in all after refunds
        *Open cart*: €30.50
        • 2 × Blue mug
        • 1 × Tea
        Last addition 23 Nov 2026, 09:40. Checkout begun 23 Nov 2026, 09:50, not paid.
    `);
  });
});
