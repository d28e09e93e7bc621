import type { PhoneNumber } from '../contacts/phone.ts';

/** Asking the shop's own system whether somebody has bought: `verify_conversion` (facts/commerce §4). */
export interface CrmQuestion {
  /** Our name for the question, which the other side may keep. */
  readonly requestId: string;
  /** Likeliest first. */
  readonly phones: readonly [PhoneNumber, ...PhoneNumber[]];
  /** As the person is called on WhatsApp. */
  readonly name?: string | undefined;
  readonly emails: readonly string[];
  readonly since: Date;
  readonly until: Date;
  readonly reason: 'pre-send' | 'post-send' | 'manual';
  readonly product?: string;
  /** The how-manieth message to this person it is about. */
  readonly attempt?: number;
}

export interface CrmVerdict {
  /** Unknown is never “not bought”: whoever asks holds back what it wanted to send. */
  readonly kind: 'converted' | 'not-converted' | 'unknown';
  /** The other side wants this person left alone. */
  readonly doNotContact: boolean;
}

/** Rejects only when `stop` is aborted. @returns nothing when no such system is connected */
export type AskCrm = (question: CrmQuestion, stop: AbortSignal) => Promise<CrmVerdict | undefined>;

/** The shop's name as other systems like to have it: `lumen-ceramics` for “Lumen Ceramics”. */
export function shopId(name: string): string {
  const letters = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/['’]/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return letters.filter(Boolean).join('-') || 'shop';
}
