import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eq, getTableName, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordConsent } from '../../contacts/consents.store.ts';
import { contactOfPhone, resolveContacts } from '../../contacts/contacts.store.ts';
import { whenForgotten } from '../../contacts/forget.store.ts';
import { personTables } from '../../contacts/person-rows.store.ts';
import type { Database } from '../../database/database.ts';
import {
  attachments,
  cappings,
  carts,
  checkouts,
  contactAttributes,
  contacts,
  doomedFiles,
  journal,
  members,
  messages,
  optOutQuestions,
  orders,
  outboundEvents,
  outbox,
  settingChanges,
  shopDeliveries,
  shopEvents,
  shopNames,
  shopReports,
} from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { days, hours, later, minutes } from '../../lib/time.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';

const ana = '+34600000003';
const lid = '111222333444555';

let database: Database;
let scenario: Scenario;

async function expectChat(chat: string): Promise<void> {
  expect(await play(scenario, chat)).toBe(tidy(chat));
}

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

function enterFile(file: string): void {
  const path = join(scenario.dataDirectory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'a picture');
}

/** Puts Ana into every table that can speak of a person, under two contacts that turned out to be one. */
async function furnishAna(): Promise<number> {
  const now = scenario.clock.now();
  const phone = { kind: 'phone', value: ana } as const;
  const hidden = { kind: 'lid', value: lid } as const;
  await scenario.say('ana', 'Do you have blue mugs? Zanzibar');
  await resolveContacts(database, [{ addresses: [hidden], name: 'Anabel Zweistein' }], now);
  await resolveContacts(database, [{ addresses: [hidden, phone], name: undefined }], now);
  const contactId = await contactOfPhone(database, ana, now);
  const person = { contactId, phone: ana, customerId: '6940095564', email: 'ana.z@example.com' };
  const source = 'shopify';
  await enterChat(contactId);
  const told = { source, holder: `phone:${ana}`, version: '1', at: now, contactId };
  await database.insert(contactAttributes).values([
    { ...told, name: 'first-name', value: 'Anabel' },
    { ...told, name: 'last-name', value: 'Zweistein' },
    { ...told, name: 'email', value: 'ana.z@example.com' },
    { ...told, name: 'country', value: 'ES', holder: 'customer:6940095564', customerId: '6940095564' },
  ]);
  await database.insert(shopNames).values([
    { source, kind: 'customer', value: '6940095564', contactId, phone: ana, at: now },
    { source, kind: 'email', value: 'ana.z@example.com', contactId, phone: ana, at: now },
  ]);
  const saying = { contactId, key: 'c1', state: 'granted', act: true, said: 'checkout' } as const;
  await recordConsent(database, { ...saying, wording: 'Yes, Zanzibar', proof: 'P1', at: now }, now);
  const question = { contactId, about: 'A1', question: 'Q1', language: 'es', askedAt: now };
  await database.insert(optOutQuestions).values(question);
  await database.insert(cappings).values({ contactId, reservedAt: now });
  const cart = { source, items: [{ name: 'Blue mug', quantity: 2 }], total: '30', currency: 'EUR', updatedAt: now };
  await database
    .insert(carts)
    .values({ ...cart, ...person, token: 't1', url: `https://shop/${ana}`, firstAddedAt: now, lastAddedAt: now });
  await database
    .insert(checkouts)
    .values({ ...cart, ...person, token: 'k1', cartToken: 't1', startedAt: now, url: 'https://shop/secret-k1' });
  const order = { ...cart, ...person, refunded: '0', codes: [], test: false, createdAt: now };
  await database.insert(orders).values([
    { ...order, externalId: '1', number: '1001' },
    // Known by the shop's own id only, and not told yet whose it is.
    { ...order, externalId: '2', number: '1002', contactId: null, phone: null },
  ]);
  const report = {
    person: { phone: ana, email: 'ana.z@example.com', firstName: 'Anabel' },
    url: 'https://shop/secret-k1',
  };
  await database.insert(shopReports).values([
    { source, subject: 'cart:t1', version: '1', report: { kind: 'cart', ...report } },
    { source, subject: 'order:1', version: '1', report: { kind: 'order', number: '1001', ...report } },
    { source, subject: 'cart:unknown', version: '1', report: { kind: 'cart', ...report } },
  ]);
  await database.insert(shopEvents).values(
    ['cart:t1', 'order:1'].map((subject) => ({
      source,
      subject,
      type: 'x',
      occurredAt: now,
      recordedAt: now,
      contactId,
      details: { total: '30' },
    })),
  );
  const event = { eventId: 'e1', type: 'x', body: `{"phone":"${ana}"}`, contactId, createdAt: now };
  await database
    .insert(outboundEvents)
    .values({ ...event, state: 'delivered', attempts: 1, nextTryAt: now, stateSince: now });
  const delivery = { source, key: 'd1', topic: 'orders/create', bodyHash: new Uint8Array([1]), triggeredAt: now };
  const body = new TextEncoder().encode(`{"email":"ana.z@example.com"}`);
  await database.insert(shopDeliveries).values({ ...delivery, body, receivedAt: now, state: 'failed' });
  await database.insert(settingChanges).values({ key: 'shop.name', changedBy: contactId, changedAt: now });
  return contactId;
}

