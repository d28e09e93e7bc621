import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberArray, textArray } from './arrays.ts';
import { emptyTestDatabase } from './test-database.ts';

it('carries any texts to the database and back, in their order', async () => {
  const database = await emptyTestDatabase();
  const anyText = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));

  await fc.assert(
    fc.asyncProperty(fc.array(anyText), async (texts) => {
      const rows = await database.execute<{ text: string }>(sql`
        select text from unnest(${textArray(texts)}::text[]) with ordinality as given (text, place) order by place`);
      expect(rows.map(({ text }) => text)).toEqual(texts);
    }),
    { seed: 1, examples: [[['{}', '"', '\\', ',', 'NULL', '', ' ', 'ñ👍', '\n']]] },
  );
});

it('carries whole numbers', async () => {
  const database = await emptyTestDatabase();

  const rows = await database.execute<{ number: string }>(
    sql`select number from unnest(${numberArray([3, -1, 9_007_199_254_740_991])}::bigint[]) as given (number)`,
  );

  expect(rows.map(({ number }) => Number(number))).toEqual([3, -1, 9_007_199_254_740_991]);
});
