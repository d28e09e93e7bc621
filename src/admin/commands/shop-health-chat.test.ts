import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../database/database.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { later, minutes } from '../../lib/time.ts';
import { keepHealth } from '../../shop/connections.store.ts';
import { play, type Scenario, startScenario } from '../../simulator/scenario.ts';

let database: Database;
let scenario: Scenario;

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
  const now = scenario.clock.now();
  await keepHealth(database, 'woocommerce', undefined, later(now, -minutes(5)));
  await keepHealth(database, 'shopify', { kind: 'forbidden', detail: 'read_orders' }, later(now, -minutes(5)));
});

afterEach(() => scenario.stop());

const linesWith = async (command: string, word: string) =>
  (await play(scenario, `owner: ${command}`)).split('\n').filter((line) => line.includes(word));

it('status names a shop only when something is wrong with it, and says what to do', async () => {
  expect(await linesWith('status', 'Shopify')).toEqual([
    expect.stringMatching(/⚠️ Shopify, since .*read_orders.*Dev Dashboard/),
  ]);
  expect(await linesWith('status', 'WooCommerce')).toEqual([]);
});

it('health names every shop', async () => {
  expect(await linesWith('health', 'Shopify')).toEqual([expect.stringContaining('⚠️')]);
  expect(await linesWith('health', 'WooCommerce')).toEqual([
    expect.stringContaining('✅ WooCommerce: answers, last asked 5 minutes ago'),
  ]);
});
