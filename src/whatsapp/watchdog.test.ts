import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days, elapsed, hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { seededRandom } from '../simulator/seeded-random.ts';
import { Pulse } from './pulse.ts';
import { judge, type Observed, type Verdict } from './watchdog.ts';

const now = new Date('2026-11-23T12:00:00Z');
const ago = (span: Milliseconds) => later(now, -span);

/** A session in good health in opening hours, in a shop where somebody writes every half hour. */
const healthy: Observed = {
  linkedAt: ago(days(2)),
  lastFrameAt: ago(seconds(10)),
  uncommitted: undefined,
  lastArrivalAt: ago(minutes(2)),
  lastCommitAt: ago(minutes(2)),
  lastAckAt: ago(minutes(20)),
  usualGap: minutes(30),
  open: true,
  openSilence: minutes(2),
  canProbe: true,
  probe: undefined,
  unanswered: 0,
  cures: [],
};

const quiet = (span: Milliseconds) => ({ lastArrivalAt: ago(span) });
const probe = (sentAgo: Milliseconds, acked = true, answered = false) => ({
  probe: {
    sentAt: ago(sentAgo),
    ackedAt: acked ? ago(sentAgo) : undefined,
    answeredAt: answered ? ago(sentAgo) : undefined,
  },
});
const stuck = (span: Milliseconds, messages = 1) => ({ uncommitted: { since: ago(span), messages } });
const curedAgo = (because: 'no-ack' | 'nothing-commits' | 'no-answer', span: Milliseconds) => ({
  cures: [{ because, at: ago(span) }],
});

describe('the watchdog', () => {
  it.each<[string, Partial<Observed>, string]>([
    ['leaves a session alone that gets messages', {}, 'fine'],
    ['asks the phone after five silent minutes in opening hours', quiet(minutes(5)), 'probe'],
    ['does so sooner in a busy shop', { ...quiet(minutes(1)), usualGap: seconds(10) }, 'probe'],
    ['is patient at night', { ...quiet(minutes(40)), open: false, usualGap: hours(1) }, 'fine'],
    ['asks within the hour at night too', { ...quiet(minutes(45)), open: false, usualGap: hours(6) }, 'probe'],
    ['waits for the ack of its question', { ...quiet(minutes(6)), ...probe(seconds(59), false) }, 'fine'],
    ['connects anew without that ack', { ...quiet(minutes(6)), ...probe(seconds(60), false) }, 'new-socket no-ack'],
    ['waits two minutes for the phone’s answer', { ...quiet(minutes(6)), ...probe(seconds(119)) }, 'fine'],
    ['connects anew without an answer', { ...quiet(minutes(7)), ...probe(minutes(2)) }, 'new-socket no-answer'],
    ['goes without a question where it has no key', { ...quiet(minutes(5)), canProbe: false }, 'new-socket no-answer'],
    [
      'waits longer when the phone has been silent before',
      { linkedAt: ago(minutes(9)), ...quiet(hours(1)), unanswered: 1, ...curedAgo('no-answer', minutes(9)) },
      'fine',
    ],
    [
      'but not for ever',
      { linkedAt: ago(minutes(55)), ...quiet(hours(9)), unanswered: 20, ...curedAgo('no-answer', minutes(55)) },
      'probe',
    ],
    ['gives a message two minutes to be stored', stuck(minutes(2) - 1), 'fine'],
    ['asks the phone when nothing is stored', stuck(minutes(2)), 'probe'],
    [
      'connects anew when not even the phone’s answer is stored',
      { ...stuck(minutes(2)), ...probe(minutes(3)) },
      'new-socket nothing-commits',
    ],
    [
      'connects anew when nothing is stored still',
      { ...stuck(minutes(6)), ...probe(minutes(2)) },
      'new-socket nothing-commits',
    ],
    [
      'ends the process when a new connection stores nothing either',
      { ...stuck(minutes(6), 3), ...probe(minutes(2)), ...curedAgo('nothing-commits', minutes(10)) },
      'exit nothing-commits',
    ],
    [
      'does not end it for one message that nobody can read',
      { ...stuck(minutes(6), 1), ...probe(minutes(2)), ...curedAgo('nothing-commits', minutes(10)) },
      'fine',
    ],
    [
      'does not end a process that has never worked',
      {
        ...stuck(minutes(6), 3),
        ...probe(minutes(2)),
        ...curedAgo('nothing-commits', minutes(61)),
        lastCommitAt: undefined,
      },
      'new-socket nothing-commits',
    ],
    [
      'ends the process when a new connection gets no ack either',
      { ...quiet(minutes(9)), ...probe(seconds(60), false), ...curedAgo('no-ack', minutes(10)) },
      'exit no-ack',
    ],
    [
      'takes a second missing ack a day later for a new trouble',
      { ...quiet(minutes(9)), ...probe(seconds(60), false), ...curedAgo('no-ack', days(1)) },
      'new-socket no-ack',
    ],
    [
      'ends the process once after twelve silent opening hours in a shop that is never so silent',
      { ...quiet(hours(13)), ...probe(minutes(1)), openSilence: hours(12) },
      'exit silent',
    ],
    [
      'does not in a shop where days are silent',
      { ...quiet(hours(13)), ...probe(minutes(1)), openSilence: hours(12), usualGap: hours(5) },
      'fine',
    ],
    ['asks when there are no frames at all', { lastFrameAt: ago(minutes(3)) }, 'probe'],
  ])('%s', (_title, changed, verdict) => expect(inWords(judge({ ...healthy, ...changed }, now))).toBe(verdict));

  it('is asked again within a minute, because opening hours begin', () => {
    const verdict = judge({ ...healthy, open: false }, now);

    expect(verdict.kind === 'fine' && elapsed(now, verdict.until)).toBeLessThanOrEqual(minutes(1));
  });
});