/** A picture with its file, an answer, and the arrivals that both came from. */
async function enterChat(contactId: number): Promise<void> {
  const now = scenario.clock.now();
  const line = { contactId, direction: 'in', author: 'contact', arrival: 'live', loggedAt: now, sentAt: now } as const;
  const [picture] = await database
    .insert(messages)
    .values({
      ...line,
      whatsappId: 'PIC',
      kind: 'image',
      details: { kind: 'image' },
      text: 'Zanzibar',
      raw: new Uint8Array(3),
    })
    .returning({ messageId: messages.id });
  const file = 'media/2026/11/1.jpg';
  enterFile(file);
  const stored = { messageId: picture?.messageId ?? 0, kind: 'file', state: 'stored', file } as const;
  await database.insert(attachments).values({ ...stored, attempts: 1, nextTryAt: now });
  const answer = {
    contactId,
    whatsappId: 'ANS',
    key: `rescue:${ana}`,
    kind: 'reply',
    address: `phone:${ana}`,
  } as const;
  const content = { kind: 'text', text: 'Anabel, your Zanzibar mug' };
  await database
    .insert(outbox)
    .values({ ...answer, content, state: 'read', queuedAt: now, stateSince: now, attempts: 1 });
  const arrival = { sessionId: 1, ciphertextHash: new Uint8Array(1), arrivedAt: now, state: 'done' } as const;
  const plaintext = new TextEncoder().encode('Zanzibar');
  const stanza = (from: string) => JSON.stringify({ attrs: { from }, fromMe: false });
  await database.insert(journal).values([
    { ...arrival, author: `${lid}@x`, messageId: 'PIC', stanza: stanza(`${lid}@x`), plaintext },
    {
      ...arrival,
      author: '34600000003:7@x',
      messageId: 'CALL',
      stanza: stanza('34600000003@x'),
      plaintext,
      source: 'event',
    },
    {
      ...arrival,
      author: '34600000004@x',
      messageId: 'BEN',
      stanza: stanza('34600000004@x'),
      plaintext: new Uint8Array(2),
    },
    // What the owner has typed comes by the journal too.
    { ...arrival, author: '34600000002@x', messageId: 'MSG3', stanza: stanza('34600000002@x'), plaintext },
  ]);
}

/** Every value of every column that can hold words, as one text a table. */
async function everyWord(): Promise<Readonly<Record<string, string>>> {
  const columns = await database.execute<{ table: string; column: string; type: string }>(sql`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'bytea', 'character varying', 'json', 'ARRAY')`);
  const words: Record<string, string> = {};
  for (const { table, column, type } of columns) {
    const value =
      type === 'bytea' ? sql`encode(${sql.identifier(column)}, 'escape')` : sql`${sql.identifier(column)}::text`;
    const [found] = await database.execute<{ words: string | null }>(
      sql`select string_agg(${value}, ' ') as words from ${sql.identifier(table)}`,
    );
    words[`${table}.${column}`] = found?.words ?? '';
  }
  return words;
}

/** The columns in which any of these stands. */
async function whereStands(...traces: readonly string[]): Promise<string[]> {
  const words = Object.entries(await everyWord());
  return words
    .filter(([, text]) => traces.some((trace) => text.toLowerCase().includes(trace.toLowerCase())))
    .map(([column]) => column);
}

const traces = [
  '600000003',
  '600 00 00 03',
  '600 000 003',
  lid,
  'anabel',
  'zweistein',
  'ana.z',
  'zanzibar',
  'secret-k1',
  '6940095564',
];

