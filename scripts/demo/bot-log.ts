import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../src/database/database.ts';
import { contacts, messages, outbox } from '../../src/database/schema.ts';
import { clockTime } from './chat-lines.ts';
import type { Paint } from './paint.ts';

const LONGEST_LINE = 60;

const authors = { contact: '', bot: 'bot', 'shop-phone': 'shop’s phone' } as const;

const ways = { live: 'live', offline: 'kept while the bot was away', history: 'history', sent: '' } as const;

/** Whether the bot has written this message down. */
export async function isLogged(database: Database, whatsappId: string): Promise<boolean> {
  const rows = await database
    .select({ id: messages.id })
    .from(messages)
    .where(and(eq(messages.whatsappId, whatsappId), eq(messages.direction, 'in')));
  return rows.length > 0;
}

/** The last lines of the bot's message log, oldest first, as text; with what became of each answer. */
export async function readLog(database: Database, lines: number, paint: Paint): Promise<readonly string[]> {
  const rows = await database
    .select({
      name: contacts.name,
      contactId: contacts.id,
      direction: messages.direction,
      author: messages.author,
      text: messages.text,
      kind: messages.kind,
      sentAt: messages.sentAt,
      arrival: messages.arrival,
      state: outbox.state,
    })
    .from(messages)
    .innerJoin(contacts, eq(contacts.id, messages.contactId))
    .leftJoin(outbox, eq(outbox.whatsappId, messages.whatsappId))
    // WhatsApp counts in whole seconds; within one, the order of writing them down decides.
    .orderBy(sql`date_trunc('second', ${messages.sentAt}) desc`, desc(messages.id))
    .limit(lines);
  return rows.toReversed().map((row) => {
    const { name, contactId, direction, author, text, kind, sentAt, arrival, state } = row;
    const person = paint.person(name ?? `contact ${contactId}`);
    const remark = [authors[author], ways[arrival], state].filter(Boolean).join(', ');
    const way = direction === 'in' ? `in   ${person}` : `out  ${person}`;
    return `${paint.faint(clockTime(sentAt))} ${way}: ${shorten(text ?? `(${kind})`)} ${paint.faint(`[${remark}]`)}`;
  });
}

function shorten(text: string): string {
  const [first = '', ...more] = text.split('\n');
  const line = first.length > LONGEST_LINE ? `${first.slice(0, LONGEST_LINE - 1)}…` : first;
  return more.length > 0 ? `${line} … (${more.length + 1} lines)` : line;
}
