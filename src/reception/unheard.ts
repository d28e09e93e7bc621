import type { IncomingMessage } from '../conversations/message.ts';
import { elapsed, hours, type Milliseconds } from '../lib/time.ts';

/** An older message is logged and not answered: whoever wrote it has long gone on (facts/whatsapp §7.1). */
const ANSWER_WITHIN: Milliseconds = hours(12);

/**
 * Why a message is only logged, whoever wrote it; `undefined` for words meant for the bot: not a caption, not an emoji on something,
 * not what was edited afterwards.
 */
export function whyUnheard(
  { author, way, sentAt, details }: Pick<IncomingMessage, 'author' | 'way' | 'sentAt' | 'details'>,
  now: Date,
): 'by-the-shop' | 'history' | 'no-words' | 'too-old' | undefined {
  if (author !== 'contact') {
    return 'by-the-shop';
  }
  if (way === 'history') {
    return 'history';
  }
  if (details.kind !== 'text') {
    return 'no-words';
  }
  return elapsed(sentAt, now) < ANSWER_WITHIN ? undefined : 'too-old';
}
