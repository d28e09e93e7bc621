import type { Language } from '../settings/registry.ts';
import { en, type Texts } from './en.ts';
import { es } from './es.ts';

/** Everything that the bot says, by language. A language without a file does not compile. */
const inEveryLanguage: Readonly<Record<Language, Texts>> = { en, es };

export function textsIn(language: Language): Texts {
  return inEveryLanguage[language];
}
