import { formatPhoneNumber, type PhoneNumber, parsePhoneNumber, readShopPhone } from '../contacts/phone.ts';
import { type CommandName, type Reply, type Request, type Shop, spell } from './command.ts';
import { oneLine, shorten } from './describe-message.ts';
import type { People } from './people.ts';

/** One way to understand what follows a command: whom it names, and the words behind it. */
export interface Reading {
  /** As it can be typed again: a phone number, else `@username` or `#12`, our own number of somebody without a phone number. */
  readonly written: string;
  readonly rest: string;
}

type PhoneReading = Reading & { readonly phone: PhoneNumber };

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
export function readingsOf(words: readonly string[], country: string): PhoneReading[] {
  const pieces = Math.min(words.length, MOST_PIECES);
  const cuts = Array.from({ length: pieces }, (_, index) => pieces - index).map((length) => ({
    written: plain(words.slice(0, length).join(' ')),
    rest: words.slice(length).join(' '),
  }));
  const numbers = cuts.filter(({ written }) => writtenAsNumber.test(written));
  const read = (reader: (written: string) => PhoneNumber | undefined) =>
    numbers.flatMap(({ written, rest }) => {
      const phone = reader(written);
      return phone ? [{ phone, written: phone, rest }] : [];
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
export type Whom =
  | { readonly known: number; readonly reading: Reading }
  /** A number that nobody is known by. */
  | { readonly known: undefined; readonly reading: PhoneReading }
  | { readonly reply: Reply };

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
  const marked = await findMarked(words, people, takes);
  if (marked) {
    return marked.known === undefined
      ? { reply: { text: texts.people.whom.nobodyMarked(marked.written) } }
      : { known: marked.known, reading: marked };
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

/** Whom `@username` or `#12` names; nothing when none of these was typed. */
async function findMarked(
  [first = '', ...others]: readonly string[],
  people: People,
  takes: (rest: string) => boolean,
) {
  const [, mark, name = ''] = /^([@#])([\p{L}\p{N}._]{1,64})$/u.exec(first) ?? [];
  const rest = others.join(' ');
  if (!mark || !takes(rest) || (mark === '#' && !/^\d{1,15}$/.test(name))) {
    return undefined;
  }
  const known = await (mark === '@' ? people.findByUsername(name) : people.findById(Number(name)));
  return { known, written: first, rest };
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
