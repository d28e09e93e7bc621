import type { BotProcess } from '../../src/simulator/bot-process.ts';
import type { Phone } from '../../src/simulator/phone.ts';
import { BotUnderTest } from './bot-under-test.ts';
import { built } from './built.ts';
import { closeLater } from './closing.ts';
import { link, openChats, type Stage, wayTo } from './stage.ts';
import { type DatabaseKind, emptyStorage } from './storage.ts';

/** The program as it is installed, not running, with an existing link to its shop and chats that are under way. */
export interface LinkedProgram {
  readonly program: BotProcess;
  readonly shop: Phone;
}

export async function prepareProgram(
  stage: Stage,
  database: DatabaseKind,
  customers: readonly Phone[],
): Promise<LinkedProgram> {
  const { BotProcess } = await built<typeof import('../../src/simulator/bot-process.ts')>('simulator/bot-process.js');
  const environment = { ...wayTo(stage), ...(await emptyStorage(database)) };
  const shop = stage.addShop();
  const bot = new BotUnderTest('shopbell', environment);
  await link(stage, shop, bot);
  await openChats(stage, shop, bot, customers);
  await bot.stop();
  await stage.whatsapp.noSockets();
  const program = new BotProcess(environment);
  closeLater(() => program.kill());
  return { program, shop };
}
