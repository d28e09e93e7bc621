import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { DrizzleQueryError, sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld, type Lease } from '../database/lease.ts';
import { journal } from '../database/schema.ts';
import { emptyTestDatabase, expireLease, robLease, testLease } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import type { WorkLoop } from '../lib/work-loop.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { replayFailed } from './journal.store.ts';
import { makeJournalWorker } from './journal.worker.ts';
import { makeSeal } from './seal.ts';

const clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));

let database: Database;
let worker: WorkLoop;
let received: IncomingMessage[];
let refuse: (messages: readonly IncomingMessage[], transaction: Database) => unknown;

beforeEach(async () => {
  database = await emptyTestDatabase();
  received = [];
  refuse = () => undefined;
  worker = startWorker(alwaysHeld);
});

afterEach(() => worker.stop());

function startWorker(lease: Lease): WorkLoop {
  return makeJournalWorker({
    database,
    lease,
    clock,
    log: silentLog,
    seal: makeSeal(undefined),
    ownIds: () => [],
    async receive(transaction, messages) {
      await refuse(messages, transaction);
      received.push(...messages);
      return [];
    },
    onReceived: () => undefined,
  });
}

async function arrive(messageId: string, plaintext: Uint8Array, attrs: Record<string, string> = {}): Promise<void> {
  await database.insert(journal).values({
    sessionId: 1,
    author: '111@lid',
    messageId,
    stanza: JSON.stringify({
      attrs: { from: '111@lid', sender_pn: '34600000003@s.whatsapp.net', t: '1795341600', ...attrs },
      fromMe: false,
    }),
    ciphertextHash: Buffer.from(messageId),
    plaintext,
    arrivedAt: clock.now(),
    state: 'pending',
  });
}

function padded(message: proto.IMessage): Uint8Array {
  return Buffer.concat([proto.Message.encode(message).finish(), Buffer.from([3, 3, 3])]);
}

async function states(): Promise<Record<string, string>> {
  const rows = await database.select().from(journal).orderBy(journal.id);
  return Object.fromEntries(rows.map(({ messageId, state }) => [messageId, state]));
}

/** A fault of the database as drizzle reports it: PostgreSQL's own error is the cause of another one. */
function databaseFault(code: string): Error {
  return new DrizzleQueryError('update journal set state = $1', ['done'], Object.assign(new Error('away'), { code }));
}

/** The pauses between tries pass as fast as the worker asks for them. */
async function untilReceived(count: number): Promise<void> {
  while (received.length < count) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
  }
  await worker.idle();
}

it('takes what a crash has left in the journal, in its order, and marks it handled', async () => {
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ extendedTextMessage: { text: 'two' } }), { offline: '1' });

  worker.start();
  await worker.idle();

  expect(received).toMatchObject([
    {
      whatsappId: 'M1',
      text: 'one',
      way: 'live',
      author: 'contact',
      addresses: [
        { kind: 'lid', value: '111' },
        { kind: 'phone', value: '+34600000003' },
      ],
      sentAt: new Date(1_795_341_600_000),
    },
    { whatsappId: 'M2', text: 'two', way: 'offline' },
  ]);
  expect(await states()).toEqual({ M1: 'done', M2: 'done' });
});

it('sets a malformed arrival aside and goes on with those behind it', async () => {
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', Buffer.from([255, 255, 255, 1]));
  await arrive('M3', padded({ conversation: 'three' }));

  worker.start();
  await worker.idle();

  expect(received.map(({ text, details }) => text ?? details.kind)).toEqual(['one', 'unreadable', 'three']);
  expect(await states()).toEqual({ M1: 'done', M2: 'failed', M3: 'done' });
});

it('sets aside only the arrival that its own handling fails on', async () => {
  refuse = (messages) => {
    if (messages.some(({ text }) => text === 'two')) {
      throw new Error('cannot be handled');
    }
  };
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ conversation: 'two' }));
  await arrive('M3', padded({ conversation: 'three' }));

  worker.start();
  await worker.idle();

  expect(await states()).toEqual({ M1: 'done', M2: 'failed', M3: 'done' });
  expect(received.map(({ text, details }) => text ?? details.kind)).toEqual(['one', 'unreadable', 'three']);
});

it('sets aside also what not even a placeholder can be logged for, because the database refuses it', async () => {
  refuse = (messages, transaction) =>
    messages.some(({ whatsappId }) => whatsappId === 'M2') ? transaction.execute(sql`select 1 / 0`) : Promise.resolve();
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ conversation: 'two' }));
  await arrive('M3', padded({ conversation: 'three' }));

  worker.start();
  await worker.idle();

  expect(await states()).toEqual({ M1: 'done', M2: 'failed', M3: 'done' });
  expect(received.map(({ text }) => text)).toEqual(['one', 'three']);
});

it('sets aside what was sealed with a key that is lost, and goes on with what came behind it', async () => {
  const sealed = makeSeal(Buffer.alloc(32, 7)).close('', 'journal M1');
  await arrive('M1', Buffer.from(sealed), { category: 'peer' });
  await arrive('M2', padded({ conversation: 'two' }));

  worker.start();
  await untilReceived(1);

  expect(received.map(({ text }) => text)).toEqual(['two']);
  expect(await states()).toEqual({ M1: 'failed', M2: 'done' });
});

