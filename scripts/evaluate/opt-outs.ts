import { readdirSync, readFileSync } from 'node:fs';
import { type Before, type OptOutReading, readOptOut } from '../../src/conversations/opt-out.ts';
import { table } from '../bench/table.ts';

const SENTENCES = new URL('../../src/conversations/opt-out-sentences/', import.meta.url);
const LABELS = ['opt-out', 'hard-negative', 'ordinary'] as const;
const READINGS = ['opt-out', 'doubtful', 'resume', 'none'] as const;

interface Sentence {
  readonly text: string;
  readonly after: Before;
  readonly label: (typeof LABELS)[number];
}

/** The sentences of one language. Only the `unseen` were kept back while the rules were written. */
export interface SentenceSet {
  readonly language: string;
  readonly name: string;
  readonly sentences: readonly Sentence[];
}

/** How often sentences of a label were read in each way. */
export type Matrix = Readonly<Record<Sentence['label'], Readonly<Record<OptOutReading['kind'], number>>>>;

/** Shares between 0 and 1. */
export interface Figures {
  /** Opt-outs that are read as such; a doubtful one is none. */
  readonly recall: number;
  /** Hard negatives that are not read as an opt-out. */
  readonly hardNegatives: number;
  /** Ordinary sentences that are not read as an opt-out. */
  readonly ordinary: number;
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

export function matrixOf(sets: readonly SentenceSet[]): Matrix {
  const readings = sets.flatMap(({ sentences }) =>
    sentences.map(({ text, after, label }) => ({ label, read: readOptOut(text, after).kind })),
  );
  const count = (label: string, kind: string) =>
    readings.filter((reading) => reading.label === label && reading.read === kind).length;
  const row = (label: string) => Object.fromEntries(READINGS.map((kind) => [kind, count(label, kind)]));
  return Object.fromEntries(LABELS.map((label) => [label, row(label)])) as unknown as Matrix;
}

export function figuresOf(matrix: Matrix): Figures {
  const share = (label: Sentence['label']) => {
    const all = READINGS.reduce((sum, kind) => sum + matrix[label][kind], 0);
    return all === 0 ? 1 : matrix[label]['opt-out'] / all;
  };
  const noOptOut = (label: Sentence['label']) =>
    READINGS.some((kind) => matrix[label][kind] > 0) ? 1 - share(label) : 1;
  return { recall: share('opt-out'), hardNegatives: noOptOut('hard-negative'), ordinary: noOptOut('ordinary') };
}

/** The tables of every set by language and in total, and on demand the seen sentences that are misread. */
export function evaluateOptOuts({ listWrong }: { readonly listWrong: boolean }): readonly string[] {
  const sets = readSets();
  const names = [...new Set(sets.map(({ name }) => name))];
  const reports = names.flatMap((name) => {
    const ofName = sets.filter((set) => set.name === name);
    return [
      ...ofName.flatMap((set) => report(`${set.language}, ${name}`, [set])),
      ...report(`All languages, ${name}`, ofName),
    ];
  });
  return listWrong ? [...reports, ...misread(sets.filter(({ name }) => name !== 'unseen'))] : reports;
}

function report(title: string, sets: readonly SentenceSet[]): readonly string[] {
  const matrix = matrixOf(sets);
  const { recall, hardNegatives, ordinary } = figuresOf(matrix);
  const rows = LABELS.map((label) => [label, ...READINGS.map((kind) => String(matrix[label][kind]))]);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    table([title, ...READINGS], rows),
    `recall ${percent(recall)} · hard negatives left alone ${percent(hardNegatives)} · ordinary left alone ${percent(ordinary)}`,
    '',
  ];
}

function misread(sets: readonly SentenceSet[]): readonly string[] {
  return sets.flatMap(({ language, sentences }) =>
    sentences
      .map((sentence) => ({ ...sentence, read: readOptOut(sentence.text, sentence.after).kind }))
      .filter(({ label, read }) => (label === 'opt-out' ? read !== 'opt-out' : read !== 'none'))
      .map(({ label, read, after, text }) => `${language}: ${label} read as ${read}, after ${after}: ${text}`),
  );
}
