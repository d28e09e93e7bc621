import { and, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { contactAddresses, contacts, outbox } from '../database/schema.ts';
import type { Address } from './address.ts';
import { insertAddresses, takeNewLid } from './contacts.store.ts';
import { joinContacts } from './merge.store.ts';

/** WhatsApp has said, on taking this message of ours, that the LID we know of its recipient is out of date. */
export async function markLidStale(database: Database, whatsappId: string, now: Date): Promise<void> {
  await database.execute(sql`
    update ${contacts} set lid_stale_since = ${now.toISOString()}::timestamptz
    where lid_stale_since is null and id = (select contact_id from ${outbox} where whatsapp_id = ${whatsappId})`);
}

/** Somebody whose LID is out of date, with the phone number under which WhatsApp can be asked for the new one. */
export interface StaleContact {
  readonly contactId: number;
  readonly phone: Address;
}

/** Whom to ask for. Who is known by a LID only cannot be asked for and stays held until they write. */
export async function readStaleContacts(database: Database): Promise<StaleContact[]> {
  const rows = await database
    .selectDistinctOn([contacts.id], { contactId: contacts.id, value: contactAddresses.value })
    .from(contacts)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, contacts.id))
    .where(and(isNotNull(contacts.lidStaleSince), eq(contactAddresses.kind, 'phone')))
    .orderBy(contacts.id, desc(contactAddresses.lastSeenAt), desc(contactAddresses.value));
  return rows.map(({ contactId, value }) => ({ contactId, phone: { kind: 'phone', value } }));
}

/**
 * Takes in the LID that WhatsApp has given for a contact, new or unchanged; its LID is up to date then. Answers, and what is queued,
 * no longer go to the old one; it remains known, because envelopes that name it may still be on their way, and WhatsApp gives it to
 * nobody else. When somebody has written under the new LID already, the two are joined. To be called in a transaction.
 */
export async function replaceLid(database: Database, contactId: number, newLid: string, now: Date): Promise<void> {
  const isIt = and(eq(contactAddresses.kind, 'lid'), eq(contactAddresses.value, newLid));
  const [known] = await database.select({ owner: contactAddresses.contactId }).from(contactAddresses).where(isIt);
  const address = { kind: 'lid', value: newLid } as const;
  if (!known) {
    await insertAddresses(database, [{ ...address, contactId }], now);
  }
  const owner = known?.owner ?? contactId;
  await takeNewLid(database, contactId, address);
  const keep = Math.min(owner, contactId);
  if (owner !== contactId) {
    await joinContacts(database, keep, Math.max(owner, contactId), now);
  }
  await database.update(contactAddresses).set({ lastSeenAt: now }).where(isIt);
  await database.update(contacts).set({ lidStaleSince: null }).where(eq(contacts.id, keep));
}
