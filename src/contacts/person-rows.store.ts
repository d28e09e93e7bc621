import { and, eq, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { numberArray, textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import {
  attachments,
  cappings,
  carts,
  checkouts,
  consents,
  contactAddresses,
  contactAttributes,
  contactMerges,
  contacts,
  conversations,
  members,
  messages,
  optOutQuestions,
  orders,
  outboundEvents,
  outbox,
  settingChanges,
  shopEvents,
  shopNames,
  shopReports,
} from '../database/schema.ts';
import type { PersonNames } from './forget.store.ts';
import type { PersonFigures } from './person-figures.ts';
import { type PhoneNumber, whatsAppCandidates } from './phone.ts';

/** Under what rows may speak of a person. */
export interface PersonKeys extends PersonNames {
  /** The contact, and those that were taken for the same person. */
  readonly ids: readonly number[];
  /** As people and shops call them. */
  readonly calledNames: readonly string[];
  readonly lids: readonly string[];
}

/** Collects everything that rows may name this person by. */
export async function readKeys(database: Database, contactId: number): Promise<PersonKeys> {
  const joined = await database.execute<{ id: string; name: string | null }>(sql`
    with recursive person (id, name) as (
      select id, name from ${contacts} where id = ${contactId}
      union select one.id, one.name from ${contacts} as one join person on one.merged_into = person.id)
    select id, name from person`);
  const ids = joined.map(({ id }) => Number(id));
  const mine = sql`contact_id = any(${numberArray(ids)}::bigint[])`;
  const addresses = await database.select().from(contactAddresses).where(mine);
  const told = await database.execute<{ kind: string; source: string | null; value: string | null }>(sql`
    select distinct kind, source, value from (
      select 'phone' as kind, null as source, phone as value from ${shopNames} where ${mine}
      union all select kind, source, value from (
        select distinct on (source, kind, value) source, kind, value, contact_id from ${shopNames}
        order by source, kind, value, at desc) as latest where ${mine}
      ${sql.join(
        [contactAttributes, consents, carts, checkouts, orders].map(
          (table) => sql`
            union all select 'phone', null, phone from ${table} where ${mine}
            union all select 'customer', source, customer_id from ${table} where ${mine} and phone is null
            union all select 'email', source, email from ${table} where ${mine}`,
        ),
      )}
      union all select 'email', source, value from ${contactAttributes} where ${mine} and name = 'email'
      union all select 'last-name', null, value from ${contactAttributes} where ${mine} and name = 'last-name'
    ) as told where value is not null`);
  const valuesOf = (kind: string) => told.filter((one) => one.kind === kind).map(({ value }) => value ?? '');
  const phones = [
    ...addresses.filter(({ kind }) => kind === 'phone').map(({ value }) => value),
    ...valuesOf('phone'),
  ].flatMap((phone) => whatsAppCandidates(phone as PhoneNumber));
  return {
    ids,
    phones: [...new Set(phones)],
    lids: addresses.filter(({ kind }) => kind === 'lid').map(({ value }) => value),
    customers: told
      .filter(({ kind }) => kind === 'customer')
      .map(({ source, value }) => ({ source: source ?? '', id: value ?? '' })),
    emails: [...new Set(valuesOf('email').map((email) => email.toLowerCase()))],
    calledNames: [
      ...new Set([
        ...joined.map(({ name }) => name ?? ''),
        ...addresses.filter(({ kind }) => kind === 'username').map(({ value }) => value),
        ...valuesOf('last-name'),
      ]),
    ],
  };
}

/** Rows of one table that are about a person. */
interface PersonTable {
  readonly table: PgTable;
  /** The columns that name the contact. */
  readonly named: readonly PgColumn[];
  readonly rows: (person: PersonKeys) => SQL;
  /** What says the same in a form that nobody can read. */
  readonly unreadable?: readonly string[];
}

function byContact(table: PgTable, ...named: readonly [PgColumn, ...PgColumn[]]): PersonTable {
  const rows = ({ ids }: PersonKeys) =>
    sql`(${sql.join(
      named.map((column) => sql`${column} = any(${numberArray(ids)}::bigint[])`),
      sql` or `,
    )})`;
  return { table, named, rows };
}

/** What shops tell may be there before it is known whose it is. */
function byShopPerson(
  table: typeof contactAttributes | typeof consents | typeof carts | typeof checkouts | typeof orders,
): PersonTable {
  const rows = ({ ids, phones, customers, emails }: PersonKeys) => sql`
    (${table.contactId} = any(${numberArray(ids)}::bigint[]) or (${table.contactId} is null and (
      ${table.phone} = any(${textArray(phones)}::text[]) or (${table.phone} is null and (
        ${table.source} || ':' || ${table.customerId} = any(${customerArray(customers)}::text[])
        or lower(${table.email}) = any(${emailArray(emails)}::text[]))))))`;
  return { table, named: [table.contactId], rows };
}

function customerArray(customers: PersonKeys['customers']): string {
  return textArray(customers.map(({ source, id }) => `${source}:${id}`));
}

function emailArray(emails: readonly string[]): string {
  return textArray(emails.map((email) => email.toLowerCase()));
}

export const cartsOf = byShopPerson(carts);
export const checkoutsOf = byShopPerson(checkouts);
export const ordersOf = byShopPerson(orders);
export const attributesOf = byShopPerson(contactAttributes);
export const consentsOf = byShopPerson(consents);

/** Carts, checkouts and orders of a person, as `shop_reports` and `shop_events` name them. */
export function subjectsOf(person: PersonKeys): SQL {
  return sql`(
    select source, 'cart:' || token from ${carts} where ${cartsOf.rows(person)}
    union all select source, 'checkout:' || token from ${checkouts} where ${checkoutsOf.rows(person)}
    union all select source, 'order:' || external_id from ${orders} where ${ordersOf.rows(person)})`;
}

export const reportsOf: PersonTable = {
  table: shopReports,
  named: [],
  rows: (person) => sql`(
    (${shopReports.source}, ${shopReports.subject}) in ${subjectsOf(person)}
    or report -> 'person' ->> 'phone' = any(${textArray(person.phones)}::text[])
    or lower(report -> 'person' ->> 'email') = any(${emailArray(person.emails)}::text[])
    or ${shopReports.source} || ':' || (report -> 'person' ->> 'customerId') = any(${customerArray(person.customers)}::text[]))`,
};

export const namesOf: PersonTable = {
  table: shopNames,
  named: [shopNames.contactId],
  rows: ({ ids, phones }) => sql`
    (${shopNames.contactId} = any(${numberArray(ids)}::bigint[]) or ${shopNames.phone} = any(${textArray(phones)}::text[]))`,
};

const linesOf = byContact(messages, messages.contactId);

export const attachmentsOf: PersonTable = {
  table: attachments,
  named: [],
  rows: (person) => sql`${attachments.messageId} in (select id from ${messages} where ${linesOf.rows(person)})`,
};

/** Every table that says something of a person. A test compares it with every column of the database that names a contact. */
export const personTables: readonly PersonTable[] = [
  {
    ...byContact(contacts, contacts.id, contacts.mergedInto),
    rows: ({ ids }) => sql`${contacts.id} = any(${numberArray(ids)}::bigint[])`,
  },
  byContact(contactMerges, contactMerges.keptId, contactMerges.absorbedId),
  byContact(contactAddresses, contactAddresses.contactId),
  attributesOf,
  namesOf,
  byContact(members, members.contactId),
  byContact(conversations, conversations.contactId),
  { ...linesOf, unreadable: ['raw'] },
  attachmentsOf,
  { ...byContact(outbox, outbox.contactId), unreadable: ['wire'] },
  consentsOf,
  byContact(optOutQuestions, optOutQuestions.contactId),
  byContact(cappings, cappings.contactId),
  cartsOf,
  checkoutsOf,
  ordersOf,
  byContact(shopEvents, shopEvents.contactId),
  reportsOf,
  byContact(outboundEvents, outboundEvents.contactId),
  byContact(settingChanges, settingChanges.changedBy),
];

/** Every row that is about a person, by table. */
export async function readEverything(
  database: Database,
  contactId: number,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const person = await readKeys(database, contactId);
  const tables: Record<string, readonly unknown[]> = {};
  for (const { table, rows, unreadable = [] } of personTables) {
    const found = await database.execute<{ row: unknown }>(sql`
      select to_jsonb(${table}) - ${textArray(unreadable)}::text[] as row from ${table}
      where ${rows(person)} order by to_jsonb(${table})::text`);
    tables[getTableName(table)] = found.map(({ row }) => row);
  }
  return tables;
}

/** How much there is of a person. */
export async function measurePerson(database: Database, contactId: number): Promise<PersonFigures> {
  const person = await readKeys(database, contactId);
  const count = ({ table, rows }: PersonTable, also: SQL = sql`true`) =>
    sql`(select count(*) from ${table} where ${rows(person)} and ${also})::int`;
  const [found] = await database.execute<Record<keyof PersonFigures, number>>(sql`select
    ${count(linesOf)} as lines, ${count(attachmentsOf, sql`file is not null`)} as files, ${count(ordersOf)} as orders,
    ${count(cartsOf)} + ${count(checkoutsOf)} as carts, ${count(consentsOf)} as consents,
    ${count(attributesOf)} + ${count(namesOf)} + ${count(byContact(contactAddresses, contactAddresses.contactId))}
      + (select count(*) from ${contacts} where ${and(eq(contacts.id, contactId), sql`name is not null`)})::int as names`);
  return found ?? { lines: 0, files: 0, orders: 0, carts: 0, consents: 0, names: 0 };
}
