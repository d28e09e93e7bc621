import { proto } from '@whiskeysockets/baileys';
import { asc, eq, isNull } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { logMessages } from '../conversations/log.store.ts';
import type { Database } from '../database/database.ts';
import {
  contactAddresses,
  contacts,
  conversations,
  members,
  messages,
  outbox,
  settingChanges,
} from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes } from '../lib/time.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import { changeSetting } from '../settings/settings.store.ts';
import { readArrival } from '../whatsapp/read-arrival.ts';
import type { Address } from './address.ts';
import { consentOf } from './consents.store.ts';
import { addressToAnswer, contactOfPhone, rememberLatest, resolveContacts, type Sighting } from './contacts.store.ts';
import { rememberForgotten } from './forget.store.ts';
import { ensureOwners, makeOwner, readMembers } from './members.store.ts';
import { parsePhoneNumber } from './phone.ts';

const now = new Date('2026-11-22T10:00:00Z');
const phone: Address = { kind: 'phone', value: '+34600000003' };
const lid: Address = { kind: 'lid', value: '111' };
const otherLid: Address = { kind: 'lid', value: '222' };

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

/** What reception does with envelopes of messages. */
async function write(sightings: readonly Sighting[]): Promise<number[]> {
  const ids = await resolveContacts(database, sightings, now);
  await rememberLatest(
    database,
    sightings.map(({ addresses, name }, index) => ({
      contactId: ids[index] ?? 0,
      address: addresses[0],
      name,
      sentAt: now,
    })),
  );
  return ids;
}

async function see(...addresses: [Address, ...Address[]]): Promise<number> {
  const [id] = await resolveContacts(database, [{ addresses, name: undefined }], now);
  return id ?? 0;
}

async function livingContacts() {
  return database.select().from(contacts).where(isNull(contacts.mergedInto)).orderBy(asc(contacts.id));
}

function line(contactId: number, whatsappId: string) {
  return {
    contactId,
    whatsappId,
    direction: 'in' as const,
    author: 'contact' as const,
    kind: 'text',
    text: whatsappId,
    sentAt: now,
    loggedAt: now,
    arrival: 'live' as const,
  };
}

it('makes one contact of a person, with a conversation of the bot, however often they are seen', async () => {
  const ids = await write([
    { addresses: [lid, phone], name: 'Ana' },
    { addresses: [otherLid], name: 'Ben' },
    { addresses: [lid], name: 'Ana María' },
  ]);

  expect(ids[0]).toBe(ids[2]);
  expect(await database.select({ name: contacts.name }).from(contacts).orderBy(asc(contacts.id))).toEqual([
    { name: 'Ana María' },
    { name: 'Ben' },
  ]);
  expect(await database.select({ speaker: conversations.speaker }).from(conversations)).toEqual([
    { speaker: 'bot' },
    { speaker: 'bot' },
  ]);
});

it('answers where the last message came from, else the LID, else the phone', async () => {
  const id = await contactOfPhone(database, phone.value, now);
  expect(await addressToAnswer(database, id)).toMatchObject(phone);

  await see(lid, phone);
  expect(await addressToAnswer(database, id)).toMatchObject(lid);

  await write([{ addresses: [phone, lid], name: undefined }]);
  expect(await addressToAnswer(database, id)).toMatchObject(phone);
});

it('finds out that a number and a LID are one person: the log moves, the role stays, the older contact remains', async () => {
  await ensureOwners(
    database,
    [parsePhoneNumber(phone.value)].filter((one) => one !== undefined),
    now,
  );
  const byPhone = await contactOfPhone(database, phone.value, now);
  const byLid = await see(lid);
  await logMessages(database, [line(byPhone, 'M1'), line(byLid, 'M1'), line(byLid, 'M2')]);

  expect(await see(lid, phone)).toBe(byPhone);

  const log = await database.select().from(messages).where(eq(messages.contactId, byPhone)).orderBy(asc(messages.id));
  expect(log.map(({ whatsappId }) => whatsappId)).toEqual(['M1', 'M2']);
  expect(await readMembers(database)).toEqual(new Map([[byPhone, 'owner']]));
  expect(await livingContacts()).toHaveLength(1);
});

