import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedDatabase } from './database/database.ts';
import { whatsappCredentials, whatsappSessions } from './database/schema.ts';
import { preparedDirectory } from './database/test-database.ts';
import { BotProcess } from './simulator/bot-process.ts';

// The installed program when it cannot start as it should: each reason has its sentence, and nothing is overwritten.

/** Nothing listens here, so the bot stays unlinked and quiet. */
const nowhere = { WHATSAPP_URL: 'ws://127.0.0.1:1/ws/chat', WHATSAPP_ROOT_KEY: '00'.repeat(32) };

let directory: string;
const started: BotProcess[] = [];

beforeEach(async () => {
  directory = await preparedDirectory();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((bot) => bot.kill()));
  rmSync(directory, { recursive: true, force: true });
});

function botWith(environment: Record<string, string> = {}): BotProcess {
  const bot = new BotProcess({ DATA_DIR: directory, ...nowhere, ...environment });
  started.push(bot);
  return bot;
}

describe('the program', () => {
  it('names every wrong variable and ends', async () => {
    const bot = botWith({ PORT: 'eighty', SHOP_TIMEZONE: 'Mars' });

    expect(await bot.runToEnd()).toBe(1);
    expect(bot.output).toBe(
      [
        'The configuration cannot be used:',
        '  - PORT: “eighty” cannot be used; expected a whole number from 0 to 65535 (0 takes any free port).',
        '  - SHOP_TIMEZONE: “Mars” cannot be used; expected an IANA time zone such as Europe/Madrid.',
        '',
      ].join('\n'),
    );
  });

  it('says that the database server cannot be reached', async () => {
    const bot = botWith({ DATABASE_URL: 'postgres://shop:secret@127.0.0.1:1/shop' });

    expect(await bot.runToEnd()).toBe(1);
    expect(bot.output).toContain(
      'The database at 127.0.0.1:1 (DATABASE_URL) cannot be used: nothing listens there (ECONNREFUSED).',
    );
    expect(bot.output).not.toContain('secret');
  });

  it('says in one sentence that the data directory cannot be used', async () => {
    const file = join(directory, 'a-file');
    writeFileSync(file, '');
    const bot = botWith({ DATA_DIR: file });

    expect(await bot.runToEnd()).toBe(1);
    expect(bot.output).toBe(
      `The data directory ${file} cannot be used (EEXIST). Give the user that runs Shopbell the right to write there, or set DATA_DIR to another folder.\n`,
    );
  });

  it('tells where the pairing page is and that WhatsApp cannot be reached, refuses a second process and a port in use, and stops on SIGTERM', async () => {
    const bot = botWith();
    await bot.start();
    await expect.poll(() => bot.output).toContain('WhatsApp: WhatsApp cannot be reached. I keep trying.');
    expect(bot.output).toMatch(/Pairing page: http:\/\/127\.0\.0\.1:\d+\/pair\?token=/);
    await expect
      .poll(() => bot.output)
      .toMatch(/No owner yet\. Once linked, write this to the shop’s number from your own phone: claim \d{6}/);
    expect((await bot.get('/healthz')).status).toBe(200);
    expect((await bot.get('/readyz')).status).toBe(503);

    const second = botWith();
    expect(await second.runToEnd()).toBe(1);
    expect(second.output).toBe(
      `The data directory ${directory} is in use by another Shopbell process (process ${bot.pid}). Stop that one, or set DATA_DIR to another folder.\n`,
    );

    const asked = Date.now();
    expect(await bot.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);

    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const third = botWith({ PORT: String(port) });
    expect(await third.runToEnd()).toBe(1);
    expect(third.output).toBe(
      `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.\n`,
    );
    taken.close();
  });

  it('never replaces a login that it cannot read: not with a wrong key, not without the key, not when it is damaged', async () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const first = botWith({ ENCRYPTION_KEY: key });
    await first.start();
    await first.stop();
    const before = await storedLogins();
    expect(before[0]?.data).toMatch(/^sealed1:/);

    const wrong = botWith({ ENCRYPTION_KEY: Buffer.alloc(32, 2).toString('base64') });
    expect(await wrong.runToEnd()).toBe(1);
    expect(wrong.output).toContain('ENCRYPTION_KEY is not the key it was encrypted with');

    const without = botWith();
    expect(await without.runToEnd()).toBe(1);
    expect(without.output).toContain('is encrypted, but ENCRYPTION_KEY is not set');
    expect(await storedLogins()).toEqual(before);

    await damageLogin();
    const damaged = botWith({ ENCRYPTION_KEY: key });
    expect(await damaged.runToEnd()).toBe(1);
    expect(damaged.output).toContain('The WhatsApp login in the database is damaged');
    expect(await storedLogins()).toHaveLength(1);
  }, 120_000);
});

async function storedLogins() {
  const { database, close } = await openEmbeddedDatabase(directory);
  const rows = await database.select().from(whatsappCredentials);
  expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  await close();
  return rows;
}

async function damageLogin(): Promise<void> {
  const { database, close } = await openEmbeddedDatabase(directory);
  await database.update(whatsappCredentials).set({ data: 'open1:{"noiseKey":' });
  await close();
}
