import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  everyWriting,
  matchKey,
  type PhoneNumber,
  parsePhoneNumber,
  readShopPhone,
  whatsAppCandidates,
} from './phone.ts';

interface Vector {
  readonly input: string;
  readonly country: string | null;
  readonly e164: string | null;
  readonly match_key: string | null;
  readonly send_candidates: readonly string[];
}

const { vectors } = JSON.parse(readFileSync(new URL('./phone-vectors.json', import.meta.url), 'utf8')) as {
  readonly vectors: readonly Vector[];
};

describe('A number from a shop', () => {
  it.each(vectors)('$input ($country) is $e164', ({ input, country, e164, match_key: key, send_candidates: ways }) => {
    const phone = readShopPhone(input, country ?? undefined);

    expect(phone ?? null).toBe(e164);
    expect(phone ? matchKey(phone) : null).toBe(key);
    expect(phone ? whatsAppCandidates(phone).map((way) => way.slice(1)) : []).toEqual(ways);
  });

  it.each([
    ['of an unknown country is read when it says its own', '+34 612 34 56 78', 'XX', '+34612345678'],
    ['of another country than the shop is told by its plus', '+34612345678', 'BR', '+34612345678'],
    ['in Arabic digits', '٠٦١٢٣٤٥٦٧٨', 'FR', '+33612345678'],
    ['with marks of writing direction', '\u202a+34 612 34 56 78\u202c', undefined, '+34612345678'],
    ['that could ring nowhere is none', '+34 000', 'ES', undefined],
    ['that says what to do is none', 'call me', 'ES', undefined],
  ])('%s', (_what, text, country, expected) => {
    expect(readShopPhone(text, country)).toBe(expected);
  });
});

describe('The ways in which WhatsApp and shops write one number have one key', () => {
  it.each([
    ['+5584999991234', '+558499991234'],
    ['+525512345678', '+5215512345678'],
    ['+5491123456789', '+541123456789'],
  ])('%s and %s', (one, other) => {
    expect(matchKey(one)).toBe(matchKey(other));
  });

  it('and different numbers have different ones', () => {
    const numbers = ['+34612345678', '+5584999991234', '+5584999991235', '+554532782153', '+12025550143'];

    expect(new Set(numbers.map(matchKey)).size).toBe(numbers.length);
  });
});

it('A number in a chat needs its country or a plus, and is not doubted further', () => {
  expect(parsePhoneNumber('+34 600 000 001')).toBe('+34600000001');
  expect(parsePhoneNumber('0034600000001')).toBe('+34600000001');
  expect(parsePhoneNumber('600 000 001', 'ES')).toBe('+34600000001');
  expect(parsePhoneNumber('hello')).toBeUndefined();
});

it.each([
  ['+5511987654321', ['+5511987654321', '+551187654321']],
  ['+551187654321', ['+551187654321', '+5511987654321']],
  ['+525512345678', ['+525512345678', '+5215512345678']],
  ['+5491123456789', ['+5491123456789', '+541123456789']],
  ['+34600000001', ['+34600000001']],
])('%s is known in all its writings, itself first, and all have one key', (phone, writings) => {
  expect(everyWriting(phone as PhoneNumber)).toEqual(writings);
  expect(new Set(writings.map(matchKey)).size).toBe(1);
});
