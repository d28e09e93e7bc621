import { and, asc, count, desc, eq, getTableColumns, inArray, min, or, sql } from 'drizzle-orm';
import { type Address, formatAddress, sameAddress } from '../../contacts/address.ts';
import { addressToAnswer } from '../../contacts/contacts.store.ts';
import { recentTexts } from '../../conversations/log.store.ts';
import { LOOP_WINDOW } from '../../conversations/loop-breaker.ts';
import { textArray } from '../../database/arrays.ts';
import type { Database } from '../../database/database.ts';
import {
  attachments,
  contactAddresses,
  contactMerges,
  contacts,
  conversations,
  journal,
  members,
  messages,
  outbox,
} from '../../database/schema.ts';
import { later } from '../../lib/time.ts';
import { readSettings } from '../../settings/settings.store.ts';
import { textsIn } from '../../texts/texts.ts';
import { addressOf } from '../../whatsapp/jid.ts';
import type { Arrival } from '../../whatsapp/journal.store.ts';
import type {
  ContactFacts,
  JournalEntry,
  KnownPerson,
  Line,
  LoggedMessage,
  Merge,
  MessageFacts,
  Outgoing,
  PersonFacts,
} from './inspected-facts.ts';
import { describeContact, describeMessage } from './inspection.ts';
import { answeredBy } from './inspection-causes.ts';
import type { View } from './inspection-words.ts';
import type { Inspection } from './page-state.ts';

/**
 * What the bot has stored about one message, named by its WhatsApp id, in the conversation with the person who has one of these
 * addresses.
 */
export async function inspectMessage(
  database: Database,
  whatsappId: string,
  person: readonly Address[],
  view: View,
): Promise<Inspection> {
  return describeMessage(await readMessageFacts(database, whatsappId, person), view);
}

/** What the bot knows about a person. When these addresses belong to several contacts, about each. */
export async function inspectContact(database: Database, person: readonly Address[], view: View): Promise<Inspection> {
  return describeContact(await readContactFacts(database, person), view);
}

async function readMessageFacts(
  database: Database,
  whatsappId: string,
  addresses: readonly Address[],
): Promise<MessageFacts> {
  const people = await findPeople(database, addresses);
  const ids = people.map(({ contact }) => contact.id);
  const logged: LoggedMessage[] = [];
  for (const line of await readLines(database, ids, [whatsappId])) {
    logged.push(await readLogged(database, line, personOf(people, line)));
  }
  const [outgoing] = await database
    .select(outgoingColumns)
    .from(outbox)
    .where(and(eq(outbox.whatsappId, whatsappId), inArray(outbox.contactId, ids)));
  const [question] = await readLines(database, ids, outgoing ? [answeredBy(outgoing.key) ?? ''] : [], 'in');
  const [owners] = await database
    .select({ since: min(members.since) })
    .from(members)
    .where(eq(members.role, 'owner'));
  return {
    addresses,
    people,
    journal: await readJournal(database, whatsappId, [...addresses, ...people.flatMap((one) => one.addresses)]),
    logged,
    outgoing,
    question: question && { line: question, person: personOf(people, question) },
    ownedSince: owners?.since ?? undefined,
    texts: textsIn((await readSettings(database))['shop.language']),
  };
}

/** The contacts that these addresses belong to, oldest first. */
async function findPeople(database: Database, addresses: readonly Address[]): Promise<KnownPerson[]> {
  const written = textArray(addresses.map(formatAddress));
  const rows = await database
    .select({ contact: contacts, member: members })
    .from(contacts)
    .leftJoin(members, eq(members.contactId, contacts.id))
    .where(
      sql`exists (select from ${contactAddresses} as known where known.contact_id = ${contacts.id}
        and known.kind || ':' || known.value = any(${written}::text[]))`,
    )
    .orderBy(asc(contacts.id));
  const known = await database
    .select()
    .from(contactAddresses)
    .where(
      inArray(
        contactAddresses.contactId,
        rows.map(({ contact }) => contact.id),
      ),
    )
    .orderBy(asc(contactAddresses.firstSeenAt), asc(contactAddresses.kind), asc(contactAddresses.value));
  return rows.map(({ contact, member }) => ({
    contact,
    member: member ?? undefined,
    addresses: known.filter(({ contactId }) => contactId === contact.id),
  }));
}

function personOf(people: readonly KnownPerson[], { contactId }: Pick<Line, 'contactId'>): KnownPerson {
  const person = people.find(({ contact }) => contact.id === contactId);
  if (!person) {
    throw new Error(`Contact ${contactId} was not asked for`);
  }
  return person;
}

const { raw, ...plainLine } = getTableColumns(messages);
const lineColumns = { ...plainLine, rawBytes: sql<number | null>`octet_length(${raw})` };

const { wire, ...plainOutgoing } = getTableColumns(outbox);
const outgoingColumns = { ...plainOutgoing, wireBytes: sql<number | null>`octet_length(${wire})` };

