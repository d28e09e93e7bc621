/** A message's text as WhatsApp draws it: *bold*, _italic_, ~struck~, `code` and ```blocks```, and what can be followed. */
export type Word =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'struck'; readonly words: readonly Word[] }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

const marks: Readonly<Record<string, 'bold' | 'italic' | 'struck'>> = { '*': 'bold', _: 'italic', '~': 'struck' };

/**
 * Whatever comes first wins, so that the signs within a link or a block of code mean nothing. A mark stands at the edge of a word, has no
 * space inside it, and ends in the line it began in.
 */
const special = new RegExp(
  [
    '```(?<block>[^]+?)```',
    '`(?<code>[^`\\n]+)`',
    '(?<![\\p{L}\\p{N}])(?<link>(?:https?://|www\\.)[^\\s<>`]+)',
    '(?<mail>[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+)',
    '(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?=\\S)(?<marked>[^\\n]*?\\S)\\k<mark>(?![\\p{L}\\p{N}])',
  ].join('|'),
  'gu',
);

/** What ends a sentence around a link rather than the link. */
const trailing = /[.,:;!?*_~'"’”)\]]+$/u;

export function readWords(text: string): readonly Word[] {
  const words: Word[] = [];
  let done = 0;
  for (const match of text.matchAll(special)) {
    const { word, length } = readSpecial(match[0], match.groups ?? {});
    words.push(...plain(text.slice(done, match.index)), word);
    done = match.index + length;
  }
  return [...words, ...plain(text.slice(done))];
}

/** A text without its formatting, for where there is room for one line only. */
export function plainText(text: string): string {
  return spell(readWords(text)).replace(/\s+/g, ' ').trim();
}

function spell(words: readonly Word[]): string {
  return words.map((word) => ('words' in word ? spell(word.words) : word.text)).join('');
}

/** A screen full of words: more than that is folded, so that its beginning is seen. */
const LONG = 700;
const MANY_LINES = 20;

export function isLong(text: string): boolean {
  return text.length > LONG || text.split('\n').length > MANY_LINES;
}

/** Whether a message is nothing but one to three emoji, which are drawn large. */
export function isOnlyEmoji(text: string): boolean {
  const signs = [...graphemes.segment(text.trim())].map(({ segment }) => segment);
  return signs.length > 0 && signs.length <= 3 && signs.every((sign) => emoji.test(sign));
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Digits are emoji to Unicode too, unless one asks for pictures. */
const emoji = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u;

interface Special {
  readonly word: Word;
  /** How much of the text it is. */
  readonly length: number;
}

function readSpecial(whole: string, groups: Readonly<Record<string, string | undefined>>): Special {
  const { block, code, link, mail, mark, marked } = groups;
  if (link) {
    const text = link.replace(trailing, '');
    const href = text.startsWith('www.') ? `https://${text}` : text;
    return { word: { kind: 'link', text, href }, length: text.length };
  }
  if (mail) {
    return { word: { kind: 'link', text: mail, href: `mailto:${mail}` }, length: whole.length };
  }
  const kind = marks[mark ?? ''];
  const word: Word =
    kind && marked ? { kind, words: readWords(marked) } : { kind: 'code', text: (block ?? code ?? whole).trim() };
  return { word, length: whole.length };
}

function plain(text: string): readonly Word[] {
  return text ? [{ kind: 'text', text }] : [];
}
