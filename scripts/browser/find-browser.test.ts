import { expect, it } from 'vitest';
import { findBrowser } from './find-browser.ts';

// Node itself stands for a browser here: it is a program that every machine with these tests has.
const program = process.execPath;

it('the browser that is named is taken, whatever else there is', () => {
  expect(findBrowser(program, ['/nowhere'])).toBe(program);
});

it('a browser that is named and not there is an error, so that its tests are not left out in silence', () => {
  expect(() => findBrowser('/nowhere/chromium', [program])).toThrow('TEST_BROWSER names /nowhere/chromium');
});

it('without a name the first one in the usual places is taken', () => {
  expect(findBrowser('', ['/nowhere/chromium', program, '/elsewhere'])).toBe(program);
});

it('a machine may have none', () => {
  expect(findBrowser('', ['/nowhere/chromium'])).toBeUndefined();
});
