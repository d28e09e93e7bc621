import { plainWords } from './opt-out-normalise.ts';

/** Yes and no as people type them in the languages of customers; other words leave the question open. */
const yes = ['1', 'yes', 'y', 'yeah', 'yep', 'si', 's', 'claro', 'sim', 'oui', 'ok', 'okay', 'vale', 'ja', '👍'];
const no = ['2', 'no', 'n', 'nope', 'nao', 'non', 'nein', 'nee', '👎'];

/** What somebody answers to the question whether offers should end; `undefined` when it is no answer to it. */
export function readOptOutAnswer(text: string): 'yes' | 'no' | undefined {
  const words = plainWords(text);
  const [first = text.trim()] = words;
  if (words.length > MOST_WORDS) {
    return undefined;
  }
  if (yes.includes(first)) {
    return 'yes';
  }
  return no.includes(first) ? 'no' : undefined;
}

/** "No, quiero seguir recibiéndolas" is an answer; a longer message is about something else. */
const MOST_WORDS = 6;
