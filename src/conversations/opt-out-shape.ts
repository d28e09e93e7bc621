import type { Lexicon, Word } from './opt-out-lexicon.ts';
import { fold } from './opt-out-normalise.ts';

/** From the first word to behind the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type Element =
  | { readonly kind: 'word'; readonly optional: boolean; fits(word: Word): boolean }
  | { readonly kind: 'gap'; readonly most: number; fits(word: Word): boolean }
  | { readonly kind: 'start' | 'opening' | 'end' };

export type Shape = readonly Element[];

const LOOSE_WORDS = 5;
const isLoose = (word: Word) => word.classes.has('loose');
const isUnimportant = ({ classes, text }: Word) =>
  text !== '?' && !(classes.has('break') || classes.has('message') || classes.has('other'));

const marks: Readonly<Record<string, Element>> = {
  '^': { kind: 'start' },
  '~': { kind: 'opening' },
  $: { kind: 'end' },
  _: { kind: 'gap', most: LOOSE_WORDS, fits: isLoose },
  '..': { kind: 'gap', most: 3, fits: isUnimportant },
  '....': { kind: 'gap', most: 6, fits: isUnimportant },
};

/** Throws when the shape names a class that the language lacks. */
export function compileShape(shape: string, lexicon: Lexicon): Shape {
  return shape.split(' ').map((element) => marks[element] ?? compileWord(element, lexicon, shape));
}

function compileWord(element: string, lexicon: Lexicon, shape: string): Element {
  const optional = element.endsWith('?') && element !== '?';
  const choices = (optional ? element.slice(0, -1) : element).split('|');
  const classes = choices.filter((choice) => choice.startsWith('<')).map((choice) => choice.slice(1, -1));
  const unknown = classes.find((name) => !lexicon.names.has(name));
  if (unknown !== undefined) {
    throw new Error(`There is no class <${unknown}> for "${shape}"`);
  }
  const literals = new Set(choices.filter((choice) => !choice.startsWith('<')).map(fold));
  const fits = (word: Word) => literals.has(word.text) || classes.some((name) => word.classes.has(name));
  return { kind: 'word', optional, fits };
}

/** Where the shape stands among the words. */
export function spansOf(shape: Shape, words: readonly Word[]): readonly Span[] {
  const [first] = shape;
  const spans: Span[] = [];
  for (const [from, word] of words.entries()) {
    if (first?.kind === 'start' && from > 0) break;
    if (first?.kind === 'word' && !first.optional && !first.fits(word)) continue;
    const to = endOf(shape, words, from);
    if (to !== undefined) spans.push({ from, to });
  }
  return spans;
}

/** Follows all ways through the shape at once, so that the work grows with the words and never with the ways. */
function endOf(shape: Shape, words: readonly Word[], from: number): number | undefined {
  let places: ReadonlySet<number> = new Set([from]);
  for (const element of shape) {
    places = new Set([...places].flatMap((at) => after(element, words, at)));
    if (places.size === 0) return undefined;
  }
  return Math.max(...places);
}

function after(element: Element, words: readonly Word[], at: number): readonly number[] {
  const word = words[at];
  switch (element.kind) {
    case 'start':
      return at === 0 ? [at] : [];
    case 'opening':
      return at === 0 || isBreak(words[at - 1]) ? [at] : [];
    case 'end':
      return !word || isBreak(word) ? [at] : [];
    case 'word':
      return wordsOn(element, word).map((step) => at + step);
    case 'gap':
      return Array.from({ length: fittingFrom(element, words, at) + 1 }, (_, step) => at + step);
  }
}

function isBreak(word: Word | undefined): boolean {
  return word?.text === '?' || word?.classes.has('break') === true;
}

function wordsOn(element: Element & { readonly kind: 'word' }, word: Word | undefined): readonly number[] {
  const fits = word !== undefined && element.fits(word);
  return [0, 1].filter((step) => (step === 0 ? element.optional : fits));
}

function fittingFrom(gap: Element & { readonly kind: 'gap' }, words: readonly Word[], at: number): number {
  const reached = words.slice(at, at + gap.most);
  const unfitting = reached.findIndex((word) => !gap.fits(word));
  return unfitting < 0 ? reached.length : unfitting;
}
