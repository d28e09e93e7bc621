import { and, inArray, isNotNull, type SQL, sql } from 'drizzle-orm';
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
} from '../database/schema.ts';
import { type PersonNames, rememberForgotten } from './forget.store.ts';
import { mentions, type Naming } from './mention.ts';
import type { PersonFigures } from './person-figures.ts';
import {
  attachmentsOf,
  attributesOf,
  cartsOf,
  checkoutsOf,
  consentsOf,
  measurePerson,
  namesOf,
  ordersOf,
  type PersonKeys,
  readKeys,
  reportsOf,
  subjectsOf,
} from './person-rows.store.ts';
import { nationalDigits } from './phone.ts';

/**
 * Erases a person: what they wrote and were written, their files, names, addresses, carts, consents, and what staff and the bot have
 * said of them to each other. Orders and what shops reported of them stay without the person, for the figures; keyed hashes of the
 * names stay, so that the person can be known again. To be called in a transaction; the files go from the disk after it, by the list
 * of `doomed_files`.
 *
 * @returns what there was of them
 */
export async function erasePerson(database: Database, contactId: number, now: Date): Promise<PersonFigures> {
  const figures = await measurePerson(database, contactId);
  const person = await readKeys(database, contactId);
  await rememberForgotten(database, person, now);
  await doomFiles(database, person, now);
  await eraseArrivals(database, person);
  await eraseFromShop(database, person);
  await eraseFromStaffChats(database, person, now);
  await eraseContact(database, person);
  return figures;
}

/**
 * Erases what shops have told of somebody by these names, whoever it is, and keeps keyed hashes of the names. Chats stay, what was said
 * in them about consent too, and so does the contact. To be called in a transaction.
 *
 * @param staying the contacts that they are
 */
export async function eraseFromShops(
  database: Database,
  names: PersonNames,
  staying: readonly number[],
  now: Date,
): Promise<void> {
  await rememberForgotten(database, names, now);
  await eraseFromShop(database, { ...names, ids: staying, lids: [], calledNames: [] });
}

/**
 * Takes whoever it is out of these orders of a shop; the orders stay, for the figures. To be called in a transaction.
 *
 * @param orderIds the shop's own ids
 */
export async function anonymiseOrders(database: Database, source: string, orderIds: readonly string[]): Promise<void> {
  const ids = textArray(orderIds);
  const subjects = textArray(orderIds.map((id) => `order:${id}`));
  await stripReports(database, sql`source = ${source} and subject = any(${subjects}::text[])`);
  await takePersonOut(database, sql`source = ${source} and external_id = any(${ids}::text[])`);
  await database.execute(sql`
    update ${shopEvents} set contact_id = null where source = ${source} and subject = any(${subjects}::text[])`);
}

async function doomFiles(database: Database, person: PersonKeys, now: Date): Promise<void> {
  await database.execute(sql`
    insert into ${doomedFiles} (file, due_at)
    select file, ${now.toISOString()}::timestamptz from ${attachments}
    where file is not null and ${attachmentsOf.rows(person)}
    on conflict (file) do update set due_at = excluded.due_at`);
}

/** Of arrivals that are handled or set aside; one that is still to be handled would be lost. */
async function eraseArrivals(database: Database, person: PersonKeys): Promise<void> {
  const ids = [...person.phones.map((phone) => phone.replace('+', '')), ...person.lids];
  await database.execute(sql`
    delete from ${journal} where state <> 'pending' and (
      message_id in (select whatsapp_id from ${messages} where ${mine(person)})
      or split_part(split_part(author, '@', 1), ':', 1) = any(${textArray(ids)}::text[])
      or exists (select from unnest(${textArray(ids)}::text[]) as one (id)
        where strpos(stanza, '"' || one.id || '@') > 0 or strpos(stanza, '"' || one.id || ':') > 0))`);
}

function mine({ ids }: PersonKeys): SQL {
  return sql`contact_id = any(${numberArray(ids)}::bigint[])`;
}

