import { getContentType, normalizeMessageContent, type proto } from '@whiskeysockets/baileys';
import { formatPhoneNumber } from '../../contacts/phone.ts';
import { readContactCard } from '../../whatsapp/contact-card.ts';
import type { ChatMessage } from '../chat-list.ts';
import type { Choice } from '../choices.ts';
import { fileOf } from '../media-crypto.ts';
import type { Phone } from '../phone.ts';
import { pollOf } from '../poll-vote.ts';
import type {
  Bubble,
  BubbleContent,
  ChatState,
  Part,
  PhoneState,
  Quoted,
  Reaction,
  ShownChoice,
} from './page-state.ts';

/** WhatsApp counts prices in thousandths of the currency's unit. */
const THOUSAND = 1000;

/** Enough to scroll through; a simulated month of a busy shop would be too much to send at every tick. */
const BUBBLES_SHOWN = 200;

/** What a phone shows, read from its chats as they are now. */
export function readScreen(phone: Phone, part: Part, everybody: readonly Phone[]): PhoneState {
  const nameOf = (number: string) => everybody.find((one) => one.number === number)?.name ?? `+${number}`;
  return {
    number: phone.number,
    writtenNumber: formatPhoneNumber(`+${phone.number}`),
    name: phone.name,
    part,
    power: phone.isOn ? 'on' : 'off',
    linkedDevices: phone.linkedDevices,
    chats: phone.chats.chats
      .map((number) => readChat(phone, number, nameOf))
      .toSorted((one, other) => lastTime(other).localeCompare(lastTime(one))),
  };
}

type NameOf = (number: string) => string;

function lastTime({ bubbles }: ChatState): string {
  return bubbles.at(-1)?.time ?? '';
}

function readChat(phone: Phone, other: string, nameOf: NameOf): ChatState {
  const messages = phone.chats.with(other);
  const typing = phone.typingOf(other);
  return {
    with: other,
    name: nameOf(other),
    unread: messages.filter(({ from, ticks }) => from !== phone.number && ticks !== 'read').length,
    typing,
    bubbles: messages.slice(-BUBBLES_SHOWN).map((message) => readBubble(phone, message, nameOf)),
  };
}

function readBubble(phone: Phone, message: ChatMessage, nameOf: NameOf): Bubble {
  const { id, from, time, ticks, byDevice, text, edited, deleted, quotes, reactions, choices } = message;
  const content = normalizeMessageContent(message.content) ?? message.content;
  const quoted = quotes === undefined ? undefined : phone.chats.find(quotes);
  const interactive = content.interactiveMessage;
  return {
    id,
    mine: from === phone.number,
    byBot: byDevice,
    author: nameOf(from),
    time: time.toISOString(),
    ticks,
    content: deleted ? { kind: 'text' } : readContent(phone, message, content, nameOf),
    text,
    title: deleted ? undefined : interactive?.header?.title || content.listMessage?.title || undefined,
    footer: deleted ? undefined : interactive?.footer?.text || content.listMessage?.footerText || undefined,
    edited,
    deleted,
    viewOnce: Boolean(message.content.viewOnceMessage ?? message.content.viewOnceMessageV2),
    forwarded: isForwarded(content),
    quoted: quoted && readQuoted(phone, quoted, nameOf),
    reactions: readReactions(phone, reactions, nameOf),
    choices: deleted ? [] : choices.map(readChoice),
  };
}

function isForwarded(content: proto.IMessage): boolean {
  const kind = getContentType(content);
  const part = kind && (content[kind] as { readonly contextInfo?: proto.IContextInfo | null } | null | undefined);
  return Boolean(part && typeof part === 'object' && part.contextInfo?.isForwarded);
}

function readQuoted(phone: Phone, { id, from, text, deleted, content }: ChatMessage, nameOf: NameOf): Quoted {
  const kind = kindName(normalizeMessageContent(content) ?? content);
  return {
    id,
    author: nameOf(from),
    mine: from === phone.number,
    summary: deleted ? 'Deleted message' : text || kind,
  };
}

/** What to call a message that has no words. */
function kindName(content: proto.IMessage): string {
  const names: Readonly<Record<string, string>> = {
    image: 'Photo',
    video: 'Video',
    audio: 'Sound',
    voice: 'Voice note',
    document: 'Document',
    sticker: 'Sticker',
  };
  const file = fileOf(content);
  if (file) {
    return names[file.kind] ?? 'File';
  }
  return content.locationMessage || content.liveLocationMessage ? 'Location' : 'Message';
}

