import { elapsed, type Milliseconds, minutes } from '../lib/time.ts';

/** What cannot be undone is done only when the code that the bot has given for it comes back within this time. */
export const CONFIRM_WITHIN: Milliseconds = minutes(10);

/** After so many wrong codes there has to be a new one. */
const TRIES = 3;

export type ConfirmationVerdict = 'confirmed' | 'wrong' | 'over';

/** The codes that are waiting to come back. They live in this process alone: after a restart one asks again. */
export interface Confirmations {
  /** The code for this act, in digits: the same while it is valid, so that asking twice does not spoil the first. */
  ask(act: string, now: Date): string;
  judge(act: string, code: string, now: Date): ConfirmationVerdict;
}

interface Asked {
  readonly code: string;
  readonly at: Date;
  readonly wrongTries: number;
}

/** @param randomCode gives four random digits */
export function makeConfirmations(randomCode: () => string): Confirmations {
  const waiting = new Map<string, Asked>();

  function valid(act: string, now: Date): Asked | undefined {
    for (const [other, { at }] of waiting) {
      if (elapsed(at, now) >= CONFIRM_WITHIN) {
        waiting.delete(other);
      }
    }
    return waiting.get(act);
  }

  return {
    ask(act, now) {
      const asked = valid(act, now);
      if (asked && asked.wrongTries === 0) {
        waiting.set(act, { ...asked, at: now });
        return asked.code;
      }
      const code = randomCode();
      waiting.set(act, { code, at: now, wrongTries: 0 });
      return code;
    },
    judge(act, code, now) {
      const asked = valid(act, now);
      if (!asked) {
        return 'over';
      }
      if (asked.code === code) {
        // It stays: whoever does the act may fail and do it again.
        return 'confirmed';
      }
      const wrongTries = asked.wrongTries + 1;
      if (wrongTries >= TRIES) {
        waiting.delete(act);
      } else {
        waiting.set(act, { ...asked, wrongTries });
      }
      return 'wrong';
    },
  };
}
