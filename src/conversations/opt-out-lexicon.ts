import { type Clause, fold } from './opt-out-normalise.ts';
import type { Wording } from './opt-out-wording.ts';

export interface Word {
  readonly text: string;
  readonly classes: ReadonlySet<string>;
}

export interface Heard {
  readonly words: readonly Word[];
  /** How many of its words the language's tables know. */
  readonly known: number;
  /** Whether it speaks of other things than messages: an order, a parcel, a colour. */
  readonly ofOthers: boolean;
}

export interface Lexicon {
  readonly names: ReadonlySet<string>;
  /** Glued words apart, fillers left out, every word with its classes. */
  listen(clause: Clause): Heard;
}

/** Shorter words are too near to others for a slip of the finger to be told from another word. */
const TYPO_LENGTH = 7;
/** The classes in which a word with one slip is still recognised; many verbs would be taken for another form of theirs. */
const TYPO_CLASSES = ['message', 'unsubscribe', 'slip'];

/** The tables of a language made ready. */
export function lexiconOf(wording: Wording): Lexicon {
  const exact = new Map<string, Set<string>>();
  const stems: (readonly [stem: string, name: string])[] = [];
  for (const [name, words] of Object.entries(wording.words)) {
    for (const word of fold(words).split(/\s+/).filter(Boolean)) {
      if (word.endsWith('*')) stems.push([word.slice(0, -1), name]);
      else exact.set(word, (exact.get(word) ?? new Set()).add(name));
    }
  }
  const slips = [...exact].filter(
    ([word, names]) => word.length >= TYPO_LENGTH && TYPO_CLASSES.some((name) => names.has(name)),
  );

  function classesOf(text: string): ReadonlySet<string> {
    const known = new Set(exact.get(text));
    for (const [stem, name] of stems) {
      if (text.startsWith(stem)) known.add(name);
    }
    if (known.size > 0 || text.length < TYPO_LENGTH) return known;
    return slips.find(([word]) => isOneSlipAway(text, word))?.[1] ?? known;
  }

  const glued = wording.glued ?? { before: '', after: '', verbs: '' };
  const [before, after, verbs] = [glued.before, glued.after, glued.verbs].map((list) =>
    list.split(' ').filter(Boolean),
  );
  const isVerb = (text: string) => verbs?.some((name) => classesOf(text).has(name)) ?? false;
  function unglue(text: string): readonly string[] {
    if (classesOf(text).size > 0) return [text];
    const front = before?.find((part) => text.startsWith(part) && isVerb(text.slice(part.length)));
    if (front !== undefined) return [front, text.slice(front.length)];
    const back = after?.find((part) => text.endsWith(part) && isVerb(text.slice(0, -part.length)));
    return back === undefined ? [text] : [text.slice(0, -back.length), back];
  }

  const literals = new Set(shapesOf(wording).flatMap((shape) => fold(shape).split(/[ |?]+/)));
  const fillers = fold(wording.fillers)
    .split(',')
    .map((phrase) => phrase.trim().split(/\s+/));
  function listen(clause: Clause): Heard {
    const apart = clause.flatMap((text) =>
      wording.apostrophe === 'split' ? text.split("'") : text.replaceAll("'", ''),
    );
    const all = apart.flatMap((text) => wording.short?.[text]?.split(' ') ?? unglue(text));
    const words = withoutFillers(all, fillers).map((text) => ({ text, classes: classesOf(text) }));
    const known = words.filter(({ text, classes }) => classes.size > 0 || literals.has(text)).length;
    const ofOthers = words.some(({ classes }) => classes.has('other'));
    return { words, known: known + all.length - words.length, ofOthers };
  }
  return { names: new Set(Object.keys(wording.words)), listen };
}

function shapesOf({
  clear,
  leaning,
  alone,
  unclear,
  vetoes,
  shields,
  contrasts,
  supports,
}: Wording): readonly string[] {
  return [clear, leaning, alone, unclear, vetoes, shields, contrasts, supports].flat();
}

function withoutFillers(words: readonly string[], fillers: readonly (readonly string[])[]): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; ) {
    const filler = fillers.find((phrase) => phrase.every((word, offset) => words[at + offset] === word));
    if (!filler) kept.push(words[at] ?? '');
    at += filler?.length ?? 1;
  }
  return kept;
}

/** One letter more, less, other, or two neighbours changed. The first letter is right in nearly every slip. */
function isOneSlipAway(text: string, word: string): boolean {
  if (text[0] !== word[0] || Math.abs(text.length - word.length) > 1) return false;
  const same = [...word].findIndex((letter, at) => letter !== text[at]);
  const at = same < 0 ? word.length : same;
  const rest = (of: string, from: number) => of.slice(from);
  return (
    rest(text, at + 1) === rest(word, at + 1) ||
    rest(text, at) === rest(word, at + 1) ||
    rest(text, at + 1) === rest(word, at) ||
    (text[at] === word[at + 1] && text[at + 1] === word[at] && rest(text, at + 2) === rest(word, at + 2))
  );
}
