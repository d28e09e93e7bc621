import { readdirSync, readFileSync } from 'node:fs';
import type { Before } from '../../src/conversations/opt-out-features.ts';

const SENTENCES = new URL('../../src/conversations/opt-out-sentences/', import.meta.url);

/** The sets that nothing is learned from. */
export const KEPT_BACK = 'unseen';

export const LABELS = ['opt-out', 'hard-negative', 'ordinary'] as const;

export interface Sentence {
  readonly text: string;
  readonly after: Before;
  readonly label: (typeof LABELS)[number];
}

/** The sentences of one language, as published. */
export interface SentenceSet {
  readonly language: string;
  readonly name: string;
  readonly sentences: readonly Sentence[];
}

/** Every set that is in the folder, by file name: `en.seen.json`. */
export function readSets(): readonly SentenceSet[] {
  return readdirSync(SENTENCES)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const [language = '', name = ''] = file.split('.');
      return { language, name, sentences: JSON.parse(readFileSync(new URL(file, SENTENCES), 'utf8')) as Sentence[] };
    });
}
