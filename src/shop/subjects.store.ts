import { and, asc, desc, eq, isNotNull, sql } from 'drizzle-orm';
import { textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { carts, checkouts, orders, shopEvents, shopReports } from '../database/schema.ts';
import { type CartVersion, cartFrom, eventsOfCart } from './cart.ts';
import { checkoutFrom, earliestOf, eventsOfCheckout } from './checkout.ts';
import { eventsOfOrder, orderFrom } from './order.ts';
import { isNamed, namesOf, personFrom } from './person.ts';
import type { CartReport, CheckoutReport, OrderReport, RefundReport, ShopMoney } from './report.ts';
import type { ShopEvent } from './shop-event.ts';
import { type Belonging, belongingOf } from './shop-people.store.ts';
import { orderSubject, type Subject, subjectOf, tokenOfSubject } from './subject.ts';
import { reportFromJson, versionOf } from './version.ts';

// Carts, checkouts and orders are derived from all that was ever told of them, so the order of telling does not matter.

type SubjectReport = CartReport | CheckoutReport | OrderReport | RefundReport;

export function subjectOfReport(report: SubjectReport): Subject {
  switch (report.kind) {
    case 'cart':
      return subjectOf('cart', report.cart);
    case 'checkout':
      return subjectOf('checkout', report.checkout);
    case 'order':
    case 'refund':
      return orderSubject(report.order);
  }
}

/** Keeps a report. @returns whether it was new */
export async function keepReport(database: Database, source: string, report: SubjectReport): Promise<boolean> {
  const rows = await database
    .insert(shopReports)
    .values({ source, subject: subjectOfReport(report), version: versionOf(report), report })
    .onConflictDoNothing()
    .returning({ version: shopReports.version });
  return rows.length === 1;
}

async function toldOf(database: Database, source: string, subject: Subject): Promise<readonly SubjectReport[]> {
  const rows = await database
    .select({ report: shopReports.report })
    .from(shopReports)
    .where(and(eq(shopReports.source, source), eq(shopReports.subject, subject)))
    // Byte by byte: in a language's own order the same instants would not sort as time does.
    .orderBy(asc(sql`${shopReports.version} collate "C"`));
  return rows.map(({ report }) => reportFromJson<SubjectReport>(report));
}

/** Says anew what an order is. @returns what hangs on it: its checkout and its cart */
export async function deriveOrder(
  database: Database,
  source: string,
  subject: Subject,
  now: Date,
): Promise<readonly Subject[]> {
  const told = await toldOf(database, source, subject);
  const [first, ...others] = told.filter((report): report is OrderReport => report.kind === 'order');
  if (!first) {
    return [];
  }
  const refunds = told.filter((report): report is RefundReport => report.kind === 'refund');
  const order = orderFrom([first, ...others], refunds);
  const belonging = await belongingOf(database, source, namesOf(order.person), now);
  const { cart, checkout, person: _, refunds: __, total, ...columns } = order;
  const values = {
    source,
    externalId: tokenOfSubject(subject),
    cartToken: cart ?? null,
    checkoutToken: checkout ?? null,
    ...columns,
    ...moneyColumns(total),
    ...undefinedAsNull(columns, ['number', 'paidAt', 'completedAt', 'cancelledAt']),
    ...belonging,
  };
  await database
    .insert(orders)
    .values(values)
    .onConflictDoUpdate({ target: [orders.source, orders.externalId], set: values });
  await keepEvents(database, { source, subject, ...belonging }, eventsOfOrder(order), now);
  return hangingOn([first, ...others]);
}

/** Every checkout and cart that was ever named: what a later report no longer names has to let go. */
function hangingOn(told: readonly { readonly cart?: string; readonly checkout?: string }[]): readonly Subject[] {
  return told.flatMap(({ cart, checkout }) => [
    ...(checkout === undefined ? [] : [subjectOf('checkout', checkout)]),
    ...(cart === undefined ? [] : [subjectOf('cart', cart)]),
  ]);
}

/** Says anew what a checkout is. @returns its cart */
export async function deriveCheckout(
  database: Database,
  source: string,
  subject: Subject,
  now: Date,
): Promise<readonly Subject[]> {
  const [first, ...others] = (await toldOf(database, source, subject)) as CheckoutReport[];
  if (!first) {
    return [];
  }
  const checkout = checkoutFrom([first, ...others]);
  const token = tokenOfSubject(subject);
  const [order] = await database
    .select({ createdAt: orders.createdAt })
    .from(orders)
    .where(and(eq(orders.source, source), eq(orders.checkoutToken, token)))
    .orderBy(asc(orders.createdAt))
    .limit(1);
  const belonging = await belongingOf(database, source, namesOf(checkout.person), now);
  const { cart, person: _, total, items, startedAt, updatedAt } = checkout;
  const values = {
    source,
    token,
    cartToken: cart ?? null,
    items,
    startedAt,
    updatedAt,
    url: checkout.url ?? null,
    joinedAt: checkout.joinedAt ?? null,
    completedAt: earliestOf([checkout.completedAt, order?.createdAt]) ?? null,
    ...moneyColumns(total),
    ...belonging,
  };
  await database
    .insert(checkouts)
    .values(values)
    .onConflictDoUpdate({ target: [checkouts.source, checkouts.token], set: values });
  await keepEvents(database, { source, subject, ...belonging }, eventsOfCheckout(checkout), now);
  return [first, ...others].flatMap((report) => (report.cart === undefined ? [] : [subjectOf('cart', report.cart)]));
}

/** Says anew what a cart is. Whose it is its checkout or its order may say, where it does not itself. */
export async function deriveCart(database: Database, source: string, subject: Subject, now: Date): Promise<void> {
  const told = (await toldOf(database, source, subject)) as CartReport[];
  const [first, ...others] = told.map(versionOfCart);
  if (!first) {
    return;
  }
  const cart = cartFrom([first, ...others]);
  const token = tokenOfSubject(subject);
  const own = namesOf(personFrom(told.map(({ person }) => person)));
  const ownSince = told.find(({ person }) => isNamed(namesOf(person)))?.at;
  const joined = await joinedBy(database, source, token);
  const belonging = isNamed(own) ? await belongingOf(database, source, own, now) : joined.belonging;
  const { total, items, url, firstAddedAt, lastAddedAt, emptiedAt, updatedAt } = cart;
  const values = {
    source,
    token,
    items,
    url: url ?? null,
    firstAddedAt,
    lastAddedAt,
    emptiedAt: emptiedAt ?? null,
    updatedAt,
    joinedAt: earliestOf([ownSince, joined.at]) ?? null,
    ...moneyColumns(total),
    ...belonging,
  };
  await database
    .insert(carts)
    .values(values)
    .onConflictDoUpdate({ target: [carts.source, carts.token], set: values });
  await keepEvents(database, { source, subject, ...belonging }, eventsOfCart([first, ...others]), now);
}

const nobody: Belonging = { contactId: null, phone: null, customerId: null, email: null };

/** Whom the checkouts and orders of a cart name: of several the one that was told of last. */
async function joinedBy(
  database: Database,
  source: string,
  token: string,
): Promise<{ readonly belonging: Belonging; readonly at: Date | undefined }> {
  const columns = (table: typeof checkouts | typeof orders) => ({
    contactId: table.contactId,
    phone: table.phone,
    customerId: table.customerId,
    email: table.email,
  });
  const begun = await database
    .select({ ...columns(checkouts), at: checkouts.joinedAt })
    .from(checkouts)
    .where(and(eq(checkouts.source, source), eq(checkouts.cartToken, token), isNotNull(checkouts.joinedAt)))
    .orderBy(desc(checkouts.updatedAt), desc(checkouts.token));
  const bought = await database
    .select({ ...columns(orders), at: orders.createdAt })
    .from(orders)
    .where(and(eq(orders.source, source), eq(orders.cartToken, token)))
    .orderBy(desc(orders.updatedAt), desc(orders.externalId));
  const named = [...begun, ...bought].filter(
    ({ phone, customerId, email }) => phone !== null || customerId !== null || email !== null,
  );
  const [latest] = named;
  if (!latest) {
    return { belonging: nobody, at: undefined };
  }
  const { at: _, ...belonging } = latest;
  return { belonging, at: earliestOf(named.map(({ at }) => at ?? undefined)) };
}

function versionOfCart({ at, items, added, total, url }: CartReport): CartVersion {
  return { at, items, added, total, url };
}

function moneyColumns(total: ShopMoney | undefined) {
  return { total: total?.amount ?? null, currency: total?.currency ?? null };
}

/** A column that is left out of an update would keep its old value. */
function undefinedAsNull<Row extends object, Name extends keyof Row>(row: Row, names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null])) as {
    [Key in Name]: Exclude<Row[Key], undefined> | null;
  };
}