async function codeFor(text: string): Promise<string> {
  const [said = ''] = await scenario.say('owner', text);
  return /\*(?:forget|olvidar) \+34600000003 (\d{4})\*/.exec(said)?.[1] ?? '';
}

describe('forget', () => {
  it('asks first, says what would be erased, and does it with the code', async () => {
    await furnishAna();
    await scenario.say('owner', 'contact +34 600 000 003');
    const [asked = ''] = await scenario.say('owner', 'forget +34 600 000 003');
    expect(asked.replace(/\d{4}\*$/, 'CODE*')).toBe(
      tidy(`
        bot: This erases everything that I know of ana, +34 600 00 00 03, for good:
        • 2 lines of the chat, 1 file
        • 2 carts and checkouts; the person in 2 orders
        • 9 names, numbers and addresses
        Orders stay for the figures, without the person. They stay without offers, too, whatever the shop reports of them, until they say yes again. The chat on the shop’s phone is not mine: delete it there.
        If you are sure, send within 10 minutes: *forget +34600000003 CODE*
      `),
    );
    const code = /(\d{4})\*$/.exec(asked)?.[1];
    await expectChat(`
      owner: forget +34 600 000 003 ${code}
      bot: ✓ Forgotten. Erased: 2 lines of the chat, 1 file, and every name and number; also from what you and I have written about them here.
      owner: forget +34 600 000 009
      bot: I know nobody with the number +34 600 00 00 09. Is every digit right? *find* looks for a part of it too.
    `);
  });

  it('leaves the number, the names, the email and the words in no table of the database, and no file on the disk', async () => {
    const contactId = await furnishAna();
    await scenario.say('ben', 'My number is +34 600 000 004');
    await scenario.say('owner', 'contact +34 600-00-00-03');
    await scenario.say('owner', 'chat +34600000003');
    await scenario.say('owner', 'find zweistein');
    await scenario.say('owner', 'data +34600000003');
    const [sentFile] = await database.select().from(doomedFiles);
    expect(existsSync(join(scenario.dataDirectory, sentFile?.file ?? ''))).toBe(true);
    expect((await whereStands(...traces)).length).toBeGreaterThan(20);
    const code = await codeFor('forget +34600000003');

    await scenario.say('owner', `forget +34600000003 ${code}`);

    expect(await whereStands(...traces)).toEqual([]);
    expect(existsSync(join(scenario.dataDirectory, 'media/2026/11/1.jpg'))).toBe(false);
    expect(existsSync(join(scenario.dataDirectory, sentFile?.file ?? ''))).toBe(false);
    expect(await database.select().from(doomedFiles)).toEqual([]);
    expect(await database.select().from(contacts).where(eq(contacts.id, contactId))).toEqual([]);
    // Others, and what the owner wrote of other things, stay.
    expect(await whereStands('My number is')).toEqual(['messages.text']);
    expect(await database.select().from(journal).where(eq(journal.messageId, 'BEN'))).toHaveLength(1);
  });

  it('keeps the orders for the figures, and knows the person again by every name', async () => {
    await furnishAna();
    const code = await codeFor('forget +34600000003');
    await scenario.say('owner', `forget +34600000003 ${code}`);

    const kept = await database.select().from(orders).orderBy(orders.id);
    expect(kept).toMatchObject([
      { number: '1001', total: '30.0000', contactId: null, phone: null, customerId: null, email: null },
      { number: '1002', contactId: null, customerId: null, email: null },
    ]);
    expect(await database.select().from(shopEvents)).toMatchObject([{ subject: 'order:1', contactId: null }]);
    expect((await database.select().from(shopReports)).map(({ report }) => report)).toEqual([
      { kind: 'cart', person: {} },
      { kind: 'order', number: '1001', person: {} },
      { kind: 'cart', person: {} },
    ]);
    const nobody = { phones: [], customers: [], emails: [] };
    const names = [
      { ...nobody, phones: [ana] },
      { ...nobody, customers: [{ source: 'shopify', id: '6940095564' }] },
      { ...nobody, emails: ['Ana.Z@example.com'] },
    ];
    for (const name of names) {
      expect(await whenForgotten(database, name)).toEqual(scenario.clock.now());
    }
  });

  it('is not done by a wrong code, an old one, somebody else’s, or one for another person', async () => {
    await scenario.say('ana', 'Hello');
    await scenario.say('ben', 'Hello');
    const code = await codeFor('forget +34600000003');
    const wrong = code === '1111' ? '2222' : '1111';
    await expectChat(`
      owner: forget +34600000003 ${wrong}
      bot: That is not the code. Nothing was erased. For a new one: *forget +34600000003*
      owner: forget +34600000004 ${code}
      bot: That code is no longer valid. Nothing was erased. For a new one: *forget +34600000004*
      (10 minutes later)
      owner: forget +34600000003 ${code}
      bot: That code is no longer valid. Nothing was erased. For a new one: *forget +34600000003*
    `);
    const second = await codeFor('forget +34600000003');
    const other = second === '1111' ? '2222' : '1111';
    for (let guess = 0; guess < 3; guess++) {
      await scenario.say('owner', `forget +34600000003 ${other}`);
    }
    await expectChat(`
      owner: forget +34600000003 ${second}
      bot: That code is no longer valid. Nothing was erased. For a new one: *forget +34600000003*
    `);
    expect(await database.select().from(contacts)).toHaveLength(3);
  });

  it('is for owners only, and not about staff', async () => {
    const contactId = await contactOfPhone(database, '+34600000004', scenario.clock.now());
    const since = scenario.clock.now();
    await database.insert(members).values({ contactId, role: 'manager', source: 'environment', since });
    await expectChat(`
      ben: forget +34600000003
      bot: *forget* is for owners. Ask one of them, or send *help* to see what you can do.
      ben: data +34600000003
      bot: *data* is for owners. Ask one of them, or send *help* to see what you can do.
      owner: forget +34600000004
      bot: ben, +34 600 00 00 04 is one of you. I forget customers only.
    `);
  });

  it('speaks Spanish', async () => {
    await scenario.say('ana', 'Hola');
    await scenario.say('owner', 'set shop.language es');
    const code = await codeFor('olvidar +34600000003');
    await expectChat(`
      owner: olvidar +34600000003 ${code}
      bot: ✓ Olvidado. Borrado: 1 línea del chat, 0 archivos y todos los nombres y números; también lo que tú y yo hemos escrito aquí sobre esa persona.
    `);
  });
});

