import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, count, eq, inArray } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openServerDatabase } from './database/database.ts';
import { messages, outbox } from './database/schema.ts';
import { createServerDatabase } from './database/test-database.ts';
import { silentLog } from './lib/log.ts';
import { type Milliseconds, seconds, systemClock } from './lib/time.ts';
import { BotProcess } from './simulator/bot-process.ts';
import type { Phone } from './simulator/phone.ts';
import { seededRandom } from './simulator/seeded-random.ts';
import { startWhatsAppServer, type WhatsAppServer } from './simulator/whatsapp-server.ts';
import { countArrivals } from './whatsapp/journal.store.ts';
import { silenceConsole } from './whatsapp/quiet-libraries.ts';

// Two installed programs on one PostgreSQL database: one holds the link to the simulated WhatsApp, the other takes over under load.

const shopNumber = '34600000001';
const server = process.env['TEST_DATABASE_URL'];

/** Bounded by count, so that a slow machine makes the test longer and not the heap of work larger. */
const MESSAGES_OF_ONE_CUSTOMER = 40;
const QUESTIONS_OF_THE_OWNER = 6;

/** What was being sent when the holder ended rests for a minute before it is sent again. */
const UNTIL_SENT_AGAIN: Milliseconds = seconds(100);

let whatsapp: WhatsAppServer;
let shop: Phone;
let owner: Phone;
let customers: Phone[];
let one: BotProcess;
let two: BotProcess;
let opened: OpenDatabase;
let directory: string;
let random: () => number;

beforeEach(async () => {
  silenceConsole(silentLog);
  random = seededRandom(20_261_122);
  directory = mkdtempSync(join(tmpdir(), 'shopbell-failover-'));
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  owner = whatsapp.addPhone({ number: '34600000002', name: 'Olga' });
  customers = Array.from({ length: 8 }, (_, index) =>
    whatsapp.addPhone({
      number: `3460000${String(index).padStart(4, '1')}`,
      name: `Customer ${index}`,
      addressing: index % 2 === 0 ? 'lid' : 'pn',
    }),
  );
  const environment = {
    DATABASE_URL: await createServerDatabase(server ?? '', `shopbell_failover_${process.pid}`),
    DATA_DIR: directory,
    WHATSAPP_URL: whatsapp.url,
    WHATSAPP_ROOT_KEY: whatsapp.rootKey,
    OWNER_PHONES: '+34600000002',
    SHOP_NAME: 'Mug Shop',
  };
  one = new BotProcess(environment);
  two = new BotProcess(environment);
  // At the same time: neither the tables nor the owner may come to harm.
  await Promise.all([one.start(), two.start()]);
  opened = await openServerDatabase(environment.DATABASE_URL);
});

afterEach(async () => {
  await Promise.all([one.kill(), two.kill()]);
  await opened.close();
  const { unanswered } = whatsapp;
  await whatsapp.close();
  rmSync(directory, { recursive: true, force: true });
  expect(unanswered).toEqual([]);
});

/** Links whichever of the two holds the lease. */
async function link(): Promise<{ readonly holder: BotProcess; readonly standby: BotProcess }> {
  const first = (await state(one)).whatsapp === 'standby' ? two : one;
  const pair = first === one ? { holder: one, standby: two } : { holder: two, standby: one };
  await shop.scan(await pair.holder.qr());
  await whatsapp.online(shop);
  await expect.poll(() => state(pair.holder)).toMatchObject({ status: 200, whatsapp: 'linked' });
  return pair;
}

async function state(bot: BotProcess): Promise<{ readonly status: number; readonly whatsapp: string }> {
  const answer = await bot.get('/readyz');
  return { status: answer.status, ...((await answer.json()) as { whatsapp: string }) };
}

/** Resolves when this process is linked. @returns how long it took from now */
async function takesOver(bot: BotProcess, limit: Milliseconds): Promise<void> {
  await expect.poll(() => state(bot), { timeout: limit, interval: 50 }).toMatchObject({ whatsapp: 'linked' });
}

/** Customers write and the owner asks, until everybody has done their share. */
function startTraffic(round: string) {
  let written = 0;
  let halfway: () => void = () => undefined;
  const half = new Promise<void>((resolve) => {
    halfway = resolve;
  });
  const writers = [
    ...customers.map((customer, index) => ({
      phone: customer,
      times: MESSAGES_OF_ONE_CUSTOMER,
      text: (number: number) => `${round} ${index}:${number}`,
    })),
    { phone: owner, times: QUESTIONS_OF_THE_OWNER, text: () => 'help' },
  ];
  const done = Promise.all(
    writers.map(async ({ phone, times, text }) => {
      for (let number = 0; number < times; number++) {
        await pause((0.5 + random()) * (3000 / times));
        await phone.send(shopNumber, text(number));
        written += 1;
        if (written === 150) {
          halfway();
        }
      }
    }),
  );
  return { half, done };
}

