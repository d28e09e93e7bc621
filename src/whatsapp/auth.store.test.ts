import { addTransactionCapability, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import { eq, like } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { journal, whatsappCredentials, whatsappKeys, whatsappSessions } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { days } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type AuthStore, openAuthStore } from './auth.store.ts';
import { findPlaintext } from './journal.store.ts';
import type { KeyChanges } from './key.store.ts';
import { libraryLog } from './quiet-libraries.ts';
import { makeSeal, SessionUnreadable } from './seal.ts';

const key = Buffer.alloc(32, 7);
let database: Database;
let clock: SimulatedClock;
let failures: Error[];

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));
  failures = [];
});

function open(encryptionKey?: Buffer): Promise<AuthStore> {
  return openAuthStore({
    database,
    clock,
    seal: makeSeal(encryptionKey),
    log: silentLog,
    onFailure: (error) => failures.push(error),
  });
}

const arrival = {
  author: '1@lid',
  messageId: 'M1',
  stanza: { attrs: { id: 'M1', from: '1@lid' }, fromMe: false },
  ciphertextHash: Buffer.from('first'),
  plaintext: Buffer.from([104, 105, 0, 1]),
};

describe('the stored login', () => {
  it('comes back as it was, keys of every type included', async () => {
    const first = await open();
    first.creds.nextPreKeyId = 813;
    await first.saveCreds();
    const session = { _sessions: { 'a\u0000"\\{}': { chain: Buffer.from([0, 255]) } }, version: 'v1' };
    const appStateKey = proto.Message.AppStateSyncKeyData.fromObject({ keyData: Buffer.from([1, 2, 3]), timestamp: 5 });
    await first.keys.set({
      session: { '1_1.0': session },
      'pre-key': { '7': { private: Buffer.from([1]), public: Buffer.from([2]) } },
      'lid-mapping': { '34600000003': '111' },
      'app-state-sync-key': { k: appStateKey },
    } as unknown as SignalDataSet);

    const again = await open();

    expect(again.sessionId).toBe(first.sessionId);
    expect(again.creds).toEqual(first.creds);
    expect(await again.keys.get('session', ['1_1.0', 'none'])).toEqual({ '1_1.0': session });
    expect(await again.keys.get('pre-key', ['7'])).toEqual({
      '7': { private: Buffer.from([1]), public: Buffer.from([2]) },
    });
    expect(await again.keys.get('lid-mapping', ['34600000003'])).toEqual({ '34600000003': '111' });
    const restored = await again.keys.get('app-state-sync-key', ['k']);
    expect(Buffer.from(restored['k']?.keyData ?? [])).toEqual(Buffer.from([1, 2, 3]));
  });

  it('forgets what is removed, in memory and in the database', async () => {
    const store = await open();
    await store.keys.set({ session: { a: Buffer.from([1]), b: Buffer.from([2]) } });
    await store.keys.set({ session: { a: null } });

    expect(await store.keys.get('session', ['a', 'b'])).toEqual({ b: Buffer.from([2]) });
    expect(await (await open()).keys.get('session', ['a', 'b'])).toEqual({ b: Buffer.from([2]) });
  });

  it('keeps an arrival in the commit of its ratchet step, and each message once', async () => {
    const store = await open();
    const changes: KeyChanges = { session: { '1_1.0': Buffer.from([1]) }, journal: { 'x/M1': arrival } };
    await store.keys.set(changes);
    const again: KeyChanges = {
      journal: { 'x/M1': { ...arrival, ciphertextHash: Buffer.from('second'), plaintext: Buffer.from([9]) } },
    };
    await store.keys.set(again);

    const rows = await database.select().from(journal);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: 'pending', author: '1@lid', arrivedAt: clock.now() });
    const find = (hash: string) => findPlaintext(database, store.sessionId, '1@lid', 'M1', Buffer.from(hash));
    expect(await find('second')).toEqual(Buffer.from(arrival.plaintext));
    expect(await find('first')).toBeUndefined();
  });

  it('writes nothing of a commit that fails as a whole, and tells the session to stop', async () => {
    const store = await open();
    const broken: KeyChanges = {
      session: { '1_1.0': Buffer.from([1]) },
      journal: { 'x/M1': { ...arrival, author: 'a\u0000b' } },
    };
    const writing = store.keys.set(broken);
    const outcome = expect(writing).rejects.toThrow();
    await untilFailure();
    await outcome;

    expect(failures).toHaveLength(1);
    expect(await database.select().from(whatsappKeys)).toEqual([]);
    expect(await database.select().from(journal)).toEqual([]);
    expect(await store.keys.get('session', ['1_1.0'])).toEqual({});
  });

  it('is encrypted with the operator’s key, also what had been stored in the open before', async () => {
    const plain = await open();
    await plain.keys.set({ session: { a: Buffer.from('ratchet') } });

    const sealed = await open(key);

    expect(sealed.creds).toEqual(plain.creds);
    expect(await sealed.keys.get('session', ['a'])).toEqual({ a: Buffer.from('ratchet') });
    const [creds] = await database.select().from(whatsappCredentials);
    const openRows = await database.select().from(whatsappKeys).where(like(whatsappKeys.data, 'open1:%'));
    expect(creds?.data).toMatch(/^sealed1:/);
    expect(openRows).toEqual([]);
  });

  it('does not open a value that was moved to another row', async () => {
    const store = await open(key);
    await store.keys.set({ session: { a: Buffer.from('one'), b: Buffer.from('two') } });
    const [a] = await database.select().from(whatsappKeys).where(eq(whatsappKeys.id, 'a'));
    await database
      .update(whatsappKeys)
      .set({ data: a?.data ?? '' })
      .where(eq(whatsappKeys.id, 'b'));

    const reading = (await open(key)).keys.get('session', ['b']);

    await expect(reading).rejects.toThrow(SessionUnreadable);
    expect(failures).toHaveLength(1);
  });

  it('stops at a damaged ratchet instead of taking it for a missing one', async () => {
    const store = await open();
    await store.keys.set({ session: { a: Buffer.from('one') } });
    await database.update(whatsappKeys).set({ data: 'open1:{"half' });

    await expect((await open()).keys.get('session', ['a'])).rejects.toThrow('damaged');
    expect(failures[0]).toBeInstanceOf(SessionUnreadable);
  });

  it('is an error when its credentials are gone, never a silent new pairing', async () => {
    await open();
    await database.delete(whatsappCredentials);

    await expect(open()).rejects.toThrow('damaged');
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  });

  it('never hands out the number of a pre-key that is stored already', async () => {
    const store = await open();
    await store.keys.set({ 'pre-key': { '9': { private: Buffer.from([1]), public: Buffer.from([2]) } } });

    expect((await open()).creds.nextPreKeyId).toBe(10);
  });

  it('begins anew after its end, and keeps the old rows for a week', async () => {
    const first = await open();
    await first.keys.set({ session: { a: Buffer.from('one') } });
    await first.end('logged-out');

    const second = await open();
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await second.keys.get('session', ['a'])).toEqual({});
    expect(await database.select().from(whatsappKeys)).toHaveLength(1);

    clock.advance(days(8));
    await open();
    expect(await database.select().from(whatsappKeys)).toEqual([]);
  });

  it('stores credentials that change while they are being written', async () => {
    const store = await open();
    const writes = [1, 2, 3].map((count) => {
      store.creds.accountSyncCounter = count;
      return store.saveCreds();
    });
    await Promise.all(writes);

    expect((await open()).creds.accountSyncCounter).toBe(3);
  });

  it('commits a transaction of Baileys over several types at once', async () => {
    const store = await open();
    const keys = addTransactionCapability(store.keys, libraryLog(silentLog), {
      maxCommitRetries: 1,
      delayBetweenTriesMs: 0,
    });

    const failing = keys.transaction(async () => {
      await keys.set({ session: { a: Buffer.from('one') } });
      throw new Error('half-way');
    }, 'one');

    await expect(failing).rejects.toThrow('half-way');
    expect(await database.select().from(whatsappKeys)).toEqual([]);
  });
});

/** The store tries for five seconds of its clock; they pass here as fast as it asks for them. */
async function untilFailure(): Promise<void> {
  while (failures.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
  }
}
