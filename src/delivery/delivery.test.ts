import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { messages, outbox } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { minutes, seconds } from '../lib/time.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import { MemoryTransport } from '../simulator/memory-transport.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Delivery, makeDelivery } from './delivery.flow.ts';

let database: Database;
let clock: SimulatedClock;
let transport: MemoryTransport;
let delivery: Delivery;
let contactId: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-23T09:00:00Z'));
  transport = new MemoryTransport(clock, '+34600000001');
  delivery = makeDelivery({ database, lease: alwaysHeld, clock, transport, log: silentLog });
  contactId = await contactOfPhone(database, '+34600000003', clock.now());
});

afterEach(() => delivery.stop());

async function queue(key: string): Promise<boolean> {
  const content = { kind: 'text', text: key } as const;
  return queueMessage(database, { key, contactId, kind: 'staff', content, whatsappId: `ID-${key}` }, clock.now());
}

async function states(): Promise<string[]> {
  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  return rows.map(({ state }) => state);
}

function sentIds(): string[] {
  return transport.take().map(({ whatsappId }) => whatsappId);
}

it('sends what waits, in its order, under the id that was chosen before, and writes it into the log', async () => {
  await queue('one');
  await queue('two');

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-one', 'ID-two']);
  expect(await states()).toEqual(['sent', 'sent']);
  const log = await database.select().from(messages).orderBy(asc(messages.id));
  expect(log.map(({ text, author, direction }) => [text, author, direction])).toEqual([
    ['one', 'bot', 'out'],
    ['two', 'bot', 'out'],
  ]);
});

it('queues the same cause once', async () => {
  expect(await queue('one')).toBe(true);
  expect(await queue('one')).toBe(false);
});

it('keeps everything while there is no link, and sends it when there is one', async () => {
  const linked = transport.link();
  transport.setLink({ state: 'connecting', since: clock.now() });
  await queue('one');
  delivery.start();
  await delivery.idle();
  expect(await states()).toEqual(['queued']);

  transport.setLink(linked);
  delivery.wake();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-one']);
});

it('sends again under the same id what a crash has interrupted, within ten minutes', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(9));

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-one']);
  expect(await states()).toEqual(['sent']);
});

it('lets what was interrupted rest for five seconds, in which a receipt may settle it, and holds up nobody else', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  await queue('two');

  delivery.start();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-two']);

  await delivery.settle({ kind: 'delivered', whatsappId: 'ID-one' });
  clock.advance(minutes(1));
  await delivery.idle();
  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['delivered', 'sent']);
});

it('counts the ten minutes from the first try, also for what waits again while there is no link', async () => {
  const linked = transport.link();
  await queue('one');
  await database.update(outbox).set({ firstTriedAt: clock.now(), attempts: 1 });
  transport.setLink({ state: 'connecting', since: clock.now() });
  delivery.start();
  await delivery.idle();
  clock.advance(minutes(11));

  transport.setLink(linked);
  delivery.wake();
  await delivery.idle();

  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['unknown']);
});

it('learns of a message in doubt when its receipt comes after all', async () => {
  await queue('one');
  await database
    .update(outbox)
    .set({ state: 'unknown', reason: 'interrupted', firstTriedAt: clock.now(), attempts: 5 });

  await delivery.settle({ kind: 'read', whatsappId: 'ID-one' });

  expect(await states()).toEqual(['read']);
});

it('goes back to the queue untouched when the link falls between claim and wire', async () => {
  await queue('one');
  transport.failFor('ID-one', 'not-linked');
  delivery.start();
  await delivery.idle();

  const [row] = await database.select().from(outbox);
  expect(row).toMatchObject({ state: 'queued', attempts: 0, firstTriedAt: null });
});

it('shows as unknown what was interrupted longer ago, and sends it no more', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(11));

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['unknown']);
});

it('goes on with the others when one message fails, and gives that one up after five tries', async () => {
  await queue('poison');
  await queue('fine');
  transport.failFor('ID-poison');

  delivery.start();
  while ((await states())[0] !== 'unknown') {
    clock.advance(seconds(6));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-fine']);
  expect(await states()).toEqual(['unknown', 'sent']);
  const [poison] = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(poison?.attempts).toBe(5);
});

it('moves a message up as WhatsApp reports, and never down', async () => {
  await queue('one');
  delivery.start();
  await delivery.idle();

  const reports = ['delivered', 'accepted', 'read', 'delivered'] as const;
  const seen: string[] = [];
  for (const kind of reports) {
    await delivery.settle({ kind, whatsappId: 'ID-one' });
    seen.push(...(await states()));
  }

  expect(seen).toEqual(['delivered', 'delivered', 'read', 'read']);
});

it('keeps WhatsApp’s code when a message is refused, unless it had arrived', async () => {
  await queue('refused');
  await queue('arrived');
  delivery.start();
  await delivery.idle();

  await delivery.settle({ kind: 'refused', whatsappId: 'ID-refused', code: '463' });
  await delivery.settle({ kind: 'delivered', whatsappId: 'ID-arrived' });
  await delivery.settle({ kind: 'refused', whatsappId: 'ID-arrived', code: '500' });

  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ['failed', '463'],
    ['delivered', null],
  ]);
});
