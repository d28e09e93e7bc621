import { formatPhoneNumber, type PhoneNumber, parsePhoneNumber, readShopPhone } from '../contacts/phone.ts';
import { type CommandName, type Reply, type Request, type Shop, spell } from './command.ts';
import { oneLine, shorten } from './describe-message.ts';

/** One way to understand what follows a command: somebody's phone number, and the words behind it. */
export interface Reading {
  readonly phone: PhoneNumber;
  readonly rest: string;
}

/** No number is written in more pieces. */
const MOST_PIECES = 10;
const LONGEST_QUOTE = 40;

/** What a number is written with: digits, and marks between them. */
const writtenAsNumber = /^(?:whatsapp:|tel:)?\+?[\d\s().+/\u2010-\u2015-]+$/i;

/**
 * The ways to read a phone number at the beginning of what was typed, the likeliest first: what is valid in its country before what is
 * only possible, longer before shorter.
 *
 * @param country ISO code, for numbers without a country code; empty when unknown
 */
export function readingsOf(words: readonly string[], country: string): Reading[] {
  const pieces = Math.min(words.length, MOST_PIECES);
  const cuts = Array.from({ length: pieces }, (_, index) => pieces - index).map((length) => ({
    written: plain(words.slice(0, length).join(' ')),
    rest: words.slice(length).join(' '),
  }));
  const numbers = cuts.filter(({ written }) => writtenAsNumber.test(written));
  const read = (reader: (written: string) => PhoneNumber | undefined) =>
    numbers.flatMap(({ written, rest }) => {
      const phone = reader(written);
      return phone ? [{ phone, rest }] : [];
    });
  // WhatsApp has numbers that are too new for the rules of their country.
  const possible = (written: string) => (/^(\+|00)/.test(written) ? parsePhoneNumber(written) : undefined);
  return [...read((written) => readShopPhone(written, country)), ...read(possible)];
}

/** Full-width digits, and marks that phones put around a number that is pasted. */
function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
}

/** Whom a command is about. */
export type Whom = { readonly known: number | undefined; readonly reading: Reading } | { readonly reply: Reply };

/**
 * Finds out whom a command is about. Where a number could end at several places, the one that somebody is known by counts.
 *
 * @param takes what may stand behind the number
 * @returns the reply that says what was wrong and what would be right, when it cannot be told
 */
export async function findWhom(
  command: CommandName,
  { words, rest }: Request,
  { texts, settings, people }: Shop,
  takes: (rest: string) => boolean = (behind) => behind === '',
): Promise<Whom> {
  const example = spell(command, texts, '+34 600 000 003');
  if (rest === '') {
    return { reply: { text: texts.people.whom.missing(example) } };
  }
  const readings = readingsOf(words, settings['shop.country']).filter((reading) => takes(reading.rest));
  const [first] = readings;
  if (!first) {
    const given = shorten(oneLine(rest), LONGEST_QUOTE).toWellFormed();
    return { reply: { text: texts.people.whom.noPhone(given, example) } };
  }
  for (const reading of readings) {
    const known = await people.findByPhone(reading.phone);
    if (known !== undefined) {
      return { known, reading };
    }
  }
  return { known: undefined, reading: first };
}

/** `findWhom` for a command about somebody who has to be known. */
export async function findKnown(
  command: CommandName,
  request: Request,
  shop: Shop,
  takes?: (rest: string) => boolean,
): Promise<{ readonly contactId: number; readonly reading: Reading } | { readonly reply: Reply }> {
  const whom = await findWhom(command, request, shop, takes);
  if ('reply' in whom) {
    return whom;
  }
  const { known, reading } = whom;
  return known === undefined
    ? { reply: { text: shop.texts.people.whom.nobody(formatPhoneNumber(reading.phone)) } }
    : { contactId: known, reading };
}
