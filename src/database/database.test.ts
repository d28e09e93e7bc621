import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { DatabaseUnavailable, openServerDatabase } from './database.ts';
import { settings } from './schema.ts';
import { emptyTestDatabase } from './test-database.ts';

const now = new Date('2026-11-22T10:00:00Z');

it('refuses a query that goes around the open transaction, at once, and keeps working', async () => {
  const database = await emptyTestDatabase();

  const misuse = database.transaction(async (transaction) => {
    await transaction.insert(settings).values({ key: 'a', value: '1', changedAt: now });
    await database.select().from(settings);
  });

  await expect(misuse).rejects.toMatchObject({
    cause: { message: expect.stringContaining('went around the open transaction') },
  });
  expect(await database.select().from(settings)).toEqual([]);
});

it('gives instants back as they were stored, whatever the session’s time zone', async () => {
  const database = await emptyTestDatabase();

  await database.insert(settings).values({ key: 'a', value: 'ñ 👍', changedAt: now });

  expect(await database.select().from(settings)).toEqual([{ key: 'a', value: 'ñ 👍', changedAt: now }]);
});

it('rolls everything back when a transaction fails', async () => {
  const database = await emptyTestDatabase();

  const failing = database.transaction(async (transaction) => {
    await transaction.insert(settings).values({ key: 'a', value: '1', changedAt: now });
    await transaction.execute(sql`select 1 / 0`);
  });

  await expect(failing).rejects.toThrow();
  expect(await database.select().from(settings)).toEqual([]);
});

it('says which server cannot be reached and what to check, without the password', async () => {
  const opening = openServerDatabase('postgres://shop:hunter2@127.0.0.1:1/shop');

  await expect(opening).rejects.toThrow(DatabaseUnavailable);
  await expect(opening).rejects.toThrow('The database at 127.0.0.1:1 (DATABASE_URL) cannot be used: ECONNREFUSED.');
  await expect(opening).rejects.not.toThrow('hunter2');
});
