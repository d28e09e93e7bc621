/**
 * Somebody who wants to be left alone says so early or late in a message. Of a longer text only both ends are read, so that the work
 * is bounded whatever is sent.
 */
const READ_AT_EACH_END = 1200;

/** A sentence or a part of one: between full stops, commas, line ends. A question keeps its `?` as the last word. */
export type Clause = readonly string[];

/** Latin, Greek and Cyrillic accents, Arabic vowel signs, Hebrew points. The signs of other scripts are part of their letters. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0640]/g;
/** Marks that only tell how to draw: joiners, directions, emoji variants, soft hyphens. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\u034f|\u20e3|[\ufe00-\ufe0f]/g;
const WORD = /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*/gu;
const WORD_OR_EMOJI = new RegExp(`${WORD.source}|\\p{Extended_Pictographic}`, 'gu');
const ENGLISH_SHORT = /'(t|s|re|ve|ll|d|m)$/;
const BETWEEN_SENTENCES = /(?<=[.!?؟;])\s+|\n+/u;
const BETWEEN_CLAUSES = /[.!;:,\n()،؛。、！]+|\s[-–—]+\s|(?=[?؟？])/u;
/** What somebody else said, or what is printed on a mug. */
const QUOTED = /["“„«][^"“”„«»\n]{1,200}["“”»]|(?<=^|\s)'[^'\n]{1,80}'(?=$|[\s.,!?])/gu;

/** Letters that are written in two ways without another meaning. */
const SAME_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ı: 'i',
  ø: 'o',
  œ: 'oe',
  æ: 'ae',
  ł: 'l',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  ة: 'ه',
  ٱ: 'ا',
  '’': "'",
  '‘': "'",
  '`': "'",
  '´': "'",
};
const TWO_WAYS = new RegExp(`[${Object.keys(SAME_LETTERS).join('')}]`, 'gu');

/** The words of a text without case, punctuation and emoji, letters in their usual form and accents as written. */
export function accentedWords(text: string): readonly string[] {
  return bothEnds(text).normalize('NFKC').toLowerCase().replaceAll(INVISIBLE, '').match(WORD) ?? [];
}

/** The same without accents, and with what is drawn out made short: "STOOOP" is "stop". */
export function plainWords(text: string): readonly string[] {
  return fold(bothEnds(text)).match(WORD) ?? [];
}

/**
 * A text in its sentences and their clauses, plain words and emoji. Quoted words are left out, unless there is nothing else. Elisions are
 * read apart ("m'envoyez" is two words), "don't" is "dont".
 */
export function readSentences(text: string): readonly (readonly Clause[])[] {
  const folded = fold(bothEnds(text));
  const own = folded.replaceAll(QUOTED, ' quoted ');
  const read = /[\p{L}\p{N}]/u.test(own.replaceAll(' quoted ', '')) ? own : folded;
  return read
    .split(BETWEEN_SENTENCES)
    .map(clausesIn)
    .filter((clauses) => clauses.length > 0);
}

function clausesIn(folded: string): readonly Clause[] {
  const clauses: string[][] = [];
  for (const part of folded.split(BETWEEN_CLAUSES)) {
    if (/^[?؟？]/u.test(part) && clauses.at(-1)?.at(-1) !== '?') {
      clauses.at(-1)?.push('?');
    }
    const words = (part.match(WORD_OR_EMOJI) ?? []).flatMap((word) => word.replace(ENGLISH_SHORT, '$1').split("'"));
    if (words.length > 0) {
      clauses.push(words);
    }
  }
  return clauses;
}

function bothEnds(text: string): string {
  return text.length <= 2 * READ_AT_EACH_END
    ? text
    : `${text.slice(0, READ_AT_EACH_END)}\n${text.slice(-READ_AT_EACH_END)}`;
}

/** Letters in their usual form: lower case, no accents, nothing invisible, "oooo" as "o". Punctuation stays. */
export function fold(text: string): string {
  return text
    .replaceAll(/[´`’‘]/g, "'")
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(INVISIBLE, '')
    .normalize('NFD')
    .replaceAll(ACCENTS, '')
    .normalize('NFC')
    .replaceAll(TWO_WAYS, (letter) => SAME_LETTERS[letter] ?? letter)
    .replaceAll(/(\p{L})\1{2,}/gu, '$1');
}