function readReactions(phone: Phone, byNumber: ChatMessage['reactions'], nameOf: NameOf): readonly Reaction[] {
  const emojis = [...new Set(Object.values(byNumber))];
  return emojis.map((emoji) => {
    const numbers = Object.keys(byNumber).filter((number) => byNumber[number] === emoji);
    const mine = numbers.includes(phone.number);
    const others = numbers.filter((number) => number !== phone.number).map(nameOf);
    return { emoji, by: mine ? [phone.name, ...others] : others, mine };
  });
}

function readChoice({ label, id, url, list }: Choice): ShownChoice {
  return { label, token: id, url, list };
}

function readContent(phone: Phone, message: ChatMessage, content: proto.IMessage, nameOf: NameOf): BubbleContent {
  return (
    readFile(phone, message.id, content) ??
    readPoll(phone, message, content, nameOf) ??
    readPlace(content) ??
    readPeople(content) ??
    readTrade(content) ??
    readPlain(content)
  );
}

function readFile(phone: Phone, id: string, content: proto.IMessage): BubbleContent | undefined {
  const file = fileOf(content);
  if (!file) {
    return undefined;
  }
  const { mimetype, fileLength } = file.fields;
  const { seconds } = content.audioMessage ?? content.videoMessage ?? {};
  return {
    kind: file.kind,
    file: {
      url: `/phones/${phone.number}/files/${encodeURIComponent(id)}`,
      mime: mimetype ?? 'application/octet-stream',
      bytes: Number(fileLength ?? 0),
      name: content.documentMessage?.fileName ?? undefined,
      seconds: seconds ?? undefined,
    },
  };
}

function readPoll(
  phone: Phone,
  { votes }: ChatMessage,
  content: proto.IMessage,
  nameOf: NameOf,
): BubbleContent | undefined {
  const poll = pollOf(content);
  if (!poll) {
    return undefined;
  }
  const options = poll.options.map((name) => {
    const numbers = Object.keys(votes).filter((number) => votes[number]?.includes(name));
    return { name, voters: numbers.map(nameOf), mine: numbers.includes(phone.number) };
  });
  return { kind: 'poll', question: poll.question, options, several: poll.selectable !== 1 };
}

function readPlace({ locationMessage, liveLocationMessage }: proto.IMessage): BubbleContent | undefined {
  const place = locationMessage ?? liveLocationMessage;
  return place
    ? {
        kind: 'location',
        latitude: place.degreesLatitude ?? 0,
        longitude: place.degreesLongitude ?? 0,
        live: Boolean(liveLocationMessage),
        name: locationMessage?.name ?? undefined,
        address: locationMessage?.address ?? undefined,
      }
    : undefined;
}

function readPeople({ contactMessage, contactsArrayMessage }: proto.IMessage): BubbleContent | undefined {
  const cards = contactMessage ? [contactMessage] : contactsArrayMessage?.contacts;
  return cards
    ? {
        kind: 'contacts',
        people: cards.map((card) => readContactCard(card.vcard ?? '', card.displayName ?? undefined)),
      }
    : undefined;
}

function readTrade({ orderMessage, productMessage, albumMessage }: proto.IMessage): BubbleContent | undefined {
  if (orderMessage) {
    return {
      kind: 'order',
      items: orderMessage.itemCount ?? 0,
      total: Number(orderMessage.totalAmount1000 ?? 0) / THOUSAND,
      currency: orderMessage.totalCurrencyCode ?? '',
    };
  }
  const product = productMessage?.product;
  if (product) {
    return {
      kind: 'product',
      title: product.title ?? '',
      price: Number(product.priceAmount1000 ?? 0) / THOUSAND,
      currency: product.currencyCode ?? '',
      url: product.url ?? undefined,
    };
  }
  return albumMessage
    ? { kind: 'album', images: albumMessage.expectedImageCount ?? 0, videos: albumMessage.expectedVideoCount ?? 0 }
    : undefined;
}

const WORDS: readonly (keyof proto.IMessage)[] = [
  'conversation',
  'extendedTextMessage',
  'interactiveMessage',
  'listMessage',
  'buttonsMessage',
  'templateMessage',
];

const ANSWERS: readonly (keyof proto.IMessage)[] = [
  'interactiveResponseMessage',
  'buttonsResponseMessage',
  'listResponseMessage',
  'templateButtonReplyMessage',
];

function readPlain(content: proto.IMessage): BubbleContent {
  const has = (field: keyof proto.IMessage) => Boolean(content[field]);
  if (ANSWERS.some(has)) {
    return { kind: 'choice' };
  }
  return WORDS.some(has) ? { kind: 'text' } : { kind: 'other', field: getContentType(content) ?? 'unknown' };
}
