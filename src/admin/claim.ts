import { elapsed, type Milliseconds, minutes } from '../lib/time.ts';

/** The way in for the first owner: a code on the pairing page, to be sent in the chat as `claim 482913` (DESIGN §12). */
export interface ClaimCode {
  readonly code: string;
  readonly issuedAt: Date;
  readonly wrongTries: number;
}

const CLAIM_LIFETIME: Milliseconds = minutes(15);
const CLAIM_TRIES = 5;

export type ClaimOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'wrong'; readonly triesLeft: number; readonly next: ClaimCode }
  | { readonly kind: 'closed' };

export function isOpen(claim: ClaimCode | undefined, now: Date): claim is ClaimCode {
  return claim !== undefined && claim.wrongTries < CLAIM_TRIES && elapsed(claim.issuedAt, now) < CLAIM_LIFETIME;
}

/** Judges a code that somebody sent; it is compared only while the way in is open. */
export function tryClaim(claim: ClaimCode | undefined, given: string, now: Date): ClaimOutcome {
  if (!isOpen(claim, now)) {
    return { kind: 'closed' };
  }
  if (given === claim.code) {
    return { kind: 'accepted' };
  }
  const next = { ...claim, wrongTries: claim.wrongTries + 1 };
  return next.wrongTries < CLAIM_TRIES
    ? { kind: 'wrong', triesLeft: CLAIM_TRIES - next.wrongTries, next }
    : { kind: 'closed' };
}

/** The code in a message that is a claim and nothing else; `undefined` otherwise. */
export function readClaim(text: string): string | undefined {
  return /^\s*\/?claim\s+(\d{6})\s*$/i.exec(text)?.[1];
}
