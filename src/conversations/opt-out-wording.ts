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
  /** Words that people write short, in full. */
  readonly short?: Readonly<Record<string, string>>;
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
