import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { forgotten, houseKeys } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, later } from '../lib/time.ts';
import { type PersonNames, rememberForgotten, whenForgotten } from './forget.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const nobody: PersonNames = { phones: [], customers: [], emails: [] };
const ana: PersonNames = {
  phones: ['+5511987654321'],
  customers: [{ source: 'shopify', id: '6940095564' }],
  emails: ['Ana@Example.com'],
};

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

describe('Somebody who was forgotten', () => {
  it.each<[how: string, names: Partial<PersonNames>]>([
    ['by phone', { phones: ana.phones }],
    ['by phone, written without its ninth digit', { phones: ['+551187654321'] }],
    ['by the shop’s own id', { customers: ana.customers }],
    ['by email, in other capitals', { emails: ['ana@example.COM '] }],
    ['by one of several names', { phones: ['+34600000009'], emails: ['ana@example.com'] }],
  ])('is known again %s', async (_how, names) => {
    await rememberForgotten(database, ana, now);

    expect(await whenForgotten(database, { ...nobody, ...names })).toEqual(now);
  });

  it.each<[who: string, names: Partial<PersonNames>]>([
    ['another phone', { phones: ['+5511987654322'] }],
    ['the same id at another shop', { customers: [{ source: 'woocommerce', id: '6940095564' }] }],
    ['another email', { emails: ['ben@example.com'] }],
    ['nothing', {}],
  ])('is not confused with %s', async (_who, names) => {
    await rememberForgotten(database, ana, now);

    expect(await whenForgotten(database, { ...nobody, ...names })).toBeUndefined();
  });

  it('is known since the last time', async () => {
    await rememberForgotten(database, ana, now);
    await rememberForgotten(database, { ...nobody, emails: ana.emails }, later(now, days(1)));

    expect(await whenForgotten(database, { ...nobody, phones: ana.phones })).toEqual(now);
    expect(await whenForgotten(database, ana)).toEqual(later(now, days(1)));
  });

  it('cannot be found out from what is kept without the house’s key, which each house makes for itself', async () => {
    await rememberForgotten(database, ana, now);
    const [first] = await database.select().from(forgotten);
    await database.delete(forgotten);
    await database.delete(houseKeys);
    await rememberForgotten(database, ana, now);

    expect(first?.hash).toHaveLength(32);
    expect((await database.select().from(forgotten)).map(({ hash }) => hash)).not.toContainEqual(first?.hash);
  });
});

it('Where nobody was ever forgotten, nobody is', async () => {
  expect(await whenForgotten(database, ana)).toBeUndefined();
  await rememberForgotten(database, nobody, now);
  expect(await database.select().from(forgotten)).toEqual([]);
});
