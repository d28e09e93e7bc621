import { parseAddress } from '../contacts/address.ts';
import type { Database } from '../database/database.ts';
import { type Clock, later, type Milliseconds, seconds, within } from '../lib/time.ts';
import { othersWait, peekNext } from '../outbox/outbox.store.ts';
import { type OutgoingContent, readableText } from '../outbox/outgoing-content.ts';
import type { Transport } from '../outbox/transport.ts';
import { typingTime } from '../outbox/typing.ts';
import { readSettings } from '../settings/settings.store.ts';

/** A courtesy: nothing waits for it long. */
const SHOW_WITHIN: Milliseconds = seconds(5);

const LOOK_EVERY: Milliseconds = seconds(0.5);

/**
 * Shows a customer that the message which is next is being written, for as long as a person would need; staff get theirs at once. It
 * comes before the claim (DESIGN §8): whatever changes meanwhile is judged afterwards.
 */
export async function typeBefore(
  { database, clock, transport }: { readonly database: Database; readonly clock: Clock; readonly transport: Transport },
  linkedSince: Date,
  stop: AbortSignal,
): Promise<void> {
  const next = await peekNext(database, linkedSince);
  const to = next && parseAddress(next.address);
  const content = next?.content as OutgoingContent | undefined;
  if (!to || !content || next?.kind === 'staff' || !isWritten(content)) {
    return;
  }
  const span = typingTime(readableText(content) ?? '', (await readSettings(database))['sending.typing']);
  if (span > 0) {
    const typing = content.kind === 'voice' ? 'recording' : 'composing';
    await within(clock, SHOW_WITHIN, transport.showTyping(to, typing)).catch(() => undefined);
    await typeUntil(database, clock, { end: later(clock.now(), span), linkedSince }, stop);
  }
}

/** Others are not kept waiting for a courtesy: it ends as soon as somebody else's message waits too. */
async function typeUntil(
  database: Database,
  clock: Clock,
  { end, linkedSince }: { readonly end: Date; readonly linkedSince: Date },
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted && clock.now() < end && !(await othersWait(database, linkedSince))) {
    const slice = later(clock.now(), LOOK_EVERY);
    await clock.sleepUntil(slice < end ? slice : end, stop);
  }
}

/** Something that a person would have to type or record. */
function isWritten({ kind }: OutgoingContent): boolean {
  return kind !== 'reaction' && kind !== 'edit' && kind !== 'delete';
}
