import { asc } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, conversations, members } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, later } from '../lib/time.ts';
import { contactOfPhone, rememberLatest, resolveContacts, type Sighting } from './contacts.store.ts';
import { countOwners, ensureOwners, makeOwner, readMembers } from './members.store.ts';
import { type PhoneNumber, parsePhoneNumber } from './phone.ts';

const now = new Date('2026-11-22T10:00:00Z');
const nextStart = later(now, days(1));

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

function phones(...texts: readonly string[]): PhoneNumber[] {
  return texts.map((text) => parsePhoneNumber(text)).filter((phone) => phone !== undefined);
}

async function everything() {
  return {
    contacts: await database.select().from(contacts).orderBy(asc(contacts.id)),
    addresses: await database.select().from(contactAddresses).orderBy(asc(contactAddresses.value)),
    conversations: await database.select().from(conversations).orderBy(asc(conversations.contactId)),
    members: await database.select().from(members).orderBy(asc(members.contactId)),
  };
}

it('makes everybody in OWNER_PHONES an owner, each once', async () => {
  await ensureOwners(database, phones('+34600000002', '+34600000005', '+34 600 000 002'), now);

  const first = await contactOfPhone(database, '+34600000002', now);
  const second = await contactOfPhone(database, '+34600000005', now);
  expect(await database.select().from(members).orderBy(asc(members.contactId))).toEqual([
    { contactId: first, role: 'owner', source: 'environment', since: now },
    { contactId: second, role: 'owner', source: 'environment', since: now },
  ]);
  expect(await countOwners(database)).toBe(2);
});

it('changes nothing when the bot starts again with the same OWNER_PHONES, not even where answers go', async () => {
  const owners = phones('+34600000002', '+34600000005');
  await ensureOwners(database, owners, now);
  const fromLid: Sighting = {
    addresses: [
      { kind: 'lid', value: '111' },
      { kind: 'phone', value: '+34600000002' },
    ],
    name: 'Olga',
  };
  const [olga = 0] = await resolveContacts(database, [fromLid], now);
  await rememberLatest(database, [{ contactId: olga, address: fromLid.addresses[0], name: 'Olga', sentAt: now }]);
  const before = await everything();

  await ensureOwners(database, owners, nextStart);

  expect(await everything()).toEqual(before);
});

it.each(['advisor', 'manager'] as const)('makes an owner of the %s who is named in OWNER_PHONES', async (role) => {
  const ben = await contactOfPhone(database, '+34600000004', now);
  await database.insert(members).values({ contactId: ben, role, source: 'environment', since: now });
  expect(await countOwners(database)).toBe(0);

  await ensureOwners(database, phones('+34600000004'), nextStart);

  expect(await readMembers(database)).toEqual(new Map([[ben, 'owner']]));
  expect(await countOwners(database)).toBe(1);
});

it('lets an owner who came in with the code stay one, known by the code, when OWNER_PHONES names them too', async () => {
  const ana = await contactOfPhone(database, '+34600000003', now);
  await makeOwner(database, ana, 'claim', now);

  await ensureOwners(database, phones('+34600000003'), nextStart);

  expect(await database.select().from(members)).toEqual([
    { contactId: ana, role: 'owner', source: 'claim', since: now },
  ]);
});

it('takes the role from nobody whom OWNER_PHONES no longer names', async () => {
  await ensureOwners(database, phones('+34600000002'), now);

  await ensureOwners(database, [], nextStart);

  expect(await countOwners(database)).toBe(1);
});
