import { type Clause, fold } from './opt-out-normalise.ts';

/**
 * How people of one language ask to be left alone, as tables; `opt-out-wording/` has one file a language.
 *
 * A shape is a row of elements with spaces between:
 * - `word` that word, `<class>` a word of that class, `a|<b>` one of them; a `?` at the end makes it optional;
 * - `_` loose words (`words.loose`), up to five; `..` and `....` up to three and six words of no importance: none that breaks, none
 *   that names messages, none that names other things. So the first thing named decides what a verb is about;
 * - `^` the start of the clause, `~` that or behind a word that breaks (`words.break`), `$` the end or before one that does.
 */
export interface Wording {
  readonly language: string;
  /** `join`: "don't" is read as "dont"; `split`: "m'envoyez" is read as "m envoyez". */
  readonly apostrophe: 'join' | 'split';
  /** Classes of words; `stem*` is every word that begins so. Needed: `message`, `other`, `loose`, `break`. */
  readonly words: Readonly<Record<string, string>>;
  /** Pronouns that are glued to a verb and are read apart: "escribirme" is "escribir me". */
  readonly glued?: { readonly before: string; readonly after: string; readonly verbs: string };
  /** Said without changing anything; left out before reading. Phrases have commas between. */
  readonly fillers: string;
  /** Asks that are clear whatever came before. */
  readonly clear: readonly string[];
  /** Asks that are clear after an offer and doubtful otherwise. */
  readonly leaning: readonly string[];
  /** As leaning, and only in a message that speaks of nothing else: "enough!", "please stop". */
  readonly alone: readonly string[];
  /** It may be one, whatever came before. */
  readonly unclear: readonly string[];
  /** What makes a leaning ask clear, wherever it stands in the message: "wrong number", "passed away". */
  readonly supports: readonly string[];
  /** What takes an ask away when it shares a word with it: "do not stop sending". */
  readonly vetoes: readonly string[];
  /** What takes an ask away when it stands before it in the same clause: "why did you", "he said". */
  readonly shields: readonly string[];
  /** What leaves nothing but the clear asks of a message, wherever it stands: "write to me here". */
  readonly contrasts: readonly string[];
}

/** How surely something was asked; the higher the surer. */
export const SURE = { unclear: 1, leaning: 2, clear: 3 } as const;
export type Sureness = (typeof SURE)[keyof typeof SURE];

export interface Grammar {
  readonly language: string;
  /** A clause as this language sees it. */
  listen(clause: Clause): Heard;
  /** The surest ask to be left alone in a message, if there is one; `ofOthers` when it speaks of other things too. */
  read(message: readonly Heard[], ofOthers: boolean): Sureness | undefined;
}

export interface Heard {
  readonly words: readonly Word[];
  /** How many of its words the language's tables know. */
  readonly known: number;
  /** Whether it speaks of other things than messages: an order, a parcel, a colour. */
  readonly ofOthers: boolean;
}

/** A language's tables made ready. Throws when a shape names a class that the tables lack. */
export function grammarOf(wording: Wording): Grammar {
  const lexicon = lexiconOf(wording);
  const compile = (shapes: readonly string[]) => shapes.map((shape) => compileShape(shape, lexicon));
  const asks = [
    ...compile(wording.clear).map((shape) => ({ shape, sure: SURE.clear, alone: false })),
    ...compile(wording.leaning).map((shape) => ({ shape, sure: SURE.leaning, alone: false })),
    ...compile(wording.alone).map((shape) => ({ shape, sure: SURE.leaning, alone: true })),
    ...compile(wording.unclear).map((shape) => ({ shape, sure: SURE.unclear, alone: false })),
  ];
  const vetoes = compile(wording.vetoes);
  const shields = compile(wording.shields);
  const contrasts = compile(wording.contrasts);
  const supports = compile(wording.supports);

  function read(message: readonly Heard[], ofOthers: boolean): Sureness | undefined {
    const has = (shapes: readonly Shape[]) => message.some(({ words }) => shapes.some((shape) => spansOf(shape, words).length > 0));
    const found = message.flatMap(({ words }) => {
      const asked = asks
        .filter(({ alone }) => !(alone && ofOthers))
        .map(({ shape, sure }) => ({ sure, spans: spansOf(shape, words) }))
        .filter(({ spans }) => spans.length > 0);
      const taken = asked.length > 0 ? takenAway(words) : [];
      return asked
        .filter(({ spans }) => spans.some((span) => !taken.some((veto) => overlap(veto, span))))
        .map(({ sure }) => sure);
    });
    const surest = Math.max(0, ...found);
    if (surest === SURE.clear || surest === 0) return surest || undefined;
    if (has(contrasts)) return undefined;
    return surest === SURE.leaning && has(supports) ? SURE.clear : (surest as Sureness);
  }

  function takenAway(words: readonly Word[]): readonly Span[] {
    const spans = (shapes: readonly Shape[]) => shapes.flatMap((shape) => spansOf(shape, words));
    return [...spans(vetoes), ...spans(shields).map(reach)];
  }

  return { language: wording.language, listen: (clause) => lexicon.listen(clause), read };
}

interface Word {
  readonly text: string;
  readonly classes: ReadonlySet<string>;
}

/** From the first word to behind the last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A shield covers what begins within so many words behind it. */
const SHIELDED_WORDS = 6;

function reach(shield: Span): Span {
  return { from: shield.from, to: shield.to + SHIELDED_WORDS };
}

function overlap(one: Span, other: Span): boolean {
  return one.from < other.to && other.from < one.to;
}

// ---- Words ----

