import { expect, it } from 'vitest';
import { mentions } from './mention.ts';

const ana = { numbers: ['600000003'], words: ['Ana Pérez', 'ana@example.com', 'Jo'], ids: [12] };

it.each([
  ['contact +34 600 00 00 03', true],
  ['contact 600-000-003', true],
  ['1. ana, +34 600 00 00 03 · order 1003', true],
  ['find ANA PÉREZ!', true],
  ['find ana@example.com', true],
  ['{"kind":"contacts","people":[{"name":"Ana Pérez"}]}', true],
  ['contact +34 600 00 00 04', false],
  ['find Ana', false],
  ['Susana Pérezosa', false],
  ['Jo and Joe', false],
  ['contact #12', true],
  ['#12 (phone number unknown)', true],
  ['contact #123', false],
  ['12', false],
  ['help', false],
  ['', false],
])('%j names the person: %s', (text, named) => {
  expect(mentions(text, ana)).toBe(named);
});
