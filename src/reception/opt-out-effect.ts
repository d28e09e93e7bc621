import type { OptOutReading } from '../conversations/opt-out.ts';
import { days, elapsed, type Milliseconds } from '../lib/time.ts';

/** What is known when a customer has written something. */
export interface OptOutFacts {
  readonly reading: OptOutReading;
  /** Whether the message is the sentence of the shop's own sign-up link. */
  readonly signsUp: boolean;
  /** Our question, if one is open, and what the message answers to it. */
  readonly answer: 'yes' | 'no' | 'none' | 'not-asked';
  /** When the last question was asked, open or not. */
  readonly lastAskedAt: Date | undefined;
  readonly hasWithdrawn: boolean;
  readonly hasGranted: boolean;
  /** Whether the bot may answer: the message is new, the person is not private, and no human speaks. */
  readonly mayAnswer: boolean;
}

/** What follows from it. */
export interface OptOutEffect {
  readonly record?: 'withdrawn' | 'granted';
  readonly say?: 'confirmed' | 'restored' | 'kept' | 'question' | 'thanks';
  /** Our question is open from now on, or it is answered. */
  readonly question?: 'asked' | 'answered';
}

/** Who has just said no is not asked the same again for so long. */
const ASK_AGAIN: Milliseconds = days(30);

/**
 * What a customer's message means for offers (DESIGN §6): one confirmation, then silence; a question when in doubt, and nothing that
 * nobody asked for until it is answered.
 */
export function effectOf(facts: OptOutFacts, now: Date): OptOutEffect {
  const { reading, signsUp, answer, hasWithdrawn, hasGranted } = facts;
  const closed = answer === 'not-asked' ? {} : answered;
  if (signsUp) {
    return said(facts, hasGranted ? undefined : 'thanks', { record: 'granted', ...closed });
  }
  if (reading.kind === 'opt-out' || answer === 'yes') {
    return said(facts, hasWithdrawn ? undefined : 'confirmed', { record: 'withdrawn', ...closed });
  }
  if (reading.kind === 'resume' && hasWithdrawn) {
    return said(facts, 'restored', { record: 'granted', ...closed });
  }
  if (answer === 'no') {
    return said(facts, 'kept', answered);
  }
  return mayAsk(facts, now) ? { say: 'question', question: 'asked' } : {};
}

const answered = { question: 'answered' } as const;

function mayAsk({ reading, answer, hasWithdrawn, mayAnswer, lastAskedAt }: OptOutFacts, now: Date): boolean {
  const isOpen = reading.kind === 'doubtful' && answer === 'not-asked' && !hasWithdrawn;
  return isOpen && mayAnswer && (lastAskedAt === undefined || elapsed(lastAskedAt, now) >= ASK_AGAIN);
}

function said({ mayAnswer }: OptOutFacts, say: OptOutEffect['say'], effect: OptOutEffect): OptOutEffect {
  return mayAnswer && say ? { ...effect, say } : effect;
}