it('moves the younger contact’s role, its lines in the ledger and what waits to be sent to it', async () => {
  const older = await see(phone);
  const younger = await see(lid);
  await makeOwner(database, younger, 'claim', now);
  await changeSetting(database, { key: 'shop.name', before: 'My shop', after: 'Mug Shop', changedBy: younger }, now);
  const content = { kind: 'text', text: 'Done' } as const;
  await queueMessage(
    database,
    { key: 'answer:1', contactId: younger, kind: 'staff', content, whatsappId: 'BOT1' },
    now,
  );

  expect(await see(lid, phone)).toBe(older);

  expect(await database.select().from(members)).toEqual([
    { contactId: older, role: 'owner', source: 'claim', since: now },
  ]);
  expect(await database.select({ changedBy: settingChanges.changedBy }).from(settingChanges)).toEqual([
    { changedBy: older },
  ]);
  expect(await database.select().from(outbox)).toMatchObject([
    { contactId: older, key: 'answer:1', whatsappId: 'BOT1', state: 'queued', address: 'lid:111', content },
  ]);
  expect(await database.select().from(conversations)).toMatchObject([{ contactId: older }]);
});

it('gives everything of a batch to one contact when a later envelope says that two are one person', async () => {
  const stranger: Address = { kind: 'phone', value: '+34600000009' };
  const ids = await resolveContacts(
    database,
    [
      { addresses: [phone], name: 'Ana' },
      { addresses: [stranger], name: 'Ben' },
      { addresses: [lid], name: 'Ana' },
      { addresses: [lid, phone], name: 'Ana' },
      { addresses: [phone], name: 'Ana' },
    ],
    now,
  );

  const [ana, ben] = ids;
  expect(ids).toEqual([ana, ben, ana, ana, ana]);
  expect(ben).not.toBe(ana);
  expect((await livingContacts()).map(({ id }) => id)).toEqual([ana, ben]);
});

it('goes on with the one who remains when the same batch names the absorbed one once more', async () => {
  const username: Address = { kind: 'username', value: 'ana' };
  const sighting = (...addresses: [Address, ...Address[]]): Sighting => ({ addresses, name: undefined });

  const ids = await resolveContacts(
    database,
    [sighting(phone), sighting(lid), sighting(lid, phone), sighting(lid, username)],
    now,
  );

  expect(new Set(ids).size).toBe(1);
  const addresses = await database.select().from(contactAddresses);
  expect(addresses.map(({ contactId }) => contactId)).toEqual([ids[0], ids[0], ids[0]]);
});

it('stores a name that came with a NUL, which the database would refuse, without it', async () => {
  const envelope = (notify: string) =>
    readArrival({
      stanza: { attrs: { from: '111@lid', notify }, fromMe: false },
      messageId: 'M1',
      plaintext: Buffer.concat([proto.Message.encode({ conversation: 'Hello' }).finish(), Buffer.from([1])]),
      arrivedAt: now,
    });
  const names = async () => database.select({ name: contacts.name }).from(contacts);
  const arrive = async (notify: string) => {
    const read = await envelope(notify);
    await write(read.map(({ addresses, pushName }) => ({ addresses, name: pushName })));
  };

  await arrive('A\0na\0');
  expect(await names()).toEqual([{ name: 'Ana' }]);

  await arrive('Ana\0 María');
  expect(await names()).toEqual([{ name: 'Ana María' }]);
});

it('gives a phone number that comes with a second LID to a new contact, and leaves the role behind', async () => {
  await ensureOwners(
    database,
    [parsePhoneNumber(phone.value)].filter((one) => one !== undefined),
    now,
  );
  const before = await see(lid, phone);

  const after = await see(otherLid, phone);

  expect(after).not.toBe(before);
  expect((await readMembers(database)).has(after)).toBe(false);
  const addresses = await database.select().from(contactAddresses).orderBy(asc(contactAddresses.value));
  expect(addresses.map(({ value, contactId }) => [value, contactId])).toEqual([
    [phone.value, after],
    ['111', before],
    ['222', after],
  ]);
  expect(await database.select().from(members)).toHaveLength(1);
});

