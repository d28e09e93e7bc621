import { type Milliseconds, minutes } from '../lib/time.ts';

/** What somebody has written lately is looked at this far back. */
export const LOOP_WINDOW: Milliseconds = minutes(2);

/** No person says the same so often in two minutes, nor so much of anything. */
const SAME_WORDS = 15;
const ANY_WORDS = 40;

/**
 * Whether somebody's messages look like a machine that answers ours, such as an away message: then each answer would bring the next
 * one, for ever (facts/field 2.6). `told` is the moment to say so, once; after it the bot says nothing until it gets quieter.
 *
 * @param texts what the person wrote within `LOOP_WINDOW`, the newest last
 */
export function loopIn(texts: readonly string[]): 'none' | 'told' | 'silent' {
  const newest = plain(texts.at(-1) ?? '');
  const same = texts.filter((text) => plain(text) === newest).length;
  const over = Math.max(same - SAME_WORDS, texts.length - ANY_WORDS);
  if (over < 0) {
    return 'none';
  }
  return over === 0 ? 'told' : 'silent';
}

function plain(text: string): string {
  return text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}
