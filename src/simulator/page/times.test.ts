import { describe, expect, it } from 'vitest';
import { clockTime, dayName, lengthOf, listTime } from './times.ts';

const now = new Date('2026-03-29T10:00:00Z');
const madrid = 'Europe/Madrid';

describe('The times on a phone', () => {
  it('are those of the shop’s zone', () => {
    expect(clockTime(new Date('2026-03-29T00:05:00Z'), madrid)).toBe('01:05');
    expect(clockTime(new Date('2026-03-29T01:05:00Z'), madrid)).toBe('03:05');
  });

  it.each<[time: string, day: string, inList: string]>([
    ['2026-03-29T00:30:00Z', 'Today', '01:30'],
    ['2026-03-28T23:30:00Z', 'Today', '00:30'],
    ['2026-03-28T22:30:00Z', 'Yesterday', 'Yesterday'],
    ['2026-03-27T12:00:00Z', 'Friday', 'Friday'],
    ['2026-03-23T12:00:00Z', 'Monday', 'Monday'],
    ['2026-03-22T12:00:00Z', '22 March 2026', '22 Mar 2026'],
    ['2025-12-31T12:00:00Z', '31 December 2025', '31 Dec 2025'],
    ['2026-03-30T12:00:00Z', '30 March 2026', '30 Mar 2026'],
  ])('of %s stand under “%s”, and in the list of chats as “%s”', (time, day, inList) => {
    expect(dayName(new Date(time), now, madrid)).toBe(day);
    expect(listTime(new Date(time), now, madrid)).toBe(inList);
  });

  it.each([
    [0, '0:00'],
    [7.4, '0:07'],
    [67, '1:07'],
    [600, '10:00'],
  ])('show %s seconds as %s', (seconds, shown) => {
    expect(lengthOf(seconds)).toBe(shown);
  });
});
