import { expect, it } from 'vitest';
import { severalOf } from './several.ts';

const colours = severalOf(['red', 'green', 'blue']);

it.each([
  ['green', ['green']],
  ['blue red', ['red', 'blue']],
  ['Blue,  RED, blue', ['red', 'blue']],
  ['none', []],
  ['all', ['red', 'green', 'blue']],
] as const)('reads “%s” as those that are named, in the order of the list', (text, value) => {
  expect(colours.parse(text)).toEqual({ ok: true, value });
});

it.each([
  ['red gren', 'gren'],
  ['purple', 'purple'],
  ['red none', 'none'],
  ['red all', 'all'],
])('takes nothing of “%s”, and names the word that it does not know', (text, wrong) => {
  expect(colours.parse(text)).toEqual({ ok: false, wrong });
});

it('takes no empty text for none', () => {
  expect(colours.parse('  ,')).toEqual({ ok: false });
});

it.each([[[]], [['red']], [['green']], [['red', 'green']], [['red', 'green', 'blue']]] as const)(
  'writes %j so that it reads it back, and gives another one as an example',
  (value) => {
    expect(colours.parse(colours.format(value))).toEqual({ ok: true, value });
    expect(colours.parse(colours.example(value)).ok).toBe(true);
    expect(colours.example(value)).not.toBe(colours.format(value));
  },
);
