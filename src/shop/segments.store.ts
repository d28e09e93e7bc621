import { and, desc, eq, isNull } from 'drizzle-orm';
import { consentOf } from '../contacts/consents.store.ts';
import type { Database } from '../database/database.ts';
import { cappings, contacts, orders } from '../database/schema.ts';
import type { SegmentFacts } from './segments.ts';

/** What the segments of one contact follow from: four queries, each by an index. */
export async function readSegmentFacts(database: Database, contactId: number): Promise<SegmentFacts> {
  const [rescue] = await database
    .select({ reservedAt: cappings.reservedAt, confirmedAt: cappings.confirmedAt })
    .from(cappings)
    .where(and(eq(cappings.contactId, contactId), isNull(cappings.releasedAt)))
    .orderBy(desc(cappings.reservedAt))
    .limit(1);
  const [order] = await database
    .select({ at: orders.createdAt })
    .from(orders)
    .where(and(eq(orders.contactId, contactId), isNull(orders.cancelledAt), eq(orders.test, false)))
    .orderBy(desc(orders.createdAt))
    .limit(1);
  const [contact] = await database
    .select({ privateSince: contacts.privateSince })
    .from(contacts)
    .where(eq(contacts.id, contactId));
  return {
    rescuedAt: rescue && (rescue.confirmedAt ?? rescue.reservedAt),
    boughtAt: order?.at,
    consent: (await consentOf(database, contactId)).state,
    privateSince: contact?.privateSince ?? undefined,
  };
}
