import { days, elapsed, later, type Milliseconds, minutes } from '../lib/time.ts';
import { isLinked, type Link, type Trouble } from './link.ts';

/**
 * When somebody has to hear by a second way that WhatsApp is down, for the dead channel cannot announce itself. Says each outage
 * once, its end once, and reminds once a day; tells again only when the trouble has become one that needs a person.
 */
export interface Alarm {
  /** `failing`: the connection breaks again and again, although it may be up at this moment. */
  readonly kind: 'down' | 'failing' | 'reminder' | 'back';
  /** Since when. */
  readonly since: Date;
}

/** What the decision remembers; of bounded size. */
export interface AlarmMemory {
  /** Since when there is no steady link. */
  readonly downSince: Date | undefined;
  /** When connections failed lately. */
  readonly failures: readonly Date[];
  readonly told: { readonly at: Date; readonly of: string } | undefined;
}

export const nothingToldYet: AlarmMemory = { downSince: undefined, failures: [], told: undefined };

/** Short breaks are nobody's business. */
const TROUBLE_FOR: Milliseconds = minutes(5);

/** facts/whatsapp §3.3: more failures than this in this time, and somebody should know. */
const MANY_FAILURES = 10;
const FAILURES_WITHIN: Milliseconds = minutes(30);

/** A link that breaks again at once has not come back. */
const STEADY_AFTER: Milliseconds = minutes(1);

const REMIND_EVERY: Milliseconds = days(1);

/** WhatsApp asks for one connection after another while it is linked; and a database that is away is no failure of WhatsApp's. */
const noFailure: ReadonlySet<Trouble> = new Set(['restart-asked', 'database-unavailable']);

/** Takes in a new state of the link. */
export function noteLink(memory: AlarmMemory, link: Link, now: Date): AlarmMemory {
  if (link.state === 'standby') {
    // Another process holds the session, and tells of its outages.
    return nothingToldYet;
  }
  if (isQuiet(link)) {
    return memory;
  }
  const failed = link.state === 'connecting' && link.trouble !== undefined && !noFailure.has(link.trouble);
  const recent = memory.failures.filter((at) => elapsed(at, now) < FAILURES_WITHIN);
  return {
    ...memory,
    downSince: isLinked(link) ? memory.downSince : (memory.downSince ?? now),
    failures: failed ? [...recent, now].slice(-MANY_FAILURES - 1) : recent,
  };
}

/** What to say now, what to remember once it is said, and when to ask again if nothing happens before. */
export function decideAlarm(
  memory: AlarmMemory,
  link: Link,
  now: Date,
): { readonly alarm: Alarm | undefined; readonly memory: AlarmMemory; readonly askAgainAt: Date | undefined } {
  if (isLinked(link)) {
    return decideWhileLinked(memory, link.since, now);
  }
  if (isQuiet(link) || !memory.downSince) {
    return { alarm: undefined, memory, askAgainAt: undefined };
  }
  const of = needsPerson(link) ? reasonOf(link) : 'trouble';
  const { told } = memory;
  return told && (told.of === of || of === 'trouble')
    ? remind(memory, memory.downSince, told, now)
    : tellFirst(memory, memory.downSince, of, now);
}

function tellFirst(memory: AlarmMemory, downSince: Date, of: string, now: Date): ReturnType<typeof decideAlarm> {
  const often = of === 'trouble' && failsOften(memory, now);
  const due = of === 'trouble' && !often ? later(downSince, TROUBLE_FOR) : now;
  return now < due
    ? { alarm: undefined, memory, askAgainAt: due }
    : say(often ? 'failing' : 'down', downSince, { ...memory, told: { at: now, of } }, later(now, REMIND_EVERY));
}

function remind(
  memory: AlarmMemory,
  downSince: Date,
  told: NonNullable<AlarmMemory['told']>,
  now: Date,
): ReturnType<typeof decideAlarm> {
  const reminderAt = later(told.at, REMIND_EVERY);
  return now < reminderAt
    ? { alarm: undefined, memory, askAgainAt: reminderAt }
    : say('reminder', downSince, { ...memory, told: { ...told, at: now } }, later(now, REMIND_EVERY));
}

function decideWhileLinked(memory: AlarmMemory, linkedSince: Date, now: Date): ReturnType<typeof decideAlarm> {
  const { downSince, told } = memory;
  if (!told && downSince && failsOften(memory, now)) {
    const of = 'trouble';
    return say('failing', downSince, { ...memory, told: { at: now, of } }, later(linkedSince, STEADY_AFTER));
  }
  const steadyAt = later(linkedSince, STEADY_AFTER);
  if (!downSince) {
    return { alarm: undefined, memory, askAgainAt: undefined };
  }
  // After many failures one minute proves nothing: the end is told when they have become few again.
  if (now < steadyAt || failsOften(memory, now)) {
    const calmAt = memory.failures[0] ? later(memory.failures[0], FAILURES_WITHIN) : steadyAt;
    return { alarm: undefined, memory, askAgainAt: now < steadyAt ? steadyAt : calmAt };
  }
  const over = { ...memory, downSince: undefined, told: undefined };
  return told ? say('back', linkedSince, over, undefined) : { alarm: undefined, memory: over, askAgainAt: undefined };
}

function say(kind: Alarm['kind'], since: Date, memory: AlarmMemory, askAgainAt: Date | undefined) {
  return { alarm: { kind, since }, memory, askAgainAt };
}

function failsOften({ failures }: AlarmMemory, now: Date): boolean {
  return failures.filter((at) => elapsed(at, now) < FAILURES_WITHIN).length > MANY_FAILURES;
}

/** Waiting alone does not end it. */
function needsPerson(link: Link): link is Extract<Link, { state: 'stopped' | 'pairing' }> {
  return link.state === 'stopped' || link.state === 'pairing';
}

/** A first pairing is no outage, and who stops the bot knows that it is stopped. */
function isQuiet(link: Link): boolean {
  return (link.state === 'pairing' && !link.after) || (link.state === 'stopped' && link.because === 'shut-down');
}

function reasonOf(link: Extract<Link, { state: 'stopped' | 'pairing' }>): string {
  return link.state === 'stopped' ? link.because : 'logged-out';
}
