/** What a text may name a person by. */
export interface Naming {
  /** Digits as they are dialled within the country. */
  readonly numbers: readonly string[];
  readonly words: readonly string[];
  /** Our own numbers, which staff write as `#12`. */
  readonly ids: readonly number[];
}

/** Shorter ones are too often something else. */
const SHORTEST_NUMBER = 5;
const SHORTEST_WORD = 3;

/** Whether a text names the person: by number, however it is written, or by a name or an email address, as words of their own. */
export function mentions(text: string, { numbers, words, ids }: Naming): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const said = ` ${plain(text)} `;
  return (
    ids.some((id) => new RegExp(`#${id}(?!\\d)`).test(text)) ||
    numbers.some((number) => number.length >= SHORTEST_NUMBER && digits.includes(number)) ||
    words.map(plain).some((word) => word.length >= SHORTEST_WORD && said.includes(` ${word} `))
  );
}

/** Letters and digits in small, with one space between words. */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
