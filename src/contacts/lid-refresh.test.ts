import { asc, eq, isNull } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, outbox } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { minutes, seconds } from '../lib/time.ts';
import type { WorkLoop } from '../lib/work-loop.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import type { Address } from './address.ts';
import { addressToAnswer, rememberLatest, resolveContacts } from './contacts.store.ts';
import { makeLidRefresh } from './lid-refresh.flow.ts';
import { markLidStale } from './lids.store.ts';

const phone: Address = { kind: 'phone', value: '+34600000003' };
const otherPhone: Address = { kind: 'phone', value: '+34600000004' };
const oldLid: Address = { kind: 'lid', value: '111' };
const otherLid: Address = { kind: 'lid', value: '444' };
const newLid: Address = { kind: 'lid', value: '222' };

let database: Database;
let clock: SimulatedClock;
let refresh: WorkLoop;
/** What WhatsApp is asked, and what it answers. */
let asked: (readonly Address[])[];
let answer: (phones: readonly Address[]) => Promise<readonly { phone: Address; lid: Address }[]>;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-23T09:00:00Z'));
  asked = [];
  answer = async () => [{ phone, lid: newLid }];
  refresh = makeLidRefresh({
    database,
    clock,
    log: silentLog,
    askForLids(phones) {
      asked.push(phones);
      return answer(phones);
    },
  });
});

afterEach(() => refresh.stop());

async function see(...addresses: [Address, ...Address[]]): Promise<number> {
  const [id] = await resolveContacts(database, [{ addresses, name: undefined }], clock.now());
  return id ?? 0;
}

async function queue(contactId: number, key: string): Promise<void> {
  const content = { kind: 'text', text: key } as const;
  await queueMessage(database, { key, contactId, kind: 'reply', content, whatsappId: key }, clock.now());
}

/** Somebody who wrote under the old LID, to whom a message waits, and whose LID WhatsApp has just called out of date. */
async function someoneStale(): Promise<number> {
  const ana = await see(oldLid, phone);
  await rememberLatest(database, [{ contactId: ana, address: oldLid, name: undefined, sentAt: clock.now() }]);
  await queue(ana, 'M1');
  await markLidStale(database, 'M1', clock.now());
  clock.advance(minutes(1));
  return ana;
}

async function staleSince(contactId: number): Promise<Date | null | undefined> {
  const [row] = await database.select().from(contacts).where(eq(contacts.id, contactId));
  return row?.lidStaleSince;
}

async function run(): Promise<void> {
  refresh.start();
  await refresh.idle();
}

it('asks WhatsApp for the new LID, and writes to that one from then on, with what waits already', async () => {
  const ana = await someoneStale();

  await run();

  expect(asked).toEqual([[phone]]);
  expect(await staleSince(ana)).toBeNull();
  expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
  expect(await database.select({ address: outbox.address }).from(outbox)).toEqual([{ address: 'lid:222' }]);
});

it('still knows the person by the old LID when a late envelope names it, with the number or without', async () => {
  const ana = await someoneStale();
  await run();

  expect(await see(oldLid, phone)).toBe(ana);
  expect(await see(oldLid)).toBe(ana);
  expect(await see(newLid, phone)).toBe(ana);
  expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
});

it('leaves alone where to write when it is the number that the person wrote from', async () => {
  const ana = await someoneStale();
  await rememberLatest(database, [{ contactId: ana, address: phone, name: undefined, sentAt: clock.now() }]);

  await run();

  expect(await addressToAnswer(database, ana)).toMatchObject(phone);
});

it('takes an unchanged LID for an answer too', async () => {
  const ana = await someoneStale();
  answer = async () => [{ phone, lid: oldLid }];

  await run();

  expect(await staleSince(ana)).toBeNull();
  expect(await addressToAnswer(database, ana)).toMatchObject(oldLid);
});

it('joins the person with who has written under the new LID already', async () => {
  const ana = await someoneStale();
  await see(newLid);

  await run();

  expect(await see(newLid)).toBe(ana);
  expect(await database.select().from(contacts).where(isNull(contacts.mergedInto))).toMatchObject([
    { id: ana, lidStaleSince: null },
  ]);
  expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
});

it.each<[string, () => Promise<never[]>]>([
  ['fails', () => Promise.reject(new Error('There is no link to WhatsApp now'))],
  ['knows no LID', async () => []],
])('holds the person, and asks again at the next link, when WhatsApp %s', async (_title, firstAnswer) => {
  const ana = await someoneStale();
  const since = await staleSince(ana);
  answer = firstAnswer;
  await run();
  expect(await staleSince(ana)).toEqual(since);

  answer = async () => [{ phone, lid: newLid }];
  refresh.wake();
  await refresh.idle();

  expect(asked).toHaveLength(2);
  expect(await staleSince(ana)).toBeNull();
});

it('waits twenty seconds for an answer, and asks again at the next link', async () => {
  const ana = await someoneStale();
  answer = () => new Promise(() => undefined);
  refresh.start();
  await expect.poll(() => asked.length).toBe(1);
  clock.advance(seconds(20));
  await refresh.idle();
  expect(await staleSince(ana)).not.toBeNull();

  answer = async () => [{ phone, lid: newLid }];
  refresh.wake();
  await refresh.idle();
  expect(await staleSince(ana)).toBeNull();
});

it('asks nothing for nobody, nor for somebody who is known by a LID only: that one stays held until they write', async () => {
  const ana = await see(oldLid);
  await queue(ana, 'M1');
  await run();
  await markLidStale(database, 'M1', clock.now());
  refresh.wake();
  await refresh.idle();
  expect(asked).toEqual([]);
  expect(await staleSince(ana)).not.toBeNull();
});

it('gives the answer to nobody when the number has gone to somebody else while WhatsApp was asked', async () => {
  const ana = await someoneStale();
  const other = await see(otherLid, otherPhone);
  answer = async () => {
    await database.update(contactAddresses).set({ contactId: other }).where(eq(contactAddresses.value, phone.value));
    return [{ phone, lid: newLid }];
  };

  await run();

  expect(asked).toHaveLength(1);
  expect(await staleSince(ana)).not.toBeNull();
  expect(await database.select().from(contactAddresses).where(eq(contactAddresses.value, newLid.value))).toEqual([]);
});

describe('while the LID is out of date', () => {
  it('another one that comes with the same number is the person’s new one, and no stranger’s', async () => {
    const ana = await someoneStale();

    expect(await see(newLid, phone)).toBe(ana);

    expect(await staleSince(ana)).toBeNull();
    expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
    expect(await database.select({ address: outbox.address }).from(outbox)).toEqual([{ address: 'lid:222' }]);
    const lids = await database.select().from(contactAddresses).orderBy(asc(contactAddresses.value));
    expect(lids.map(({ value, contactId }) => [value, contactId])).toEqual([
      [phone.value, ana],
      ['111', ana],
      ['222', ana],
    ]);
  });

  it('who wrote under another one before is joined when the number is named with it', async () => {
    const ana = await someoneStale();
    await see(newLid);

    expect(await see(newLid, phone)).toBe(ana);
    expect(await staleSince(ana)).toBeNull();
    expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
  });

  it('an envelope that still names it does not make it current, not even one that tells the number at last', async () => {
    const ana = await see(oldLid);
    await queue(ana, 'M1');
    await markLidStale(database, 'M1', clock.now());

    expect(await see(oldLid, phone)).toBe(ana);
    expect(await staleSince(ana)).not.toBeNull();

    await run();
    expect(await staleSince(ana)).toBeNull();
    expect(await addressToAnswer(database, ana)).toMatchObject(newLid);
  });
});
