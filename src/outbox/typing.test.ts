import { expect, it } from 'vitest';
import { seconds } from '../lib/time.ts';
import { typingTime } from './typing.ts';

it.each<[what: string, characters: number, longest: number, expected: number]>([
  ['a word takes two seconds, which is the least', 5, 6, 2],
  ['the least is over with the fiftieth character', 51, 6, 2.04],
  ['a hundred characters take four seconds', 100, 6, 4],
  ['a long text takes as long as the shop allows', 10_000, 6, 6],
  ['a shop that allows one second has one for everything', 5, 1, 1],
  ['a shop that has turned it off shows nothing', 100, 0, 0],
  ['nothing to read, such as a picture, takes two seconds', 0, 6, 2],
])('%s', (_what, characters, longest, expected) => {
  expect(typingTime('x'.repeat(characters), seconds(longest))).toBe(seconds(expected));
});
