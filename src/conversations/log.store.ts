import { and, count, desc, eq, gte, isNull, lte, max, ne, sql } from 'drizzle-orm';
import { numberArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { members, messages } from '../database/schema.ts';

export type LogLine = typeof messages.$inferInsert;

/**
 * Writes lines to the log, each message once: a line whose contact, WhatsApp id and direction are there already is left alone,
 * unless the new one says more (`saysMore`). Edits and deletions reach the lines they are about, in whatever order they come.
 *
 * @returns the ids of the lines that were new or say more now, by `contactId/whatsappId`
 */
export async function logMessages(database: Database, lines: readonly LogLine[]): Promise<ReadonlyMap<string, number>> {
  const once = new Map<string, LogLine>();
  for (const line of lines) {
    const key = `${line.contactId}/${line.whatsappId}/${line.direction}`;
    const other = once.get(key);
    if (!other) {
      once.set(key, line);
    } else if (saysMore(line, other)) {
      once.set(key, { ...line, details: withVideoOf(line, other) });
    }
  }
  if (once.size === 0) {
    return new Map();
  }
  const written = await database
    .insert(messages)
    .values([...once.values()])
    .onConflictDoUpdate({
      target: [messages.contactId, messages.whatsappId, messages.direction],
      set: replaced,
      setWhere: storedSaysLess,
    })
    .returning({ id: messages.id, contactId: messages.contactId, whatsappId: messages.whatsappId });
  await applyChanges(
    database,
    written.map(({ id }) => id),
  );
  return new Map(written.map(({ id, contactId, whatsappId }) => [`${contactId}/${whatsappId}`, id]));
}

const callOutcomes = ['ringing', 'missed', 'rejected', 'accepted'];

/** Whether `line` tells what `other` could not: the real message after one that was unreadable, or how a call went on. */
function saysMore(line: LogLine, other: LogLine): boolean {
  if (other.kind === 'unreadable') {
    return line.kind !== 'unreadable';
  }
  return line.kind === 'call' && other.kind === 'call' && outcomeRank(line) > outcomeRank(other);
}

function outcomeRank({ details }: LogLine): number {
  return callOutcomes.indexOf((details as { outcome?: string } | null)?.outcome ?? '');
}

/** Only the first that is told of a call says whether it is one with pictures. */
function withVideoOf({ kind, details }: LogLine, other: LogLine): LogLine['details'] {
  const video = [details, other.details].some((one) => (one as { video?: boolean } | null)?.video);
  return kind === 'call' && video ? { ...(details as object), video } : details;
}

/** `saysMore` for a line that is stored already. */
const storedSaysLess = sql`
  (${messages.kind} = 'unreadable' and excluded.kind <> 'unreadable')
  or (${messages.kind} = 'call' and excluded.kind = 'call'
    and array_position(${callOutcomeArray()}, excluded.details ->> 'outcome')
      > array_position(${callOutcomeArray()}, ${messages.details} ->> 'outcome'))`;

function callOutcomeArray() {
  return sql.raw(`array[${callOutcomes.map((outcome) => `'${outcome}'`).join(', ')}]`);
}

const replaced = {
  kind: sql`excluded.kind`,
  text: sql`excluded.text`,
  details: sql`case when ${messages.kind} = 'call' and ${messages.details} -> 'video' = 'true'
    then excluded.details || '{"video": true}' else excluded.details end`,
  quotedId: sql`excluded.quoted_id`,
  targetId: sql`excluded.target_id`,
  loggedAt: sql`excluded.logged_at`,
  raw: sql`excluded.raw`,
};

/**
 * Brings the lines that edits and deletions are about up to date, for these lines and for those about them. Only an author changes
 * their own words, so both have the same direction; what was written first stays in `text`.
 */
async function applyChanges(database: Database, ids: readonly number[]): Promise<void> {
  await database.execute(sql`
    update ${messages} as line
    set edited_text = change.edited_text, edited_at = change.edited_at, deleted_at = change.deleted_at
    from (
      select later.contact_id, later.direction, later.target_id,
        (array_agg(later.text order by later.sent_at desc, later.id desc) filter (where later.kind = 'edit' and later.text is not null))[1] as edited_text,
        max(later.sent_at) filter (where later.kind = 'edit') as edited_at,
        min(later.sent_at) filter (where later.kind = 'delete') as deleted_at
      from ${messages} as touched
      join ${messages} as later
        on later.contact_id = touched.contact_id and later.direction = touched.direction
        and later.target_id = coalesce(touched.target_id, touched.whatsapp_id)
      where touched.id = any(${numberArray(ids)}::bigint[]) and later.kind in ('edit', 'delete')
      group by later.contact_id, later.direction, later.target_id
    ) as change
    where line.contact_id = change.contact_id and line.direction = change.direction and line.whatsapp_id = change.target_id`);
}

/**
 * What a contact has written since an instant, oldest first; at most a hundred texts.
 *
 * @param loggedBy leaves out what was logged later, as it was for who asked then
 */
export async function recentTexts(
  database: Database,
  contactId: number,
  since: Date,
  loggedBy?: Date,
): Promise<string[]> {
  const rows = await database
    .select({ text: messages.text })
    .from(messages)
    .where(
      and(
        eq(messages.contactId, contactId),
        eq(messages.direction, 'in'),
        eq(messages.kind, 'text'),
        gte(messages.sentAt, since),
        ne(messages.arrival, 'history'),
        loggedBy && lte(messages.loggedAt, loggedBy),
      ),
    )
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(100);
  return rows.map(({ text }) => text ?? '').toReversed();
}

/** How many messages customers (everybody but staff) have sent and been sent since an instant. */
export async function countCustomerMessages(
  database: Database,
  since: Date,
): Promise<{ received: number; sent: number }> {
  const rows = await database
    .select({ direction: messages.direction, lines: count() })
    .from(messages)
    .leftJoin(members, eq(members.contactId, messages.contactId))
    .where(and(gte(messages.loggedAt, since), isNull(members.contactId)))
    .groupBy(messages.direction);
  const lines = (direction: string) => rows.find((row) => row.direction === direction)?.lines ?? 0;
  return { received: lines('in'), sent: lines('out') };
}

export async function lastReceivedAt(database: Database): Promise<Date | undefined> {
  const [row] = await database
    .select({ at: max(messages.loggedAt) })
    .from(messages)
    .where(and(eq(messages.direction, 'in')));
  return row?.at ?? undefined;
}
