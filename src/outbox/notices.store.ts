import { readOwners } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import { queueMessage } from './outbox.store.ts';

/**
 * Queues a line to each owner that nobody asked for, once per key for each of them, however often it is called. Owners without an
 * address get none.
 *
 * @param key names the cause, such as `gap:2026-11-22T10:00:00.000Z`
 * @returns how many were queued now
 */
export async function noticeOwners(
  database: Database,
  notice: { readonly key: string; readonly text: string; readonly chooseMessageId: () => string },
  now: Date,
): Promise<number> {
  const { key, text, chooseMessageId } = notice;
  return database.transaction(async (transaction) => {
    let queued = 0;
    for (const contactId of await readOwners(transaction)) {
      const message = {
        key: `notice:${key}:${contactId}`,
        contactId,
        kind: 'staff',
        content: { kind: 'text', text },
        whatsappId: chooseMessageId(),
      } as const;
      queued += (await queueMessage(transaction, message, now)) ? 1 : 0;
    }
    return queued;
  });
}
