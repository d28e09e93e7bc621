import { and, desc, eq, getTableName, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { textArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import {
  cappings,
  carts,
  checkouts,
  consents,
  contactAddresses,
  contactAttributes,
  contactMerges,
  contacts,
  conversations,
  members,
  messages,
  optOutQuestions,
  orders,
  outboundEvents,
  outbox,
  settingChanges,
  shopEvents,
  shopNames,
} from '../database/schema.ts';
import { keepStrictest, letGoOfStrictest } from './consents.store.ts';

/** Rows that simply change hands, each found again by its key. */
const changingHands: readonly {
  readonly table: PgTable;
  readonly person: PgColumn;
  readonly key: SQL;
  /** Which rows stay behind. */
  readonly unless?: (keep: number) => SQL;
}[] = [
  {
    table: contactAddresses,
    person: contactAddresses.contactId,
    key: sql`${contactAddresses.kind} || ':' || ${contactAddresses.value}`,
  },
  {
    table: messages,
    person: messages.contactId,
    key: sql`${messages.id}::text`,
    // The same message logged under both: one line is enough, and the other stays where it is until they part again.
    unless: (keep) => sql`exists (select from ${messages} as mine where mine.contact_id = ${keep}
      and mine.whatsapp_id = ${messages.whatsappId} and mine.direction = ${messages.direction})`,
  },
  { table: outbox, person: outbox.contactId, key: sql`${outbox.id}::text` },
  { table: settingChanges, person: settingChanges.changedBy, key: sql`${settingChanges.id}::text` },
  { table: consents, person: consents.contactId, key: sql`${consents.key}` },
  { table: cappings, person: cappings.contactId, key: sql`${cappings.id}::text` },
  {
    table: contactAttributes,
    person: contactAttributes.contactId,
    key: sql`concat_ws(' ', ${contactAttributes.source}, ${contactAttributes.holder}, ${contactAttributes.name})`,
  },
  {
    table: shopNames,
    person: shopNames.contactId,
    key: sql`concat_ws(' ', ${shopNames.source}, ${shopNames.kind}, ${shopNames.value}, ${shopNames.phone})`,
  },
  { table: carts, person: carts.contactId, key: sql`${carts.id}::text` },
  { table: checkouts, person: checkouts.contactId, key: sql`${checkouts.id}::text` },
  { table: orders, person: orders.contactId, key: sql`${orders.id}::text` },
  { table: shopEvents, person: shopEvents.contactId, key: sql`${shopEvents.id}::text` },
  { table: outboundEvents, person: outboundEvents.contactId, key: sql`${outboundEvents.id}::text` },
];

/**
 * What a person has one of. Of two rows the one that stands first in `order` stays, under the kept contact: the higher role, the
 * conversation in which a human speaks, the question that is still open.
 */
const oneEach: readonly {
  readonly table: PgTable;
  readonly person: PgColumn;
  readonly order: SQL;
  /** Comes back to the absorbed contact even when the kept one's has been changed since. */
  readonly comesBackAlways: boolean;
}[] = [
  {
    table: members,
    person: members.contactId,
    order: sql`array_position(array['owner', 'manager', 'advisor'], role)`,
    // A role that was given or taken since is a decision about both: nobody gets an old one back against it.
    comesBackAlways: false,
  },
  {
    table: conversations,
    person: conversations.contactId,
    order: sql`array_position(array['advisor', 'waiting', 'paused', 'bot'], speaker)`,
    comesBackAlways: true,
  },
  {
    table: optOutQuestions,
    person: optOutQuestions.contactId,
    order: sql`answered_at is not null, asked_at desc`,
    comesBackAlways: true,
  },
];

/** Every column that names a contact and that a joining moves. A test compares this with the database itself. */
export const movedColumns: readonly PgColumn[] = [...changingHands, ...oneEach].map(({ person }) => person);

type Row = Readonly<Record<string, unknown>>;

/** What `contact_merges.moved` holds: rows as the database writes them in JSON. */
interface Moved {
  /** Keys of the rows that changed hands, by table. */
  readonly rows: Readonly<Record<string, readonly string[]>>;
  /** By table. */
  readonly oneEach: Readonly<Record<string, Change & { readonly absorbed: Row | null }>>;
  /** The kept contact itself. */
  readonly contact: Change;
}

interface Change {
  readonly before: Row | null;
  readonly after: Row | null;
}

/**
 * Joins two contacts that are one person: everything of `absorb` moves to `keep`. What is left of the absorbed one is its row, with
 * name, last address and `merged_into`, and those lines of the log that the kept one has too; it has no address, conversation
 * or role. Everything that moved is written down for `undoMerge`. To be called in a transaction.
 */
export async function joinContacts(database: Database, keep: number, absorb: number, now: Date): Promise<void> {
  const before = await rowOf(database, contacts, contacts.id, keep);
  const [newest] = await database
    .select({ contactId: messages.contactId })
    .from(messages)
    .where(and(inArray(messages.contactId, [keep, absorb]), eq(messages.direction, 'in'), sql`arrival <> 'history'`))
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(1);
  const keepConsent = await keepStrictest(database, keep, absorb);
  const rows: Record<string, string[]> = {};
  for (const { table, person, key, unless } of changingHands) {
    const moved = await database.execute<{ key: string }>(sql`
      update ${table} set ${nameOf(person)} = ${keep}
      where ${person} = ${absorb} and not ${unless?.(keep) ?? sql`false`} returning ${key} as key`);
    rows[getTableName(table)] = moved.map((row) => row.key);
  }
  const singles: Record<string, Change & { absorbed: Row | null }> = {};
  for (const one of oneEach) {
    singles[getTableName(one.table)] = await joinOneEach(database, one, keep, absorb);
  }
  const [first, second] = newest?.contactId === absorb ? [sql`gone`, sql`kept`] : [sql`kept`, sql`gone`];
  await database.execute(sql`
    update ${contacts} as kept set name = coalesce(kept.name, gone.name),
      lid_stale_since = coalesce(kept.lid_stale_since, gone.lid_stale_since),
      private_since = coalesce(kept.private_since, gone.private_since), last_address = coalesce(${first}.last_address, ${second}.last_address)
    from ${contacts} as gone where kept.id = ${keep} and gone.id = ${absorb}`);
  await database.update(contacts).set({ mergedInto: keep }).where(eq(contacts.id, absorb));
  await keepConsent(now);
  const after = await rowOf(database, contacts, contacts.id, keep);
  const moved: Moved = { rows, oneEach: singles, contact: { before, after } };
  await database.insert(contactMerges).values({ keptId: keep, absorbedId: absorb, moved, mergedAt: now });
}

async function joinOneEach(
  database: Database,
  { table, person, order }: (typeof oneEach)[number],
  keep: number,
  absorb: number,
): Promise<Change & { absorbed: Row | null }> {
  const before = await rowOf(database, table, person, keep);
  const absorbed = await rowOf(database, table, person, absorb);
  const [winner] = await database.execute<{ row: Row }>(sql`
    select to_jsonb(theirs) as row from ${table} as theirs where ${nameOf(person)} in (${keep}, ${absorb})
    order by ${order}, ${nameOf(person)} = ${keep} desc limit 1`);
  await database.execute(sql`delete from ${table} where ${person} in (${keep}, ${absorb})`);
  if (winner) {
    await insertRow(database, table, { ...winner.row, [person.name]: keep });
  }
  return { before, absorbed, after: await rowOf(database, table, person, keep) };
}

/** A joining cannot be undone now; the message says why. */
export class MergeStands extends Error {
  override readonly name = 'MergeStands';
}

/**
 * Takes two contacts apart again, each with what it had before they were joined. To be called in a transaction.
 *
 * What came since stays with the kept contact: a line of the log does not say by which address it came in. What was queued since for
 * an address that goes back goes with it, and so does its line. Name, role and the like of the kept one become again what they were,
 * unless they have been changed since. An address that has changed hands since stays where it is.
 *
 * @throws MergeStands when it has been undone already, or when one of the two has been joined with somebody later: joinings are undone
 * in reverse order
 */
export async function undoMerge(database: Database, mergeId: number, now: Date): Promise<void> {
  const { keptId, absorbedId, mergedAt, moved: recorded } = await findUndoable(database, mergeId);
  const moved = recorded as Moved;
  await letGoOfStrictest(database, keptId, absorbedId, mergedAt);
  const back: Record<string, readonly string[]> = {};
  for (const { table, person, key } of changingHands) {
    const rows = await database.execute<{ key: string }>(sql`
      update ${table} set ${nameOf(person)} = ${absorbedId}
      where ${person} = ${keptId} and ${key} = any(${textArray(moved.rows[getTableName(table)] ?? [])}::text[])
      returning ${key} as key`);
    back[getTableName(table)] = rows.map((row) => row.key);
  }
  const addresses = back[getTableName(contactAddresses)] ?? [];
  await giveBackQueuedSince(database, keptId, absorbedId, addresses, mergedAt);
  for (const one of oneEach) {
    await partOneEach(database, one, keptId, moved);
  }
  await partContacts(database, keptId, absorbedId, addresses, moved.contact);
  await database.update(contactMerges).set({ undoneAt: now }).where(eq(contactMerges.id, mergeId));
}

async function findUndoable(database: Database, mergeId: number): Promise<typeof contactMerges.$inferSelect> {
  const [merge] = await database.select().from(contactMerges).where(eq(contactMerges.id, mergeId)).for('update');
  if (!merge || merge.undoneAt) {
    throw new MergeStands('There is no such joining, or it has been undone already');
  }
  const both = [merge.keptId, merge.absorbedId];
  const [later] = await database
    .select({ id: contactMerges.id })
    .from(contactMerges)
    .where(
      and(
        gt(contactMerges.id, mergeId),
        isNull(contactMerges.undoneAt),
        or(inArray(contactMerges.keptId, both), inArray(contactMerges.absorbedId, both)),
      ),
    )
    .limit(1);
  if (later) {
    throw new MergeStands('One of the two has been joined with somebody later; that has to be undone first');
  }
  return merge;
}

async function giveBackQueuedSince(
  database: Database,
  keptId: number,
  absorbedId: number,
  addresses: readonly string[],
  mergedAt: Date,
): Promise<void> {
  await database.execute(sql`
    with given as (
      update ${outbox} set contact_id = ${absorbedId}
      where contact_id = ${keptId} and queued_at >= ${mergedAt.toISOString()}::timestamptz
        and address = any(${textArray(addresses)}::text[])
      returning whatsapp_id
    )
    update ${messages} set contact_id = ${absorbedId} from given
    where contact_id = ${keptId} and direction = 'out' and messages.whatsapp_id = given.whatsapp_id`);
}

async function partOneEach(
  database: Database,
  { table, person, comesBackAlways }: (typeof oneEach)[number],
  keptId: number,
  moved: Moved,
): Promise<void> {
  const change = moved.oneEach[getTableName(table)];
  if (!change) {
    return;
  }
  const { before, after, absorbed } = change;
  const [untouched] = await database.execute(
    after
      ? sql`select from ${table} as theirs where ${nameOf(person)} = ${keptId} and theirs is not distinct from ${asRow(table, after)}`
      : sql`select where not exists (select from ${table} where ${person} = ${keptId})`,
  );
  if (untouched) {
    await database.execute(sql`delete from ${table} where ${person} = ${keptId}`);
    await insertRow(database, table, before);
  }
  if (untouched || comesBackAlways) {
    await insertRow(database, table, absorbed);
  }
}

async function partContacts(
  database: Database,
  keptId: number,
  absorbedId: number,
  addresses: readonly string[],
  { before, after }: Change,
): Promise<void> {
  await database.execute(sql`
    update ${contacts} as gone set merged_into = null,
      last_address = case when kept.last_address = any(${textArray(addresses)}::text[])
        and kept.last_address is distinct from after.last_address then kept.last_address else gone.last_address end
    from ${contacts} as kept, ${asRow(contacts, after)} as after where gone.id = ${absorbedId} and kept.id = ${keptId}`);
  await database.execute(sql`
    update ${contacts} as kept set
      name = case when kept.name is not distinct from after.name then before.name else kept.name end,
      lid_stale_since = case when kept.lid_stale_since is not distinct from after.lid_stale_since
        then before.lid_stale_since else kept.lid_stale_since end,
      private_since = case when kept.private_since is not distinct from after.private_since
        then before.private_since else kept.private_since end,
      last_address = case when kept.last_address is not distinct from after.last_address
        or kept.last_address = any(${textArray(addresses)}::text[]) then before.last_address else kept.last_address end
    from ${asRow(contacts, before)} as before, ${asRow(contacts, after)} as after where kept.id = ${keptId}`);
}

async function rowOf(database: Database, table: PgTable, person: PgColumn, contactId: number): Promise<Row | null> {
  const [found] = await database.execute<{ row: Row }>(sql`
    select to_jsonb(theirs) as row from ${table} as theirs where ${nameOf(person)} = ${contactId}`);
  return found?.row ?? null;
}

async function insertRow(database: Database, table: PgTable, row: Row | null): Promise<void> {
  if (row) {
    await database.execute(sql`insert into ${table} select * from ${asRow(table, row)}`);
  }
}

/** A row that was kept as JSON, as a row of its table again. */
function asRow(table: PgTable, row: Row | null): SQL {
  return sql`jsonb_populate_record(null::${table}, ${JSON.stringify(row ?? {})}::text::jsonb)`;
}

/** The column without its table, as `set` and an alias want it. */
function nameOf(column: PgColumn): SQL {
  return sql`${sql.identifier(column.name)}`;
}
