import { asc } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { settingChanges, settings } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { hours, later } from '../lib/time.ts';
import { defaultSettings } from './registry.ts';
import { changeSetting, readSettings, setFirstValues } from './settings.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const afterwards = later(now, hours(1));

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

it('knows a value for every setting before anybody has given one', async () => {
  expect(await readSettings(database)).toEqual(defaultSettings);
});

it('takes first values from the environment, and the standard value for those that it does not give', async () => {
  await setFirstValues(database, { 'shop.name': 'Mug Shop', 'shop.language': undefined }, now);

  expect(await readSettings(database)).toEqual({
    ...defaultSettings,
    'shop.name': 'Mug Shop',
  });
  expect(await database.select().from(settings)).toEqual([{ key: 'shop.name', value: 'Mug Shop', changedAt: now }]);
});

it('gives first values once: what the owner has changed since stays at the next start', async () => {
  const owner = await contactOfPhone(database, '+34600000002', now);
  const first = { 'shop.name': 'Mug Shop', 'shop.language': 'es' } as const;
  await setFirstValues(database, first, now);
  await changeSetting(
    database,
    { key: 'shop.name', before: 'Mug Shop', after: 'Tazas Olga', changedBy: owner },
    afterwards,
  );

  await setFirstValues(database, { ...first, 'shop.language': 'en', 'shop.timezone': 'Europe/Madrid' }, afterwards);

  expect(await readSettings(database)).toEqual({
    ...defaultSettings,
    'shop.name': 'Tazas Olga',
    'shop.language': 'es',
    'shop.timezone': 'Europe/Madrid',
  });
});

it('takes a stored value that can no longer be read as unset, and reads the others', async () => {
  await database.insert(settings).values([
    { key: 'shop.language', value: 'klingon', changedAt: now },
    { key: 'shop.timezone', value: 'Mars/Olympus', changedAt: now },
    { key: 'shop.name', value: 'Mug Shop', changedAt: now },
    { key: 'shop.colour', value: 'blue', changedAt: now },
  ]);

  expect(await readSettings(database)).toEqual({
    ...defaultSettings,
    'shop.name': 'Mug Shop',
  });
});

it('keeps every change in the ledger: who, what, from, to and when', async () => {
  const ana = await contactOfPhone(database, '+34600000003', now);
  const ben = await contactOfPhone(database, '+34600000004', now);

  await changeSetting(database, { key: 'shop.language', before: 'en', after: 'es', changedBy: ana }, now);
  await changeSetting(database, { key: 'shop.language', before: 'es', after: 'en', changedBy: ben }, afterwards);

  const ledger = await database.select().from(settingChanges).orderBy(asc(settingChanges.id));
  expect(ledger.map(({ id: _, ...change }) => change)).toEqual([
    { key: 'shop.language', before: 'en', after: 'es', changedBy: ana, changedAt: now },
    { key: 'shop.language', before: 'es', after: 'en', changedBy: ben, changedAt: afterwards },
  ]);
  expect(await database.select().from(settings)).toEqual([
    { key: 'shop.language', value: 'en', changedAt: afterwards },
  ]);
});
