import { and, count, desc, eq, isNull } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { contactAddresses, contactMerges, contacts, messages } from '../database/schema.ts';
import { undoMerge } from './merge.store.ts';
import type { Person, SplitOutcome } from './split.ts';

/** Undoes the latest joining of the contact that has this phone number (E.164). To be called in a transaction. */
export async function splitContact(database: Database, phone: string, now: Date): Promise<SplitOutcome> {
  const [contact] = await database
    .select({ id: contactAddresses.contactId })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.kind, 'phone'), eq(contactAddresses.value, phone)));
  if (!contact) {
    return { kind: 'nobody' };
  }
  const [latest] = await database
    .select()
    .from(contactMerges)
    .where(and(eq(contactMerges.keptId, contact.id), isNull(contactMerges.undoneAt)))
    .orderBy(desc(contactMerges.id))
    .limit(1);
  if (!latest) {
    return { kind: 'never-joined' };
  }
  await undoMerge(database, latest.id, now);
  return {
    kind: 'split',
    people: [await describePerson(database, latest.keptId), await describePerson(database, latest.absorbedId)],
  };
}

async function describePerson(database: Database, contactId: number): Promise<Person> {
  const [contact] = await database.select({ name: contacts.name }).from(contacts).where(eq(contacts.id, contactId));
  const addresses = await database.select().from(contactAddresses).where(eq(contactAddresses.contactId, contactId));
  const [log] = await database.select({ lines: count() }).from(messages).where(eq(messages.contactId, contactId));
  const addressOf = (wanted: string) => addresses.find(({ kind }) => kind === wanted)?.value;
  return {
    name: contact?.name ?? undefined,
    phone: addressOf('phone'),
    username: addressOf('username'),
    lines: log?.lines ?? 0,
  };
}
