import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

declare const phoneNumber: unique symbol;

/** A phone number in E.164: `+`, country code, number. Made only here. */
export type PhoneNumber = string & { readonly [phoneNumber]: true };

/**
 * Reads a phone number as people write it in a chat. Without a country code it counts as a number of `country`.
 * Answers `undefined` for what cannot be a phone number anywhere.
 */
export function parsePhoneNumber(text: string, country?: CountryCode): PhoneNumber | undefined {
  const trimmed = text.trim().replace(/^00/, '+');
  const written = country || trimmed.startsWith('+') ? trimmed : `+${trimmed}`;
  const parsed = parsePhoneNumberFromString(written, country ? { defaultCountry: country } : {});
  return parsed?.isPossible() ? (parsed.number as string as PhoneNumber) : undefined;
}

/** A phone number as people read it: `+34 600 00 00 01`. */
export function formatPhoneNumber(phone: string): string {
  return parsePhoneNumberFromString(phone)?.formatInternational() ?? phone;
}

/**
 * Reads a phone number as shops and their customers write it in a form, and holds it to the rules of its country: what is no number
 * that could ring is `undefined` (facts/commerce §7). Never for numbers that come from WhatsApp itself: those are right as they are.
 *
 * @param country ISO code of the address, else of the shop: for numbers without a country code
 */
export function readShopPhone(text: string, country?: string): PhoneNumber | undefined {
  const written = tidy(text);
  const known = country && isSupportedCountry(country) ? { defaultCountry: country } : {};
  const readings = written.startsWith('+') ? [written] : [written, `+${written}`];
  for (const reading of readings) {
    const number = parsePhoneNumberFromString(reading, known)?.number ?? '';
    const parsed = parsePhoneNumberFromString(asDialled(number));
    if (parsed?.isValid()) {
      return parsed.number as string as PhoneNumber;
    }
  }
  return undefined;
}

/** Full-width digits and marks of writing direction go; what begins a number abroad becomes a plus. */
function tidy(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
    .replace(/^(?:whatsapp|tel):/i, '')
    .replace(/^00/, '+');
}

/** Brazil's mobile numbers have had a ninth digit for years, Mexico's none of the prefixes that they once had. */
function asDialled(number: string): string {
  return number.replace(/^\+55(\d\d)([6-9]\d{7})$/, '+55$19$2').replace(/^\+52(?:1|044|045|01)(\d{10})$/, '+52$1');
}

/**
 * What the ways of writing one and the same number have in common, for finding out that two are one person: not a number to dial.
 * WhatsApp and shops differ in digits that mobile numbers of Brazil, Mexico and Argentina have or do not have.
 */
export function matchKey(phone: string): string {
  return phone
    .replace(/^\+/, '')
    .replace(/^55(\d\d)9(\d{8})$/, '55$1$2')
    .replace(/^521(\d{10})$/, '52$1')
    .replace(/^549(\d{10})$/, '54$1');
}

/** The number as it is dialled within its country, in digits alone. */
export function nationalDigits(phone: string): string {
  return parsePhoneNumberFromString(phone)?.nationalNumber ?? phone.replace('+', '');
}

/** The numbers under which WhatsApp may know this one, the likeliest first. */
export function whatsAppCandidates(phone: PhoneNumber): readonly PhoneNumber[] {
  const others = [
    phone.replace(/^\+55(\d\d)9(\d{8})$/, '+55$1$2'),
    phone.replace(/^\+52(\d{10})$/, '+521$1'),
    phone.replace(/^\+549(\d{10})$/, '+54$1'),
    phone.replace(/^\+54(?!9)(\d{10})$/, '+549$1'),
  ];
  return [phone, ...others.filter((other) => other !== phone)] as PhoneNumber[];
}

/** Every number that is the same one for `matchKey`, the given one first: under any of them a shop may know the person. */
export function everyWriting(phone: PhoneNumber): readonly PhoneNumber[] {
  const key = matchKey(phone);
  const others = [
    `+${key}`,
    key.replace(/^55(\d\d)(\d{8})$/, '+55$19$2'),
    key.replace(/^52(\d{10})$/, '+521$1'),
    key.replace(/^54(\d{10})$/, '+549$1'),
  ];
  return [...new Set([phone, ...others.filter((other) => other.startsWith('+'))])] as PhoneNumber[];
}
