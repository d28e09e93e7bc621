import type { Before } from './opt-out-features.ts';
import { keywordIn } from './opt-out-keywords.ts';
import { likelyLanguage, type Model, optOutSign, unpackModel } from './opt-out-model.ts';
import { plainWords } from './opt-out-normalise.ts';
import { storedModel } from './opt-out-weights.ts';

export type { Before };

export type OptOutReading =
  | { readonly kind: 'opt-out'; readonly by: 'keyword' | 'wording'; readonly language: string }
  /** It may be one: one short question is asked, and nothing proactive goes out until it is answered. */
  | { readonly kind: 'doubtful' }
  /** The wish to hear from the shop again: START and its like, as a whole message. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'none' };

/** What speaks for an opt-out must be four and a half to one, or the shop loses people who only cancel an order. */
const CERTAIN = 1.5;
/** From here it is as likely as not. */
const DOUBTFUL = 0;

const trained = unpackModel(storedModel);

/**
 * Whether a message asks for no more offers. First as one keyword, in about twenty-five languages: one that can also be an ordinary
 * answer counts after an offer, and is doubtful otherwise. Then in free wording, by the model, in eight languages.
 */
export function readOptOut(text: string, before: Before): OptOutReading {
  return readOptOutBy(trained, text, before);
}

/** STOP and START are written in every language, so these tell none. */
const OF_NO_LANGUAGE: ReadonlySet<string> = new Set(['stop', 'start']);

/** The language that a message is most likely written in, where it tells one. */
export function languageOf(text: string): string | undefined {
  const [only, ...others] = plainWords(text);
  if (only === undefined || (others.length === 0 && OF_NO_LANGUAGE.has(only))) {
    return undefined;
  }
  return keywordIn(text)?.language ?? likelyLanguage(text, trained);
}

/** What came before a sentence moves it by less than this, and the model goes by it most after an offer. */
const MOST_MOVED = 4;

/** Whether a message could be read as anything but `none`, whatever came before: for asking only then what did. */
export function mayConcernOffers(text: string): boolean {
  return keywordIn(text) !== undefined || optOutSign(text, 'offer', trained) >= DOUBTFUL - MOST_MOVED;
}

/** The same by another model: to measure one on sentences that it has not learned. */
export function readOptOutBy(model: Model, text: string, before: Before): OptOutReading {
  const keyword = keywordIn(text);
  if (keyword?.says === 'resume') {
    return { kind: 'resume' };
  }
  if (keyword) {
    const isClear = keyword.says === 'stop' || before === 'offer';
    return isClear ? { kind: 'opt-out', by: 'keyword', language: keyword.language } : { kind: 'doubtful' };
  }
  const sign = optOutSign(text, before, model);
  if (sign >= CERTAIN) {
    return { kind: 'opt-out', by: 'wording', language: likelyLanguage(text, model) };
  }
  return { kind: sign >= DOUBTFUL ? 'doubtful' : 'none' };
}
