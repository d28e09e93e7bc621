import { describe, expect, it } from 'vitest';
import { minutes } from '../lib/time.ts';
import { nextRun, type When } from './next-run.ts';

/** The next runs, by UTC. */
function runs(when: When, after: string, timeZone: string, count = 3): string[] {
  const found: Date[] = [];
  for (let last = new Date(after); found.length < count; ) {
    last = nextRun(when, last, timeZone);
    found.push(last);
  }
  return found.map((instant) => instant.toISOString().slice(5, 16));
}

describe('What happens by itself', () => {
  it('at a time of day, by the shop’s clocks', () => {
    expect(runs({ pattern: '0 9 * * *' }, '2026-11-22T10:00:00Z', 'Europe/Madrid')).toEqual([
      '11-23T08:00',
      '11-24T08:00',
      '11-25T08:00',
    ]);
    expect(runs({ pattern: '0 9 * * *' }, '2026-11-22T10:00:00Z', 'America/Bogota', 1)).toEqual(['11-22T14:00']);
  });

  it('stays at its time of day when the clocks are changed', () => {
    expect(runs({ pattern: '0 9 * * *' }, '2026-03-28T07:00:00Z', 'Europe/Madrid')).toEqual([
      '03-28T08:00',
      '03-29T07:00',
      '03-30T07:00',
    ]);
    expect(runs({ pattern: '0 9 * * *' }, '2026-10-24T06:00:00Z', 'Europe/Madrid')).toEqual([
      '10-24T07:00',
      '10-25T08:00',
      '10-26T08:00',
    ]);
  });

  it('comes as soon as the clocks go on, at a time that a change leaves out, and only once that night', () => {
    expect(runs({ pattern: '30 2 * * *' }, '2026-03-28T12:00:00Z', 'Europe/Madrid', 2)).toEqual([
      '03-29T01:00',
      '03-30T00:30',
    ]);
  });

  it('comes once at a time that a change makes twice', () => {
    expect(runs({ pattern: '30 2 * * *' }, '2026-10-24T12:00:00Z', 'Europe/Madrid', 2)).toEqual([
      '10-25T00:30',
      '10-26T01:30',
    ]);
  });

  it('so long after the last time, whatever the clocks say', () => {
    expect(runs({ every: minutes(10) }, '2026-03-29T00:55:00Z', 'Europe/Madrid', 2)).toEqual([
      '03-29T01:05',
      '03-29T01:15',
    ]);
  });
});
