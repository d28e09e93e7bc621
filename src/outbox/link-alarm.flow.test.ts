import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../lib/log.ts';
import { elapsed, type Milliseconds, minutes } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import type { Link } from './link.ts';
import { type LinkAlarm, makeLinkAlarm } from './link-alarm.flow.ts';

const start = new Date('2026-11-23T09:00:00Z');

let clock: SimulatedClock;
let alarm: LinkAlarm;
/** What was tried to tell, and when, in minutes since the start. */
let told: string[];
let take: () => Promise<boolean>;

beforeEach(() => {
  clock = new SimulatedClock(start);
  told = [];
  take = async () => true;
  alarm = makeLinkAlarm({
    clock,
    log: silentLog,
    tell({ kind }, { state }) {
      told.push(`${kind}, ${state} at ${elapsed(start, clock.now()) / minutes(1)}`);
      return take();
    },
  });
});

afterEach(() => alarm.stop());

const banned = (): Link => ({ state: 'stopped', since: clock.now(), because: 'banned' });
const standby = (): Link => ({ state: 'standby', since: clock.now() });
const broken = (): Link => ({ state: 'connecting', since: clock.now(), trouble: 'unreachable' });
const linked = (): Link => ({ state: 'linked', since: clock.now(), phone: '+34600000001' });

async function note(link: Link): Promise<void> {
  alarm.note(link);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Time passes, minute by minute, and whatever it sets off is done. */
async function pass(span: Milliseconds): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  for (let passed = 0; passed < span; passed += minutes(1)) {
    clock.advance(minutes(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

it('tells when the time has come, without anything else that happens', async () => {
  await note(broken());
  await pass(minutes(20));

  expect(told).toEqual(['down, connecting at 5']);
});

it.each<[string, () => Promise<boolean>]>([
  ['was not taken', async () => false],
  ['failed', () => Promise.reject(new Error('no way out'))],
])('tells again every ten minutes what %s, and no more when it was taken', async (_what, refuse) => {
  take = refuse;
  await note(banned());
  await pass(minutes(25));
  take = async () => true;
  await pass(minutes(60));

  expect(told).toEqual([0, 10, 20, 30].map((minute) => `down, stopped at ${minute}`));
});

it('takes notice at once of what changes while it waits', async () => {
  await note(broken());
  await pass(minutes(10));
  await note(banned());
  await note(linked());
  await pass(minutes(10));

  expect(told).toEqual(['down, connecting at 5', 'down, stopped at 10', 'back, linked at 11']);
});

describe('what happens while it tells', () => {
  let answer: () => void;

  beforeEach(() => {
    answer = () => expect.fail('nothing is told');
  });

  /** The next telling takes until `answer`. */
  function takeTime(): void {
    take = () =>
      new Promise((resolve) => {
        answer = () => {
          take = async () => true;
          resolve(true);
        };
      });
  }

  it('is not forgotten: the end of an outage', async () => {
    takeTime();
    await note(banned());
    await note(linked());
    await pass(minutes(2));
    answer();
    await pass(minutes(2));

    expect(told).toEqual(['down, stopped at 0', 'back, linked at 2']);
  });

  it('is not forgotten: an outage that begins as the end of another is told', async () => {
    await note(banned());
    takeTime();
    await note(linked());
    await pass(minutes(1));
    await note(banned());
    answer();
    await pass(minutes(5));

    expect(told).toEqual(['down, stopped at 0', 'back, linked at 1', 'down, stopped at 1']);
  });

  it('is not forgotten: that another process took over, so that a later outage of our own is a new one', async () => {
    takeTime();
    await note(banned());
    await note(standby());
    answer();
    await pass(minutes(10));
    await note(linked());
    await pass(minutes(10));
    await note(banned());
    await pass(minutes(10));

    expect(told).toEqual(['down, stopped at 0', 'down, stopped at 20']);
  });
});

it('says nothing any more once it is stopped', async () => {
  await note(broken());
  await alarm.stop();
  await pass(minutes(20));

  expect(told).toEqual([]);
});
