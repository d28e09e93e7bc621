import { type BinaryNode, Curve, encodeWAMessage } from '@whiskeysockets/baileys';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { endlessTenure } from '../database/lease.ts';
import { journal, whatsappKeys } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { type Ciphertext, PhoneSignal } from '../simulator/phone-signal.ts';
import { silentLogger } from '../simulator/silent-logger.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type AuthStore, openAuthStore } from './auth.store.ts';
import { findPlaintext } from './journal.store.ts';
import type { KeyChanges } from './key.store.ts';
import { silenceConsole } from './quiet-libraries.ts';
import { makeSeal } from './seal.ts';
import { journalEvent, type LosslessParts, losslessSignalRepository, StanzaOfCiphertext } from './signal-repository.ts';

// Two real Signal parties: Ana's phone, and the shop's device with the repository under test on a real database.

const ana = '111@lid';
const bot = '222:1@lid';

let database: Database;
let auth: AuthStore;
let phone: PhoneSignal;
let stanzas: StanzaOfCiphertext;
let repository: ReturnType<ReturnType<typeof losslessSignalRepository>>;
/** What the store was asked to commit, and what happened in which order. */
let commits: KeyChanges[];
let events: string[];
let failNextCommit: boolean;
let parts: LosslessParts;
/** The envelopes of the messages that are safe. */
let committed: BinaryNode['attrs'][];

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  auth = await openAuthStore({
    database,
    tenure: endlessTenure,
    clock: new SimulatedClock(new Date('2026-11-22T10:00:00Z')),
    seal: makeSeal(undefined),
    log: silentLog,
    onFailure: (error) => expect.fail(`The login is in order: ${error.message}`),
  });
  auth.creds.me = { id: '34600000001:1@s.whatsapp.net', lid: bot };
  phone = new PhoneSignal();
  await openConversation();
  commits = [];
  events = [];
  failNextCommit = false;
  committed = [];
  startRepository();
});

afterEach(() => {
  phone.close();
  repository.close?.();
});

/** The phone gets the device's keys from the server and opens a session; its first messages are `pkmsg`. */
async function openConversation(): Promise<void> {
  const preKey = Curve.generateKeyPair();
  await auth.keys.set({ 'pre-key': { '1': preKey } });
  const { registrationId, signedIdentityKey, signedPreKey } = auth.creds;
  const { keyId, keyPair, signature } = signedPreKey;
  await phone.openSession(bot, {
    registrationId,
    identity: signedIdentityKey.public,
    signedPreKey: { id: keyId, value: keyPair.public, signature },
    preKey: { id: 1, value: preKey.public },
  });
}

/** The repository as a process has it, on a store that keeps a record. */
function startRepository(): void {
  const keys = {
    ...auth.keys,
    async set(changes: KeyChanges) {
      commits.push(changes);
      if (failNextCommit) {
        failNextCommit = false;
        throw new Error('not stored');
      }
      await auth.keys.set(changes);
      events.push('committed');
    },
  };
  stanzas = new StanzaOfCiphertext();
  parts = {
    auth: { ...auth, keys },
    stanzas,
    findPlaintext: (author, id, hash) => findPlaintext(database, makeSeal(undefined), auth.sessionId, author, id, hash),
    onArrival: () => events.push('arrival'),
    onCommitted: (attributes) => committed.push(attributes),
  };
  repository = losslessSignalRepository(parts)({ creds: auth.creds, keys }, silentLogger);
}

function write(text: string): Promise<Ciphertext> {
  return phone.encrypt(bot, encodeWAMessage({ conversation: text }), () => expect.fail('A session is open'));
}

/** Changed in the code that proves it, which stands shortly before the end. */
function spoilt({ type, bytes }: Ciphertext): Ciphertext {
  const changed = Buffer.from(bytes);
  changed[changed.length - 8] = (changed.at(-8) ?? 0) ^ 1;
  return { type, bytes: changed };
}

/** A stanza with this ciphertext comes in, as a socket and Baileys handle it. */
function receive(
  { type, bytes }: Ciphertext,
  attrs: Record<string, string> = {},
  body: Uint8Array = bytes,
): Promise<Uint8Array> {
  const enc: BinaryNode = { tag: 'enc', attrs: { v: '2', type }, content: body };
  stanzas.remember({ tag: 'message', attrs: { id: 'M1', from: ana, t: '1795341600', ...attrs }, content: [enc] });
  return repository.decryptMessage({ jid: ana, type, ciphertext: body });
}

