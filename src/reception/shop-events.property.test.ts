import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type PhoneNumber, parsePhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { shopState } from '../database/test-shop-state.ts';
import { later, minutes } from '../lib/time.ts';
import type { ShopPerson, ShopReport } from '../shop/report.ts';
import { makeTakeReports, type ToldReport } from './shop-events.flow.ts';

const start = new Date('2026-11-22T10:00:00Z');

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

const takeReports = makeTakeReports({ onUninstalled: async () => undefined });

function phone(text: string): PhoneNumber {
  return parsePhoneNumber(text) as PhoneNumber;
}

const phones = ['+34600000003', '+5511988887777', '+12025550143'].map(phone);

/** Somebody as one report may know them: by anything from nothing to everything, and not always by the same phone. */
const person: fc.Arbitrary<ShopPerson> = fc
  .record(
    {
      phone: fc.constantFrom(...phones),
      phoneFrom: fc.constantFrom('account', 'billing', 'gift'),
      customerId: fc.constantFrom('501', '502'),
      email: fc.constantFrom('ana@example.com', 'Bo@example.com'),
      firstName: fc.constantFrom('Ana', 'Bo'),
      locale: fc.constantFrom('es', 'pt-BR'),
    },
    { requiredKeys: [] },
  )
  .map(({ phone: number, phoneFrom, ...rest }) => ({
    ...rest,
    ...(number ? { phone: number, phoneFrom: phoneFrom ?? 'account' } : {}),
  })) as fc.Arbitrary<ShopPerson>;

const at = fc.integer({ min: 0, max: 40 }).map((step) => later(start, minutes(step)));
const item = fc.record({ name: fc.constantFrom('Bowl', 'Cup'), quantity: fc.integer({ min: 1, max: 3 }) });
const items = fc.array(item, { maxLength: 2 });
const total = fc.constantFrom('12.00', '7.50').map((amount) => ({ amount, currency: 'EUR' }));
const whenever = fc.option(at, { nil: undefined });

/** Leaves out what is not said, as the readers of bodies do. */
function told<Report extends object>(report: Report): ShopReport {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined)) as unknown as ShopReport;
}

const report: fc.Arbitrary<ShopReport> = fc.oneof(
  fc
    .record({
      cart: fc.constantFrom('c1', 'c2'),
      person,
      items,
      total,
      added: fc.option(fc.boolean(), { nil: undefined }),
      at,
    })
    .map((cart) => told({ kind: 'cart', url: undefined, ...cart })),
  fc
    .record({
      checkout: fc.constantFrom('k1', 'k2'),
      cart: fc.option(fc.constantFrom('c1', 'c2'), { nil: undefined }),
      person,
      items,
      total,
      startedAt: at,
      completedAt: whenever,
      at,
    })
    .map((checkout) => told({ kind: 'checkout', ...checkout })),
  fc
    .record({
      order: fc.constantFrom('1001', '1002'),
      cart: fc.option(fc.constantFrom('c1', 'c2'), { nil: undefined }),
      checkout: fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined }),
      person,
      items,
      total,
      codes: fc.constantFrom([], ['TEN']),
      createdAt: at,
      paidAt: whenever,
      completedAt: whenever,
      cancelledAt: whenever,
      whole: fc.boolean(),
      test: fc.constant(false),
      at,
    })
    .map((order) => told({ kind: 'order', ...order })),
  fc
    .record({ refund: fc.constantFrom('r1', 'r2'), order: fc.constantFrom('1001', '1002'), money: total, at })
    .map((refund) => told({ kind: 'refund', ...refund })),
  fc.record({ person, at }).map((change) => told({ kind: 'person', ...change })),
  fc
    .record({
      person,
      state: fc.constantFrom('granted', 'not-granted', 'withdrawn'),
      act: fc.boolean(),
      source: fc.constantFrom('checkout', 'admin'),
      at,
    })
    .map((consent) => told({ kind: 'consent', ...consent })),
);

/** The same reports in another order, some of them again, and cut into batches. */
function asDelivered(reports: readonly ToldReport[]): fc.Arbitrary<readonly (readonly ToldReport[])[]> {
  const shuffled = fc.shuffledSubarray([...reports, ...reports], { minLength: reports.length });
  return fc.tuple(shuffled, fc.integer({ min: 1, max: 7 })).map(([some, size]) => {
    const all = [...some, ...reports.filter((one) => !some.includes(one))];
    return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
      all.slice(index * size, (index + 1) * size),
    );
  });
}

async function stateAfter(batches: readonly (readonly ToldReport[])[]): Promise<unknown> {
  database = await emptyTestDatabase();
  for (const [index, batch] of batches.entries()) {
    const now = later(start, minutes(60 + index));
    await database.transaction((transaction) => takeReports(transaction, batch, now));
  }
  return shopState(database);
}

describe('What shops tell', () => {
  it('ends in the same state whatever the order, the repetitions and the batches', async () => {
    const histories = fc
      .array(fc.record({ source: fc.constantFrom('shopify', 'pos'), report }), { minLength: 1, maxLength: 14 })
      .chain((reports) => fc.tuple(fc.constant(reports), asDelivered(reports)));
    await fc.assert(
      fc.asyncProperty(histories, async ([reports, batches]) => {
        expect(await stateAfter(batches)).toEqual(await stateAfter([reports]));
      }),
      { numRuns: 20, seed: 20261122, endOnFailure: true },
    );
  });
});
