import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';

declare const phoneNumber: unique symbol;

/** A phone number in E.164: `+`, country code, number. Made only here. */
export type PhoneNumber = string & { readonly [phoneNumber]: true };

/**
 * Reads a phone number as people and shops write it. Without a country code it counts as a number of `country`.
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