describe('a week under the watchdog', () => {
  const week = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    customersEvery: fc.constantFrom(minutes(1), minutes(10), hours(1), hours(5), days(2)),
    phoneOff: fc.option(fc.record({ from: fc.integer({ min: 0, max: 120 }), hours: fc.integer({ min: 1, max: 96 }) })),
  });

  it('never ends the process, and makes no new connection while the phone answers', () => {
    fc.assert(
      fc.property(week, (shop) => {
        const lived = liveThroughWeek({ ...shop, deafAfter: undefined });
        expect(lived.exits).toEqual([]);
        if (!shop.phoneOff) {
          expect(lived.newSockets).toEqual([]);
        }
      }),
      { numRuns: 25, seed: 20_261_122 },
    );
  });

  it('makes few new connections while the phone is off', () => {
    const lived = liveThroughWeek({
      seed: 7,
      customersEvery: days(2),
      phoneOff: { from: 10, hours: 96 },
      deafAfter: undefined,
    });

    // One an hour, and a few more at the beginning of each silence.
    expect(lived.newSockets.length).toBeGreaterThan(50);
    expect(lived.newSockets.length).toBeLessThan(96 * 1.4);
  });

  it.each(['withheld', 'not stored'] as const)('cures a session whose messages are %s within its limits', (way) => {
    fc.assert(
      fc.property(week, fc.integer({ min: 60, max: 7 * 24 * 60 - 120 }), (shop, minute) => {
        const lived = liveThroughWeek({ ...shop, phoneOff: null, deafAfter: minutes(minute), way });
        expect(lived.curedAfter).toBeDefined();
        expect(lived.curedAfter?.total).toBeLessThan(hours(1));
        expect(lived.curedAfter?.open).toBeLessThan(minutes(10));
        expect(lived.exits).toEqual([]);
      }),
      { numRuns: 40, seed: 20_261_123 },
    );
  });

  it('cures a deaf session within the hour and a probe also while the phone is off', () => {
    fc.assert(
      fc.property(week, fc.integer({ min: 24 * 60, max: 4 * 24 * 60 }), (shop, minute) => {
        const lived = liveThroughWeek({ ...shop, phoneOff: { from: 12, hours: 100 }, deafAfter: minutes(minute) });
        expect(lived.curedAfter?.total).toBeLessThan(hours(1));
      }),
      { numRuns: 25, seed: 20_261_124 },
    );
  });
});

