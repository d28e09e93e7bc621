import { type CustomerTexts, en } from './customers/en.ts';
import { es } from './customers/es.ts';
import { fr } from './customers/fr.ts';
import { pt } from './customers/pt.ts';

/** The languages in which the bot talks to customers. A language without a file does not compile. */
const inEveryLanguage = { en, es, pt, fr } as const;

export type CustomerLanguage = keyof typeof inEveryLanguage;

export function customerTextsIn(language: CustomerLanguage): CustomerTexts {
  return inEveryLanguage[language];
}

/** The first of several languages that the bot talks to customers in; locales such as `pt-BR` count as their language. English else. */
export function customerLanguage(...wishes: readonly (string | undefined)[]): CustomerLanguage {
  const wanted = wishes.map((wish) => wish?.slice(0, 2).toLowerCase());
  return (
    wanted.find((wish): wish is CustomerLanguage => wish !== undefined && Object.hasOwn(inEveryLanguage, wish)) ?? 'en'
  );
}
