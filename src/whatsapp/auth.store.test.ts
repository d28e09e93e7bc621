import { addTransactionCapability, proto, type SignalDataSet } from '@whiskeysockets/baileys';
import { eq, like, type SQL } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { endlessTenure, LeaseLost, type Tenure } from '../database/lease.ts';
import { journal, whatsappCredentials, whatsappKeys, whatsappSessions } from '../database/schema.ts';
import { emptyTestDatabase, robLease, testLease } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { days, later, seconds } from '../lib/time.ts';
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

function open(encryptionKey?: Buffer, through = database, tenure = endlessTenure): Promise<AuthStore> {
  return openAuthStore({
    database: through,
    tenure,
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
    const find = (hash: string) =>
      findPlaintext(database, makeSeal(undefined), store.sessionId, '1@lid', 'M1', Buffer.from(hash));
    expect(await find('second')).toEqual(Buffer.from(arrival.plaintext));
    expect(await find('first')).toBeUndefined();
  });

  it('seals what the phone itself tells, which may hold keys of the account, and still answers it when it comes again', async () => {
    const store = await open(key);
    const stanza = { attrs: { ...arrival.stanza.attrs, category: 'peer' }, fromMe: true };
    const changes: KeyChanges = { journal: { 'x/M1': { ...arrival, stanza } } };
    await store.keys.set(changes);

    const [row] = await database.select().from(journal);
    expect(Buffer.from(row?.plaintext ?? []).toString()).toMatch(/^sealed1:/);
    const found = await findPlaintext(database, makeSeal(key), store.sessionId, '1@lid', 'M1', arrival.ciphertextHash);
    expect(found).toEqual(arrival.plaintext);
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

describe('a store whose database is slow or away', () => {
  it('brings two commits to the database in their order, although the first is slow', async () => {
    const { through, gate } = slowDatabase();
    const store = await open(undefined, through);
    const waiting = gate.hold('before');

    const first = store.keys.set({ session: { a: Buffer.from('one') } });
    await waiting;
    const second = store.keys.set({ session: { a: Buffer.from('two') } });
    await settled();
    gate.open();
    await Promise.all([first, second]);

    expect(await store.keys.get('session', ['a'])).toEqual({ a: Buffer.from('two') });
    expect(await (await open()).keys.get('session', ['a'])).toEqual({ a: Buffer.from('two') });
  });

  it('never lets what was read before a commit into its memory after it', async () => {
    await (await open()).keys.set({ session: { a: Buffer.from('old') } });
    const { through, gate } = slowDatabase();
    const store = await open(undefined, through);
    const waiting = gate.hold('after');

    const reading = store.keys.get('session', ['a']);
    await waiting;
    const writing = store.keys.set({ session: { a: Buffer.from('new') } });
    await settled();
    gate.open();

    expect(await reading).toEqual({ a: Buffer.from('old') });
    await writing;
    expect(await store.keys.get('session', ['a'])).toEqual({ a: Buffer.from('new') });
  });

  it.each(['write', 'read'] as const)('survives two seconds without its database at a %s', async (kind) => {
    await (await open()).keys.set({ session: { a: Buffer.from('old') } });
    const { through, failUntil } = failingDatabase();
    const store = await open(undefined, through);
    failUntil(later(clock.now(), seconds(2)));

    const outcome = kind === 'write' ? store.keys.set({ session: { a: Buffer.from('new') } }) : undefined;
    const found = kind === 'read' ? store.keys.get('session', ['a']) : undefined;
    await letTimePassUntil(Promise.all([outcome, found]));

    expect(await store.keys.get('session', ['a'])).toEqual({ a: Buffer.from(kind === 'write' ? 'new' : 'old') });
    expect(await (await open()).keys.get('session', ['a'])).toEqual(await store.keys.get('session', ['a']));
    expect(failures).toEqual([]);
  });

  it('ends the session after a read that keeps failing, instead of taking the key for a missing one', async () => {
    const { through, failUntil } = failingDatabase();
    const store = await open(undefined, through);
    failUntil(later(clock.now(), seconds(60)));

    const outcome = expect(store.keys.get('session', ['a'])).rejects.toThrow('away');
    await letTimePassUntil(outcome);

    expect(failures).toHaveLength(1);
  });
});

describe('a closed store', () => {
  it('takes nothing any more', async () => {
    const store = await open();
    await store.keys.close();

    await expect(store.keys.set({ session: { a: Buffer.from('one') } })).rejects.toThrow('closed');
    await expect(store.keys.get('session', ['a'])).rejects.toThrow('closed');
    expect(await database.select().from(whatsappKeys)).toEqual([]);
  });

  it('has finished what was being written when it closed', async () => {
    const { through, gate } = slowDatabase();
    const store = await open(undefined, through);
    const waiting = gate.hold('before');
    const events: string[] = [];

    const commit = Promise.resolve(store.keys.set({ session: { a: Buffer.from('one') } }));
    const writing = commit.then(() => events.push('written'));
    await waiting;
    const closing = store.keys.close().then(() => events.push('closed'));
    await settled();
    expect(events).toEqual([]);
    gate.open();
    await Promise.all([writing, closing]);

    expect(events).toEqual(['written', 'closed']);
    expect(await database.select().from(whatsappKeys)).toHaveLength(1);
  });
});

/** The same database, with `execute` replaced: the way by which the store reads and writes keys. */
function withExecute(execute: (run: () => Promise<unknown>) => Promise<unknown>): Database {
  return new Proxy(database, {
    get(target, property) {
      if (property === 'execute') {
        return (query: SQL) => execute(async () => target.execute(query));
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A database one of whose statements can be held up, before it is made or with its answer on the way back. */
function slowDatabase() {
  let held: 'before' | 'after' | undefined;
  let reached: () => void = () => undefined;
  let open: () => void = () => undefined;
  const through = withExecute(async (run) => {
    const where = held;
    held = undefined;
    const opened = new Promise<void>((resolve) => {
      open = where ? resolve : open;
    });
    const early = where === 'after' ? await run() : undefined;
    if (where) {
      reached();
      await opened;
    }
    return where === 'after' ? early : run();
  });
  const gate = {
    /** Holds the next statement up. Resolves when it has come to its gate. */
    hold(where: 'before' | 'after'): Promise<void> {
      held = where;
      return new Promise((resolve) => {
        reached = resolve;
      });
    },
    open: () => open(),
  };
  return { through, gate };
}

function failingDatabase() {
  let until = clock.now();
  const through = withExecute(async (run) => {
    if (clock.now() < until) {
      throw new Error('away');
    }
    return run();
  });
  return {
    through,
    failUntil(instant: Date) {
      until = instant;
    },
  };
}

/** Whatever was going to happen without being let through has happened, in the database too. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await database.select().from(whatsappKeys);
  }
}

/** The pauses between tries pass as fast as the store asks for them. */
async function letTimePassUntil(outcome: Promise<unknown>): Promise<void> {
  let over = false;
  const end = outcome.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
  }
  await end;
}

/** The store tries for five seconds of its clock; they pass here as fast as it asks for them. */
async function untilFailure(): Promise<void> {
  while (failures.length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
  }
}

describe('a login whose lease another process has taken', () => {
  let tenure: Tenure;
  let store: AuthStore;
  let before: unknown;

  const everything = async () => [
    await database.select().from(whatsappSessions),
    await database.select().from(whatsappCredentials),
    await database.select().from(whatsappKeys),
    await database.select().from(journal),
  ];

  beforeEach(async () => {
    tenure = (await testLease(database, clock).acquire(new AbortController().signal, () => undefined)) ?? endlessTenure;
    store = await open(undefined, database, tenure);
    const changes: KeyChanges = { session: { a: Buffer.from([1]), b: Buffer.from([2]) }, journal: { 'x/M1': arrival } };
    await store.keys.set(changes);
    await store.saveCreds();
    before = await everything();
    await robLease(database);
  });

  it.each<[what: string, write: () => Promise<unknown>]>([
    ['its keys', () => Promise.resolve(store.keys.set({ session: { a: Buffer.from([9]) } }))],
    ['the removal of a key', () => Promise.resolve(store.keys.set({ session: { b: null } }))],
    [
      'an arrival',
      () => {
        const changes: KeyChanges = { journal: { 'x/M2': { ...arrival, messageId: 'M2' } } };
        return Promise.resolve(store.keys.set(changes));
      },
    ],
    [
      'a newer ciphertext of an arrival',
      () => {
        const changes: KeyChanges = { journal: { 'x/M1': { ...arrival, ciphertextHash: Buffer.from('second') } } };
        return Promise.resolve(store.keys.set(changes));
      },
    ],
    [
      'its credentials',
      () => {
        store.creds.nextPreKeyId = 999;
        return store.saveCreds();
      },
    ],
    ['its end', () => store.end('logged-out')],
    ['its encryption with a key that was set meanwhile', () => open(key, database, tenure)],
  ])('does not write %s, at the first try, and says so', async (_what, write) => {
    await expect(write()).rejects.toThrow(LeaseLost);

    expect(await everything()).toEqual(before);
    expect(tenure.lost.aborted).toBe(true);
  });

  it('does not begin another login', async () => {
    await database.update(whatsappSessions).set({ endedAt: clock.now() });

    await expect(open(undefined, database, tenure)).rejects.toThrow(LeaseLost);
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  });

  it('stops its session', async () => {
    await expect(store.keys.set({ session: { a: null } })).rejects.toThrow(LeaseLost);

    expect(failures).toEqual([expect.any(LeaseLost)]);
  });
});
