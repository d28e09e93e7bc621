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
  const surest = surestIn(text);
  if (surest.sure === 0) {
    return { kind: 'none' };
  }
  const meant = surest.sure === SURE.leaning && isPlayful(text) ? SURE.unclear : surest.sure;
  return verdict(meant, before, 'wording', surest.language);
}

/** A clause is read in the languages that know the most of its words, and in those that know nearly as many. */
const NEARLY = 0.6;

function surestIn(text: string): { readonly language: string; readonly sure: Sureness | 0 } {
  const clauses = readClauses(text).map((clause) => {
    const heard = grammars.map((grammar) => grammar.listen(clause));
    return { heard, most: Math.max(...heard.map(({ known }) => known)) };
  });
  const ofOthers = clauses.some(({ heard }) => heard.some((one) => one.ofOthers));
  const readings = grammars.map(({ language, read }, at) => {
    const message = clauses.flatMap(({ heard, most }) =>
      heard.slice(at, at + 1).filter(({ known }) => known >= NEARLY * most),
    );
    return { language, sure: read(message, ofOthers) ?? (0 as const) };
  });
  const surest = readings.reduce((best, reading) => (reading.sure > best.sure ? reading : best));
  return surest.sure === 0 && !ofOthers ? (keywordAmong(text) ?? surest) : surest;
}

/** "Unsubscribe please, I shop elsewhere": a keyword is only leaning when more is said. */
function keywordAmong(text: string): { readonly language: string; readonly sure: Sureness } | undefined {
  const clauses = readClauses(text).filter((clause) => clause.at(-1) !== '?');
  const keyword = clauses.map((clause) => keywordIn(clause.join(' '))).find((found) => found?.says === 'stop');
  return keyword && { language: keyword.language, sure: SURE.leaning };
}

function verdict(sure: Sureness, before: Before, by: 'keyword' | 'wording', language: string): OptOutReading {
  const isClear = sure === SURE.clear || (sure === SURE.leaning && before === 'offer');
  return isClear ? { kind: 'opt-out', by, language } : { kind: 'doubtful' };
}
