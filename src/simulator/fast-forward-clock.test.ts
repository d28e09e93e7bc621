import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { elapsed, hours, later, minutes, seconds, systemClock } from '../lib/time.ts';
import { FastForwardClock } from './fast-forward-clock.ts';

const never = new AbortController().signal;

/** Whether it has resolved by now; everything that can run without waiting has run then. */
async function isOver(sleep: Promise<void>): Promise<boolean> {
  let over = false;
  void sleep.then(() => {
    over = true;
  });
  await new Promise((resume) => setImmediate(resume));
  return over;
}

it('is ahead of the machine’s clock by what it was put forward, and goes on from there', () => {
  const clock = new FastForwardClock();
  const start = clock.now();

  clock.advanceTo(later(start, hours(1)));

  expect(elapsed(start, clock.now())).toBeGreaterThanOrEqual(hours(1));
  expect(elapsed(systemClock.now(), clock.now())).toBeLessThanOrEqual(hours(1));
  expect(clock.ahead).toBeGreaterThan(hours(1) - seconds(10));
});

it('starts as far ahead as it is told, for a process that joins later', () => {
  const clock = new FastForwardClock(hours(5));

  expect(elapsed(systemClock.now(), clock.now())).toBeGreaterThanOrEqual(hours(5));
});

it('wakes whose time has come, and lets the others sleep', async () => {
  const clock = new FastForwardClock();
  const start = clock.now();
  const early = clock.sleepUntil(later(start, minutes(10)), never);
  const late = clock.sleepUntil(later(start, minutes(50)), never);

  expect(clock.nextWaking(later(start, hours(1)))).toEqual(later(start, minutes(10)));
  expect(clock.advanceTo(later(start, minutes(10)))).toBe(1);

  expect(await isOver(early)).toBe(true);
  expect(await isOver(late)).toBe(false);
  expect(clock.nextWaking(later(start, hours(1)))).toEqual(later(start, minutes(50)));
  expect(clock.nextWaking(later(start, minutes(50)))).toBeUndefined();
  expect(clock.advanceTo(later(start, hours(1)))).toBe(1);
  expect(await isOver(late)).toBe(true);
});

it('is never put back', () => {
  const clock = new FastForwardClock();
  clock.advanceTo(later(clock.now(), hours(1)));
  const before = clock.now();

  clock.advanceTo(later(before, -minutes(30)));

  expect(clock.now().getTime()).toBeGreaterThanOrEqual(before.getTime());
});

it('leaves elapsed time alone: what takes a minute still takes one after an hour was skipped', async () => {
  const clock = new FastForwardClock();
  const done = new AbortController();
  const ticks = clock.ticks();
  const minute = clock.sleep(minutes(1), done.signal);

  clock.advanceTo(later(clock.now(), hours(1)));

  expect(await isOver(minute)).toBe(false);
  expect(clock.ticks() - ticks).toBeLessThan(minutes(1));
  done.abort();
  await minute;
});

it('lets go of who stops waiting', async () => {
  const clock = new FastForwardClock();
  const stop = new AbortController();
  const sleep = clock.sleepUntil(later(clock.now(), minutes(10)), stop.signal);

  stop.abort();

  expect(await isOver(sleep)).toBe(true);
  expect(clock.nextWaking(later(clock.now(), hours(1)))).toBeUndefined();
});

it('leaves nothing behind with who may stop a sleep', async () => {
  const clock = new FastForwardClock();
  const stop = new AbortController();
  const instant = later(clock.now(), minutes(10));
  const sleep = clock.sleepUntil(instant, stop.signal);

  clock.advanceTo(instant);
  await sleep;

  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
});
