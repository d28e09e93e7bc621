import { isTimeZone } from '../lib/time.ts';
import type { Setting } from './setting.ts';

/** An IANA time zone, in the capitals of the person who typed it: `europe/madrid` is understood too. */
export function timeZone(initial: string): Setting<string> {
  return {
    default: initial,
    expectation: { kind: 'time-zone' },
    parse(text) {
      const value = text.trim();
      return isTimeZone(value) ? { ok: true, value: canonicalTimeZone(value) } : { ok: false };
    },
    format: (value) => value,
  };
}

function canonicalTimeZone(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}
