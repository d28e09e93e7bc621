import { and, asc, eq, getTableName, isNull, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { logMessages } from '../conversations/log.store.ts';
import type { Database } from '../database/database.ts';
import {
  attachments,
  contactAddresses,
  contactMerges,
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
import type { Address } from './address.ts';
import { addressToAnswer, rememberLatest, resolveContacts } from './contacts.store.ts';
import { makeOwner, readMembers } from './members.store.ts';
import { joinContacts, MergeStands, movedColumns, undoMerge } from './merge.store.ts';
import { splitContact } from './split.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const afterwards = later(now, minutes(5));
const phone: Address = { kind: 'phone', value: '+34600000003' };
const lid: Address = { kind: 'lid', value: '111' };

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

async function see(...addresses: [Address, ...Address[]]): Promise<number> {
  const [id] = await resolveContacts(database, [{ addresses, name: undefined }], now);
  return id ?? 0;
}

async function log(contactId: number, ...whatsappIds: string[]): Promise<void> {
  const line = { contactId, direction: 'in', author: 'contact', kind: 'text', arrival: 'live' } as const;
  await logMessages(
    database,
    whatsappIds.map((whatsappId) => ({ ...line, whatsappId, text: whatsappId, sentAt: now, loggedAt: now })),
  );
}

async function queue(contactId: number, key: string): Promise<void> {
  const content = { kind: 'text', text: key } as const;
  await queueMessage(database, { key, contactId, kind: 'reply', content, whatsappId: `ID-${key}` }, afterwards);
}

async function undoLatest(): Promise<void> {
  const [latest] = await database.select().from(contactMerges).where(isNull(contactMerges.undoneAt)).limit(1);
  await undoMerge(database, latest?.id ?? 0, afterwards);
}

/** Every row of every table that a joining touches, except the book of joinings. */
async function everyRow() {
  const tables = [contacts, attachments, ...new Set(movedColumns.map(({ table }) => table))];
  const rows = tables.map(async (table) => {
    const found = await database.execute(
      sql`select to_jsonb(one) as row from ${table} as one order by to_jsonb(one)::text`,
    );
    return [getTableName(table), found.map(({ row }) => row)];
  });
  return Object.fromEntries(await Promise.all(rows));
}

async function linesOf(contactId: number): Promise<string[]> {
  const lines = await database
    .select()
    .from(messages)
    .where(eq(messages.contactId, contactId))
    .orderBy(asc(messages.id));
  return lines.map(({ whatsappId }) => whatsappId);
}

it('moves, or knows of, every column of the database that names a contact', async () => {
  const rows = await database.execute<{ name: string }>(sql`
    select c.table_name || '.' || c.column_name as name from information_schema.columns as c
    where c.table_schema = 'public' and (
      c.column_name like '%contact\\_id' or exists (
        select from information_schema.key_column_usage as k
        join information_schema.referential_constraints as r using (constraint_schema, constraint_name)
        join information_schema.table_constraints as t on t.constraint_name = r.unique_constraint_name
        where t.table_name = 'contacts' and k.table_name = c.table_name and k.column_name = c.column_name
      ))
    order by name`);
  const names = rows.map(({ name }) => name);

  expect(names).toContain('setting_changes.changed_by');
  expect(names).toEqual(
    [
      ...movedColumns.map((column) => `${getTableName(column.table)}.${column.name}`),
      // The book of joinings itself.
      'contact_merges.kept_id',
      'contact_merges.absorbed_id',
    ].toSorted(),
  );
});

it('leaves of the absorbed contact its row and the lines that the other has too, and nothing else', async () => {
  const keep = await see(phone);
  const absorb = await see(lid);
  await makeOwner(database, absorb, 'claim', now);
  await log(keep, 'BOTH', 'M1');
  await log(absorb, 'BOTH', 'M2');

  await see(lid, phone);

  expect(await linesOf(keep)).toEqual(['BOTH', 'M1', 'M2']);
  expect(await linesOf(absorb)).toEqual(['BOTH']);
  for (const table of [contactAddresses, members, conversations]) {
    expect(await database.select().from(table).where(eq(table.contactId, absorb))).toEqual([]);
  }
  expect(await database.select().from(contacts).where(eq(contacts.id, absorb))).toMatchObject([{ mergedInto: keep }]);
});

it('gives each back what they had: addresses, lines with their files, queued messages, role, name', async () => {
  const keep = await see(phone);
  const absorb = await see(lid);
  await makeOwner(database, absorb, 'claim', now);
  await rememberLatest(database, [{ contactId: absorb, address: lid, name: 'Ana', sentAt: now }]);
  await log(keep, 'BOTH', 'M1');
  await log(absorb, 'BOTH', 'M2');
  await queue(absorb, 'answer');
  const lines = await database.select({ messageId: messages.id }).from(messages);
  const file = { kind: 'file', state: 'pending', attempts: 0, nextTryAt: now } as const;
  await database.insert(attachments).values(lines.map(({ messageId }) => ({ ...file, messageId })));
  const before = await everyRow();

  await see(lid, phone);
  expect(await everyRow()).not.toEqual(before);
  await undoLatest();

  expect(await everyRow()).toEqual(before);
  expect(await database.select().from(attachments)).toHaveLength(4);
  expect(await database.select().from(contactMerges)).toMatchObject([{ undoneAt: afterwards }]);
});

it('leaves with the kept one what came in since, and gives back what went since to an address that goes back', async () => {
  const keep = await see(phone);
  const absorb = await see(lid);
  await log(absorb, 'BEFORE');
  await see(lid, phone);
  await log(keep, 'SINCE');
  await rememberLatest(database, [{ contactId: keep, address: phone, name: undefined, sentAt: now }]);
  await queue(keep, 'to-phone');
  await rememberLatest(database, [{ contactId: keep, address: lid, name: undefined, sentAt: now }]);
  await queue(keep, 'to-lid');
  const sent = { contactId: keep, direction: 'out', author: 'bot', kind: 'text', arrival: 'sent' } as const;
  await logMessages(
    database,
    ['ID-to-phone', 'ID-to-lid'].map((whatsappId) => ({ ...sent, whatsappId, sentAt: now, loggedAt: now })),
  );

  await undoLatest();

  expect(await linesOf(keep)).toEqual(['SINCE', 'ID-to-phone']);
  expect(await linesOf(absorb)).toEqual(['BEFORE', 'ID-to-lid']);
  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(rows.map(({ contactId, key }) => [contactId, key])).toEqual([
    [keep, 'to-phone'],
    [absorb, 'to-lid'],
  ]);
  expect(await addressToAnswer(database, keep)).toMatchObject(phone);
  expect(await addressToAnswer(database, absorb)).toMatchObject(lid);
});

it('leaves what people have changed since: a name, who speaks, and above all a role that was taken away', async () => {
  const keep = await see(phone);
  const absorb = await see(lid);
  await makeOwner(database, absorb, 'claim', now);
  await see(lid, phone);
  await database.update(contacts).set({ name: 'Ana' }).where(eq(contacts.id, keep));
  await database.update(conversations).set({ speaker: 'advisor' }).where(eq(conversations.contactId, keep));
  await database.delete(members);

  await undoLatest();

  expect(await readMembers(database)).toEqual(new Map());
  expect(await database.select().from(contacts).orderBy(asc(contacts.id))).toMatchObject([
    { name: 'Ana' },
    { name: null },
  ]);
  expect(await database.select().from(conversations).orderBy(asc(conversations.contactId))).toMatchObject([
    { contactId: keep, speaker: 'advisor' },
    { contactId: absorb, speaker: 'bot' },
  ]);
});

it('leaves an address that has changed hands since where it is', async () => {
  const keep = await see(lid);
  const absorb = await see(phone);
  await see(lid, phone);
  const third = await see({ kind: 'lid', value: '333' }, phone);

  await undoLatest();

  expect(await see(phone)).toBe(third);
  expect(await see(lid)).toBe(keep);
  expect(await database.select().from(contactAddresses).where(eq(contactAddresses.contactId, absorb))).toEqual([]);
});

it('undoes a chain of joinings in reverse order only, each once', async () => {
  const username: Address = { kind: 'username', value: 'ana' };
  const first = await see(phone);
  const second = await see(lid);
  const third = await see(username);
  const before = await everyRow();
  await see(lid, username);
  const between = await everyRow();
  await see(phone, lid);
  const [one, two] = await database.select().from(contactMerges).orderBy(asc(contactMerges.id));
  expect([one, two]).toMatchObject([
    { keptId: second, absorbedId: third },
    { keptId: first, absorbedId: second },
  ]);

  await expect(undoMerge(database, one?.id ?? 0, now)).rejects.toThrow(MergeStands);
  await undoMerge(database, two?.id ?? 0, now);
  expect(await everyRow()).toEqual(between);
  await expect(undoMerge(database, two?.id ?? 0, now)).rejects.toThrow(MergeStands);
  await undoMerge(database, one?.id ?? 0, now);
  expect(await everyRow()).toEqual(before);
});

it('joins again what was taken apart when a new envelope names both once more, and not before', async () => {
  const keep = await see(phone);
  const absorb = await see(lid);
  await see(lid, phone);
  expect(await splitContact(database, phone.value, now)).toMatchObject({ kind: 'split' });

  expect([await see(phone), await see(lid)]).toEqual([keep, absorb]);
  expect(await splitContact(database, phone.value, now)).toEqual({ kind: 'never-joined' });

  await see(lid, phone);
  expect(await see(lid)).toBe(keep);
  expect(
    await database
      .select()
      .from(contacts)
      .where(and(eq(contacts.id, absorb), isNull(contacts.mergedInto))),
  ).toEqual([]);
});

describe('any joinings, undone in reverse', () => {
  const person = fc.record({
    addresses: fc.uniqueArray(fc.constantFrom('lid', 'phone', 'username'), { minLength: 1 }),
    name: fc.option(fc.constantFrom('Ana', 'Ben')),
    lastAddress: fc.boolean(),
    role: fc.option(fc.constantFrom('owner', 'manager', 'advisor')),
    speaker: fc.constantFrom('bot', 'waiting', 'advisor', 'paused'),
    stale: fc.boolean(),
    lines: fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D')),
    waiting: fc.nat(2),
    changes: fc.nat(2),
  });
  type Person = typeof person extends fc.Arbitrary<infer One> ? One : never;

  async function enter(one: Person, index: number): Promise<number> {
    const addresses = one.addresses.map((kind): Address => ({ kind, value: `${kind}-${index}` }));
    const contactId = await see(...(addresses as [Address]));
    const lastAddress = one.lastAddress ? `${addresses[0]?.kind}:${addresses[0]?.value}` : null;
    await database
      .update(contacts)
      .set({ name: one.name, lastAddress, lidStaleSince: one.stale ? now : null })
      .where(eq(contacts.id, contactId));
    await database.update(conversations).set({ speaker: one.speaker }).where(eq(conversations.contactId, contactId));
    if (one.role) {
      await database.insert(members).values({ contactId, role: one.role, source: 'claim', since: now });
    }
    await log(contactId, ...one.lines);
    const row = { contactId, kind: 'reply', content: {}, state: 'queued', attempts: 0 } as const;
    for (let place = 0; place < one.waiting; place += 1) {
      const key = `${index}/${place}`;
      await database
        .insert(outbox)
        .values({ ...row, key, whatsappId: key, address: `lid:lid-${index}`, queuedAt: now, stateSince: now });
    }
    for (let place = 0; place < one.changes; place += 1) {
      await database.insert(settingChanges).values({ key: 'shop.name', changedBy: contactId, changedAt: now });
    }
    return contactId;
  }

  it('give back exactly every row that was there before each', async () => {
    const pairs = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 2, maxLength: 5 }), pairs, async (people, joinings) => {
        database = await emptyTestDatabase();
        const living: number[] = [];
        for (const [index, one] of people.entries()) {
          living.push(await enter(one, index));
        }
        const before: unknown[] = [];
        for (const [one, other] of joinings.slice(0, people.length - 1)) {
          before.push(await everyRow());
          const [first = 0] = living.splice(one % living.length, 1);
          const second = living[other % living.length] ?? 0;
          living[other % living.length] = Math.min(first, second);
          await joinContacts(database, Math.min(first, second), Math.max(first, second), afterwards);
        }
        const merges = await database.select().from(contactMerges).orderBy(asc(contactMerges.id));
        expect(merges).toHaveLength(before.length);
        for (const merge of merges.toReversed()) {
          await undoMerge(database, merge.id, afterwards);
          expect(await everyRow()).toEqual(before.pop());
        }
      }),
      { seed: 20_261_122, numRuns: 40 },
    );
  });
});
