import { isDeepStrictEqual } from 'node:util';
import {
  type OpenDatabase,
  openEmbeddedDatabase,
  openMemoryDatabase,
  openServerDatabase,
} from '../../src/database/database.ts';
import { expireLease } from '../../src/database/test-database.ts';
import { shopState } from '../../src/database/test-shop-state.ts';
import { systemClock } from '../../src/lib/time.ts';
import { BotProcess } from '../../src/simulator/bot-process.ts';
import { startWhatsAppServer } from '../../src/simulator/whatsapp-server.ts';
import { temporaryDirectory } from '../bench/temporary-directory.ts';
import { inOrder, isAllTaken, runShopStorm, shopEnvironment } from './shop-storm.ts';

const LOOK_EVERY_MS = 1000;

/** The built program in a storm of webhooks, judged by what is in its database afterwards. @returns whether it is as if nothing had happened */
export async function stormShop(options: {
  readonly seed: number;
  readonly kills: number;
  readonly count: number;
  /** Two empty PostgreSQL databases, for the bot and for the comparison; embedded ones otherwise. */
  readonly databaseUrl: string | undefined;
  readonly reference: string | undefined;
  readonly say: (line: string) => void;
}): Promise<boolean> {
  const { seed, kills, count, databaseUrl, reference, say } = options;
  const whatsapp = await startWhatsAppServer({ clock: systemClock });
  const directory = temporaryDirectory();
  const bot = new BotProcess({
    DATA_DIR: directory,
    WHATSAPP_URL: whatsapp.url,
    WHATSAPP_ROOT_KEY: whatsapp.rootKey,
    ...shopEnvironment,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  });
  const open = () => (databaseUrl ? openServerDatabase(databaseUrl) : openEmbeddedDatabase(directory));
  const forgetLease = () => (databaseUrl ? using(open, ({ database }) => expireLease(database)) : Promise.resolve());
  await bot.start();
  const started = performance.now();
  const result = await runShopStorm({ seed, count, kills, bot, beforeRestart: forgetLease });
  while (!(await (await bot.get('/metrics')).text()).includes('shopbell_deliveries_pending 0')) {
    await new Promise((look) => setTimeout(look, LOOK_EVERY_MS));
  }
  const took = (performance.now() - started) / 1000;
  await bot.stop();
  await whatsapp.close();
  say(
    `  ${result.taken} of ${result.posted} webhooks taken, ${result.repeated} sent again, ${result.kills} kills, ${took.toFixed(0)} s`,
  );
  const expected = await using(
    () => (reference ? openServerDatabase(reference) : openMemoryDatabase()),
    (opened) => inOrder(opened, seed, count),
  );
  return using(open, async (opened) => {
    const isSame = (await isAllTaken(opened)) && isDeepStrictEqual(await shopState(opened.database), expected);
    say(`  The same as in order: ${isSame ? 'yes' : 'NO'}`);
    return isSame;
  });
}

async function using<Result>(
  open: () => Promise<OpenDatabase>,
  work: (opened: OpenDatabase) => Promise<Result>,
): Promise<Result> {
  const opened = await open();
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}
