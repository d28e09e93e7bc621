import { and, eq, gte, like, type SQL, sql } from 'drizzle-orm';
import { everyWriting, type PhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, orders, shopDeliveries, shopNames } from '../database/schema.ts';
import type { Connector, ShopCustomer } from './connector.ts';
import type { Purchase } from './purchase.ts';

/**
 * The newest order of a contact that was created at `since` or later and is neither cancelled nor a test. Its orders are those that
 * belong to it, those of any contact with the same number in another writing, and those under a name that a shop has for it: rather one too
 * many than one too few, for it is asked before somebody is written to.
 */
export async function findPurchase(database: Database, contactId: number, since: Date): Promise<Purchase | undefined> {
  const counts = sql`o.created_at >= ${since.toISOString()}::timestamptz and o.cancelled_at is null and not o.test`;
  const named = (kind: 'customer' | 'email', column: 'customer_id' | 'email') => sql`
    (select o.source, o.external_id, o.number, o.created_at from ${shopNames} as name
      join ${orders} as o on o.source = name.source and o.${sql.identifier(column)} = name.value
      where name.contact_id = ${contactId} and name.kind = ${kind} and ${counts}
      order by o.created_at desc limit 1)`;
  const [found] = await database.execute<{
    source: string;
    order: string;
    number: string | null;
    at: Date | string;
  }>(sql`
    with writings as materialized (
      select distinct other.contact_id from ${contactAddresses} as mine
        join ${contactAddresses} as other on other.match_key = mine.match_key
        where mine.contact_id = ${contactId}
      union select ${contactId}::bigint)
    select source, external_id as "order", number, created_at as at from (
      (select o.source, o.external_id, o.number, o.created_at from writings
        join ${orders} as o on o.contact_id = writings.contact_id where ${counts}
        order by o.created_at desc limit 1)
      union all ${named('customer', 'customer_id')}
      union all ${named('email', 'email')}) as bought
    order by created_at desc limit 1`);
  return (
    found && {
      source: found.source,
      order: found.order,
      number: found.number ?? undefined,
      createdAt: new Date(found.at),
    }
  );
}

/** Under which names a shop may know a contact; with the customer ids of this shop, or of all where none is named. */
export async function readShopCustomer(
  database: Database,
  contactId: number,
  shop: string | undefined,
): Promise<ShopCustomer> {
  const phones = await database
    .select({ value: contactAddresses.value })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.contactId, contactId), eq(contactAddresses.kind, 'phone')))
    .orderBy(contactAddresses.firstSeenAt, contactAddresses.value);
  const names = await database
    .selectDistinct({ source: shopNames.source, kind: shopNames.kind, value: shopNames.value })
    .from(shopNames)
    .where(eq(shopNames.contactId, contactId));
  const writings = phones.flatMap(({ value }) => everyWriting(value as PhoneNumber));
  return {
    phones: [...new Set(writings)],
    emails: [...new Set(names.filter(({ kind }) => kind === 'email').map(({ value }) => value))],
    customerIds: names
      .filter((name) => name.kind === 'customer' && (shop === undefined || name.source === shop))
      .map(({ value }) => value),
  };
}

/** Whether a shop has delivered anything since then. @param topics how they begin */
export async function hasDelivered(
  database: Database,
  source: Connector['source'],
  { since, topics = '' }: { readonly since?: Date; readonly topics?: string } = {},
): Promise<boolean> {
  const rows = await database
    .select({ id: shopDeliveries.id })
    .from(shopDeliveries)
    .where(
      and(
        eq(shopDeliveries.source, source),
        since && gte(shopDeliveries.receivedAt, since),
        topics === '' ? undefined : like(shopDeliveries.topic, `${topics}%`),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Whether anything has come by the event API, under whatever name. */
export async function haveEventsCome(database: Database): Promise<boolean> {
  // By the spans between the other names, so that an index leads there past a million of their rows.
  const span = (condition: SQL) => sql`exists (select from ${shopDeliveries} where ${condition})`;
  const { source } = shopDeliveries;
  const [row] = await database.execute<{ come: boolean }>(sql`
    select ${span(sql`${source} < 'shopify'`)} or ${span(sql`${source} > 'shopify' and ${source} < 'woocommerce'`)}
      or ${span(sql`${source} > 'woocommerce'`)} as come`);
  return row?.come ?? false;
}
