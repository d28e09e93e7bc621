import { grammarOf, SURE, type Sureness } from './opt-out-grammar.ts';
import { keywordIn } from './opt-out-keywords.ts';
import { isPlayful, readClauses } from './opt-out-normalise.ts';
import { arabic } from './opt-out-wording/ar.ts';
import { german } from './opt-out-wording/de.ts';
import { english } from './opt-out-wording/en.ts';
import { spanish } from './opt-out-wording/es.ts';
import { french } from './opt-out-wording/fr.ts';
import { italian } from './opt-out-wording/it.ts';
import { dutch } from './opt-out-wording/nl.ts';
import { portuguese } from './opt-out-wording/pt.ts';

/** What came last in the chat before the message. */
export type Before = 'offer' | 'service' | 'nothing';

export type OptOutReading =
  | { readonly kind: 'opt-out'; readonly by: 'keyword' | 'wording'; readonly language: string }
  /** It may be one: one short question is asked, and nothing proactive goes out until it is answered. */
  | { readonly kind: 'doubtful' }
  /** The wish to hear from the shop again: START and its like, as a whole message. */
  | { readonly kind: 'resume' }
  | { readonly kind: 'none' };

const grammars = [english, spanish, portuguese, french, german, italian, dutch, arabic].map(grammarOf);

/**
 * Whether a message asks for no more offers. First as one keyword, in about twenty-five languages; then as a sentence among others, by
 * the rules of eight. A wording that can mean something else counts after an offer, and is doubtful otherwise.
 */
export function readOptOut(text: string, before: Before): OptOutReading {
  const keyword = keywordIn(text);
  if (keyword?.says === 'resume') {
    return { kind: 'resume' };
  }
  if (keyword) {
    return verdict(keyword.says === 'stop' ? SURE.clear : SURE.leaning, before, 'keyword', keyword.language);
  }
  const clauses = readClauses(text);
  const ofOthers = grammars.some(({ speaksOfOthers }) => speaksOfOthers(clauses));
  const readings = grammars.map(({ language, read }) => ({ language, sure: read(clauses, ofOthers) ?? 0 }));
  const surest = readings.reduce((best, reading) => (reading.sure > best.sure ? reading : best));
  if (surest.sure === 0) {
    return { kind: 'none' };
  }
  const meant = surest.sure === SURE.leaning && isPlayful(text) ? SURE.unclear : surest.sure;
  return verdict(meant, before, 'wording', surest.language);
}

function verdict(sure: Sureness, before: Before, by: 'keyword' | 'wording', language: string): OptOutReading {
  const isClear = sure === SURE.clear || (sure === SURE.leaning && before === 'offer');
  return isClear ? { kind: 'opt-out', by, language } : { kind: 'doubtful' };
}
