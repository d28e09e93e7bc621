import type { MessageDetails } from '../conversations/message.ts';
import { formatMoney } from '../lib/money.ts';
import type { Texts } from '../texts/en.ts';

/** One message in one line: its words, or what it is. `about`: the words of the message that it is about. */
export function describeMessage(
  details: MessageDetails,
  text: string | undefined,
  texts: Texts,
  about?: string,
): string {
  const { kinds } = texts.people;
  const words = text === undefined ? '' : oneLine(text);
  const kind = kindInWords(details, texts, about);
  if (kind === undefined) {
    return words;
  }
  return words && saysWords(details) ? kinds.withWords(kind, words) : kind;
}

/** Of the others the words say what the kind says already. */
function saysWords({ kind }: MessageDetails): boolean {
  return ['image', 'video', 'document', 'location', 'edit', 'delete', 'order', 'product'].includes(kind);
}

/** Nothing for what is only its words. */
function kindInWords(details: MessageDetails, texts: Texts, about: string | undefined): string | undefined {
  const { kinds } = texts.people;
  switch (details.kind) {
    case 'text':
    case 'choice':
      return undefined;
    case 'voice':
      return kinds.voice(lengthOf(details.seconds));
    case 'document':
      return kinds.document(details.name && oneLine(details.name));
    case 'album':
      return kinds.album(details.images + details.videos);
    case 'location':
      return kinds.location(details.live);
    case 'contacts':
      return kinds.contacts(details.people.map(({ name }) => oneLine(name)).join(', '));
    case 'poll':
      return kinds.poll(oneLine(details.question));
    case 'vote':
      return kinds.vote(details.options?.join(', '));
    case 'reaction':
      return kinds.reaction(details.emoji, about && shorten(oneLine(about), LONGEST_ABOUT));
    case 'order': {
      const { items, total, currency } = details;
      return kinds.order(items, total === undefined ? undefined : formatMoney(`${total}`, currency, texts.locale));
    }
    case 'call':
      return kinds.call(details.video, details.outcome);
    case 'unreadable':
      return kinds.unreadable(details.because);
    default:
      return kinds[details.kind]();
  }
}

const LONGEST_ABOUT = 40;

function lengthOf(seconds: number | undefined): string | undefined {
  return seconds ? `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}` : undefined;
}

export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

/** By characters, not by their halves. */
export function shorten(text: string, longest: number): string {
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}
