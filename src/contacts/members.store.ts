import { count, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { contactAddresses, members } from '../database/schema.ts';
import { contactOfPhone } from './contacts.store.ts';
import type { Role } from './member.ts';
import type { PhoneNumber } from './phone.ts';

/** The role of everybody who has one. Staff are few; the whole list is read. */
export async function readMembers(database: Database): Promise<ReadonlyMap<number, Role>> {
  const rows = await database.select({ contactId: members.contactId, role: members.role }).from(members);
  return new Map(rows.map(({ contactId, role }) => [contactId, role]));
}

export async function countOwners(database: Database): Promise<number> {
  const [row] = await database.select({ owners: count() }).from(members).where(eq(members.role, 'owner'));
  return row?.owners ?? 0;
}

export async function makeOwner(
  database: Database,
  contactId: number,
  source: 'environment' | 'claim',
  now: Date,
): Promise<void> {
  await database
    .insert(members)
    .values({ contactId, role: 'owner', source, since: now })
    .onConflictDoUpdate({ target: members.contactId, set: { role: 'owner' } });
}

/** Makes the people behind `OWNER_PHONES` owners, those who are not yet. Another process may be doing the same, or be at work. */
export async function ensureOwners(database: Database, phones: readonly PhoneNumber[], now: Date): Promise<void> {
  await database.transaction(async (transaction) => {
    // Nobody else may bring in one of these people between our looking and our writing.
    await transaction.execute(sql`lock table ${contactAddresses} in share row exclusive mode`);
    for (const phone of phones) {
      await makeOwner(transaction, await contactOfPhone(transaction, phone, now), 'environment', now);
    }
  });
}

/** The contacts of all owners, in a fixed order. */
export async function readOwners(database: Database): Promise<readonly number[]> {
  const rows = await database.select({ contactId: members.contactId }).from(members).where(eq(members.role, 'owner'));
  return rows.map(({ contactId }) => contactId).toSorted((one, other) => one - other);
}
