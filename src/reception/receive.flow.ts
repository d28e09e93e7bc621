import type { Admin } from '../admin/dispatch.flow.ts';
import { rememberLatest, resolveContacts, type Writing } from '../contacts/contacts.store.ts';
import type { Role } from '../contacts/member.ts';
import { readMembers } from '../contacts/members.store.ts';
import { attachmentKind } from '../conversations/attachment.ts';
import { queueForFetching } from '../conversations/attachments.store.ts';
import { type LogLine, logMessages } from '../conversations/log.store.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { whichAreOurs } from '../outbox/outbox.store.ts';
import type { CustomerWords, HearWishes } from './opt-out.flow.ts';
import { whyUnheard, wordsForUs } from './unheard.ts';

interface ReceiveParts {
  readonly admin: Admin;
  readonly hearWishes: HearWishes;
}

/**
 * Takes messages in, in their order: logs each once, and hands on what somebody should act upon.
 *
 * @returns the ids of the lines that are new in the log
 */
export type Receive = (
  transaction: Database,
  messages: readonly IncomingMessage[],
  now: Date,
) => Promise<readonly number[]>;

export function makeReceive({ admin, hearWishes }: ReceiveParts): Receive {
  return async (transaction, messages, now) => {
    const sightings = messages.map(({ addresses, pushName }) => ({ addresses, name: pushName }));
    const contactIds = await resolveContacts(transaction, sightings, now);
    await rememberLatest(
      transaction,
      messages.flatMap((message, index) => writingOf(message, contactIds[index] ?? 0)),
    );
    const ours = await sentByUs(transaction, messages);
    const lines = messages.map((message, index) => lineOf(message, contactIds[index] ?? 0, ours, now));
    const fresh = await logMessages(transaction, lines);
    const news = messages.flatMap((message, index) => {
      const contactId = contactIds[index] ?? 0;
      const lineId = fresh.get(`${contactId}/${message.whatsappId}`);
      return lineId === undefined ? [] : [{ message, contactId, lineId }];
    });
    await queueAttachments(transaction, news, now);
    const members = await readMembers(transaction);
    await hearWishes(transaction, wordsOfCustomers(news, members, now), now);
    await answer(admin, transaction, news, members, now);
    return [...fresh.values()];
  };
}

interface News {
  readonly message: IncomingMessage;
  readonly contactId: number;
  readonly lineId: number;
}

/** What seems typed on the shop's phone may be an echo of ours: of a history, or of a second linked device. */
function sentByUs(transaction: Database, messages: readonly IncomingMessage[]): Promise<ReadonlySet<string>> {
  const ids = messages.filter(({ author }) => author === 'shop-phone').map(({ whatsappId }) => whatsappId);
  return ids.length === 0 ? Promise.resolve(new Set()) : whichAreOurs(transaction, ids);
}

/** Files and the lines of orders are fetched afterwards; those of an old history have mostly gone, and nobody waits for them. */
async function queueAttachments(transaction: Database, news: readonly News[], now: Date): Promise<void> {
  const wanted = news.flatMap(({ message: { details, way }, lineId }) => {
    const kind = attachmentKind(details);
    return kind && way !== 'history' ? [{ messageId: lineId, kind }] : [];
  });
  await queueForFetching(transaction, wanted, now);
}

/** What was written long ago, too, may have been the wish to get no offers. */
function wordsOfCustomers(
  news: readonly News[],
  members: ReadonlyMap<number, Role>,
  now: Date,
): readonly CustomerWords[] {
  const heard = new Map<number, CustomerWords>();
  for (const { message, contactId, lineId } of news) {
    const { author, details, text, whatsappId, sentAt } = message;
    if (author === 'contact' && details.kind === 'text' && text !== undefined && !members.has(contactId)) {
      heard.set(lineId, { contactId, whatsappId, text, sentAt, isFresh: whyUnheard(message, now) === undefined });
    }
  }
  return [...heard.values()];
}

async function answer(
  admin: Admin,
  transaction: Database,
  news: readonly News[],
  known: ReadonlyMap<number, Role>,
  now: Date,
): Promise<void> {
  let members = known;
  const heard = new Set<number>();
  for (const { message, contactId, lineId } of news) {
    const { whatsappId, details } = message;
    const text = wordsForUs(message);
    if (heard.has(lineId) || whyUnheard(message, now) || text === undefined) {
      continue;
    }
    heard.add(lineId);
    const role = members.get(contactId);
    const tapped = details.kind === 'choice';
    const answered = await admin.hear(transaction, { whatsappId, contactId, role, text, tapped }, now);
    if (answered && role === undefined) {
      // Somebody has just become the owner; what they wrote next may be in this batch.
      members = await readMembers(transaction);
    }
  }
}

/** Answers go where the contact writes from, not where the phone's history or somebody at the shop's phone once wrote to. */
function writingOf({ author, way, addresses, pushName, sentAt }: IncomingMessage, contactId: number): Writing[] {
  return author === 'contact' && way !== 'history'
    ? [{ contactId, address: addresses[0], name: pushName, sentAt }]
    : [];
}

function lineOf(message: IncomingMessage, contactId: number, ours: ReadonlySet<string>, now: Date): LogLine {
  return {
    contactId,
    direction: message.author === 'contact' ? 'in' : 'out',
    whatsappId: message.whatsappId,
    author: message.author === 'shop-phone' && ours.has(message.whatsappId) ? 'bot' : message.author,
    kind: message.details.kind,
    text: message.text ?? null,
    details: message.details,
    quotedId: message.quotedId ?? null,
    targetId: message.targetId ?? null,
    sentAt: message.sentAt,
    loggedAt: now,
    arrival: message.way,
    raw: message.raw,
  };
}
