import { hours, later, type Milliseconds, seconds } from '../lib/time.ts';
import type { MessageDetails } from './message.ts';

/** What belongs to a message and is fetched after it is in the log. */
export type AttachmentKind = 'file' | 'order';

/** Files larger than this are left with WhatsApp: a shop's disk is not an archive of films. */
export const LARGEST_FILE = 64 * 1024 * 1024;

export function attachmentKind(details: MessageDetails): AttachmentKind | undefined {
  switch (details.kind) {
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
    case 'sticker':
      return 'file';
    case 'order':
      return 'order';
    default:
      return undefined;
  }
}

const FIRST_RETRY: Milliseconds = seconds(30);
const LONGEST_RETRY: Milliseconds = hours(1);
/** After six tries over some two hours it will not come any more by itself. */
const MOST_ATTEMPTS = 6;

/** When to try again after attempt number `attempts` failed; `undefined` when to give up. */
export function nextTry(attempts: number, now: Date): Date | undefined {
  return attempts >= MOST_ATTEMPTS ? undefined : later(now, Math.min(FIRST_RETRY * 4 ** (attempts - 1), LONGEST_RETRY));
}
