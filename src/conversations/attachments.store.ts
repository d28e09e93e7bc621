import { and, asc, eq, lte, sql } from 'drizzle-orm';
import { type Address, parseAddress } from '../contacts/address.ts';
import type { Database } from '../database/database.ts';
import { attachments, contacts, messages } from '../database/schema.ts';
import { type AttachmentKind, nextTry } from './attachment.ts';
import type { MessageDetails, OrderLine } from './message.ts';

/** Notes what has to be fetched for messages that have just been logged. */
export async function queueForFetching(
  database: Database,
  wanted: readonly { readonly messageId: number; readonly kind: AttachmentKind }[],
  now: Date,
): Promise<void> {
  if (wanted.length > 0) {
    await database
      .insert(attachments)
      .values(wanted.map((one) => ({ ...one, state: 'pending' as const, attempts: 0, nextTryAt: now })))
      .onConflictDoNothing();
  }
}

export interface WantedAttachment {
  readonly messageId: number;
  readonly kind: AttachmentKind;
  readonly attempts: number;
  readonly whatsappId: string;
  readonly details: MessageDetails;
  readonly raw: Uint8Array;
  readonly sentAt: Date;
  /** Where the chat is that the message is in. */
  readonly address: Address | undefined;
  /** Whether the shop wrote it. */
  readonly ours: boolean;
}

/** The attachment whose turn it is, oldest first. */
export async function nextAttachment(database: Database, now: Date): Promise<WantedAttachment | undefined> {
  const [row] = await database
    .select({
      messageId: attachments.messageId,
      kind: attachments.kind,
      attempts: attachments.attempts,
      whatsappId: messages.whatsappId,
      details: messages.details,
      raw: messages.raw,
      sentAt: messages.sentAt,
      lastAddress: contacts.lastAddress,
      direction: messages.direction,
    })
    .from(attachments)
    .innerJoin(messages, eq(messages.id, attachments.messageId))
    .innerJoin(contacts, eq(contacts.id, messages.contactId))
    .where(and(eq(attachments.state, 'pending'), lte(attachments.nextTryAt, now)))
    .orderBy(asc(attachments.nextTryAt), asc(attachments.messageId))
    .limit(1);
  if (!row) {
    return undefined;
  }
  const { direction, lastAddress, ...wanted } = row;
  return {
    ...wanted,
    details: row.details as MessageDetails,
    raw: row.raw ?? new Uint8Array(),
    address: lastAddress === null ? undefined : parseAddress(lastAddress),
    ours: direction === 'out',
  };
}

/** When the next one is due; `undefined` when nothing waits. */
export async function nextAttachmentDue(database: Database): Promise<Date | undefined> {
  const [row] = await database
    .select({ at: attachments.nextTryAt })
    .from(attachments)
    .where(eq(attachments.state, 'pending'))
    .orderBy(asc(attachments.nextTryAt))
    .limit(1);
  return row?.at;
}

export async function fileStored(database: Database, messageId: number, file: string, bytes: number): Promise<void> {
  await database
    .update(attachments)
    .set({ state: 'stored', file, bytes, problem: null })
    .where(eq(attachments.messageId, messageId));
}

/** Adds the lines of an order to its message. To be called in a transaction. */
export async function orderStored(database: Database, messageId: number, lines: readonly OrderLine[]): Promise<void> {
  await database.execute(sql`
    update ${messages} set details = details || ${JSON.stringify({ lines })}::jsonb where id = ${messageId}`);
  await database
    .update(attachments)
    .set({ state: 'stored', problem: null })
    .where(eq(attachments.messageId, messageId));
}

/** It will not be fetched any more; `problem` names why, in the words of the program. */
export async function attachmentGone(
  database: Database,
  messageId: number,
  state: 'gone' | 'too-large' | 'failed',
  problem: string,
): Promise<void> {
  await database.update(attachments).set({ state, problem }).where(eq(attachments.messageId, messageId));
}

/** Fetching failed for now: it is tried again later, a limited number of times. */
export async function attachmentFailed(
  database: Database,
  { messageId, attempts }: Pick<WantedAttachment, 'messageId' | 'attempts'>,
  problem: string,
  now: Date,
): Promise<void> {
  const again = nextTry(attempts + 1, now);
  await database
    .update(attachments)
    .set({ attempts: attempts + 1, problem, ...(again ? { nextTryAt: again } : { state: 'failed' }) })
    .where(eq(attachments.messageId, messageId));
}
