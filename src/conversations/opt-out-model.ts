import { conceptsOf } from './opt-out-concepts.ts';
import { type Before, type Features, featuresOf, languageFeaturesOf } from './opt-out-features.ts';
import { type Clause, readSentences } from './opt-out-normalise.ts';

/** What training leaves: for each feature how much it speaks for something, in steps of `step`. */
interface Weights {
  readonly values: Int8Array;
  readonly step: number;
}

/** A linear model: how much speaks for an opt-out, and for each language. */
export interface Model {
  readonly optOut: Weights;
  readonly languages: Readonly<Record<string, Weights>>;
}

/** The model as it is kept in a file: the values in base64. */
export type StoredModel = { readonly [part in keyof Model]: Stored<Model[part]> };
type Stored<T> = T extends Weights
  ? { readonly values: string; readonly step: number }
  : { readonly [key in keyof T]: Stored<T[key]> };

/**
 * How much a text reads like an opt-out: 0 is as likely as not, +3 is nineteen to one. The surest sentence counts, or the whole: who
 * thanks for the parcel and then wants no more offers is heard.
 */
export function optOutSign(text: string, before: Before, model: Model): number {
  const sentences = readSentences(text);
  const parts = (sentences.length > 1 ? [sentences.flat(), ...sentences] : sentences).filter(isAboutSomething);
  return Math.max(
    Number.NEGATIVE_INFINITY,
    ...parts.map((clauses) => sumOf(featuresOf(clauses, before), model.optOut)),
  );
}

/** Without a single word that is known, what the letters resemble is chance: a code, a time of day. */
function isAboutSomething(clauses: readonly Clause[]): boolean {
  return clauses.flat().some((word) => conceptsOf(word).length > 0);
}

/** The language a text is most likely written in, of those the model knows. */
export function likelyLanguage(text: string, model: Model): string {
  const features = languageFeaturesOf(readSentences(text).flat());
  const signs = Object.entries(model.languages).map(([language, weights]) => ({
    language,
    sign: sumOf(features, weights),
  }));
  return signs.reduce((best, other) => (other.sign > best.sign ? other : best)).language;
}

export function unpackModel(stored: StoredModel): Model {
  const unpack = ({ values, step }: Stored<Weights>): Weights => ({
    values: new Int8Array(Buffer.from(values, 'base64')),
    step,
  });
  const languages = Object.entries(stored.languages).map(([language, weights]) => [language, unpack(weights)]);
  return { optOut: unpack(stored.optOut), languages: Object.fromEntries(languages) };
}

function sumOf(features: Features, { values, step }: Weights): number {
  let sum = 0;
  for (const [feature, value] of features) {
    sum += (values[feature] ?? 0) * value;
  }
  return sum * step;
}
