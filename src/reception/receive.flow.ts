import type { Admin } from '../admin/dispatch.flow.ts';
import { rememberLatest, resolveContacts } from '../contacts/contacts.store.ts';
import { readMembers } from '../contacts/members.store.ts';
import { type LogLine, logMessages } from '../conversations/log.store.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { elapsed, hours, type Milliseconds } from '../lib/time.ts';

/** An older message is logged and not answered: whoever wrote it has long gone on (facts/whatsapp §7.1). */
const ANSWER_WITHIN: Milliseconds = hours(12);

/** Takes messages in, in their order: logs each once, and hands on what somebody should act upon. */
export type Receive = (transaction: Database, messages: readonly IncomingMessage[], now: Date) => Promise<void>;

export function makeReceive({ admin }: { readonly admin: Admin }): Receive {
  return async (transaction, messages, now) => {
    const sightings = messages.map(({ addresses, pushName }) => ({ addresses, name: pushName }));
    const contactIds = await resolveContacts(transaction, sightings, now);
    await rememberLatest(transaction, sightings, contactIds);
    const lines = messages.map((message, index) => lineOf(message, contactIds[index] ?? 0, now));
    const fresh = await logMessages(transaction, lines);
    let members = await readMembers(transaction);
    const heard = new Set<string>();
    for (const [index, message] of messages.entries()) {
      const contactId = contactIds[index] ?? 0;
      const { whatsappId, text } = message;
      const line = `${contactId}/${whatsappId}`;
      if (!fresh.has(line) || heard.has(line) || !deservesAnswer(message, now) || text === undefined) {
        continue;
      }
      heard.add(line);
      const role = members.get(contactId);
      const answered = await admin.hear(transaction, { whatsappId, contactId, role, text }, now);
      if (answered && role === undefined) {
        // Somebody has just become the owner; what they wrote next may be in this batch.
        members = await readMembers(transaction);
      }
    }
  };
}

function deservesAnswer({ author, way, sentAt }: IncomingMessage, now: Date): boolean {
  return author === 'contact' && way !== 'history' && elapsed(sentAt, now) < ANSWER_WITHIN;
}

function lineOf(message: IncomingMessage, contactId: number, now: Date): LogLine {
  return {
    contactId,
    direction: message.author === 'contact' ? 'in' : 'out',
    whatsappId: message.whatsappId,
    author: message.author,
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
