import type { Database } from '../database/database.ts';
import type { Clock } from '../lib/time.ts';
import { readSettings } from '../settings/settings.store.ts';
import type { ConnectionName } from '../shop/connection-health.ts';
import { keepHealth } from '../shop/connections.store.ts';
import type { Trouble } from '../shop/connector.ts';
import { describeNotice } from '../shop/describe-connection.ts';
import { textsIn } from '../texts/texts.ts';
import { noticeOwners } from './notices.store.ts';

/**
 * Writes down how it stands with an outside system, and tells the owners of a new trouble once, and once when it is over. To be called in
 * a transaction.
 *
 * @returns how many messages were queued
 */
export async function noteConnection(
  transaction: Database,
  {
    name,
    trouble,
    chooseMessageId,
  }: { name: ConnectionName; trouble: Trouble | undefined; chooseMessageId: () => string },
  now: Date,
): Promise<number> {
  const notice = await keepHealth(transaction, name, trouble, now);
  if (!notice) {
    return 0;
  }
  const texts = textsIn((await readSettings(transaction))['shop.language']);
  const text = describeNotice(notice, texts);
  return text === undefined ? 0 : noticeOwners(transaction, { key: notice.key, text, chooseMessageId }, now);
}

/** The same by itself, for whoever has just looked. */
export function makeConnectionNotes(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly chooseMessageId: () => string;
  /** Something was queued. */
  readonly onQueued: () => void;
}): (name: ConnectionName, trouble: Trouble | undefined) => Promise<void> {
  const { database, clock, chooseMessageId, onQueued } = parts;
  return async (name, trouble) => {
    const now = clock.now();
    const queued = await database.transaction((transaction) =>
      noteConnection(transaction, { name, trouble, chooseMessageId }, now),
    );
    if (queued > 0) {
      onQueued();
    }
  };
}
