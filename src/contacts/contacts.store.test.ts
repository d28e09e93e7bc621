import { proto } from '@whiskeysockets/baileys';
import { asc } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
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
import { queueMessage } from '../outbox/outbox.store.ts';
import { changeSetting } from '../settings/settings.store.ts';
import { readArrival } from '../whatsapp/read-arrival.ts';
import type { Address } from './address.ts';
import { addressToAnswer, contactOfPhone, rememberLatest, resolveContacts, type Sighting } from './contacts.store.ts';
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
  await rememberLatest(database, sightings, ids);
  return ids;
}

async function see(...addresses: [Address, ...Address[]]): Promise<number> {
  const [id] = await resolveContacts(database, [{ addresses, name: undefined }], now);
  return id ?? 0;
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

  const log = await database.select().from(messages).orderBy(asc(messages.whatsappId));
  expect(log.map(({ contactId, whatsappId }) => [contactId, whatsappId])).toEqual([
    [byPhone, 'M1'],
    [byPhone, 'M2'],
  ]);
  expect(await readMembers(database)).toEqual(new Map([[byPhone, 'owner']]));
  expect(await database.select().from(contacts)).toHaveLength(1);
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
  expect(await database.select({ id: contacts.id }).from(contacts).orderBy(asc(contacts.id))).toEqual([
    { id: ana },
    { id: ben },
  ]);
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
  expect(await database.select({ name: contacts.name }).from(contacts)).toEqual([{ name: 'Olga' }]);
});
