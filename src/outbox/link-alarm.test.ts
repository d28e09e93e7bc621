import { expect, it } from 'vitest';
import { hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { Link } from './link.ts';
import { decideAlarm, noteLink, nothingToldYet } from './link-alarm.ts';

const start = new Date('2026-11-23T09:00:00Z');

type Step = readonly [after: Milliseconds, link: (since: Date) => Link];

const linked = (since: Date): Link => ({ state: 'linked', since, phone: '+34600000001' });
const broken = (since: Date): Link => ({ state: 'connecting', since, trouble: 'unreachable' });
const restarting = (since: Date): Link => ({ state: 'connecting', since, trouble: 'restart-asked' });
const trying = (since: Date): Link => ({ state: 'connecting', since });
const banned = (since: Date): Link => ({ state: 'stopped', since, because: 'banned' });
const shutDown = (since: Date): Link => ({ state: 'stopped', since, because: 'shut-down' });
const standby = (since: Date): Link => ({ state: 'standby', since });
const pairing = (since: Date): Link => ({ state: 'pairing', since, qr: '', qrExpiresAt: since });
const unlinked = (since: Date): Link => ({ state: 'pairing', since, qr: '', qrExpiresAt: since, after: 'logged-out' });

/** Plays states of the link, each for a time, and answers what was said and when, in minutes since the start. */
function said(steps: readonly Step[]): string[] {
  let memory = nothingToldYet;
  let now = start;
  const lines: string[] = [];
  for (const [span, makeLink] of steps) {
    const end = later(now, span);
    const link = makeLink(now);
    memory = noteLink(memory, link, now);
    for (;;) {
      const decided = decideAlarm(memory, link, now);
      memory = decided.memory;
      if (decided.alarm) {
        lines.push(`${decided.alarm.kind} at ${(now.getTime() - start.getTime()) / minutes(1)}`);
      }
      const next = decided.askAgainAt;
      if (!next || next >= end) {
        break;
      }
      now = next;
    }
    now = end;
  }
  return lines;
}

it.each<[string, readonly Step[], readonly string[]]>([
  ['says nothing while all is well', [[hours(48), linked]], []],
  [
    'says nothing of a short break',
    [
      [hours(1), linked],
      [minutes(4), broken],
      [hours(1), linked],
    ],
    [],
  ],
  ['tells of trouble after five minutes, once', [[hours(3), broken]], ['down at 5']],
  [
    'counts the minutes from the first failure, not from the last try',
    [
      [minutes(3), broken],
      [seconds(10), trying],
      [minutes(30), broken],
    ],
    ['down at 5'],
  ],
  ['tells at once when only a person can help', [[hours(1), banned]], ['down at 0']],
  ['tells at once that the link was ended on the phone', [[hours(1), unlinked]], ['down at 0']],
  ['leaves the first pairing alone', [[hours(5), pairing]], []],
  ['leaves an orderly stop alone', [[hours(5), shutDown]], []],
  [
    'leaves it to the process that holds the session',
    [
      [minutes(4), broken],
      [hours(5), standby],
    ],
    [],
  ],
  ['reminds once a day', [[hours(50), banned]], ['down at 0', 'reminder at 1440', 'reminder at 2880']],
  [
    'tells again when trouble turns into something for a person',
    [
      [hours(1), broken],
      [hours(1), banned],
    ],
    ['down at 5', 'down at 60'],
  ],
  [
    'does not tell again when what needed a person has become trouble that does not',
    [
      [hours(1), banned],
      [hours(1), broken],
    ],
    ['down at 0'],
  ],
  [
    'says once that it is back, when the link has held for a minute',
    [
      [hours(1), broken],
      [hours(1), linked],
    ],
    ['down at 5', 'back at 61'],
  ],
  [
    'does not take a link for back that breaks at once',
    [
      [hours(1), broken],
      [seconds(30), linked],
      [hours(1), broken],
    ],
    ['down at 5'],
  ],
  [
    'tells of more than ten failures in half an hour, even when each is short',
    [...repeat(11, [seconds(20), broken], [seconds(100), linked]), [hours(1), linked]],
    ['failing at 20', 'back at 30'],
  ],
  [
    'does not count the restarts that WhatsApp itself asks for',
    [...repeat(20, [seconds(2), restarting], [seconds(70), linked])],
    [],
  ],
  ['leaves ten of them alone', [...repeat(10, [seconds(20), broken], [seconds(160), linked])], []],
])('%s', (_title, steps, expected) => expect(said(steps)).toEqual(expected));

function repeat(times: number, ...steps: readonly Step[]): readonly Step[] {
  return Array.from({ length: times }, () => steps).flat();
}
