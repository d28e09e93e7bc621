import { createHash } from 'node:crypto';
import { decryptPollVote, jidNormalizedUser, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { eq, sql } from 'drizzle-orm';
import { numberArray } from '../database/arrays.ts';
import type { Database } from '../database/database.ts';
import { contactAddresses, messages, outbox } from '../database/schema.ts';
import { jidOf } from './jid.ts';
import { pollOf } from './read-content.ts';

/**
 * Reads the votes among these lines, and those that had waited for a poll among them. A vote is encrypted with a secret of its poll
 * and the ids of both people; which form of the ids, nobody knows for sure, so all are tried (facts/whatsapp §1.5). A wrong one fails
 * its authentication, so trying is safe.
 */
export async function decryptVotes(
  database: Database,
  lineIds: readonly number[],
  ownIds: readonly string[],
): Promise<void> {
  for (const { id, contactId, vote, poll } of await unreadVotes(database, lineIds)) {
    const people = [...ownIds, ...(await idsOf(database, contactId))].map((one) => jidNormalizedUser(one));
    const options = decrypt(vote, poll, people);
    if (options) {
      await database
        .update(messages)
        .set({ details: { kind: 'vote', options }, text: options.join(', ') || null })
        .where(eq(messages.id, id));
    }
  }
}

interface UnreadVote {
  readonly id: number;
  readonly contactId: number;
  readonly vote: Uint8Array;
  readonly poll: Uint8Array;
}

async function unreadVotes(database: Database, lineIds: readonly number[]): Promise<UnreadVote[]> {
  const rows = await database.execute<{ id: string; contactId: string; vote: Uint8Array; poll: Uint8Array }>(sql`
    select vote.id, vote.contact_id as "contactId", vote.raw as vote, coalesce(sent.wire, poll.raw) as poll
    from ${messages} as touched
    join ${messages} as vote on vote.contact_id = touched.contact_id
      and (vote.id = touched.id or vote.target_id = touched.whatsapp_id)
    join ${messages} as poll on poll.contact_id = vote.contact_id and poll.whatsapp_id = vote.target_id
    left join ${outbox} as sent on sent.whatsapp_id = poll.whatsapp_id
    where touched.id = any(${numberArray(lineIds)}::bigint[]) and touched.kind in ('vote', 'poll')
      and vote.kind = 'vote' and not vote.details ? 'options' and coalesce(sent.wire, poll.raw) is not null`);
  return rows.map((row) => ({ ...row, id: Number(row.id), contactId: Number(row.contactId) }));
}

async function idsOf(database: Database, contactId: number): Promise<string[]> {
  const rows = await database
    .select({ kind: contactAddresses.kind, value: contactAddresses.value })
    .from(contactAddresses)
    .where(eq(contactAddresses.contactId, contactId));
  return rows.map(jidOf).filter((id) => id !== undefined);
}

/** The options that were chosen, or `undefined` when no pair of ids fits. */
function decrypt(voteBytes: Uint8Array, pollBytes: Uint8Array, people: readonly string[]): string[] | undefined {
  const { pollUpdateMessage } = contentIn(voteBytes);
  const { vote, pollCreationMessageKey } = pollUpdateMessage ?? {};
  const poll = contentIn(pollBytes);
  const secret = proto.Message.decode(pollBytes);
  const pollEncKey = (secret.deviceSentMessage?.message ?? secret).messageContextInfo?.messageSecret;
  if (!vote || !pollCreationMessageKey?.id || !pollEncKey) {
    return undefined;
  }
  const names = new Map(
    (pollOf(poll)?.options ?? []).map(({ optionName }) => [digestOf(optionName ?? ''), optionName]),
  );
  for (const pollCreatorJid of people) {
    for (const voterJid of people) {
      try {
        const pollMsgId = pollCreationMessageKey.id;
        const { selectedOptions } = decryptPollVote(vote, { pollCreatorJid, pollMsgId, pollEncKey, voterJid });
        return selectedOptions.map((digest) => names.get(Buffer.from(digest).toString('hex')) ?? '?');
      } catch {
        // Not this pair.
      }
    }
  }
  return undefined;
}

function contentIn(bytes: Uint8Array): proto.IMessage {
  const message = proto.Message.decode(bytes);
  return normalizeMessageContent(message.deviceSentMessage?.message ?? message) ?? {};
}

/** A vote names its options by the SHA-256 of their texts. */
function digestOf(option: string): string {
  return createHash('sha256').update(option).digest('hex');
}
