import { type Milliseconds, seconds } from '../lib/time.ts';

/** How fast somebody types who knows what to say, and how long they take at least (facts/whatsapp §6.3). */
const PER_CHARACTER: Milliseconds = 40;
const SHORTEST: Milliseconds = seconds(2);

/** How long to show that somebody is typing before a text appears; `longest` is the shop's own setting, 0 turns it off. */
export function typingTime(text: string, longest: Milliseconds): Milliseconds {
  return Math.min(Math.max(text.length * PER_CHARACTER, SHORTEST), longest);
}
