import { and, desc, eq, isNull, not, or, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { carts, checkouts, orders } from '../database/schema.ts';
import type { Customer, CustomerOrder, OpenCart } from './customer.ts';
import type { ShopItem } from './report.ts';

const SHOWN_ORDERS = 3;

/** What one contact has bought and is about to buy. */
export async function readCustomer(database: Database, contactId: number): Promise<Customer> {
  return {
    orders: await readNewestOrders(database, contactId),
    earlier: await readEarlier(database, contactId),
    cart: (await readOpenCart(database, contactId)) ?? (await readOpenCheckout(database, contactId)),
  };
}

async function readNewestOrders(database: Database, contactId: number): Promise<CustomerOrder[]> {
  const rows = await database
    .select()
    .from(orders)
    .where(and(eq(orders.contactId, contactId), eq(orders.test, false)))
    .orderBy(desc(orders.createdAt), desc(orders.id))
    .limit(SHOWN_ORDERS);
  return rows.map((row) => ({
    number: row.number ?? row.externalId,
    total: row.total ?? undefined,
    currency: row.currency ?? undefined,
    refunded: row.refunded,
    createdAt: row.createdAt,
    paidAt: row.paidAt ?? undefined,
    completedAt: row.completedAt ?? undefined,
    cancelledAt: row.cancelledAt ?? undefined,
  }));
}

async function readEarlier(database: Database, contactId: number): Promise<Customer['earlier']> {
  const rows = await database.execute<{ count: number; total: string; currency: string | null }>(sql`
    select count(*)::int as count, coalesce(sum(total - refunded), 0)::text as total, currency from (
      select * from ${orders} where contact_id = ${contactId} and not test
      order by created_at desc, id desc offset ${SHOWN_ORDERS}) as earlier
    where cancelled_at is null group by currency order by count(*) desc, currency`);
  return rows.map(({ count, total, currency }) => ({ count, total, currency: currency ?? undefined }));
}

/** The newest cart that has something in it and was not bought: neither it itself, nor anything by the same person since. */
async function readOpenCart(database: Database, contactId: number): Promise<OpenCart | undefined> {
  const bought = sql`exists (select from ${orders} as bought where bought.source = ${carts.source} and bought.cart_token = ${carts.token})`;
  const [row] = await database
    .select()
    .from(carts)
    .where(
      and(
        eq(carts.contactId, contactId),
        isNull(carts.emptiedAt),
        not(or(bought, boughtSince(contactId, sql`${carts.lastAddedAt}`)) ?? bought),
      ),
    )
    .orderBy(desc(carts.updatedAt), desc(carts.id))
    .limit(1);
  if (!row) {
    return undefined;
  }
  const [checkout] = await database
    .select({ at: checkouts.startedAt })
    .from(checkouts)
    .where(and(eq(checkouts.source, row.source), eq(checkouts.cartToken, row.token)))
    .orderBy(desc(checkouts.startedAt))
    .limit(1);
  return { ...openCartOf(row), lastAddedAt: row.lastAddedAt, checkoutAt: checkout?.at };
}

/** A shop that tells of no carts tells of checkouts. */
async function readOpenCheckout(database: Database, contactId: number): Promise<OpenCart | undefined> {
  const bought = sql`exists (select from ${orders} as bought where bought.source = ${checkouts.source} and bought.checkout_token = ${checkouts.token})`;
  const ofKnownCart = sql`exists (select from ${carts} where ${carts.source} = ${checkouts.source} and ${carts.token} = ${checkouts.cartToken})`;
  const [row] = await database
    .select()
    .from(checkouts)
    .where(
      and(
        eq(checkouts.contactId, contactId),
        isNull(checkouts.completedAt),
        not(or(bought, ofKnownCart, boughtSince(contactId, sql`${checkouts.startedAt}`)) ?? bought),
      ),
    )
    .orderBy(desc(checkouts.updatedAt), desc(checkouts.id))
    .limit(1);
  return row && { ...openCartOf(row), lastAddedAt: row.startedAt, checkoutAt: row.startedAt };
}

function boughtSince(contactId: number, instant: SQL): SQL {
  return sql`exists (select from ${orders} as since where since.contact_id = ${contactId} and not since.test
    and since.cancelled_at is null and since.created_at >= ${instant})`;
}

function openCartOf(row: { items: unknown; total: string | null; currency: string | null }) {
  return {
    items: row.items as readonly ShopItem[],
    total: row.total ?? undefined,
    currency: row.currency ?? undefined,
  };
}
