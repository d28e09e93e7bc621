import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { contactAddresses, contactAttributes, contacts, members } from '../database/schema.ts';
import { matchKey, type PhoneNumber } from './phone.ts';
import type { Profile } from './profile.ts';

/** Who has this phone number, in whatever writing; of several the one who was seen last. */
export async function findByPhone(database: Database, phone: PhoneNumber): Promise<number | undefined> {
  const [row] = await database
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.kind, 'phone'), eq(contactAddresses.matchKey, matchKey(phone))))
    .orderBy(desc(contactAddresses.lastSeenAt), desc(contactAddresses.contactId))
    .limit(1);
  return row?.contactId;
}

/** Who has this username, in whatever capitals. */
export async function findByUsername(database: Database, name: string): Promise<number | undefined> {
  const [row] = await database
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.kind, 'username'), sql`lower(${contactAddresses.value}) = ${name.toLowerCase()}`))
    .limit(1);
  return row?.contactId;
}

/** The contact of this id; the one that it was joined to, where it was taken for the same person as another. */
export async function findById(database: Database, id: number): Promise<number | undefined> {
  const [row] = await database.execute<{ id: string }>(sql`
    with recursive person (id, merged_into) as (
      select id, merged_into from ${contacts} where id = ${id}
      union select one.id, one.merged_into from ${contacts} as one join person on one.id = person.merged_into)
    select id from person where merged_into is null`);
  return row && Number(row.id);
}

export async function readProfile(database: Database, contactId: number): Promise<Profile | undefined> {
  const [row] = await database
    .select({ contact: contacts, role: members.role })
    .from(contacts)
    .leftJoin(members, eq(members.contactId, contacts.id))
    .where(eq(contacts.id, contactId));
  if (!row) {
    return undefined;
  }
  const addresses = await database
    .select({ kind: contactAddresses.kind, value: contactAddresses.value })
    .from(contactAddresses)
    .where(eq(contactAddresses.contactId, contactId))
    .orderBy(desc(contactAddresses.lastSeenAt), desc(contactAddresses.firstSeenAt), contactAddresses.value);
  const attributes = await readAttributes(database, contactId);
  const valuesOf = (wanted: string) => addresses.filter(({ kind }) => kind === wanted).map(({ value }) => value);
  return {
    contactId,
    name: row.contact.name ?? undefined,
    phones: valuesOf('phone'),
    usernames: valuesOf('username'),
    knownSince: row.contact.createdAt,
    privateSince: row.contact.privateSince ?? undefined,
    role: row.role ?? undefined,
    firstName: attributes.get('first-name'),
    lastName: attributes.get('last-name'),
    email: attributes.get('email'),
    country: attributes.get('country'),
    locale: attributes.get('locale'),
  };
}

/** Of what several shops, or one under several names, have told the newest holds. */
async function readAttributes(database: Database, contactId: number): Promise<ReadonlyMap<string, string>> {
  const rows = await database
    .selectDistinctOn([contactAttributes.name], { name: contactAttributes.name, value: contactAttributes.value })
    .from(contactAttributes)
    .where(eq(contactAttributes.contactId, contactId))
    .orderBy(contactAttributes.name, desc(contactAttributes.version), contactAttributes.source);
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** Keeps a person out of everything that goes by itself, or lets them in again. */
export async function setPrivate(database: Database, contactId: number, isPrivate: boolean, now: Date): Promise<void> {
  await database
    .update(contacts)
    .set({ privateSince: isPrivate ? now : null })
    .where(eq(contacts.id, contactId));
}
