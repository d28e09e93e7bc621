import { describe, expect, it } from 'vitest';
import { days, hours, later, minutes } from '../lib/time.ts';
import { type Connection, noticeOf, spanToHear, troubleSince, worstOf } from './connection-health.ts';
import type { Trouble } from './connector.ts';

const now = new Date('2026-11-22T10:00:00Z');

function connection(trouble: Trouble | undefined, since: Date | undefined, checkedAt = now): Connection {
  return { name: 'shopify', trouble, troubleSince: since, checkedAt, polledUntil: undefined, knownFrom: undefined };
}

describe('What owners are told of a shop', () => {
  /** The shop is looked at at these minutes, and stands like this. */
  function tell(course: readonly (readonly [at: number, kind: Trouble['kind'] | undefined])[]): string[] {
    const told = new Map<string, string>();
    let before: Connection | undefined;
    for (const [at, kind] of course) {
      const instant = later(now, minutes(at));
      const trouble = kind && { kind };
      const after = connection(trouble, troubleSince(before, trouble, instant), instant);
      const notice = noticeOf(before, after);
      if (notice && !told.has(notice.key)) {
        told.set(notice.key, `${at} ${notice.trouble?.kind ?? 'over'}`);
      }
      before = after;
    }
    return [...told.values()];
  }

  it.each<[title: string, course: Parameters<typeof tell>[0], told: string[]]>([
    [
      'nothing while all is well',
      [
        [0, undefined],
        [10, undefined],
      ],
      [],
    ],
    [
      'what somebody has to do, at once and once',
      [
        [0, undefined],
        [10, 'refused'],
        [20, 'refused'],
      ],
      ['10 refused'],
    ],
    [
      'that it is over, once',
      [
        [0, 'refused'],
        [10, undefined],
        [20, undefined],
      ],
      ['0 refused', '10 over'],
    ],
    [
      'the same trouble anew when it was over meanwhile',
      [
        [0, 'silent'],
        [10, undefined],
        [20, 'silent'],
      ],
      ['0 silent', '10 over', '20 silent'],
    ],
    [
      'another trouble in its place',
      [
        [0, 'refused'],
        [10, 'forbidden'],
        [20, undefined],
      ],
      ['0 refused', '10 forbidden', '20 over'],
    ],
    [
      'nothing of what passes within half an hour',
      [
        [0, 'unreachable'],
        [20, 'unreachable'],
        [30, undefined],
      ],
      [],
    ],
    [
      'what lasts for half an hour',
      [
        [0, 'unreachable'],
        [20, 'unreachable'],
        [30, 'unreachable'],
        [40, undefined],
      ],
      ['30 unreachable', '40 over'],
    ],
    [
      'one trouble, however it looks',
      [
        [0, 'failing'],
        [20, 'busy'],
        [40, 'unreachable'],
        [60, 'failing'],
      ],
      ['40 unreachable'],
    ],
  ])('is %s', (_title, course, told) => {
    expect(tell(course)).toEqual(told);
  });
});

describe('The worst of what is known', () => {
  const well = { asking: undefined, reporting: undefined, isSilent: false, hidesCustomers: false, before: undefined };
  const kindOf = (facts: Partial<Parameters<typeof worstOf>[0]>) => worstOf({ ...well, ...facts })?.kind;

  it.each<[title: string, facts: Partial<Parameters<typeof worstOf>[0]>, kind: string | undefined]>([
    ['is nothing when all is well', {}, undefined],
    [
      'is that it does not answer, before all else',
      { asking: { kind: 'busy' }, hidesCustomers: true, isSilent: true },
      'busy',
    ],
    [
      'is then that nobody can know who has bought',
      { hidesCustomers: true, isSilent: true, reporting: { kind: 'no-address' } },
      'hidden-customers',
    ],
    [
      'is then why it cannot report, which says more than that it does not',
      { isSilent: true, reporting: { kind: 'no-address' } },
      'no-address',
    ],
    ['is then that it does not report', { isSilent: true }, 'silent'],
    [
      'stays that the app was removed, while the token is refused for it',
      { before: { kind: 'uninstalled' }, asking: { kind: 'refused' } },
      'uninstalled',
    ],
    ['is no longer that the app was removed, once it answers', { before: { kind: 'uninstalled' } }, undefined],
    [
      'is another trouble than that the app was removed, when it is one',
      { before: { kind: 'uninstalled' }, asking: { kind: 'unreachable' } },
      'unreachable',
    ],
  ])('%s', (_title, facts, kind) => {
    expect(kindOf(facts)).toBe(kind);
  });
});

describe('Orders that should have been reported', () => {
  it('are those of the last day, since we listen, up to half an hour ago', () => {
    expect(spanToHear(later(now, -days(3)), now, days(1))).toEqual({
      from: later(now, -days(1)),
      to: later(now, -minutes(30)),
    });
    expect(spanToHear(later(now, -hours(2)), now, days(1))).toEqual({
      from: later(now, -hours(2)),
      to: later(now, -minutes(30)),
    });
  });

  it('are none yet after so short a time, or while nobody listens', () => {
    expect(spanToHear(later(now, -minutes(20)), now, days(1))).toBeUndefined();
    expect(spanToHear(undefined, now, days(1))).toBeUndefined();
  });
});
