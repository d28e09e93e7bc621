import { Cron } from 'croner';
import { later, type Milliseconds } from '../lib/time.ts';

export type When =
  /** So long after it was begun the last time. */
  | { readonly every: Milliseconds }
  /** As cron writes it, by the shop's clocks: `0 9 * * *` is every day at nine. */
  | { readonly pattern: string };

/**
 * When something is to happen that happened last at `after`. A time of day that a clock change leaves out comes as soon as the clocks go
 * on; one that comes twice counts once.
 */
export function nextRun(when: When, after: Date, timeZone: string): Date {
  if ('every' in when) {
    return later(after, when.every);
  }
  const next = new Cron(when.pattern, { timezone: timeZone, paused: true }).nextRun(after);
  if (!next) {
    throw new Error(`The pattern ${when.pattern} never comes`);
  }
  return next;
}
