import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openEmbeddedDatabase, openServerDatabase } from './database/database.ts';
import { whatsappSessions } from './database/schema.ts';
import { createServerDatabase, expireLease, preparedDirectory } from './database/test-database.ts';
import { silentLog } from './lib/log.ts';
import { systemClock } from './lib/time.ts';
import { BotProcess } from './simulator/bot-process.ts';
import type { Phone } from './simulator/phone.ts';
import { startWhatsAppServer, type WhatsAppServer } from './simulator/whatsapp-server.ts';
import { silenceConsole } from './whatsapp/quiet-libraries.ts';

// The installed program, as a process of its own, against the simulated WhatsApp: what restarts and kill -9 may not break.

const shopNumber = '34600000001';
const server = process.env['TEST_DATABASE_URL'];

let whatsapp: WhatsAppServer;
let shop: Phone;
let owner: Phone;
let bot: BotProcess;
let directory: string;
let environment: Record<string, string>;

beforeEach(async () => {
  silenceConsole(silentLog);
  directory = await preparedDirectory();
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  owner = whatsapp.addPhone({ number: '34600000002', name: 'Olga' });
  environment = {
    DATA_DIR: directory,
    WHATSAPP_URL: whatsapp.url,
    WHATSAPP_ROOT_KEY: whatsapp.rootKey,
    OWNER_PHONES: '+34600000002',
    SHOP_NAME: 'Mug Shop',
    ...(server ? { DATABASE_URL: await createServerDatabase(server, `shopbell_crash_${process.pid}`) } : {}),
  };
  bot = new BotProcess(environment);
});

afterEach(async () => {
  await bot.kill();
  const { unanswered } = whatsapp;
  await whatsapp.close();
  rmSync(directory, { recursive: true, force: true });
  expect(unanswered).toEqual([]);
});

async function link(): Promise<void> {
  await bot.start();
  await shop.scan(await bot.qr());
  await whatsapp.online(shop);
}

async function ask(phone: Phone, text: string): Promise<string> {
  await phone.send(shopNumber, text);
  return (await phone.nextMessage(({ from }) => from === shopNumber)).text;
}

/** Nobody stands by here, and nobody waits until the time of the killed process is over: `failover.test.ts` does. */
async function forgetLease(): Promise<void> {
  if (environment['DATABASE_URL']) {
    const { database, close } = await openDatabase();
    await expireLease(database);
    await close();
  }
}

function openDatabase(): Promise<OpenDatabase> {
  const url = environment['DATABASE_URL'];
  return url ? openServerDatabase(url) : openEmbeddedDatabase(directory);
}

describe('a restart', () => {
  it('keeps the link, after kill -9 as after a stop, ten times over', async () => {
    await link();
    expect(await ask(owner, 'help')).toContain('this is what you can ask me');

    for (let restart = 1; restart <= 10; restart++) {
      if (restart % 2 === 0) {
        await bot.kill();
        await forgetLease();
      } else {
        expect(await bot.stop()).toBe(0);
      }
      if (restart === 6) {
        // Written while nobody is there; answered when the bot is back.
        await owner.send(shopNumber, 'set shop.language es');
      }
      await bot.start();
      await whatsapp.online(shop);
      if (restart === 6) {
        expect((await owner.nextMessage()).text).toContain('shop.language: en → es');
      }
      expect(await ask(owner, 'help')).toContain(
        restart < 6 ? 'this is what you can ask me' : 'esto es lo que puedes pedirme',
      );
    }

    await bot.stop();
    const { database, close } = await openDatabase();
    const sessions = await database.select().from(whatsappSessions);
    await close();
    expect(sessions).toHaveLength(1);
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
    const answers = owner.chats.with(shopNumber).filter(({ from }) => from === shopNumber);
    expect(answers).toHaveLength(12);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(12);
  }, 240_000);
});