async function readLines(
  database: Database,
  contactIds: readonly number[],
  whatsappIds: readonly string[],
  direction?: Line['direction'],
): Promise<Line[]> {
  return database
    .select(lineColumns)
    .from(messages)
    .where(
      and(
        inArray(messages.contactId, [...contactIds]),
        inArray(messages.whatsappId, [...whatsappIds]),
        direction && eq(messages.direction, direction),
      ),
    )
    .orderBy(asc(messages.id));
}

async function readLogged(database: Database, line: Line, person: KnownPerson): Promise<LoggedMessage> {
  const { contactId, whatsappId, quotedId, targetId, loggedAt } = line;
  const mentioned = [quotedId, targetId].filter((id) => id !== null);
  const others = await readLines(database, [contactId], mentioned);
  const about = await database
    .select(lineColumns)
    .from(messages)
    .where(and(eq(messages.contactId, contactId), eq(messages.targetId, whatsappId)))
    .orderBy(asc(messages.sentAt), asc(messages.id));
  const [attachment] = await database.select().from(attachments).where(eq(attachments.messageId, line.id));
  return {
    person,
    line,
    about,
    quoted: others.find((other) => other.whatsappId === quotedId),
    target: others.find((other) => other.whatsappId === targetId),
    attachment,
    answer: line.direction === 'in' ? await readAnswer(database, line) : undefined,
    recentTexts:
      line.direction === 'in' ? await recentTexts(database, contactId, later(loggedAt, -LOOP_WINDOW), loggedAt) : [],
  };
}

/** By the end of its key: the contact in the middle may have been joined with another since. */
async function readAnswer(database: Database, { contactId, whatsappId }: Line): Promise<Outgoing | undefined> {
  const rows = await database
    .select(outgoingColumns)
    .from(outbox)
    .where(and(eq(outbox.contactId, contactId), sql`starts_with(${outbox.key}, 'answer:')`))
    .orderBy(desc(outbox.id));
  return rows.find(({ key }) => answeredBy(key) === whatsappId);
}

/** Arrivals under this id that name the person, or that name nobody: such as what the phone tells its own devices. */
async function readJournal(
  database: Database,
  whatsappId: string,
  addresses: readonly Address[],
): Promise<JournalEntry[]> {
  const { plaintext, ciphertextHash: _, ...columns } = getTableColumns(journal);
  const rows = await database
    .select({ ...columns, plaintextBytes: sql<number>`octet_length(${plaintext})` })
    .from(journal)
    // Each thing that happens to a call is an arrival of its own, named by the call and what happened.
    .where(
      or(
        eq(journal.messageId, whatsappId),
        and(eq(journal.source, 'event'), sql`starts_with(${journal.messageId}, ${`${whatsappId}/`})`),
      ),
    )
    .orderBy(asc(journal.id));
  return rows.flatMap(({ stanza, ...row }) => {
    const { attrs, event }: Arrival['stanza'] = JSON.parse(stanza);
    const named = Object.values(attrs)
      .map(addressOf)
      .filter((address) => address !== undefined);
    const concerned = named.some((one) => addresses.some((address) => sameAddress(one, address)));
    return concerned ? [{ ...row, offline: attrs['offline'] !== undefined, event }] : [];
  });
}

async function readContactFacts(database: Database, addresses: readonly Address[]): Promise<ContactFacts> {
  const people: PersonFacts[] = [];
  for (const person of await findPeople(database, addresses)) {
    people.push(await readPerson(database, person));
  }
  return { addresses, people };
}

async function readPerson(database: Database, person: KnownPerson): Promise<PersonFacts> {
  const { id } = person.contact;
  const [conversation] = await database.select().from(conversations).where(eq(conversations.contactId, id));
  const [lastLine] = await database
    .select(lineColumns)
    .from(messages)
    .where(eq(messages.contactId, id))
    .orderBy(desc(messages.sentAt), desc(messages.id))
    .limit(1);
  const counts = await database
    .select({ author: messages.author, lines: count() })
    .from(messages)
    .where(eq(messages.contactId, id))
    .groupBy(messages.author);
  const linesOf = (author: Line['author']) => counts.find((row) => row.author === author)?.lines ?? 0;
  return {
    person,
    conversation,
    merges: await readMerges(database, id),
    answersGoTo: await addressToAnswer(database, id),
    lines: { contact: linesOf('contact'), bot: linesOf('bot'), 'shop-phone': linesOf('shop-phone') },
    lastLine,
    unsettled: await database
      .select(outgoingColumns)
      .from(outbox)
      .where(
        and(
          eq(outbox.contactId, id),
          inArray(outbox.state, ['queued', 'sending', 'sent', 'failed', 'dropped', 'unknown']),
        ),
      )
      .orderBy(asc(outbox.id)),
  };
}

async function readMerges(database: Database, contactId: number): Promise<Merge[]> {
  const { moved: _, ...columns } = getTableColumns(contactMerges);
  return database
    .select({ ...columns, absorbedName: contacts.name })
    .from(contactMerges)
    .innerJoin(contacts, eq(contacts.id, contactMerges.absorbedId))
    .where(or(eq(contactMerges.keptId, contactId), eq(contactMerges.absorbedId, contactId)))
    .orderBy(asc(contactMerges.id));
}
