import { commandBehind } from '../admin/command.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import { elapsed, hours, type Milliseconds } from '../lib/time.ts';

/** An older message is logged and not answered: whoever wrote it has long gone on (facts/whatsapp §7.1). */
const ANSWER_WITHIN: Milliseconds = hours(12);

/** What a message says to the bot: words, or the command behind a tap. */
export function wordsForUs({ details, text }: Pick<IncomingMessage, 'details' | 'text'>): string | undefined {
  switch (details.kind) {
    case 'text':
      return text;
    case 'choice':
      return commandBehind(details.token);
    default:
      return undefined;
  }
}

/**
 * Why a message is only logged, whoever wrote it; `undefined` for what is meant for the bot: not a caption, not an emoji on
 * something, not what was edited afterwards.
 */
export function whyUnheard(
  { author, way, sentAt, ...content }: Pick<IncomingMessage, 'author' | 'way' | 'sentAt' | 'details' | 'text'>,
  now: Date,
): 'by-the-shop' | 'history' | 'no-words' | 'too-old' | undefined {
  if (author !== 'contact') {
    return 'by-the-shop';
  }
  if (way === 'history') {
    return 'history';
  }
  if (wordsForUs(content) === undefined) {
    return 'no-words';
  }
  return elapsed(sentAt, now) < ANSWER_WITHIN ? undefined : 'too-old';
}
