import { elapsed, hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';

/**
 * Whether a linked session still receives. Pings, acks and answers to queries go on working on a session that gets no messages any
 * more, so only what WhatsApp pushes counts, and in doubt a message that the shop's phone has to answer (facts/whatsapp §3.7).
 *
 * Decides from observed times alone. A new connection is harmless and invisible, so it is the cure for every doubt; ending the
 * process is not, so it needs proof that a new connection did not help, and a process that has worked before: a new one that never
 * worked is no better for being restarted.
 */
export interface Observed {
  /** Since when this connection is linked. */
  readonly linkedAt: Date;
  /** The last stanza of any kind on this connection. */
  readonly lastFrameAt: Date;
  /** Messages on this connection that should be in the journal, when nothing was written there since the first of them. */
  readonly uncommitted: { readonly since: Date; readonly messages: number } | undefined;
  /** The last message, receipt or notification, on this connection or one before it. */
  readonly lastArrivalAt: Date | undefined;
  readonly lastCommitAt: Date | undefined;
  readonly lastAckAt: Date | undefined;
  /** The shop's rhythm: the usual time between two arrivals. */
  readonly usualGap: Milliseconds;
  /** Whether these are opening hours. */
  readonly open: boolean;
  /** Opening time that has passed since the last arrival. */
  readonly openSilence: Milliseconds;
  /** The login has what a probe needs. */
  readonly canProbe: boolean;
  /** The last probe of this connection. */
  readonly probe: Probe | undefined;
  /** Probes in a row that were acknowledged and that the phone did not answer. */
  readonly unanswered: number;
  /** What was done before, oldest first. */
  readonly cures: readonly Cure[];
}

export interface Probe {
  readonly sentAt: Date;
  readonly ackedAt: Date | undefined;
  /** The phone's answer is in the journal. */
  readonly answeredAt: Date | undefined;
}

export type Cause = 'no-ack' | 'nothing-commits' | 'no-answer';

export interface Cure {
  readonly because: Cause;
  readonly at: Date;
}

export type Verdict =
  | { readonly kind: 'fine'; readonly until: Date }
  | { readonly kind: 'probe' }
  | { readonly kind: 'new-socket'; readonly because: Cause }
  | { readonly kind: 'exit'; readonly because: Exclude<Cause, 'no-answer'> | 'silent' };

/** Baileys ends a connection without frames after 35 s by itself; this is for the case that it does not. */
const FRAMES_WITHIN = minutes(3);
const COMMIT_WITHIN = minutes(2);
const ACK_WITHIN = seconds(60);
const ANSWER_WITHIN = minutes(2);

/** A silence of so many usual gaps is odd, within the limits of the hour of day. */
const ODD_SILENCE = 6;
const OPEN_PATIENCE = { least: minutes(1), most: minutes(5) };
const CLOSED_PATIENCE = { least: minutes(5), most: minutes(45) };

/** A phone that is off answers nothing: each further doubt waits longer. The last one, with its probe, stays within the hour. */
const SILENT_PHONE_WAITS: readonly Milliseconds[] = [minutes(10), minutes(20), minutes(40), minutes(55)];

/** A second failure within this time of the first says that the new connection did not help. */
const PROOF_WITHIN = hours(1);

/** One message that can never be read proves nothing; so many different ones do. */
const PROOF_MESSAGES = 3;

const LONGEST_SILENCE = hours(12);

/** Opening hours begin and end between two looks. */
const LOOK_AGAIN: Milliseconds = minutes(1);

export function judge(observed: Observed, now: Date): Verdict {
  const rules = [judgeFrames, judgeAck, judgeCommits, judgeLongSilence, judgeSilence];
  let until = later(now, LOOK_AGAIN);
  for (const rule of rules) {
    const finding = rule(observed, now);
    if (finding instanceof Date) {
      until = finding < until ? finding : until;
    } else if (finding) {
      return finding;
    }
  }
  return { kind: 'fine', until };
}

/** What a rule asks for, or when it wants to be asked again. */
type Finding = Verdict | Date | undefined;

function judgeFrames(observed: Observed, now: Date): Finding {
  const due = later(observed.lastFrameAt, FRAMES_WITHIN);
  if (now < due) {
    return due;
  }
  // The answer to the question is a frame; without one, the missing ack decides.
  const finding = askPhone(observed, observed.lastFrameAt, now);
  return finding === 'no-answer' ? { kind: 'new-socket', because: 'no-ack' } : finding;
}

function judgeAck(observed: Observed, now: Date): Finding {
  const { probe, lastArrivalAt } = observed;
  if (!probe || probe.ackedAt || (lastArrivalAt && lastArrivalAt > probe.sentAt)) {
    return undefined;
  }
  const due = later(probe.sentAt, ACK_WITHIN);
  return now < due ? due : cure(observed, 'no-ack', observed.lastAckAt !== undefined, now);
}

function judgeCommits(observed: Observed, now: Date): Finding {
  const { uncommitted, lastCommitAt } = observed;
  if (!uncommitted) {
    return undefined;
  }
  const due = later(uncommitted.since, COMMIT_WITHIN);
  if (now < due) {
    return due;
  }
  // The message may be the phone's answer itself.
  const finding = askPhone(observed, later(uncommitted.since, -ANSWER_WITHIN), now);
  if (finding !== 'no-answer') {
    return finding;
  }
  const proven = lastCommitAt !== undefined && uncommitted.messages >= PROOF_MESSAGES;
  const before = lastCure(observed, 'nothing-commits');
  if (before && !proven) {
    // A message that nobody can read comes with every connection: no reason for one connection after another.
    const again = later(before.at, hours(1));
    return now < again ? again : { kind: 'new-socket', because: 'nothing-commits' };
  }
  return cure(observed, 'nothing-commits', proven, now);
}

function judgeLongSilence({ openSilence, usualGap, probe, lastCommitAt }: Observed): Finding {
  const unusual = ODD_SILENCE * usualGap <= LONGEST_SILENCE && openSilence >= LONGEST_SILENCE;
  return unusual && probe?.ackedAt && lastCommitAt ? { kind: 'exit', because: 'silent' } : undefined;
}

function judgeSilence(observed: Observed, now: Date): Finding {
  const quietSince = silentSince(observed);
  const due = later(quietSince, patience(observed));
  if (now < due) {
    return due;
  }
  const finding = askPhone(observed, quietSince, now);
  return finding === 'no-answer' ? { kind: 'new-socket', because: 'no-answer' } : finding;
}

/** Has the phone asked, once since the doubt began. `no-answer` when its time is over, or when it cannot be asked. */
function askPhone({ probe, canProbe }: Observed, doubtSince: Date, now: Date): Verdict | Date | 'no-answer' {
  if (!canProbe) {
    return 'no-answer';
  }
  if (!probe || probe.answeredAt || probe.sentAt < doubtSince) {
    return { kind: 'probe' };
  }
  const due = later(probe.sentAt, ANSWER_WITHIN);
  return now < due ? due : 'no-answer';
}

/** A new connection; where one for the same reason has just been made without helping, the end of the process. */
function cure(observed: Observed, because: Exclude<Cause, 'no-answer'>, worked: boolean, now: Date): Verdict {
  const before = lastCure(observed, because);
  const inVain = before !== undefined && elapsed(before.at, now) <= PROOF_WITHIN;
  return inVain && worked ? { kind: 'exit', because } : { kind: 'new-socket', because };
}

function lastCure({ cures }: Observed, because: Cause): Cure | undefined {
  return cures.findLast((earlier) => earlier.because === because);
}

/** How long silence is no reason to doubt. */
function patience({ open, usualGap, unanswered, lastArrivalAt, cures }: Observed): Milliseconds {
  const { least, most } = open ? OPEN_PATIENCE : CLOSED_PATIENCE;
  const odd = ODD_SILENCE * usualGap;
  const wait = SILENT_PHONE_WAITS[Math.min(unanswered, SILENT_PHONE_WAITS.length) - 1];
  if (wait === undefined) {
    return Math.min(Math.max(odd, least), most);
  }
  // Customers who always write and suddenly do not are odd even while the phone is off, but only once in each silence.
  const lastCureAt = cures.at(-1)?.at;
  const curedAlready = lastCureAt !== undefined && (lastArrivalAt === undefined || lastCureAt > lastArrivalAt);
  return curedAlready ? wait : Math.min(wait, Math.max(odd, most));
}

function silentSince({ linkedAt, lastArrivalAt }: Observed): Date {
  return lastArrivalAt && lastArrivalAt > linkedAt ? lastArrivalAt : linkedAt;
}
