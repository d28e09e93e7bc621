import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { endlessTenure } from '../database/lease.ts';
import { journal } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { days, later } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type AuthStore, openAuthStore } from './auth.store.ts';
import { countArrivals, findPlaintext, forgetHandled, markFailed, markHandled, replayFailed } from './journal.store.ts';
import type { KeyChanges } from './key.store.ts';
import { makeSeal } from './seal.ts';

const now = new Date('2026-11-22T10:00:00Z');
const seal = makeSeal(undefined);
type Row = typeof journal.$inferInsert;

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

async function insert(messageId: string, changed: Partial<Row> = {}): Promise<void> {
  await database.insert(journal).values({
    sessionId: 1,
    author: '111@lid',
    messageId,
    stanza: JSON.stringify({ attrs: { from: '111@lid' }, fromMe: false }),
    ciphertextHash: Buffer.from('hash'),
    plaintext: Buffer.from(messageId),
    arrivedAt: now,
    state: 'pending',
    ...changed,
  });
}

async function rows() {
  return database.select().from(journal).orderBy(journal.id);
}

describe('a plaintext', () => {
  it.each<[what: string, changed: Partial<Row>]>([
    ['of another link', { sessionId: 2 }],
    ['of another author', { author: '333@lid' }],
    ['of another message', { messageId: 'M2' }],
    ['of another ciphertext', { ciphertextHash: Buffer.from('other') }],
    ['that is none, because only an event was told', { source: 'event' }],
  ])('%s is not found', async (_what, changed) => {
    const find = () => findPlaintext(database, seal, 1, '111@lid', 'M1', Buffer.from('hash'));
    await insert('M1', changed);
    expect(await find()).toBeUndefined();

    await database.delete(journal);
    await insert('M1');
    expect(await find()).toEqual(Buffer.from('M1'));
  });
});

describe('what is forgotten', () => {
  const old = { arrivedAt: later(now, -days(30) - 1) };

  it.each<[what: string, changed: Partial<Row>, left: number]>([
    ['is what was handled and came more than thirty days ago', { ...old, state: 'done' }, 0],
    ['is not what came thirty days ago', { arrivedAt: later(now, -days(30)), state: 'done' }, 1],
    ['is never what still waits', old, 1],
    ['is never what was set aside', { ...old, state: 'failed' }, 1],
  ])('%s', async (_what, changed, left) => {
    await insert('M1', changed);
    await forgetHandled(database, now);
    expect(await rows()).toHaveLength(left);
  });
});

describe('what was set aside', () => {
  it('is named with its problem, counted, and taken again when asked for, as if it had just come', async () => {
    await insert('M1');
    await insert('M2');
    await insert('M3', { state: 'done', handledAt: now });
    await markFailed(database, 1, 'Error: why', now);
    expect((await rows())[0]).toMatchObject({ state: 'failed', problem: 'Error: why', handledAt: now });
    expect(await countArrivals(database)).toEqual({ pending: 1, failed: 1 });

    expect(await replayFailed(database)).toBe(1);

    expect((await rows())[0]).toMatchObject({ state: 'pending', problem: null, handledAt: null });
    expect(await countArrivals(database)).toEqual({ pending: 2, failed: 0 });
    expect((await rows())[2]).toMatchObject({ state: 'done', handledAt: now });
  });

  it('is never what was handled', async () => {
    await insert('M1');
    await markHandled(database, [1], now);
    await markFailed(database, 1, 'Error: why', now);

    expect(await rows()).toMatchObject([{ state: 'done', problem: null }]);
  });
});

describe('a message that comes again, encrypted anew', () => {
  let store: AuthStore;

  async function commit(text: string): Promise<void> {
    const stanza = { attrs: { from: '111@lid' }, fromMe: false };
    const bytes = Buffer.from(text);
    const arrival = { author: '111@lid', messageId: 'M1', stanza, ciphertextHash: bytes, plaintext: bytes };
    const changes: KeyChanges = { journal: { 'x/M1': arrival } };
    await store.keys.set(changes);
  }

  beforeEach(async () => {
    const clock = new SimulatedClock(now);
    const onFailure = (error: Error) => expect.fail(error.message);
    store = await openAuthStore({ database, tenure: endlessTenure, clock, seal, log: silentLog, onFailure });
    await commit('first');
  });

  it.each([
    ['takes the place of one that was set aside, and is tried', 'failed', 'second', 'pending'],
    ['changes nothing of one that waits', 'pending', 'first', 'pending'],
    ['changes nothing of one that is in the log', 'done', 'first', 'done'],
  ] as const)('%s', async (_what, state, plaintext, expected) => {
    await database.update(journal).set({ state });
    await commit('second');

    expect(await rows()).toMatchObject([
      { state: expected, plaintext: Buffer.from(plaintext), ciphertextHash: Buffer.from('second') },
    ]);
  });
});