it.each(['owner', 'manager', 'advisor'] as const)(
  'leaves the role of %s behind when the number is given out again, in one batch and later',
  async (role) => {
    const before = await see(phone);
    await see(lid, phone);
    await database.insert(members).values({ contactId: before, role, source: 'claim', since: now });

    const [after] = await resolveContacts(
      database,
      [
        { addresses: [otherLid, phone], name: undefined },
        { addresses: [phone], name: undefined },
      ],
      now,
    );

    expect(await see(phone)).toBe(after);
    expect(await see(lid)).toBe(before);
    expect(await readMembers(database)).toEqual(new Map([[before, role]]));
  },
);

it('gives a number that was given out again to who is known by the other LID already, without what belonged to the first', async () => {
  const before = await see(lid, phone);
  const other = await see(otherLid);
  await logMessages(database, [line(before, 'M1'), line(other, 'M2')]);

  expect(await see(otherLid, phone)).toBe(other);

  const log = await database.select().from(messages).orderBy(asc(messages.whatsappId));
  expect(log.map(({ contactId }) => contactId)).toEqual([before, other]);
  expect(await livingContacts()).toHaveLength(2);
});

it('knows an owner named by phone who writes under an unknown LID, as soon as something names both', async () => {
  await ensureOwners(
    database,
    [parsePhoneNumber(phone.value)].filter((one) => one !== undefined),
    now,
  );
  const stranger = await see(lid);
  expect((await readMembers(database)).has(stranger)).toBe(false);

  await see(phone, lid);

  expect((await readMembers(database)).get(await see(lid))).toBe('owner');
});

describe('a username', () => {
  const username: Address = { kind: 'username', value: 'ana' };
  const otherPhone: Address = { kind: 'phone', value: '+34600000009' };

  it('is one more address, by which its owner is known', async () => {
    const ana = await see(lid, username);

    expect(await see(username)).toBe(ana);
    expect(await see(phone, username)).toBe(ana);
    expect(await see(phone)).toBe(ana);
  });

  it.each<[string, [Address, ...Address[]], [Address, ...Address[]]]>([
    ['LID', [lid, username], [otherLid, username]],
    ['phone number', [phone, username], [otherPhone, username]],
    ['phone number, of which one has a LID too', [lid, phone, username], [otherPhone, username]],
  ])('that comes with a second %s has changed hands', async (_title, first, second) => {
    const before = await see(...first);

    const after = await see(...second);

    expect(after).not.toBe(before);
    expect(await see(username)).toBe(after);
    expect(await see(first[0])).toBe(before);
  });

  it('joins nobody to somebody who has a number of their own', async () => {
    const ana = await see(lid, phone);
    const ben = await see(otherPhone, username);

    expect(await see(lid, username)).toBe(ana);

    expect(await see(otherPhone)).toBe(ben);
    expect(await see(username)).toBe(ana);
  });

  it('is never written to', async () => {
    const ana = await see(username);
    expect(await addressToAnswer(database, ana)).toBeUndefined();

    await see(username, lid);
    expect(await addressToAnswer(database, ana)).toMatchObject(lid);
  });
});

describe('where a contact last wrote from', () => {
  const wrote = (contactId: number, address: Address, sentAt: Date, name = '') =>
    rememberLatest(database, [{ contactId, address, name, sentAt }]);

  it('is decided by WhatsApp’s time, not by the order in a batch', async () => {
    const ana = await see(lid, phone);

    await rememberLatest(database, [
      { contactId: ana, address: phone, name: 'Ana María', sentAt: later(now, minutes(1)) },
      { contactId: ana, address: lid, name: 'Ana', sentAt: now },
    ]);

    expect(await addressToAnswer(database, ana)).toMatchObject(phone);
    expect(await livingContacts()).toMatchObject([{ name: 'Ana María' }]);
  });

  it('does not go back to that of an older message which comes late', async () => {
    const ana = await see(lid, phone);
    await wrote(ana, phone, now, 'Ana');
    await logMessages(database, [line(ana, 'M1')]);

    await wrote(ana, lid, later(now, -minutes(1)), 'Anita');
    expect(await addressToAnswer(database, ana)).toMatchObject(phone);
    expect(await livingContacts()).toMatchObject([{ name: 'Ana' }]);

    await wrote(ana, lid, now);
    expect(await addressToAnswer(database, ana)).toMatchObject(lid);
  });

  it.each([
    ['a line of the phone’s history', { arrival: 'history' as const }],
    ['what was written to them', { direction: 'out' as const, author: 'shop-phone' as const }],
  ])('counts although %s is newer', async (_title, changed) => {
    const ana = await see(lid, phone);
    await logMessages(database, [{ ...line(ana, 'M1'), sentAt: later(now, minutes(1)), ...changed }]);

    await wrote(ana, phone, now);

    expect(await addressToAnswer(database, ana)).toMatchObject(phone);
  });

  it('is, of two who are joined, that of the newer message', async () => {
    const older = await see(phone);
    const younger = await see(lid);
    await wrote(older, phone, now);
    await wrote(younger, lid, later(now, minutes(1)));
    await logMessages(database, [line(older, 'M1'), { ...line(younger, 'M2'), sentAt: later(now, minutes(1)) }]);

    await see(lid, phone);

    expect(await addressToAnswer(database, older)).toMatchObject(lid);
  });
});