async function eraseFromShop(database: Database, person: PersonKeys): Promise<void> {
  await stripReports(database, reportsOf.rows(person));
  await database.execute(sql`
    delete from ${shopEvents} where subject not like 'order:%' and (${mine(person)} or (source, subject) in ${subjectsOf(person)})`);
  await database.execute(sql`update ${shopEvents} set contact_id = null where ${mine(person)}`);
  await database.delete(carts).where(cartsOf.rows(person));
  await database.delete(checkouts).where(checkoutsOf.rows(person));
  await takePersonOut(database, ordersOf.rows(person));
  await database.delete(contactAttributes).where(attributesOf.rows(person));
  await database.delete(consents).where(and(consentsOf.rows(person), isNotNull(consents.source)));
  await database.delete(shopNames).where(namesOf.rows(person));
  // Bodies of what was handled are gone already; one that could not be handled may hold anything.
  const named = [...person.phones.map((phone) => phone.replace('+', '')), ...person.emails];
  await database.execute(sql`
    update ${shopDeliveries} set body = ''::bytea where state <> 'pending' and exists (
      select from unnest(${textArray(named)}::text[]) as one (name) where position(convert_to(one.name, 'UTF8') in body) > 0)`);
}

/** A report that comes again finds itself already there, and brings nobody back. */
async function stripReports(database: Database, which: SQL): Promise<void> {
  await database.update(shopReports).set({ report: sql`jsonb_set(report - 'url', '{person}', '{}')` }).where(which);
}

async function takePersonOut(database: Database, which: SQL): Promise<void> {
  const nobody = { contactId: null, phone: null, customerId: null, email: null };
  await database.update(orders).set(nobody).where(which);
}

/** So many lines are looked through at once. */
const LINES_AT_ONCE = 2000;

/**
 * Empties the lines of staff's own chats with the bot in which the person is named, by number, email address or name: every answer
 * about somebody has their number in it.
 */
async function eraseFromStaffChats(database: Database, person: PersonKeys, now: Date): Promise<void> {
  const naming: Naming = {
    numbers: person.phones.map(nationalDigits),
    words: [...person.emails, ...person.calledNames],
    ids: person.ids,
  };
  const lines = await findMentions(database, messages, sql`concat_ws(' ', text, edited_text, details)`, naming);
  const sent = await findMentions(database, outbox, sql`content::text`, naming);
  await database.execute(sql`
    insert into ${doomedFiles} (file, due_at) select content ->> 'file', ${now.toISOString()}::timestamptz from ${outbox}
    where content ->> 'file' like ${`${OUTGOING_FILES}/%`} and (${mine(person)} or id = any(${sent}::bigint[]))
    on conflict (file) do update set due_at = excluded.due_at`);
  await database.execute(sql`delete from ${outbox} where id = any(${sent}::bigint[]) and state = 'queued'`);
  await database.execute(sql`
    update ${outbox} set content = ${JSON.stringify({ kind: 'text', text: ERASED })}::text::jsonb, wire = null
    where id = any(${sent}::bigint[])`);
  await database.execute(sql`
    with emptied as (
      update ${messages} set kind = 'text', details = '{"kind": "text"}', text = ${ERASED}, edited_text = null, raw = null
      where id = any(${lines}::bigint[]) returning whatsapp_id)
    update ${journal} set plaintext = ''::bytea from emptied where message_id = emptied.whatsapp_id and state <> 'pending'`);
}

/** @returns the ids of those rows of staff's chats that name the person, as an array literal */
async function findMentions(
  database: Database,
  table: typeof messages | typeof outbox,
  words: SQL,
  naming: Naming,
): Promise<string> {
  const found: number[] = [];
  let last = 0;
  for (;;) {
    const rows = await database.execute<{ id: string; words: string }>(sql`
      select id, ${words} as words from ${table}
      where contact_id in (select contact_id from ${members}) and id > ${last} order by id limit ${LINES_AT_ONCE}`);
    found.push(...rows.filter((row) => mentions(row.words, naming)).map(({ id }) => Number(id)));
    if (rows.length < LINES_AT_ONCE) {
      return numberArray(found);
    }
    last = Number(rows.at(-1)?.id);
  }
}

/** What stands where something was erased. */
const ERASED = '…';

/** Where files lie that are written only to be sent. */
export const OUTGOING_FILES = 'outgoing';

async function eraseContact(database: Database, person: PersonKeys): Promise<void> {
  const ids = [...person.ids];
  for (const table of [messages, outbox, outboundEvents, consents, cappings, optOutQuestions, conversations, members]) {
    await database.delete(table).where(inArray(table.contactId, ids));
  }
  await database.update(settingChanges).set({ changedBy: null }).where(inArray(settingChanges.changedBy, ids));
  await database.delete(contactAddresses).where(inArray(contactAddresses.contactId, ids));
  await database
    .delete(contactMerges)
    .where(sql`${inArray(contactMerges.keptId, ids)} or ${inArray(contactMerges.absorbedId, ids)}`);
  await database.delete(contacts).where(inArray(contacts.id, ids));
}
