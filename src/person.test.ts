import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from './database/database.ts';
import { emptyTestDatabase } from './database/test-database.ts';
import { ShopStage } from './simulator/shop-stage.ts';
import { trustInThisProcess } from './simulator/trust.ts';

// What the owner asks about one person, by the whole bot: files that really arrive, and what is left of somebody who was forgotten.

let database: Database;
let stage: ShopStage;
let endTrust: () => Promise<void>;

beforeEach(async () => {
  database = await emptyTestDatabase();
  stage = await ShopStage.open(database);
  endTrust = trustInThisProcess(stage.whatsapp);
  await stage.startLinkedBot();
});

afterEach(async () => {
  expect(await stage.close()).toEqual([]);
  await endTrust();
});

/** Asks the bot for a file and waits until it is on the owner's phone. */
async function askForFile(text: string): Promise<{ readonly caption: string; readonly content: Buffer }> {
  const { owner, shop } = stage;
  await owner.send(shop.number, text);
  const { id, text: caption } = await owner.nextMessage(({ from }) => from === shop.number);
  return { caption, content: await owner.file(id) };
}

/** The columns of the database in which any of these words stands. */
async function whereStands(...words: readonly string[]): Promise<string[]> {
  const columns = await database.execute<{ table: string; column: string; type: string }>(sql`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'bytea')`);
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const value =
      type === 'bytea' ? sql`encode(${sql.identifier(column)}, 'escape')` : sql`${sql.identifier(column)}::text`;
    const rows = await database.execute<{ value: string | null }>(
      sql`select ${value} as value from ${sql.identifier(table)} where ${sql.identifier(column)} is not null`,
    );
    if (rows.some((row) => words.some((word) => row.value?.includes(word)))) {
      found.push(`${table}.${column}`);
    }
  }
  return found.toSorted();
}

it('The picture of the opt-in link and the file of what is known of a person arrive on the owner’s phone', async () => {
  await stage.ana.send(stage.shop.number, 'Do you have blue mugs?');

  const link = await askForFile('optin link');
  expect(link.caption).toContain('https://wa.me/34600000001?text=I%20want%20offers%20of%20Mug%20Shop%20on%20WhatsApp');
  expect(link.content.subarray(1, 4).toString()).toBe('PNG');

  const data = await askForFile('data +34 600 000 003');
  expect(data.caption).toContain('*Everything I know of Ana, +34 600 00 00 03*');
  const told = JSON.parse(data.content.toString());
  expect(told.messages).toMatchObject([{ text: 'Do you have blue mugs?' }]);
});

it('Of somebody who was forgotten nothing is left but what Signal needs to know their phone again', async () => {
  const { ana, owner, shop } = stage;
  await ana.send(shop.number, 'Do you have Zanzibar mugs?');
  await ana.send(shop.number, { kind: 'image', bytes: Buffer.from('a picture of Zanzibar'), caption: 'Like this' });
  await askForFile('data +34600000003');
  const asked = await stage.ask(owner, 'forget +34 600 000 003');
  await expect.poll(() => readdirSync(stage.directory, { recursive: true }).length).toBeGreaterThan(3);
  expect(await whereStands('34600000003', 'Zanzibar', 'Ana', ana.lid)).toContain('journal.plaintext');

  await stage.ask(owner, asked.match(/forget \+34600000003 \d{4}/)?.[0] ?? '');

  expect(await whereStands('Zanzibar', 'Ana')).toEqual([]);
  expect(await whereStands('34600000003', '600 000 003', '600 00 00 03', ana.lid)).toEqual([
    'whatsapp_keys.data',
    'whatsapp_keys.id',
  ]);
  const files = () =>
    readdirSync(stage.directory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  await expect.poll(() => files().map(({ parentPath, name }) => join(parentPath, name))).toEqual([]);
});