describe('the one conversation of two who are joined', () => {
  it.each([
    ['bot', 'bot', 'bot'],
    ['bot', 'advisor', 'advisor'],
    ['advisor', 'bot', 'advisor'],
    ['paused', 'bot', 'paused'],
    ['bot', 'waiting', 'waiting'],
    ['waiting', 'advisor', 'advisor'],
  ] as const)('of %s and %s has %s as speaker: the bot does not talk over a human', async (older, younger, both) => {
    const keep = await see(phone);
    const absorb = await see(lid);
    await database.update(conversations).set({ speaker: older }).where(eq(conversations.contactId, keep));
    await database.update(conversations).set({ speaker: younger }).where(eq(conversations.contactId, absorb));

    await see(lid, phone);

    expect(await database.select().from(conversations)).toEqual([{ contactId: keep, speaker: both, since: now }]);
  });
});

it('gives each message of a batch to who wrote it, although a phone number changes hands within it', async () => {
  const before = await see(lid, phone);

  const ids = await write([
    { addresses: [phone, otherLid], name: undefined },
    { addresses: [phone, lid], name: undefined },
  ]);

  expect(ids[0]).not.toBe(before);
  expect(ids[1]).toBe(before);
});

it('keeps the higher of two roles, and a name, when two contacts are joined', async () => {
  const older = await contactOfPhone(database, phone.value, now);
  const [younger = 0] = await write([{ addresses: [lid], name: 'Olga' }]);
  await database.insert(members).values([
    { contactId: older, role: 'advisor', source: 'claim', since: now },
    { contactId: younger, role: 'owner', source: 'claim', since: now },
  ]);

  await see(lid, phone);

  expect(await readMembers(database)).toEqual(new Map([[older, 'owner']]));
  expect(await livingContacts()).toMatchObject([{ name: 'Olga' }]);
});

describe('A number that is written in two ways, such as a Brazilian one with and without its ninth digit,', () => {
  const long: Address = { kind: 'phone', value: '+5511988887777' };
  const short: Address = { kind: 'phone', value: '+551188887777' };

  it('is one person’s, in one batch and later', async () => {
    const ids = await resolveContacts(
      database,
      [long, short].map((address) => ({ addresses: [address], name: undefined })),
      now,
    );

    expect(new Set([...ids, await see(short), await see(long)]).size).toBe(1);
    expect(await livingContacts()).toHaveLength(1);
  });

  it('is one person’s whichever way came first', async () => {
    const contactId = await see(short);

    expect(await see(long)).toBe(contactId);
  });

  it('goes to somebody else in both', async () => {
    const first = await see({ kind: 'lid', value: '111' }, long);
    await see(short);

    const second = await see({ kind: 'lid', value: '222' }, long);

    expect(second).not.toBe(first);
    expect(await see(short)).toBe(second);
  });
});

describe('Somebody who was forgotten and writes again', () => {
  it('gets no offers, in whatever way their number is written, until they say so themselves', async () => {
    await rememberForgotten(database, { phones: ['+551188887777'], customers: [], emails: [] }, now);

    const again = await see({ kind: 'phone', value: '+5511988887777' });
    const other = await see({ kind: 'phone', value: '+5511988887778' });

    expect((await consentOf(database, again)).state).toBe('withdrawn');
    expect((await consentOf(database, other)).state).toBe('not-granted');
  });
});
