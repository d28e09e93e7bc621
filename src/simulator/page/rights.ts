import type { Bubble } from '../demo/page-state.ts';

const MINUTE = 60_000;

/** WhatsApp takes a new wording for a quarter of an hour, and takes a message back for about two days. */
const EDITABLE = 15 * MINUTE;
const DELETABLE = 60 * 60 * MINUTE;

/** Whether the phone offers to change the words of a message. */
export function canEdit(bubble: Bubble, now: Date): boolean {
  return isOwn(bubble, now, EDITABLE) && bubble.content.kind === 'text' && bubble.choices.length === 0;
}

/** Whether the phone offers to delete a message for everyone. */
export function canDelete(bubble: Bubble, now: Date): boolean {
  return isOwn(bubble, now, DELETABLE);
}

function isOwn({ mine, deleted, ticks, time }: Bubble, now: Date, limit: number): boolean {
  return mine && !deleted && ticks !== 'pending' && now.getTime() - Date.parse(time) < limit;
}
