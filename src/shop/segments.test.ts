import { expect, it } from 'vitest';
import { days, hours, later, minutes } from '../lib/time.ts';
import { type Segment, type SegmentFacts, segmentsOf } from './segments.ts';

const now = new Date('2026-11-22T10:00:00Z');
const nothing: SegmentFacts = {
  rescuedAt: undefined,
  boughtAt: undefined,
  consent: 'not-granted',
  privateSince: undefined,
};
const ago = (span: number) => later(now, -span);

it.each<[who: string, facts: Partial<SegmentFacts>, segments: readonly Segment[]]>([
  ['of whom nothing is known is in none', {}, []],
  ['who said yes is consented', { consent: 'granted' }, [{ kind: 'consented' }]],
  ['who said no more is withdrawn', { consent: 'withdrawn' }, [{ kind: 'withdrawn' }]],
  [
    'who was rescued is capped for three days',
    { rescuedAt: ago(days(1)) },
    [{ kind: 'capped', until: later(now, days(2)) }],
  ],
  [
    'is capped until the last minute',
    { rescuedAt: ago(days(3) - minutes(1)) },
    [{ kind: 'capped', until: later(now, minutes(1)) }],
  ],
  ['is no longer capped after three days', { rescuedAt: ago(days(3)) }, []],
  ['who has just bought has bought lately', { boughtAt: now }, [{ kind: 'bought-lately', at: now }]],
  [
    'who bought less than a day ago has',
    { boughtAt: ago(hours(24) - minutes(1)) },
    [{ kind: 'bought-lately', at: ago(hours(24) - minutes(1)) }],
  ],
  ['who bought a day ago has not', { boughtAt: ago(hours(24)) }, []],
  ['who was made private stays so', { privateSince: ago(days(900)) }, [{ kind: 'private', since: ago(days(900)) }]],
  [
    'can be in several',
    { consent: 'granted', boughtAt: now, rescuedAt: now, privateSince: now },
    [
      { kind: 'private', since: now },
      { kind: 'consented' },
      { kind: 'capped', until: later(now, days(3)) },
      { kind: 'bought-lately', at: now },
    ],
  ],
])('A person %s', (_who, facts, segments) => {
  expect(segmentsOf({ ...nothing, ...facts }, now)).toEqual(segments);
});
