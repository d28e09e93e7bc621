import { CONCEPTS, conceptsOf } from './opt-out-concepts.ts';
import type { Clause } from './opt-out-normalise.ts';

/** What came last in the chat before the message. */
export type Before = 'offer' | 'service' | 'nothing';

/** What is seen in a text, as numbers below `FEATURES` with their values. Two sights may share a number; there are enough of them. */
export type Features = ReadonlyMap<number, number>;

export const FEATURES = 2 ** 17;
export const LANGUAGE_FEATURES = 2 ** 12;

/** Parts of words say less than words, and there are many of them. */
const OF_LETTERS = 0.5;
/** Concepts that stand at most so many known words apart are seen as a pair, those at most two apart as a triple. */
const PAIR_WITHIN = 4;
const TRIPLE_WITHIN = 2;
const BEFORES: Readonly<Record<Before, number>> = { offer: 1, service: 2, nothing: 3 };
const KIND = { any: 1, word: 2, words: 3, letters: 4, concept: 5, pair: 6, next: 7, triple: 8, together: 9, edge: 10 };

/**
 * Words, neighbours, parts of words, and what the words are about: alone, in their order within a clause, together in the message, and
 * with what came before. The values make a vector of length 1.
 */
export function featuresOf(clauses: readonly Clause[], before: Before): Features {
  const { seen, see } = sights(FEATURES);
  see('any');
  see('any', BEFORES[before]);
  for (const clause of clauses) {
    seeWords(clause, see);
    seeConcepts(clause.map(conceptsOf), BEFORES[before], see);
  }
  const together = [...new Set(clauses.flat().flatMap(conceptsOf))].sort((a, b) => a - b);
  for (const [at, one] of together.entries()) {
    for (const other of together.slice(at)) see('together', one, other);
  }
  return ofLengthOne(seen);
}

/** Words and parts of words: enough to tell a language. */
export function languageFeaturesOf(clauses: readonly Clause[]): Features {
  const { seen, see } = sights(LANGUAGE_FEATURES);
  see('any');
  for (const clause of clauses) seeWords(clause, see);
  return ofLengthOne(seen);
}

/** Something seen, described by up to two numbers. */
type See = (kind: keyof typeof KIND, one?: number, two?: number) => void;

function sights(below: number) {
  const seen = new Map<number, number>();
  const see: See = (kind, one = 0, two = 0) => {
    seen.set(spread(KIND[kind], one, two) % below, kind === 'letters' ? OF_LETTERS : 1);
  };
  return { seen, see };
}

function ofLengthOne(seen: ReadonlyMap<number, number>): Features {
  const length = Math.sqrt([...seen.values()].reduce((sum, value) => sum + value * value, 0));
  return new Map([...seen].map(([feature, value]) => [feature, value / length]));
}

function seeWords(clause: Clause, see: See): void {
  const ends = ['^', ...clause, '$'];
  for (const [at, word] of ends.slice(0, -1).entries()) {
    see('words', textNumber(word), textNumber(ends[at + 1] ?? ''));
  }
  for (const word of clause) {
    see('word', textNumber(word));
    const letters = `<${word}>`;
    for (let from = 0; from + 3 <= letters.length; from++) {
      see('letters', textNumber(letters.slice(from, from + 3)));
      see('letters', textNumber(letters.slice(from, from + 4)));
    }
  }
}

function seeConcepts(words: readonly (readonly number[])[], before: number, see: See): void {
  const known = words.filter((concepts) => concepts.length > 0);
  for (const one of known[0] ?? []) see('edge', one, 0);
  for (const one of known.at(-1) ?? []) see('edge', one, 1);
  for (const [at, concepts] of known.entries()) {
    for (const one of concepts) {
      see('concept', one);
      see('concept', one, before);
    }
    for (let then = at + 1; then <= at + PAIR_WITHIN && then < known.length; then++) {
      seePairs(known, at, then, before, see);
    }
  }
}

function seePairs(known: readonly (readonly number[])[], at: number, then: number, before: number, see: See): void {
  const after = then <= at + TRIPLE_WITHIN ? known.slice(then + 1, then + 1 + TRIPLE_WITHIN).flat() : [];
  for (const one of known[at] ?? []) {
    for (const two of known[then] ?? []) {
      const pair = one * CONCEPTS + two;
      see('pair', pair);
      see('pair', pair, before);
      if (then === at + 1) see('next', pair);
      for (const three of after) see('triple', pair, three);
    }
  }
}

/** FNV-1a. */
function textNumber(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}

/** One number from three, spread evenly over 32 bits (the finish of MurmurHash3). */
function spread(kind: number, one: number, two: number): number {
  let hash = Math.imul(kind ^ Math.imul(one, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(two, 0x9e3779b1), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