describe('data', () => {
  it('sends everything about one person as a file, with a summary of five lines', async () => {
    await furnishAna();
    await expectChat(`
      owner: data +34 600 000 003
      bot: (document customer-data.json)
        *Everything I know of ana, +34 600 00 00 03*
        2 lines of the chat
        2 orders, 2 carts and checkouts
        1 statement about offers
        The file opens in every text editor; pass it on only to this person.
    `);
    const [kept] = await database.select().from(doomedFiles);
    expect(kept).toMatchObject({ dueAt: later(scenario.clock.now(), days(2)) });
    const text = readFileSync(join(scenario.dataDirectory, kept?.file ?? ''), 'utf8');
    const { about, ...tables } = JSON.parse(text);
    expect(about).toMatchObject({ shop: 'Mug Shop', writtenAt: '2026-11-23T09:00:00.000Z' });
    const empty = Object.entries(tables).filter(([, rows]) => (rows as unknown[]).length === 0);
    // Ana is in every table that can name her but that of staff.
    expect(empty.map(([table]) => table)).toEqual(['members']);
    expect(tables['messages']).toMatchObject([{ text: 'Do you have blue mugs? Zanzibar' }, { text: 'Zanzibar' }]);
    expect(text).not.toContain('"raw"');
  });

  it('goes from the disk again after two days', async () => {
    await scenario.say('ana', 'Hello');
    await scenario.say('owner', 'data +34600000003');
    const [kept] = await database.select().from(doomedFiles);
    const path = join(scenario.dataDirectory, kept?.file ?? '');
    expect(existsSync(path)).toBe(true);

    scenario.clock.advance(days(2) - minutes(1));
    await scenario.say('owner', 'help help');
    expect(existsSync(path)).toBe(true);
    scenario.clock.advance(hours(1));
    await expect.poll(() => existsSync(path)).toBe(false);
  });
});

it('Every column of the database that names a contact is told by *data* and emptied by *forget*', async () => {
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
  const told = personTables.flatMap(({ named }) => named.map((one) => `${getTableName(one.table)}.${one.name}`));

  expect(rows.map(({ name }) => name)).toEqual(
    told.filter((name) => !['contacts.id', 'contacts.merged_into'].includes(name)).toSorted(),
  );
});