interface Week {
  readonly seed: number;
  readonly customersEvery: Milliseconds;
  readonly phoneOff: { readonly from: number; readonly hours: number } | null;
  readonly deafAfter: Milliseconds | undefined;
  readonly way?: 'withheld' | 'not stored';
}

/** The shop opens at 8 and closes at 22, UTC. Fewer people write at night. */
const isOpen = (instant: Date) => instant.getUTCHours() >= 8 && instant.getUTCHours() < 22;
const monday = new Date('2026-11-23T00:00:00Z');
const NIGHT_IS_QUIETER = 8;

/** Seven days of a session, one event after another: customers write, the phone answers probes, and once it may go deaf. */
function liveThroughWeek({ seed, customersEvery, phoneOff, deafAfter, way = 'withheld' }: Week) {
  const random = seededRandom(seed);
  const pulse = new Pulse();
  const end = later(monday, days(7));
  const deafAt = deafAfter === undefined ? undefined : later(monday, deafAfter);
  const nextCustomer = (from: Date) =>
    later(from, -Math.log(1 - random()) * customersEvery * (isOpen(from) ? 1 : NIGHT_IS_QUIETER));
  const phoneIsOff = (at: Date) =>
    phoneOff !== null &&
    at >= later(monday, hours(phoneOff.from)) &&
    at < later(monday, hours(phoneOff.from + phoneOff.hours));
  const exits: Date[] = [];
  const newSockets: Date[] = [];
  let curedAfter: { total: Milliseconds; open: Milliseconds } | undefined;
  let openWhileDeaf = 0;
  let messages = 0;
  let customerAt = nextCustomer(monday);
  let answerAt: Date | undefined;
  let instant = monday;
  pulse.linked(monday);

  const isDeaf = () => deafAt !== undefined && instant >= deafAt && curedAfter === undefined;
  const arrive = (ours: boolean) => {
    if (isDeaf() && way === 'withheld') {
      return;
    }
    pulse.arrived(ours, instant);
    messages += 1;
    pulse.shouldCommit(`message ${messages}`, instant);
    if (!isDeaf()) {
      pulse.committed(ours, instant);
    }
  };
  while (instant < end) {
    pulse.frame(instant);
    const seen = pulse.observe(isOpen(instant), true, instant);
    const verdict: Verdict = seen ? judge(seen, instant) : { kind: 'fine', until: instant };
    if (verdict.kind === 'probe') {
      pulse.probed(`probe ${instant.getTime()}`, instant);
      pulse.acked(`probe ${instant.getTime()}`, instant);
      answerAt = later(instant, seconds(2));
    } else if (verdict.kind !== 'fine') {
      (verdict.kind === 'exit' ? exits : newSockets).push(instant);
      if (verdict.kind === 'exit') {
        break;
      }
      if (isDeaf() && deafAt) {
        curedAfter = { total: elapsed(deafAt, instant), open: openWhileDeaf };
      }
      pulse.cured(verdict.because, instant);
      pulse.unlinked();
      pulse.linked(instant);
      answerAt = undefined;
    }
    const wanted = verdict.kind === 'fine' ? verdict.until : later(instant, 1);
    const next = [wanted, customerAt, answerAt, end].filter((at) => at !== undefined).reduce((a, b) => (a < b ? a : b));
    openWhileDeaf += isDeaf() && isOpen(instant) ? elapsed(instant, next) : 0;
    instant = next < instant ? instant : next;
    if (customerAt <= instant) {
      customerAt = nextCustomer(instant);
      arrive(false);
    }
    if (answerAt && answerAt <= instant) {
      answerAt = undefined;
      if (!phoneIsOff(instant)) {
        arrive(true);
      }
    }
  }
  return { exits, newSockets, curedAfter };
}

function inWords(verdict: Verdict): string {
  return 'because' in verdict ? `${verdict.kind} ${verdict.because}` : verdict.kind;
}
