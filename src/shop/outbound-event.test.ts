import { describe, expect, it } from 'vitest';
import { days, elapsed, hours, later, minutes, seconds } from '../lib/time.ts';
import type { Exchange } from './exchange.ts';
import { isHopeless, judgeTry } from './outbound-event.ts';

const now = new Date('2026-11-22T10:00:00Z');

function answered(status: number, retryAfter?: string): Exchange {
  return { kind: 'answered', status, retryAfter, body: '', took: 3 };
}

const silent: Exchange = { kind: 'unanswered', why: 'timeout' };
const closed: Exchange = { kind: 'refused', why: 'private' };

function pauseAfter(exchange: Exchange, tries: number, chance = 0.5): number | string {
  const verdict = judgeTry(exchange, tries, chance, now);
  return verdict.kind === 'again' ? elapsed(now, verdict.at) : verdict.kind;
}

describe('a try', () => {
  it.each([200, 201, 202, 204, 299])('with status %i has delivered the event', (status) => {
    expect(judgeTry(answered(status), 1, 0.5, now)).toEqual({ kind: 'delivered' });
  });

  it('with status 410 ends all telling', () => {
    expect(judgeTry(answered(410), 1, 0.5, now)).toEqual({ kind: 'gone' });
  });

  it.each([
    [1, seconds(5)],
    [2, minutes(1)],
    [3, minutes(5)],
    [4, minutes(30)],
    [5, hours(2)],
    [6, hours(8)],
    [7, hours(24)],
    [8, 'given-up'],
  ])('number %i that fails is followed by a pause of %s', (tries, pause) => {
    expect(pauseAfter(answered(500), tries)).toBe(pause);
    expect(pauseAfter(silent, tries)).toBe(pause);
  });

  it('spreads the pauses by a fifth to both sides', () => {
    expect(pauseAfter(silent, 2, 0)).toBe(seconds(48));
    expect(pauseAfter(silent, 2, 1)).toBe(seconds(72));
  });

  it.each([
    ['status 400', answered(400)],
    ['status 401', answered(401)],
    ['status 404', answered(404)],
    ['status 422', answered(422)],
    ['a redirect', answered(301)],
    ['an address that is not called', closed],
  ])('that ends with %s is made three times', (_what, exchange) => {
    expect([1, 2, 3].map((tries) => pauseAfter(exchange, tries))).toEqual([seconds(5), minutes(1), 'given-up']);
  });

  it.each([408, 425, 429, 500, 502, 503, 504, 599])('that ends with status %i is made again and again', (status) => {
    expect(pauseAfter(answered(status), 3)).toBe(minutes(5));
  });

  it.each([
    ['120', 1, seconds(120)],
    ['120', 4, minutes(30)],
    [' 90 ', 1, seconds(90)],
    ['Sun, 22 Nov 2026 10:10:00 GMT', 1, minutes(10)],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 1, seconds(5)],
    ['999999999', 1, hours(24)],
    ['-5', 1, seconds(5)],
    ['soon', 1, seconds(5)],
    ['', 1, seconds(5)],
  ])('waits as long as it is asked to (%j), and never less than by itself', (retryAfter, tries, pause) => {
    expect(pauseAfter(answered(429, retryAfter), tries)).toBe(pause);
    expect(pauseAfter(answered(503, retryAfter), tries)).toBe(pause);
  });
});

it('gives an address up after three days of nothing but failures', () => {
  expect(isHopeless(now, later(now, days(3) - 1))).toBe(false);
  expect(isHopeless(now, later(now, days(3)))).toBe(true);
});