it('takes what is tried again in the place in which it came', async () => {
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ conversation: 'two' }));
  await arrive('M3', padded({ conversation: 'three' }));
  await database.update(journal).set({ state: 'failed' }).where(sql`message_id in ('M1', 'M2')`);
  await replayFailed(database);

  worker.start();
  await worker.idle();

  expect(received.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

it('takes a long piece of the phone’s history whole', async () => {
  const { RECENT } = proto.HistorySync.HistorySyncType;
  const ids = Array.from({ length: 205 }, (_, index) => `H${index}`);
  const messages = ids.map((id) => ({
    message: { key: { remoteJid: '111@lid', fromMe: false, id }, message: { conversation: id } },
  }));
  const sync = { syncType: RECENT, conversations: [{ id: '111@lid', messages }] };
  const historySyncNotification = {
    syncType: RECENT,
    initialHistBootstrapInlinePayload: deflateSync(proto.HistorySync.encode(sync).finish()),
  };
  const plaintext = padded({ protocolMessage: { historySyncNotification } });
  const stored = makeSeal(undefined).close(Buffer.from(plaintext).toString('base64'), 'journal M1');
  await arrive('M1', Buffer.from(stored), { category: 'peer' });

  worker.start();
  await worker.idle();

  expect(received.map(({ whatsappId }) => whatsappId)).toEqual(ids);
});

it('waits for a database that is away instead of setting anything aside', async () => {
  let outages = 2;
  refuse = () => {
    if (outages-- > 0) {
      throw Object.assign(new Error('away'), { code: 'CONNECTION_CLOSED' });
    }
  };
  await arrive('M1', padded({ conversation: 'one' }));

  worker.start();
  await untilReceived(1);

  expect(await states()).toEqual({ M1: 'done' });
});

it.each([
  ['the server shuts down', '57P01'],
  ['the connection breaks', '08006'],
  ['the server has no room', '53300'],
  ['two transactions were in each other’s way', '40001'],
  ['the transaction waited too long for us', '25P03'],
  ['the driver has lost its connection', 'CONNECTION_CLOSED'],
  ['the network ends the connection', 'ECONNRESET'],
  ['the network takes nothing any more', 'EPIPE'],
  ['the network does not answer', 'ETIMEDOUT'],
])('sets nothing aside when %s, as drizzle reports it around the database’s own error', async (_title, code) => {
  let outages = 2;
  refuse = () => {
    if (outages-- > 0) {
      throw databaseFault(code);
    }
  };
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ conversation: 'two' }));

  worker.start();
  await untilReceived(2);

  expect(await states()).toEqual({ M1: 'done', M2: 'done' });
  expect(received.map(({ text }) => text)).toEqual(['one', 'two']);
});

it('sets nothing aside when the database goes away while arrivals are taken one by one', async () => {
  let faults = 1;
  let outages = 1;
  refuse = (messages) => {
    if (messages.length > 1 && faults-- > 0) {
      throw new Error('cannot be handled together');
    }
    if (messages.length === 1 && messages[0]?.text === 'two' && outages-- > 0) {
      throw databaseFault('57P01');
    }
  };
  await arrive('M1', padded({ conversation: 'one' }));
  await arrive('M2', padded({ conversation: 'two' }));
  await arrive('M3', padded({ conversation: 'three' }));

  worker.start();
  await untilReceived(3);

  expect(outages).toBe(0);
  expect(await states()).toEqual({ M1: 'done', M2: 'done', M3: 'done' });
  expect(received.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

it('keeps a kind that has no name yet whole, and leaves the phone’s own housekeeping out of the log', async () => {
  // A field that no version of the library knows yet: number 9999, three bytes.
  const unknown = Buffer.from([0xfa, 0xf0, 0x04, 3, 1, 2, 3]);
  await arrive('M1', Buffer.concat([unknown, Buffer.from([3, 3, 3])]));
  await arrive(
    'M2',
    padded({ protocolMessage: { type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE } }),
  );
  await arrive('M3', padded({ conversation: 'from a group' }), { from: '123@g.us', participant: '111@lid' });

  worker.start();
  await worker.idle();

  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({
    whatsappId: 'M1',
    details: { kind: 'other', field: 'unknown' },
    text: undefined,
  });
  expect(Buffer.from(received[0]?.raw ?? [])).toEqual(unknown);
  expect(await states()).toEqual({ M1: 'done', M2: 'done', M3: 'done' });
});

it('leaves the log complete at an orderly stop, with what came in at the last moment', async () => {
  worker.start();
  await worker.idle();
  await arrive('M1', padded({ conversation: 'one' }));

  await worker.stop();

  expect(received.map(({ text }) => text)).toEqual(['one']);
  expect(await states()).toEqual({ M1: 'done' });
});

it('rests while another process holds the lease, and is woken when the lease comes', async () => {
  await worker.stop();
  await robLease(database);
  const lease = testLease(database, clock);
  worker = startWorker(lease);
  await arrive('M1', padded({ conversation: 'one' }));

  worker.start();
  await worker.idle();
  expect(received).toEqual([]);

  await expireLease(database);
  await lease.acquire(new AbortController().signal, () => expect.fail('The lease is free'));
  worker.wake();
  await worker.idle();
  expect(received.map(({ whatsappId }) => whatsappId)).toEqual(['M1']);
});

it('leaves to the next holder what it was about to handle when the lease was taken, and sets nothing aside', async () => {
  await worker.stop();
  const lease = testLease(database, clock);
  await lease.acquire(new AbortController().signal, () => expect.fail('The lease is free'));
  worker = startWorker(lease);
  await arrive('M1', padded({ conversation: 'one' }));
  await robLease(database);

  worker.start();
  await worker.idle();

  expect(received).toEqual([]);
  expect(await states()).toEqual({ M1: 'pending' });
});
