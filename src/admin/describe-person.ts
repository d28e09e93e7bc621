import type { Consent, ConsentRecord } from '../contacts/consent.ts';
import { formatPhoneNumber } from '../contacts/phone.ts';
import { callOf, type Profile } from '../contacts/profile.ts';
import { formatMoney } from '../lib/money.ts';
import { formatLocalDate, formatLocalTime } from '../lib/time.ts';
import type { Settings } from '../settings/registry.ts';
import { type Customer, type CustomerOrder, type OpenCart, stateOf } from '../shop/customer.ts';
import type { Segment } from '../shop/segments.ts';
import type { Texts } from '../texts/en.ts';
import { describeMessage, oneLine, shorten } from './describe-message.ts';
import type { PersonFacts } from './people.ts';

/** In which language and on which clocks something is told. */
export interface Manner {
  readonly texts: Texts;
  readonly settings: Settings;
}

const LONGEST_LAST = 60;
const LONGEST_NAME = 60;
const SHOWN_ITEMS = 4;

/** Who somebody is, in a few words: `Ana, +34 600 00 00 03`. */
export function nameAndPhone(profile: Profile, texts: Texts): string {
  const [phone] = profile.phones;
  const address = phone ? formatPhoneNumber(phone) : texts.people.phoneUnknown(handleOf(profile));
  return [calledName(profile), address].filter(Boolean).join(', ');
}

/** What commands know somebody by. */
export function handleOf({ phones: [phone], usernames: [username], contactId }: Profile): string {
  return phone ?? (username ? `@${username}` : `#${contactId}`);
}

function calledName(profile: Profile): string | undefined {
  const name = callOf(profile);
  return name && shorten(oneLine(name), LONGEST_NAME);
}

/** Everything that the shop should know of a person, on one screen. */
export function describePerson(
  { profile, consent, customer, segments, writings }: PersonFacts,
  manner: Manner,
): string {
  const { texts, settings } = manner;
  const words = texts.people.contact;
  const { last } = writings;
  const lines = [
    `*${nameAndPhone(profile, texts)}*`,
    ...otherPhones(profile),
    ...(profile.role ? [words.staff(texts.people.roles[profile.role])] : []),
    words.knownSince(formatLocalDate(profile.knownSince, settings['shop.timezone'], texts.locale)),
    last
      ? words.hasWritten(
          writings.count,
          timeOf(last.at, manner),
          shorten(describeMessage(last.details, last.text, texts), LONGEST_LAST),
        )
      : words.hasNotWritten,
    ...shopLine(profile, texts),
    describeConsent(consent, manner),
    ...segments.flatMap((segment) => segmentLine(segment, manner)),
    ...orderLines(customer, manner),
    ...cartLines(customer.cart, manner),
  ];
  return lines.join('\n');
}

function otherPhones({ phones, usernames }: Profile): string[] {
  const others = [...phones.slice(1).map(formatPhoneNumber), ...usernames.map((name) => `@${name}`)];
  return phones.length > 0 && others.length > 0 ? [others.join(', ')] : [];
}

function shopLine({ firstName, lastName, email, country, locale }: Profile, texts: Texts): string[] {
  const known = [
    [firstName, lastName].filter(Boolean).join(' '),
    email,
    country && nameOfCode(country, 'region', texts.locale),
    locale && nameOfCode(locale, 'language', texts.locale),
  ].filter((part): part is string => Boolean(part));
  return known.length > 0 ? [texts.people.contact.atTheShop(known.map((part) => shorten(oneLine(part), 80)))] : [];
}

/** What shops tell is not always a code that exists. */
function nameOfCode(code: string, type: 'region' | 'language', locale: string): string {
  try {
    const name = new Intl.DisplayNames([locale], { type }).of(type === 'region' ? code.toUpperCase() : code);
    return name ?? code;
  } catch {
    return code;
  }
}

/** What holds about offers, who said so, and what proves it. */
export function describeConsent({ state, because }: Consent, manner: Manner): string {
  const words = manner.texts.people.consent;
  return because ? words[state](whoSaid(because, manner.texts), timeOf(because.at, manner)) : words.nobody;
}

function whoSaid({ source, wording, proof }: ConsentRecord, texts: Texts): string {
  const words = texts.people.consent;
  const said = wording && shorten(oneLine(wording), LONGEST_LAST);
  switch (source) {
    case 'chat':
      return words.inTheChat(said);
    case 'staff':
      return words.byStaff(proof && shorten(oneLine(proof), 2 * LONGEST_LAST));
    case 'forgotten':
      return words.forgotten;
    case 'joined':
      return words.joined;
    default:
      return words.atTheShop(oneLine(source), said);
  }
}

/** Consent has a line of its own. */
function segmentLine(segment: Segment, manner: Manner): string[] {
  const words = manner.texts.people.segments;
  switch (segment.kind) {
    case 'private':
      return [words.private(timeOf(segment.since, manner))];
    case 'capped':
      return [words.capped(timeOf(segment.until, manner))];
    case 'bought-lately':
      return [words['bought-lately'](timeOf(segment.at, manner))];
    case 'withdrawn':
    case 'consented':
      return [];
  }
}

function orderLines({ orders, earlier }: Customer, manner: Manner): string[] {
  const words = manner.texts.people.contact;
  const count = orders.length + earlier.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) {
    return [words.noOrders];
  }
  return [
    words.orders(count),
    ...orders.map((order) => orderLine(order, manner)),
    ...earlier.map((one) => words.earlier(one.count, formatMoney(one.total, one.currency, manner.texts.locale))),
  ];
}

function orderLine(order: CustomerOrder, manner: Manner): string {
  const words = manner.texts.people.contact;
  const { total, currency, createdAt } = order;
  const amount = total === undefined ? words.noTotal : formatMoney(total, currency, manner.texts.locale);
  return words.order(order.number, amount, dateOf(createdAt, manner), orderState(order, manner));
}

function orderState(order: CustomerOrder, manner: Manner): string {
  const words = manner.texts.people.orderStates;
  const state = stateOf(order, manner.settings['post-purchase.completed-when']);
  const told = 'at' in state ? words[state.kind](dateOf(state.at, manner)) : words[state.kind]();
  const isPartly = Number(order.refunded) > 0 && state.kind !== 'refunded';
  return isPartly ? words.partlyRefunded(told, formatMoney(order.refunded, order.currency, manner.texts.locale)) : told;
}

function cartLines(cart: OpenCart | undefined, manner: Manner): string[] {
  const words = manner.texts.people.contact;
  if (!cart) {
    return [words.noCart];
  }
  const { items, total, currency, lastAddedAt, checkoutAt } = cart;
  const hidden = items.length - SHOWN_ITEMS;
  return [
    words.cart(total === undefined ? words.noTotal : formatMoney(total, currency, manner.texts.locale)),
    ...items
      .slice(0, SHOWN_ITEMS)
      .map(({ quantity, name }) => words.item(quantity, shorten(oneLine(name), LONGEST_NAME))),
    ...(hidden > 0 ? [words.moreItems(hidden)] : []),
    `${words.lastAdded(timeOf(lastAddedAt, manner))} ${checkoutAt ? words.checkout(timeOf(checkoutAt, manner)) : words.noCheckout}`,
  ];
}

function timeOf(instant: Date, { texts, settings }: Manner): string {
  return formatLocalTime(instant, settings['shop.timezone'], texts.locale);
}

function dateOf(instant: Date, { texts, settings }: Manner): string {
  return formatLocalDate(instant, settings['shop.timezone'], texts.locale);
}
