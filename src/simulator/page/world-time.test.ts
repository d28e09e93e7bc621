import { describe, expect, it } from 'vitest';
import {
  clockText,
  dateText,
  day,
  hour,
  instantOf,
  minute,
  momentText,
  progress,
  secondsLeft,
  spanText,
  timeNow,
  wallTime,
  whyNotForwardTo,
} from './world-time.ts';

const madrid = 'Europe/Madrid';
const noon = Date.parse('2026-08-06T10:02:31.400Z');

describe('time on the page', () => {
  it('goes on from what the server told', () => {
    expect(timeNow({ now: '2026-08-06T10:02:31.400Z' }, 600)).toBe(Date.parse('2026-08-06T10:02:32Z'));
  });

  it('is told in the zone of this world', () => {
    expect(dateText(noon, madrid)).toBe('Thu 6 Aug 2026');
    expect(clockText(noon, madrid)).toBe('12:02:31');
    expect(clockText(Date.parse('2026-08-05T22:00:00Z'), madrid)).toBe('00:00:00');
  });

  it('names the day only when that is another one', () => {
    expect(momentText(noon + hour, noon, madrid)).toBe('13:02');
    expect(momentText(noon + day, noon, madrid)).toBe('Fri 7 Aug 12:02');
  });

  it.each([
    [29_999, undefined],
    [hour - 100, '1 h'],
    [minute, '1 min'],
    [hour, '1 h'],
    [90 * minute, '1 h 30 min'],
    [day, '1 day'],
    [2 * day + 3 * hour + 7 * minute, '2 days 3 h'],
    [day + 5 * minute, '1 day'],
  ])('says a span of %i ms as %s', (span, words) => {
    expect(spanText(span)).toBe(words);
  });

  it('counts seconds down to none', () => {
    expect(secondsLeft(noon + 1, noon)).toBe(1);
    expect(secondsLeft(noon + 20_000, noon)).toBe(20);
    expect(secondsLeft(noon, noon + 5000)).toBe(0);
  });

  it.each([
    [0, 0],
    [25, 0.25],
    [100, 1],
    [-5, 0],
    [105, 1],
  ])('shows at %i of 100 that %d is done', (now, done) => {
    expect(progress(0, now, 100)).toBe(done);
  });

  it('shows a way of no length as done', () => {
    expect(progress(5, 5, 5)).toBe(1);
  });
});

describe('a chosen date and time', () => {
  it.each([
    ['2026-08-06T12:02', madrid, '2026-08-06T10:02:00Z'],
    ['2026-12-06T00:00', madrid, '2026-12-05T23:00:00Z'],
    ['2026-08-06T12:02', 'America/Bogota', '2026-08-06T17:02:00Z'],
    ['2026-08-06T12:02', 'Asia/Kolkata', '2026-08-06T06:32:00Z'],
    ['2026-08-06T12:02', 'UTC', '2026-08-06T12:02:00Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    expect(new Date(instantOf(wall, zone)).toISOString()).toBe(new Date(instant).toISOString());
    expect(wallTime(instantOf(wall, zone), zone)).toBe(wall);
  });

  it('that comes twice, when clocks go back, is the first of the two', () => {
    expect(new Date(instantOf('2026-10-25T02:30', madrid)).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  it('that never comes, when clocks go ahead, is an hour later', () => {
    expect(wallTime(instantOf('2026-03-29T02:30', madrid), madrid)).toBe('2026-03-29T03:30');
  });

  it.each([
    [noon + minute, undefined],
    [noon + 31 * day, undefined],
    [noon, 'That is over already: time goes only forward here.'],
    [noon + 31 * day + 1, 'That is too far: at most 31 days at a time.'],
    [Number.NaN, 'Choose a date and a time.'],
  ])('at %i can be gone to, or the reason is said: %s', (target, reason) => {
    expect(whyNotForwardTo(target, noon)).toBe(reason);
  });
});