/** Makes the events of a subject be these, and its contact's. */
async function keepEvents(
  database: Database,
  { source, subject, contactId }: { source: string; subject: Subject; contactId: number | null },
  events: readonly ShopEvent[],
  now: Date,
): Promise<void> {
  const types = textArray(events.map(({ type }) => type));
  const instants = textArray(events.map(({ occurredAt }) => occurredAt.toISOString()));
  await database.execute(sql`
    delete from ${shopEvents} where source = ${source} and subject = ${subject} and (type, occurred_at) not in (
      select * from unnest(${types}::text[], ${instants}::timestamptz[]))`);
  const unique = new Map(events.map((event) => [`${event.type} ${event.occurredAt.toISOString()}`, event]));
  if (unique.size > 0) {
    await recordEvents(database, { source, subject, contactId }, [...unique.values()], now);
  }
}

/** Adds events; one that is known only learns whose it is. */
export async function recordEvents(
  database: Database,
  about: { readonly source: string; readonly subject: string; readonly contactId: number | null },
  events: readonly ShopEvent[],
  now: Date,
): Promise<void> {
  await database
    .insert(shopEvents)
    .values(events.map((event) => ({ ...about, ...event, recordedAt: now })))
    .onConflictDoUpdate({
      target: [shopEvents.source, shopEvents.subject, shopEvents.type, shopEvents.occurredAt],
      set: { contactId: sql`excluded.contact_id`, details: sql`excluded.details` },
      setWhere: sql`${shopEvents.contactId} is distinct from excluded.contact_id or ${shopEvents.details} is distinct from excluded.details`,
    });
}
