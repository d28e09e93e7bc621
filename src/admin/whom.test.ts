import { expect, it } from 'vitest';
import { readingsOf } from './whom.ts';

it.each<[typed: string, country: string, readings: readonly string[]]>([
  ['+34600000003', '', ['+34600000003|']],
  ['34600000003', '', ['+34600000003|']],
  ['600 000 003', 'ES', ['+34600000003|']],
  ['600 000 003', '', []],
  ['+34 600 000 003 20', '', ['+34600000003|20']],
  ['+34 600 000 003 signed form of 12 November', '', ['+34600000003|signed form of 12 November']],
  ['+34 600 000 003 12 Nov, form', '', ['+34600000003|12 Nov, form']],
  ['whatsapp:+34600000003', '', ['+34600000003|']],
  // As it is dialled today first, then as it is written.
  ['+55 11 8765-4321', '', ['+5511987654321|', '+551187654321|']],
  // Where a number could end here or there, the longer one is likelier; who is known by one of them decides.
  ['+49 30 1234567 89', '', ['+4930123456789|', '+49301234567|89']],
  ['ana', '', []],
  ['call +34600000003', '', []],
  ['+34 600', '', []],
  ['', '', []],
])('%j, typed in a shop of “%s”, can be read as %j', (typed, country, readings) => {
  const found = readingsOf(typed.split(/\s+/), country).map(({ phone, rest }) => `${phone}|${rest}`);
  expect([...new Set(found)].slice(0, 2)).toEqual(readings);
});
