import type { Address } from '../../contacts/address.ts';
import { formatPhoneNumber } from '../../contacts/phone.ts';
import type { MessageDetails } from '../../conversations/message.ts';
import type { KnownPerson, Line, Outgoing } from './inspected-facts.ts';

/** From where and when somebody looks. */
export interface View {
  readonly timeZone: string;
  readonly now: Date;
}

/** Date and time with seconds, on the shop's clocks: `22 Nov 2026, 10:05:03`. */
export function dateTime(instant: Date, { timeZone }: View): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'medium' }).format(instant);
}

/** The time alone when it is today; else with its date. */
export function timeOf(instant: Date, view: View): string {
  const [date, time = ''] = dateTime(instant, view).split(', ');
  const [today] = dateTime(view.now, view).split(', ');
  return date === today ? time : `${time} on ${date}`;
}

/** A size as people read it: `12 kB`. */
export function sizeOf(bytes: number): string {
  const [unit, length] = bytes < 1000 ? ['byte', 1] : bytes < 1_000_000 ? ['kilobyte', 1000] : ['megabyte', 1_000_000];
  const style = { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short' } as const;
  return new Intl.NumberFormat('en-GB', { ...style, maximumFractionDigits: 1 }).format(bytes / length);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}

/** A LID looks like a phone number and is none, so it is never shown without saying so. */
export function addressInWords({ kind, value }: Pick<Address, 'kind' | 'value'>): string {
  switch (kind) {
    case 'phone':
      return formatPhoneNumber(value);
    case 'lid':
      return `LID ${value} (WhatsApp’s hidden id)`;
    case 'username':
      return `@${value}`;
  }
}

/** As staff know them. */
export function nameOf({ contact, addresses }: KnownPerson): string {
  const known = (wanted: Address['kind']) => addresses.find(({ kind }) => kind === wanted);
  const best = known('phone') ?? known('username');
  return contact.name ?? (best ? addressInWords(best) : `Contact ${contact.id}`);
}

const kinds: Readonly<Record<MessageDetails['kind'], string>> = {
  text: 'text',
  image: 'picture',
  video: 'video',
  audio: 'sound',
  voice: 'voice note',
  document: 'document',
  sticker: 'sticker',
  album: 'album',
  location: 'place',
  contacts: 'contact card',
  poll: 'poll',
  vote: 'vote',
  choice: 'tap on a choice',
  reaction: 'reaction',
  edit: 'change of earlier words',
  delete: 'deletion of a message',
  order: 'order from the catalogue',
  product: 'question about a product',
  call: 'call',
  unreadable: 'message that could not be read',
  other: 'message of a kind that this version does not know',
};

/** What kind of message it is, with its article: `a voice note`, `an album`. */
export function kindOf({ kind }: Pick<Line, 'kind'>): string {
  const word = (kinds as Readonly<Record<string, string>>)[kind] ?? kind;
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** How far an outgoing message came. */
export const states: Readonly<Record<Outgoing['state'], string>> = {
  queued: 'waiting to be sent',
  sending: 'being sent',
  sent: 'written to the connection and not confirmed',
  accepted: 'taken by WhatsApp',
  delivered: 'on the other phone',
  read: 'read',
  failed: 'failed',
  dropped: 'dropped',
  unknown: 'in doubt: nobody knows whether it arrived',
};

const LONGEST_QUOTE = 60;

/** Somebody's words, short, in quotation marks. */
export function quote(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').replaceAll('“', '‘').replaceAll('”', '’').trim();
  const characters = [...plain];
  const short = characters.length > LONGEST_QUOTE ? [...characters.slice(0, LONGEST_QUOTE - 1), '…'] : characters;
  return `“${short.join('')}”`;
}

/** A line by its words, or by what it is. */
export function summaryOf(line: Pick<Line, 'kind' | 'text' | 'editedText'>): string {
  const words = line.editedText ?? line.text;
  return words ? quote(words) : kindOf(line);
}

/** Who wrote a line. */
export function authorOf({ author }: Pick<Line, 'author'>, person: KnownPerson): string {
  switch (author) {
    case 'contact':
      return nameOf(person);
    case 'bot':
      return 'the bot';
    case 'shop-phone':
      return 'somebody on the shop’s own phone';
  }
}

/** The first letter as it begins a sentence. */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
