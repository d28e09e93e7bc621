import { expect, it } from 'vitest';
import { loopIn } from './loop-breaker.ts';

const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index));

it.each<[what: string, texts: string[], expected: ReturnType<typeof loopIn>]>([
  ['nothing', [], 'none'],
  ['a person who asks the same a few times', many(14, () => 'status'), 'none'],
  ['the fifteenth time the same', many(15, () => 'status'), 'told'],
  ['and once more', many(16, () => 'status'), 'silent'],
  ['the same in other capitals and spaces', many(16, (index) => (index % 2 ? ' I am  away ' : 'i am away')), 'silent'],
  ['a busy person', many(39, (index) => `find ${index}`), 'none'],
  ['forty different things in two minutes', many(40, (index) => `It is ${index} o’clock`), 'told'],
  ['more than that', many(41, (index) => `It is ${index} o’clock`), 'silent'],
  ['something else after many of the same', [...many(20, () => 'status'), 'help'], 'none'],
])('%s', (_what, texts, expected) => {
  expect(loopIn(texts)).toBe(expected);
});
