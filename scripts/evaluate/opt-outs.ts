import { type OptOutReading, readOptOut, readOptOutBy } from '../../src/conversations/opt-out.ts';
import { unpackModel } from '../../src/conversations/opt-out-model.ts';
import { storedModel } from '../../src/conversations/opt-out-weights.ts';
import { table } from '../bench/table.ts';
import { type Lesson, learnOptOuts, lessonsOf } from '../train/opt-outs.ts';
import { KEPT_BACK, LABELS, readSets, type Sentence, type SentenceSet } from './opt-out-sentences.ts';

const READINGS = ['opt-out', 'doubtful', 'resume', 'none'] as const;
const LARGE = ['en', 'es', 'pt', 'fr'];
const FOLDS = 5;

/** How a sentence is read. */
export type Reader = (sentence: Sentence) => OptOutReading['kind'];

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

/** As the bot reads. */
const asTheBot: Reader = ({ text, after }) => readOptOut(text, after).kind;

export function matrixOf(sets: readonly SentenceSet[], read: Reader = asTheBot): Matrix {
  const readings = sets.flatMap(({ sentences }) =>
    sentences.map((sentence) => ({ label: sentence.label, read: read(sentence) })),
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

/**
 * The tables of every set by language and in total. Only those kept back tell how people are read whom nobody thought of; what was
 * learned from is also read by models that have not learned it (cross-validation).
 */
export function evaluateOptOuts(options: {
  readonly listWrong: boolean;
  readonly keptBack: boolean;
}): readonly string[] {
  const sets = readSets();
  const keptBack = sets.filter(({ name }) => name === KEPT_BACK);
  const learned = sets.filter(({ name }) => name !== KEPT_BACK);
  const crossValidated = crossValidation(lessonsOf(learned));
  const names = [...new Set(learned.map(({ name }) => name))];
  const outOfFold = 'cross-validated: each read by a model that has not learned it';
  const reports = names.flatMap((name) =>
    reportAll(
      `${name}, ${outOfFold}`,
      learned.filter((set) => set.name === name),
      crossValidated,
    ),
  );
  const wrong = options.listWrong ? misread(learned, crossValidated) : [];
  return [...reports, ...(options.keptBack ? reportKeptBack(sets, keptBack) : []), ...wrong];
}

function reportKeptBack(sets: readonly SentenceSet[], keptBack: readonly SentenceSet[]): readonly string[] {
  const published = sets.filter(({ name }) => name === 'seen' || name === KEPT_BACK);
  const known = new Set(lessonsOf(sets).map(({ text }) => lettersOf(text)));
  const fresh = keptBack.map((set) => ({
    ...set,
    sentences: set.sentences.filter(({ text }) => !known.has(lettersOf(text))),
  }));
  return [
    ...reportAll('unseen, kept back: nothing was learned from them', keptBack, asTheBot),
    ...report('All languages, unseen, without those that were also learned letter for letter', fresh, asTheBot),
    ...reportTotals('seen and unseen, two thirds of them learned from', published, asTheBot),
  ];
}

/** Each sentence is read by a model that has not learned it, nor the same words after something else. */
function crossValidation(lessons: readonly Lesson[]): Reader {
  const models = Array.from({ length: FOLDS }, (_, fold) => {
    const others = lessons.filter(({ text }) => foldOf(text) !== fold);
    return unpackModel({ ...storedModel, optOut: learnOptOuts(others) });
  });
  return ({ text, after }) => {
    const model = models[foldOf(text)];
    return model ? readOptOutBy(model, text, after).kind : 'none';
  };
}

function foldOf(text: string): number {
  return [...lettersOf(text)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7) % FOLDS;
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}]/gu, '');
}

function reportAll(title: string, sets: readonly SentenceSet[], read: Reader): readonly string[] {
  return [
    ...sets.flatMap((set) => report(`${set.language}, ${title}`, [set], read)),
    ...reportTotals(title, sets, read),
  ];
}

function reportTotals(title: string, sets: readonly SentenceSet[], read: Reader): readonly string[] {
  const large = sets.filter(({ language }) => LARGE.includes(language));
  return [...report(`${LARGE.join(' ')}, ${title}`, large, read), ...report(`All languages, ${title}`, sets, read)];
}

function report(title: string, sets: readonly SentenceSet[], read: Reader): readonly string[] {
  const matrix = matrixOf(sets, read);
  const { recall, hardNegatives, ordinary } = figuresOf(matrix);
  const rows = LABELS.map((label) => [label, ...READINGS.map((kind) => String(matrix[label][kind]))]);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    title,
    table(['', ...READINGS], rows),
    `recall ${percent(recall)} · hard negatives left alone ${percent(hardNegatives)} · ordinary left alone ${percent(ordinary)}`,
    '',
  ];
}

function misread(sets: readonly SentenceSet[], read: Reader): readonly string[] {
  return sets.flatMap(({ language, sentences }) =>
    sentences
      .map((sentence) => ({ ...sentence, read: read(sentence) }))
      .filter((sentence) => (sentence.label === 'opt-out') !== (sentence.read === 'opt-out'))
      .map(({ label, read: kind, after, text }) => `${language}: ${label} read as ${kind}, after ${after}: ${text}`),
  );
}
