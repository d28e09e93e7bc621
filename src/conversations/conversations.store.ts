import { and, count, desc, eq, notInArray, or, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { messages, outbox } from '../database/schema.ts';
import type { Conversation, Writings } from './conversation.ts';
import type { MessageDetails } from './message.ts';

/** Lines that are no message by themselves: what they change stands in the line that they are about. */
const changing = ['edit', 'delete'] as const;

/** Edits and deletions are lines only where what they are about is not in the log. */
const isShown = or(
  notInArray(messages.kind, [...changing]),
  sql`not exists (select from messages as target where target.contact_id = ${messages.contactId}
    and target.direction = ${messages.direction} and target.whatsapp_id = ${messages.targetId})`,
);

/** The newest lines of the conversation with a contact. */
export async function readConversation(database: Database, contactId: number, most: number): Promise<Conversation> {
  const ofContact = and(eq(messages.contactId, contactId), isShown);
  const rows = await database
    .select({
      line: messages,
      state: outbox.state,
      reason: outbox.reason,
      about: sql<string | null>`(select coalesce(target.edited_text, target.text) from messages as target
        where target.contact_id = ${messages.contactId} and target.whatsapp_id = ${messages.targetId} limit 1)`,
    })
    .from(messages)
    .leftJoin(outbox, and(eq(messages.direction, 'out'), eq(outbox.whatsappId, messages.whatsappId)))
    .where(ofContact)
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(most);
  const [all] = await database.select({ lines: count() }).from(messages).where(ofContact);
  const [waiting] = await database
    .select({ messages: count() })
    .from(outbox)
    .where(and(eq(outbox.contactId, contactId), eq(outbox.state, 'queued')));
  return {
    lines: rows.toReversed().map(({ line, state, reason, about }) => ({
      author: line.author,
      sentAt: line.sentAt,
      details: (line.details ?? { kind: 'text' }) as MessageDetails,
      text: line.text ?? undefined,
      editedText: line.editedText ?? undefined,
      isEdited: line.editedAt !== null,
      isDeleted: line.deletedAt !== null,
      about: about ?? undefined,
      delivery: state ? { state, reason: reason ?? undefined } : undefined,
    })),
    count: all?.lines ?? 0,
    waiting: waiting?.messages ?? 0,
  };
}

/** What a contact has written to the shop; reactions, edits and the like are no writing. */
export async function readWritings(database: Database, contactId: number): Promise<Writings> {
  const written = and(
    eq(messages.contactId, contactId),
    eq(messages.direction, 'in'),
    notInArray(messages.kind, [...changing, 'reaction', 'vote', 'call']),
  );
  const [last] = await database
    .select({
      at: messages.sentAt,
      details: messages.details,
      text: sql<string | null>`coalesce(${messages.editedText}, ${messages.text})`,
      isDeleted: sql<boolean>`${messages.deletedAt} is not null`,
    })
    .from(messages)
    .where(written)
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(1);
  const [all] = await database.select({ lines: count() }).from(messages).where(written);
  return {
    count: all?.lines ?? 0,
    last: last && {
      at: last.at,
      details: last.isDeleted ? { kind: 'delete' } : ((last.details ?? { kind: 'text' }) as MessageDetails),
      text: last.isDeleted ? undefined : (last.text ?? undefined),
    },
  };
}
