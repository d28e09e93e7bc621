import { and, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { matchKey } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import {
  carts,
  checkouts,
  consents,
  contactAddresses,
  contactAttributes,
  orders,
  shopNames,
} from '../database/schema.ts';
import { holderOf, type Named, strongest } from './person.ts';
import type { ConsentReport, ShopPerson } from './report.ts';
import { orderSubject, type Subject, subjectOf } from './subject.ts';

/** Whom a shop means, as rows keep it. */
export interface Belonging {
  readonly contactId: number | null;
  readonly phone: string | null;
  readonly customerId: string | null;
  readonly email: string | null;
}

/** The contact that the names belong to now, made when there is a phone that nobody has yet; none when nobody is known by them. */
export async function belongingOf(database: Database, source: string, named: Named, now: Date): Promise<Belonging> {
  const { phone, customerId, email } = named;
  const contactId = phone ? await contactOfPhone(database, phone, now) : await ownerOf(database, source, named);
  return { contactId: contactId ?? null, phone: phone ?? null, customerId: customerId ?? null, email: email ?? null };
}

/** Whom the shop's own names stand for: its customer id before the mail address, and of several people the one named last. */
async function ownerOf(database: Database, source: string, { customerId, email }: Named): Promise<number | undefined> {
  if (customerId === undefined && email === undefined) {
    return undefined;
  }
  const [owner] = await database
    .select({ contactId: shopNames.contactId })
    .from(shopNames)
    .where(and(eq(shopNames.source, source), or(isName('customer', customerId), isName('email', email))))
    .orderBy(shopNames.kind, desc(shopNames.at), desc(shopNames.phone))
    .limit(1);
  return owner?.contactId;
}

/** Every contact that these names have ever stood for. */
export async function everybodyNamed(
  database: Database,
  source: string,
  { phone, customerId, email }: Named,
): Promise<readonly number[]> {
  const byPhone = phone
    ? await database
        .selectDistinct({ contactId: contactAddresses.contactId })
        .from(contactAddresses)
        .where(eq(contactAddresses.matchKey, matchKey(phone)))
    : [];
  const byName = await database
    .selectDistinct({ contactId: shopNames.contactId })
    .from(shopNames)
    .where(and(eq(shopNames.source, source), or(isName('customer', customerId), isName('email', email))));
  return [...new Set([...byPhone, ...byName].map(({ contactId }) => contactId))];
}

function isName(kind: 'customer' | 'email', value: string | undefined): SQL | undefined {
  return value === undefined ? sql`false` : and(eq(shopNames.kind, kind), eq(shopNames.value, value));
}

/**
 * Learns which of the shop's own names go with a phone.
 *
 * @returns whether a name may now stand for somebody else, so that what is known by it alone has to be looked at again
 */
export async function learnNames(
  database: Database,
  source: string,
  { phone, customerId, email }: Named,
  { contactId }: Belonging,
  at: Date,
): Promise<boolean> {
  const names = [
    ...(customerId === undefined ? [] : [{ kind: 'customer' as const, value: customerId }]),
    ...(email === undefined ? [] : [{ kind: 'email' as const, value: email }]),
  ];
  if (phone === undefined || contactId === null || names.length === 0) {
    return false;
  }
  const learnt = await database
    .insert(shopNames)
    .values(names.map((name) => ({ ...name, source, phone, contactId, at })))
    .onConflictDoUpdate({
      target: [shopNames.source, shopNames.kind, shopNames.value, shopNames.phone],
      set: { at: sql`excluded.at` },
      setWhere: gt(sql`excluded.at`, shopNames.at),
    })
    .returning({
      isNew: sql<boolean>`xmax = 0`,
      rivals: sql<boolean>`exists (select from ${shopNames} as other where other.source = shop_names.source
        and other.kind = shop_names.kind and other.value = shop_names.value and other.phone <> shop_names.phone)`,
    });
  return learnt.some(({ isNew, rivals }) => isNew || rivals);
}

/**
 * Gives what is known by these names alone, without a phone, to whom they stand for now.
 *
 * @returns the carts, checkouts and orders among it, which are to be derived anew
 */
export async function bindNames(database: Database, source: string, named: Named): Promise<readonly Subject[]> {
  const { customerId, email } = named;
  const byName = (
    table: typeof orders | typeof checkouts | typeof carts | typeof consents | typeof contactAttributes,
  ) =>
    and(
      eq(table.source, source),
      isNull(table.phone),
      or(customerId ? eq(table.customerId, customerId) : sql`false`, email ? eq(table.email, email) : sql`false`),
    );
  for (const table of [consents, contactAttributes]) {
    await database
      .update(table)
      .set({ contactId: currentOwner(table) })
      .where(byName(table));
  }
  const bought = await database.select({ id: orders.externalId }).from(orders).where(byName(orders));
  const begun = await database.select({ token: checkouts.token }).from(checkouts).where(byName(checkouts));
  const filled = await database.select({ token: carts.token }).from(carts).where(byName(carts));
  return [
    ...bought.map(({ id }) => orderSubject(id)),
    ...begun.map(({ token }) => subjectOf('checkout', token)),
    ...filled.map(({ token }) => subjectOf('cart', token)),
  ];
}

/** The same as `ownerOf`, for each row by its own names. */
function currentOwner(table: typeof consents | typeof contactAttributes): SQL {
  return sql`(select name.contact_id from ${shopNames} as name where name.source = ${table}.source
    and (name.kind, name.value) in (('customer', ${table}.customer_id), ('email', ${table}.email))
    order by name.kind, name.at desc, name.phone desc limit 1)`;
}

/** Learns what a report says of a person besides names that tell who it is; what is older than what is known changes nothing. */
export async function learnAttributes(
  database: Database,
  source: string,
  { firstName, lastName, email, country, locale }: ShopPerson,
  { contactId }: Belonging,
  named: Named,
  { version, at }: { readonly version: string; readonly at: Date },
): Promise<void> {
  const columns = { contactId, ...strongest(named) };
  const holder = holderOf(named);
  const told = [
    ['first-name', firstName],
    ['last-name', lastName],
    ['email', email],
    ['country', country],
    ['locale', locale],
  ] as const;
  const rows = told.flatMap(([name, value]) =>
    value === undefined || holder === undefined ? [] : [{ source, holder, name, value, version, at, ...columns }],
  );
  if (rows.length === 0) {
    return;
  }
  await database
    .insert(contactAttributes)
    .values(rows)
    .onConflictDoUpdate({
      target: [contactAttributes.source, contactAttributes.holder, contactAttributes.name],
      set: {
        value: sql`excluded.value`,
        version: sql`excluded.version`,
        at: sql`excluded.at`,
        contactId: sql`excluded.contact_id`,
      },
      setWhere: gt(sql`excluded.version`, contactAttributes.version),
    });
}

/**
 * Writes down what a shop says about consent. What the person did stands by itself, each time; of what the shop only repeats the latest
 * stands for all before it.
 */
export async function learnConsent(
  database: Database,
  source: string,
  { state, act, source: place, at }: ConsentReport,
  { contactId }: Belonging,
  named: Named,
  now: Date,
): Promise<void> {
  const columns = { contactId, ...strongest(named) };
  const holder = holderOf(named);
  if (holder === undefined) {
    return;
  }
  const key = [source, holder, state, ...(act ? [at.toISOString(), place] : ['told'])].join(' ');
  await database
    .insert(consents)
    .values({ key, source, state, act, said: place, proof: `${source}, ${holder}`, at, recordedAt: now, ...columns })
    .onConflictDoUpdate({
      target: consents.key,
      set: { at: sql`excluded.at`, said: sql`excluded.said`, contactId: sql`excluded.contact_id` },
      setWhere: sql`(excluded.at, excluded.said) > (${consents.at}, ${consents.said})`,
    });
}
