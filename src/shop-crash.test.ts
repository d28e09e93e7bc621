import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inOrder, isAllTaken, runShopStorm, shopEnvironment } from '../scripts/chaos/shop-storm.ts';
import {
  type OpenDatabase,
  openEmbeddedDatabase,
  openMemoryDatabase,
  openServerDatabase,
} from './database/database.ts';
import { createServerDatabase, expireLease, preparedDirectory } from './database/test-database.ts';
import { shopState } from './database/test-shop-state.ts';
import { systemClock } from './lib/time.ts';
import { BotProcess } from './simulator/bot-process.ts';
import { startWhatsAppServer, type WhatsAppServer } from './simulator/whatsapp-server.ts';

// The installed program, killed while a shop tells it things.

const server = process.env['TEST_DATABASE_URL'];
const seed = 20261122;
const count = 120;

let whatsapp: WhatsAppServer;
let directory: string;
let databaseUrl: string | undefined;
let bot: BotProcess;

beforeEach(async () => {
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  directory = await preparedDirectory();
  databaseUrl = server && (await createServerDatabase(server, `shopbell_shop_crash_${process.pid}`));
  bot = new BotProcess({
    DATA_DIR: directory,
    WHATSAPP_URL: whatsapp.url,
    WHATSAPP_ROOT_KEY: whatsapp.rootKey,
    ...shopEnvironment,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  });
});

afterEach(async () => {
  await bot.kill();
  await whatsapp.close();
  rmSync(directory, { recursive: true, force: true });
});

async function inDatabase<Result>(work: (opened: OpenDatabase) => Promise<Result>): Promise<Result> {
  const opened = await (databaseUrl ? openServerDatabase(databaseUrl) : openEmbeddedDatabase(directory));
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** Only while no bot is running: the embedded database has one user at a time. */
async function forgetLease(): Promise<void> {
  if (databaseUrl) {
    await inDatabase(({ database }) => expireLease(database));
  }
}

it('loses nothing that it has answered to a shop, and ends as if nothing had been shuffled, repeated or killed', async () => {
  await bot.start();
  const { posted, taken } = await runShopStorm({ seed, count, kills: 1, bot, beforeRestart: forgetLease });
  expect(taken).toBe(posted);
  await bot.kill();
  await forgetLease();

  // What is left is taken in after one more start.
  await bot.start();
  await expect.poll(async () => (await bot.get('/metrics')).text()).toMatch(/shopbell_deliveries_pending 0/);
  await bot.stop();
  const reference = await openMemoryDatabase();
  await inDatabase(async (opened) => {
    expect(await isAllTaken(opened)).toBe(true);
    expect(await shopState(opened.database)).toEqual(await inOrder(reference, seed, count));
  });
  await reference.close();
}, 240_000);