interface Lexicon {
  readonly names: ReadonlySet<string>;
  /** Glued words apart, fillers left out, every word with its classes. */
  listen(clause: Clause): Heard;
}

/** Shorter words are too near to others for a slip of the finger to be told from another word. */
const TYPO_LENGTH = 7;
/** The classes in which a word with one slip is still recognised; many verbs would be taken for another form of theirs. */
const TYPO_CLASSES = ['message', 'unsubscribe', 'slip'];

function lexiconOf(wording: Wording): Lexicon {
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
  const [before, after, verbs] = [glued.before, glued.after, glued.verbs].map((list) => list.split(' ').filter(Boolean));
  const isVerb = (text: string) => verbs?.some((name) => classesOf(text).has(name)) ?? false;
  function unglue(text: string): readonly string[] {
    if (classesOf(text).size > 0) return [text];
    const front = before?.find((part) => text.startsWith(part) && isVerb(text.slice(part.length)));
    if (front !== undefined) return [front, text.slice(front.length)];
    const back = after?.find((part) => text.endsWith(part) && isVerb(text.slice(0, -part.length)));
    return back === undefined ? [text] : [text.slice(0, -back.length), back];
  }

  const literals = new Set(shapesOf(wording).flatMap((shape) => fold(shape).split(/[ |?]+/)));
  const fillers = fold(wording.fillers).split(',').map((phrase) => phrase.trim().split(/\s+/));
  function listen(clause: Clause): Heard {
    const apart = clause.flatMap((text) => (wording.apostrophe === 'split' ? text.split("'") : text.replaceAll("'", '')));
    const all = apart.flatMap(unglue);
    const words = withoutFillers(all, fillers).map((text) => ({ text, classes: classesOf(text) }));
    const known = words.filter(({ text, classes }) => classes.size > 0 || literals.has(text)).length;
    const ofOthers = words.some(({ classes }) => classes.has('other'));
    return { words, known: known + all.length - words.length, ofOthers };
  }
  return { names: new Set(Object.keys(wording.words)), listen };
}

function shapesOf({ clear, leaning, alone, unclear, vetoes, shields, contrasts, supports }: Wording): readonly string[] {
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

// ---- Shapes ----

type Element =
  | { readonly kind: 'word'; readonly optional: boolean; fits(word: Word): boolean }
  | { readonly kind: 'gap'; readonly most: number; fits(word: Word): boolean }
  | { readonly kind: 'start' | 'opening' | 'end' };

type Shape = readonly Element[];

const LOOSE_WORDS = 5;
const isLoose = (word: Word) => word.classes.has('loose');
const isUnimportant = ({ classes, text }: Word) =>
  text !== '?' && !(classes.has('break') || classes.has('message') || classes.has('other'));

const marks: Readonly<Record<string, Element>> = {
  '^': { kind: 'start' },
  '~': { kind: 'opening' },
  $: { kind: 'end' },
  _: { kind: 'gap', most: LOOSE_WORDS, fits: isLoose },
  '..': { kind: 'gap', most: 3, fits: isUnimportant },
  '....': { kind: 'gap', most: 6, fits: isUnimportant },
};

function compileShape(shape: string, lexicon: Lexicon): Shape {
  return shape.split(' ').map((element) => marks[element] ?? compileWord(element, lexicon, shape));
}

function compileWord(element: string, lexicon: Lexicon, shape: string): Element {
  const optional = element.endsWith('?') && element !== '?';
  const choices = (optional ? element.slice(0, -1) : element).split('|');
  const classes = choices.filter((choice) => choice.startsWith('<')).map((choice) => choice.slice(1, -1));
  const unknown = classes.find((name) => !lexicon.names.has(name));
  if (unknown !== undefined) {
    throw new Error(`There is no class <${unknown}> for "${shape}"`);
  }
  const literals = new Set(choices.filter((choice) => !choice.startsWith('<')).map(fold));
  const fits = (word: Word) => literals.has(word.text) || classes.some((name) => word.classes.has(name));
  return { kind: 'word', optional, fits };
}

/** Where the shape stands among the words. */
function spansOf(shape: Shape, words: readonly Word[]): readonly Span[] {
  const [first] = shape;
  const spans: Span[] = [];
  for (const [from, word] of words.entries()) {
    if (first?.kind === 'start' && from > 0) break;
    if (first?.kind === 'word' && !first.optional && !first.fits(word)) continue;
    const to = endOf(shape, words, from);
    if (to !== undefined) spans.push({ from, to });
  }
  return spans;
}

/** Follows all ways through the shape at once, so that the work grows with the words and never with the ways. */
function endOf(shape: Shape, words: readonly Word[], from: number): number | undefined {
  let places: ReadonlySet<number> = new Set([from]);
  for (const element of shape) {
    places = new Set([...places].flatMap((at) => after(element, words, at)));
    if (places.size === 0) return undefined;
  }
  return Math.max(...places);
}

function after(element: Element, words: readonly Word[], at: number): readonly number[] {
  const word = words[at];
  switch (element.kind) {
    case 'start':
      return at === 0 ? [at] : [];
    case 'opening':
      return at === 0 || words[at - 1]?.classes.has('break') ? [at] : [];
    case 'end':
      return !word || word.text === '?' || word.classes.has('break') ? [at] : [];
    case 'word': {
      const taken = word && element.fits(word) ? [at + 1] : [];
      return element.optional ? [at, ...taken] : taken;
    }
    case 'gap': {
      const fitting = words.slice(at, at + element.most).findIndex((each) => !element.fits(each));
      const most = fitting < 0 ? Math.min(element.most, words.length - at) : fitting;
      return Array.from({ length: most + 1 }, (_, step) => at + step);
    }
  }
}