/** Everything has come and is in the log, and every answer has left. */
async function quiet(): Promise<void> {
  await whatsapp.drained();
  await expect.poll(async () => (await countArrivals(opened.database)).pending, { timeout: seconds(10) }).toBe(0);
  await expect.poll(countUnsent, { timeout: UNTIL_SENT_AGAIN, interval: 500 }).toBe(0);
}

async function countUnsent(): Promise<number | undefined> {
  const asked = whatsapp.accepted.filter(({ text }) => text === 'help').length;
  const [row] = await opened.database
    .select({ sent: count() })
    .from(outbox)
    .where(inArray(outbox.state, ['accepted', 'delivered', 'read']));
  return asked - (row?.sent ?? 0);
}

async function compareBooks(): Promise<void> {
  const { database } = opened;
  const rows = await database
    .select({ id: messages.whatsappId, times: count() })
    .from(messages)
    .where(and(eq(messages.direction, 'in'), eq(messages.author, 'contact')))
    .groupBy(messages.whatsappId);
  const accepted = whatsapp.accepted.filter(({ to }) => to === shopNumber).map(({ id }) => id);
  expect(rows.filter(({ times }) => times !== 1)).toEqual([]);
  const logged = new Set(rows.map(({ id }) => id));
  expect(accepted.filter((id) => !logged.has(id))).toEqual([]);
  expect(logged.size).toBe(accepted.length);

  const answers = owner.chats.with(shopNumber).filter(({ from }) => from === shopNumber);
  const asked = whatsapp.accepted.filter(({ text }) => text === 'help').length;
  expect([answers.length, new Set(answers.map(({ id }) => id)).size]).toEqual([asked, asked]);
  // The same id goes over the wire again only where it had to be claimed again.
  const again = await database.select({ id: outbox.whatsappId, attempts: outbox.attempts }).from(outbox);
  const once = new Set(again.filter(({ attempts }) => attempts === 1).map(({ id }) => id));
  expect(whatsapp.idsSeenTwice.filter((id) => once.has(id))).toEqual([]);
}

describe.runIf(server)('of two processes on one database', () => {
  it.each<[way: string, limit: Milliseconds, leave: (bot: BotProcess) => Promise<unknown>]>([
    ['is killed', seconds(20), (bot) => bot.kill()],
    ['is stopped', seconds(10), (bot) => bot.stop()],
  ])(
    'the one that stands by takes over when the other %s, and nothing is lost or logged twice',
    async (_way, limit, leave) => {
      const { holder, standby } = await link();
      expect(await state(standby)).toMatchObject({
        status: 503,
        whatsapp: 'standby',
        advice: expect.stringContaining('I take over'),
      });
      expect((await standby.get('/healthz')).status).toBe(200);
      expect(standby.output).toContain('another Shopbell process holds the link, and I stand by');
      const traffic = startTraffic('first');
      await traffic.half;

      const asked = performance.now();
      await Promise.all([leave(holder), takesOver(standby, limit)]);
      expect(performance.now() - asked).toBeLessThan(limit);

      await traffic.done;
      await quiet();
      await compareBooks();
      expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
    },
    240_000,
  );

  it('the one that was paused stands by afterwards, and has overwritten nothing', async () => {
    const { holder, standby } = await link();
    const traffic = startTraffic('first');
    await traffic.half;

    const asked = performance.now();
    process.kill(holder.pid ?? 0, 'SIGSTOP');
    await takesOver(standby, seconds(20));
    await traffic.done;
    await pause(Math.max(0, asked + seconds(20) - performance.now()));
    process.kill(holder.pid ?? 0, 'SIGCONT');
    await expect.poll(() => state(holder), { timeout: seconds(10) }).toMatchObject({ whatsapp: 'standby' });
    expect(holder.running).toBe(true);
    await quiet();
    await compareBooks();
    // A frozen process cannot close its connection: WhatsApp has done that when the other one came.
    expect(whatsapp.mostSocketsOfOneDevice).toBe(2);

    // The one that was paused goes on from what is stored; a ratchet that it had overwritten could not be read now.
    const retries = customers.map(({ retriesAnswered }) => retriesAnswered);
    await Promise.all([standby.stop(), takesOver(holder, seconds(20))]);
    const more = startTraffic('second');
    await more.done;
    await quiet();
    await compareBooks();
    expect(customers.map(({ retriesAnswered }) => retriesAnswered)).toEqual(retries);
  }, 300_000);
});

/** Real faults need real moments; they come from a seeded sequence. */
function pause(span: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, span));
}
