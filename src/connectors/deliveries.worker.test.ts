import { asc } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { alwaysHeld, endlessTenure, type Lease, LeaseLost } from '../database/lease.ts';
import { contacts, shopDeliveries } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, later, seconds } from '../lib/time.ts';
import type { WorkLoop } from '../lib/work-loop.ts';
import type { ShopReport } from '../shop/report.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { forgetOldDeliveries, replayDeliveries, storeDeliveries } from './deliveries.store.ts';
import { makeDeliveriesWorker } from './deliveries.worker.ts';

const START = new Date('2026-11-22T10:00:00Z');

let database: Database;
let clock: SimulatedClock;
let worker: WorkLoop | undefined;
let lines: string[];
/** The carts that were told of, in their order. */
let told: string[];
/** What goes wrong when this cart is told of. */
let faults: Map<string, Error>;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(START);
  lines = [];
  told = [];
  faults = new Map();
});

afterEach(() => worker?.stop());

async function open(lease: Lease = alwaysHeld): Promise<WorkLoop> {
  await worker?.stop();
  worker = makeDeliveriesWorker({
    ...{ database, lease, clock },
    log: pino({ base: null }, { write: (line) => lines.push(line) }),
    country: () => Promise.resolve('ES'),
    takeReports: async (transaction, reports, now) => {
      const names = reports.map(({ report }) => (report as Extract<ShopReport, { kind: 'cart' }>).cart);
      // Something that is only there if the transaction was.
      await transaction.insert(contacts).values(names.map((name) => ({ name, createdAt: now })));
      const fault = names.map((name) => faults.get(name)).find((one) => one !== undefined);
      if (fault) {
        throw fault;
      }
      told.push(...names);
    },
    onTaken: () => undefined,
  });
  worker.start();
  worker.wake();
  await worker.idle();
  return worker;
}

/** A delivery of the event API that tells of a cart; unless it is no such thing. */
async function deliver(cart: string, body?: string): Promise<void> {
  const contact = { phone: '+34600000003' };
  const event = { id: cart, type: 'cart.updated', occurred_at: START.toISOString(), contact };
  const bytes = Buffer.from(body ?? JSON.stringify({ ...event, data: { cart: { id: cart, items: [] } } }));
  const delivery = { key: cart, topic: 'cart.updated', body: bytes, triggeredAt: START };
  await storeDeliveries(database, 'my-shop', [delivery], clock.now());
}

async function rows(): Promise<string[]> {
  const found = await database.select().from(shopDeliveries).orderBy(asc(shopDeliveries.id));
  return found.map(({ key, state, body }) => `${key} ${state}${body.length > 0 ? ' with its body' : ''}`);
}

const taken = async () => (await database.select().from(contacts).orderBy(asc(contacts.id))).map(({ name }) => name);

it('takes in what was stored, the oldest first, and keeps no body of it', async () => {
  await deliver('c1');
  await deliver('c2');

  await open();

  expect(told).toEqual(['c1', 'c2']);
  expect(await rows()).toEqual(['c1 done', 'c2 done']);
});

it('sets aside what cannot be read, with its body, and takes in everything before and behind it', async () => {
  await deliver('c1');
  await deliver('odd', '{"phone": "+34600000003", "surprise": true}');
  await deliver('c2');

  await open();

  expect(told).toEqual(['c1', 'c2']);
  expect(await rows()).toEqual(['c1 done', 'odd failed with its body', 'c2 done']);
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain('34600000003');
});

it('sets aside what cannot be taken in, and leaves nothing of it behind', async () => {
  faults.set('c2', new Error('no such cart'));
  await deliver('c1');
  await deliver('c2');
  await deliver('c3');

  await open();

  expect(told).toEqual(['c1', 'c3']);
  expect(await taken()).toEqual(['c1', 'c3']);
  expect(await rows()).toEqual(['c1 done', 'c2 failed with its body', 'c3 done']);
});

it('takes in what was set aside when somebody asks for it', async () => {
  faults.set('c1', new Error('no such cart'));
  await deliver('c1');
  const loop = await open();
  faults.clear();

  expect(await replayDeliveries(database)).toBe(1);
  loop.wake();
  await loop.idle();

  expect(await rows()).toEqual(['c1 done']);
});

it('sets nothing aside while the database is away: all of it waits and is taken in a second later', async () => {
  faults.set('c1', Object.assign(new Error('gone'), { code: '57P01' }));
  await deliver('c1');
  await deliver('c2');
  const opening = open();
  await expect.poll(() => lines.length).toBe(1);
  expect(await rows()).toEqual(['c1 pending with its body', 'c2 pending with its body']);
  expect(told).toEqual([]);

  faults.clear();
  clock.advance(seconds(1));
  await opening;

  expect(told).toEqual(['c1', 'c2']);
});

it('does nothing without the lease, and writes nothing once another process has it', async () => {
  await deliver('c1');
  await open({ ...alwaysHeld, whileHeld: () => Promise.resolve() });
  expect(await rows()).toEqual(['c1 pending with its body']);

  const robbed = { ...endlessTenure, confirm: () => Promise.reject(new LeaseLost()) };
  const whileHeld: Lease['whileHeld'] = (work) => expect(work(robbed)).rejects.toThrow(LeaseLost);
  await open({ ...alwaysHeld, whileHeld });

  expect(told).toEqual([]);
  expect(await rows()).toEqual(['c1 pending with its body']);
});

it('takes in more than goes into one transaction', async () => {
  for (let number = 1; number <= 51; number += 1) {
    await deliver(`c${number}`);
  }

  await open();

  expect(told).toHaveLength(51);
});

it('knows for thirty days what it has taken in, and keeps what was set aside', async () => {
  await deliver('c1');
  await deliver('odd', '{}');
  await open();
  await deliver('waiting');

  await forgetOldDeliveries(database, later(START, days(30)));
  expect(await rows()).toHaveLength(3);

  await forgetOldDeliveries(database, later(START, days(30) + 1));
  expect(await rows()).toEqual(['odd failed with its body', 'waiting pending with its body']);
});