/** The device answers, so that the phone no longer needs to open the session with each message: `msg` from now on. */
async function answer(): Promise<void> {
  const { type, ciphertext } = await repository.encryptMessage({
    jid: ana,
    data: encodeWAMessage({ conversation: 'Hi' }),
  });
  await phone.decrypt(bot, { type, bytes: ciphertext });
}

/** The message as the ratchet gives it, in which the words stand among the bytes of the schema and the padding. */
function textOf(plaintext: Uint8Array | undefined): string {
  return Buffer.from(plaintext ?? []).toString();
}

async function rows() {
  const found = await database.select().from(journal).orderBy(journal.id);
  return found.map(({ author, messageId, plaintext }) => ({ author, messageId, plaintext: Buffer.from(plaintext) }));
}

/** What the journal holds besides messages. */
async function journalledEvents() {
  const found = await database.select().from(journal).where(eq(journal.source, 'event')).orderBy(journal.id);
  return found.map(({ author, messageId, stanza }) => ({ author, messageId, stanza: JSON.parse(stanza) }));
}

async function ratchets(): Promise<number> {
  const found = await database.select().from(whatsappKeys);
  return found.filter(({ type }) => type === 'session').length;
}

it.each(['pkmsg', 'msg'] as const)(
  'answers a %s that comes again from the journal, with the same plaintext and no new step of the ratchet',
  async (type) => {
    if (type === 'msg') {
      await receive(await write('Hello'), { id: 'M0' });
      await answer();
    }
    const ciphertext = await write('Do you have blue mugs?');
    expect(ciphertext.type).toBe(type);
    const first = await receive(ciphertext);
    commits = [];

    const sameBuffer = await receive(ciphertext);
    startRepository();
    const afterRestart = await receive(ciphertext, { offline: '1' }, Buffer.from(ciphertext.bytes));

    expect(textOf(first)).toContain('Do you have blue mugs?');
    expect(Buffer.from(sameBuffer)).toEqual(Buffer.from(first));
    expect(Buffer.from(afterRestart)).toEqual(Buffer.from(first));
    expect(commits.filter((changes) => changes.session ?? changes.journal)).toEqual([]);
    expect((await rows()).filter(({ messageId }) => messageId === 'M1')).toEqual([
      { author: ana, messageId: 'M1', plaintext: Buffer.from(first) },
    ]);
  },
);

it('goes on with the conversation after a message that came twice', async () => {
  const ciphertext = await write('one');
  await receive(ciphertext);
  await receive(ciphertext);

  expect(textOf(await receive(await write('two'), { id: 'M2' }))).toContain('two');
});

it('commits the plaintext together with the step of the ratchet, and everything else of that step', async () => {
  const plaintext = await receive(await write('Hello'));

  expect(commits.map((changes) => Object.keys(changes).toSorted())).toEqual([
    ['identity-key', 'journal', 'pre-key', 'session'],
  ]);
  expect(Object.values(commits[0]?.journal ?? {})).toMatchObject([
    { author: ana, messageId: 'M1', plaintext, stanza: { attrs: { t: '1795341600' }, fromMe: false } },
  ]);
});

it('keeps neither plaintext nor ratchet when the commit fails, and reads the message when it comes again', async () => {
  failNextCommit = true;
  const ciphertext = await write('Hello');

  await expect(receive(ciphertext)).rejects.toThrow('not stored');
  expect([await rows(), await ratchets()]).toEqual([[], 0]);
  expect(events).toEqual([]);

  expect(textOf(await receive(ciphertext))).toContain('Hello');
  expect([(await rows()).length, await ratchets()]).toEqual([1, 1]);
});

it('does not answer another ciphertext under the same id with the stored plaintext', async () => {
  const first = await write('one');
  const second = await write('two');
  await receive(first, { id: 'M1' });
  await receive(second, { id: 'M2' });

  await expect(receive(second, { id: 'M1' })).rejects.toThrow();
  await expect(receive(first, { id: 'M1', from: '333@lid' })).rejects.toThrow();
});

it('reads a message that was encrypted again under its id, and keeps the plaintext that was first', async () => {
  const plaintext = await receive(await write('one'));
  const again = await write('one, encrypted again');

  expect(textOf(await receive(again))).toContain('one, encrypted again');

  expect(await rows()).toEqual([{ author: ana, messageId: 'M1', plaintext: Buffer.from(plaintext) }]);
});

it.each([
  ['of a group', { from: '123@g.us', participant: ana }],
  ['of a status', { from: 'status@broadcast', participant: ana }],
])('decrypts a message %s and leaves it out of the journal', async (_title, attrs) => {
  const plaintext = await receive(await write('To everybody'), attrs);

  expect(textOf(plaintext)).toContain('To everybody');
  expect(await rows()).toEqual([]);
  expect(commits.filter((changes) => changes.journal)).toEqual([]);
  expect(events).not.toContain('arrival');
});

