import { isTimeZone } from '../lib/time.ts';
import type { Setting } from './setting.ts';

/** An IANA time zone, in any capitals; the city alone is enough where only one zone has it: `madrid`, `mexico city`. */
export function timeZone(initial: string): Setting<string> {
  return {
    default: initial,
    expectation: { kind: 'time-zone' },
    parse(text) {
      const value = text.trim();
      const zone = isTimeZone(value) ? canonicalTimeZone(value) : zoneOfCity(value);
      return zone === undefined ? { ok: false } : { ok: true, value: zone };
    },
    example: (now) => (now === 'Europe/Madrid' ? 'America/Bogota' : 'Europe/Madrid'),
    format: (value) => value,
  };
}

function canonicalTimeZone(name: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
}

function zoneOfCity(text: string): string | undefined {
  const ending = `/${text.toLowerCase().replaceAll(/\s+/g, '_')}`;
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().endsWith(ending));
  return zones.length === 1 ? zones[0] : undefined;
}
