import { and, desc, eq } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { contactAddresses, contactAttributes, contacts, conversations } from '../database/schema.ts';

/** What decides whether, and in which language, the bot may talk to somebody. */
export interface Standing {
  readonly isPrivate: boolean;
  readonly speaker: (typeof conversations.$inferSelect)['speaker'];
  /** As a shop has told it last, such as `pt-BR`. */
  readonly locale: string | undefined;
  /** In E.164; of several the one seen last. */
  readonly phone: string | undefined;
}

export async function readStanding(database: Database, contactId: number): Promise<Standing> {
  const [row] = await database
    .select({ privateSince: contacts.privateSince, speaker: conversations.speaker })
    .from(contacts)
    .innerJoin(conversations, eq(conversations.contactId, contacts.id))
    .where(eq(contacts.id, contactId));
  const [attribute] = await database
    .select({ locale: contactAttributes.value })
    .from(contactAttributes)
    .where(and(eq(contactAttributes.contactId, contactId), eq(contactAttributes.name, 'locale')))
    .orderBy(desc(contactAttributes.at))
    .limit(1);
  const [address] = await database
    .select({ phone: contactAddresses.value })
    .from(contactAddresses)
    .where(and(eq(contactAddresses.contactId, contactId), eq(contactAddresses.kind, 'phone')))
    .orderBy(desc(contactAddresses.lastSeenAt), desc(contactAddresses.value))
    .limit(1);
  return {
    phone: address?.phone,
    isPrivate: row?.privateSince != null,
    speaker: row?.speaker ?? 'bot',
    locale: attribute?.locale,
  };
}