it.each([
  ['the shop’s own phone', '222@lid', true],
  ['the shop’s own phone, by its number', '34600000001@s.whatsapp.net', true],
  ['somebody else', ana, false],
])('notes whether %s has written', async (_title, from, fromMe) => {
  await receive(await write('Hello'), { from });

  expect(Object.values(commits[0]?.journal ?? {})).toMatchObject([{ stanza: { fromMe } }]);
});

it('keeps a place for a message that no key fits, and tells of it', async () => {
  await expect(receive(spoilt(await write('Hello')))).rejects.toThrow();

  expect(await journalledEvents()).toMatchObject([
    { author: ana, messageId: 'M1', stanza: { event: { kind: 'unreadable', because: 'undecryptable' } } },
  ]);
  expect(events.at(-1)).toBe('arrival');
  expect(committed).toEqual([]);
});

it('keeps no place for what the phone tells this device alone, when no key fits that', async () => {
  await expect(receive(spoilt(await write('Hello')), { category: 'peer' })).rejects.toThrow();

  expect(await journalledEvents()).toEqual([]);
});

it('tells those who watch of every message that is safe, also of one that was safe before', async () => {
  const ciphertext = await write('Hello');
  await receive(ciphertext);
  await receive(ciphertext, { offline: '1' });

  expect(committed).toMatchObject([{ id: 'M1' }, { id: 'M1', offline: '1' }]);
});

describe('what is told besides messages', () => {
  const tell = (attrs: Record<string, string>, ...content: BinaryNode[]) =>
    journalEvent(parts, { tag: content[0]?.tag === 'unavailable' ? 'message' : 'call', attrs, content });
  const offer = (more: Record<string, string> = {}): BinaryNode => ({
    tag: 'offer',
    attrs: { 'call-id': 'CALL', ...more },
  });

  it('is in the journal before anybody hears of it: each thing that happens to a call once, with the caller’s number', async () => {
    const caller = { caller_pn: '34600000003@s.whatsapp.net' };
    await tell({ id: 'C1', from: ana }, offer(caller));
    await tell({ id: 'C1', from: ana, offline: '0' }, offer(caller));
    await tell({ id: 'C2', from: ana }, { tag: 'reject', attrs: { 'call-id': 'CALL' } });

    expect(await journalledEvents()).toMatchObject([
      { author: ana, messageId: 'CALL/ringing', stanza: { attrs: { from: ana, ...caller } } },
      { author: ana, messageId: 'CALL/rejected', stanza: { attrs: { from: ana } } },
    ]);
    expect(events).toEqual(['committed', 'arrival', 'committed', 'arrival', 'committed', 'arrival']);
  });

  it('does not take the place of the message that comes after it under the same id', async () => {
    await tell({ id: 'M1', from: ana }, { tag: 'unavailable', attrs: {} });
    await receive(await write('Hello'));

    expect(await journalledEvents()).toMatchObject([{ messageId: 'M1', stanza: { event: { because: 'absent' } } }]);
    expect((await rows()).map(({ plaintext }) => textOf(plaintext))).toEqual(['', expect.stringContaining('Hello')]);
  });

  it.each([
    ['in a group', { id: 'M1', from: '1@g.us' }],
    ['about a status', { id: 'M1', from: 'status@broadcast' }],
    ['without an id', { from: ana }],
  ])('is left out %s', async (_what, attrs) => {
    await tell(attrs, { tag: 'unavailable', attrs: {} });
    expect(await journalledEvents()).toEqual([]);
  });

  it('is not told when it could not be stored', async () => {
    failNextCommit = true;

    await expect(tell({ id: 'C1', from: ana }, offer())).rejects.toThrow('not stored');
    expect(events).toEqual([]);
  });
});

it('tells of an arrival only when it is committed, and once', async () => {
  const ciphertext = await write('Hello');
  await receive(ciphertext);
  await receive(ciphertext);

  expect(events).toEqual(['committed', 'arrival']);
});

it('keeps two messages that come at the same moment, both with their own step', async () => {
  const [one, two] = [await write('one'), await write('two')];

  const plaintexts = await Promise.all([receive(one, { id: 'M1' }), receive(two, { id: 'M2' })]);

  expect(plaintexts.map(textOf)).toEqual([expect.stringContaining('one'), expect.stringContaining('two')]);
  expect((await rows()).map(({ messageId }) => messageId)).toEqual(['M1', 'M2']);
  startRepository();
  expect(textOf(await receive(await write('three'), { id: 'M3' }))).toContain('three');
});
