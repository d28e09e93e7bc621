/** What was said about consent to marketing on WhatsApp, by whom, and what proves it. */
export interface ConsentRecord {
  readonly state: 'granted' | 'not-granted' | 'withdrawn';
  /** `chat` for the customer's own words to us, `staff` for somebody of the shop, else where the shop got it. */
  readonly source: string;
  /** Whether the person did it then and there; else somebody only says how it stands. */
  readonly act: boolean;
  /** The person's own words, or what the box said. */
  readonly wording: string | undefined;
  /** A message, a delivery of the shop, or what staff have written down. */
  readonly proof: string | undefined;
  readonly at: Date;
}

/** What holds now: the record that decided, or nothing when nobody ever said anything. */
export interface Consent {
  readonly state: 'granted' | 'not-granted' | 'withdrawn';
  readonly because: ConsentRecord | undefined;
}

/** The strictest first: of two records of one instant the stricter one is the later. */
const strictestLast = ['granted', 'not-granted', 'withdrawn'] as const;

/**
 * What follows from everything that was said, in whatever order it became known (DESIGN §6). The latest holds. What was withdrawn stays
 * withdrawn until the person's own later act: a shop that repeats an old consent does not lift it, and staff cannot. Where nobody has
 * said anything, nothing is granted.
 */
export function consentFrom(records: readonly ConsentRecord[]): Consent {
  const inOrder = records.toSorted((one, other) => Number(one.at) - Number(other.at) || rank(one) - rank(other));
  let because: ConsentRecord | undefined;
  for (const record of inOrder) {
    if (because?.state !== 'withdrawn' || record.state === 'withdrawn' || liftsWithdrawal(record)) {
      because = record;
    }
  }
  return { state: because?.state ?? 'not-granted', because };
}

function rank({ state }: ConsentRecord): number {
  return strictestLast.indexOf(state);
}

function liftsWithdrawal({ state, act, source, proof }: ConsentRecord): boolean {
  return state === 'granted' && act && source !== 'staff' && proof !== undefined;
}
