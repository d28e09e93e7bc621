import { readDelivery } from '../../src/connectors/read-delivery.ts';
import type { OpenDatabase } from '../../src/database/database.ts';
import { shopDeliveries } from '../../src/database/schema.ts';
import { shopState } from '../../src/database/test-shop-state.ts';
import { makeTakeReports } from '../../src/reception/shop-events.flow.ts';
import type { BotProcess } from '../../src/simulator/bot-process.ts';
import { seededRandom } from '../../src/simulator/seeded-random.ts';
import { shopifyJourneys, type Webhook } from '../../src/simulator/shop/journeys.ts';

const SEAL = { secret: 'shpss_of_the_storm', domain: 'lumen-ceramics.myshopify.com' } as const;

/** What the bot needs to know of the shop. */
export const shopEnvironment = {
  SHOPIFY_SHOP: SEAL.domain,
  SHOPIFY_WEBHOOK_SECRETS: SEAL.secret,
  SHOP_COUNTRY: 'ES',
} as const;

/** How many are on their way at the same time. */
const AT_ONCE = 12;

export interface ShopStorm {
  readonly seed: number;
  /** Webhooks, each at least once. */
  readonly count: number;
  readonly kills: number;
  readonly bot: BotProcess;
  /** Gives the killed bot its way back, such as a lease that has run out. */
  readonly beforeRestart: () => Promise<void>;
}

export interface ShopStormResult {
  readonly posted: number;
  readonly taken: number;
  /** Tries that got no answer or none that was good, and were made again. */
  readonly repeated: number;
  readonly kills: number;
}

/**
 * Posts the webhooks of a shop to the bot in any order, a fifth of them again, and kills it meanwhile, often between its answer and what
 * it does about it. What got no answer is posted again, as Shopify does.
 */
export async function runShopStorm({ seed, count, kills, bot, beforeRestart }: ShopStorm): Promise<ShopStormResult> {
  const chance = seededRandom(seed);
  const webhooks = shopifyJourneys(count, seed, SEAL);
  const again = webhooks.filter(() => chance() < 0.2);
  const waiting = shuffled([...webhooks, ...again], chance);
  const posted = waiting.length;
  const killAt = new Set(Array.from({ length: kills }, () => Math.floor(chance() * posted)));
  let taken = 0;
  let repeated = 0;
  let restarting: Promise<void> | undefined;

  async function restart(): Promise<void> {
    await bot.kill();
    await beforeRestart();
    await bot.start();
  }

  async function postNext(): Promise<void> {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      await restarting;
      if (!(await isTaken(bot, next))) {
        repeated += 1;
        waiting.unshift(next);
        continue;
      }
      taken += 1;
      if (killAt.delete(taken)) {
        restarting = restart();
      }
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, postNext));
  await restarting;
  return { posted, taken, repeated, kills };
}

function shuffled<Item>(items: readonly Item[], chance: () => number): Item[] {
  return items
    .map((item) => ({ item, place: chance() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

async function isTaken(bot: BotProcess, { body, headers }: Webhook): Promise<boolean> {
  try {
    const answer = await bot.post('/webhooks/shopify', Buffer.from(body), headers);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether everything that the bot has stored is also taken in. */
export async function isAllTaken({ database }: OpenDatabase): Promise<boolean> {
  const rows = await database.selectDistinct({ state: shopDeliveries.state }).from(shopDeliveries);
  return rows.length > 0 && rows.every(({ state }) => state === 'done');
}

/** What the same webhooks come to in an empty database, each once and in order. */
export async function inOrder({ database }: OpenDatabase, seed: number, count: number): Promise<unknown> {
  const takeReports = makeTakeReports({ onUninstalled: async () => undefined });
  const now = new Date('2026-11-22T08:00:00Z');
  const told = shopifyJourneys(count, seed, SEAL).flatMap(({ body, headers }) => {
    const triggeredAt = new Date(headers['X-Shopify-Triggered-At'] ?? now);
    const topic = headers['X-Shopify-Topic'] ?? '';
    const delivery = { source: 'shopify', key: '', topic, body, triggeredAt };
    return readDelivery(delivery, 'ES').map((report) => ({ source: 'shopify', report }));
  });
  for (let start = 0; start < told.length; start += 50) {
    await database.transaction((transaction) => takeReports(transaction, told.slice(start, start + 50), now));
  }
  return shopState(database);
}
