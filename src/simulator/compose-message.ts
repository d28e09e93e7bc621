import { randomBytes } from 'node:crypto';
import { getContentType, proto } from '@whiskeysockets/baileys';
import { type Addressing, addressOf, type Person } from './addresses.ts';
import type { ChatMessage } from './chat-list.ts';
import type { Content, FileLetter, Letter, SendOptions } from './content.ts';
import { sealFile } from './media-crypto.ts';
import type { MediaHost } from './media-host.ts';
import type { OrderBook } from './order-book.ts';
import { pollOf, sealVote } from './poll-vote.ts';
import { replyTo } from './reply-message.ts';

/** What a message needs to know of the phone that writes it. */
export interface Desk {
  readonly writer: Person;
  readonly other: Person;
  /** In which way a chat's people are addressed in the keys of messages that are spoken of. */
  readonly addressing: (about: string | undefined) => Addressing;
  readonly find: (id: string) => ChatMessage | undefined;
  readonly media: MediaHost;
  readonly orders: OrderBook;
  readonly now: Date;
}

export interface Composed {
  readonly message: proto.IMessage;
  /** The message's own bytes, when the schema does not know them. */
  readonly bytes?: Uint8Array;
}

/** Thousandths, in which WhatsApp writes amounts. */
const THOUSAND = 1000;
const ALBUM = proto.MessageAssociation.AssociationType.MEDIA_ALBUM;
const { MESSAGE_EDIT, REVOKE, EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;

type LetterOf<Kind extends Letter['kind']> = WithKind<Letter, Kind>;
type WithKind<Each, Kind> = Each extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? Each : never) : never;
type Composers = { readonly [Kind in Letter['kind']]: (letter: LetterOf<Kind>, desk: Desk) => proto.IMessage };

/** Writes a message as a phone does. */
export function composeMessage(content: Content, options: SendOptions, desk: Desk): Composed {
  if (typeof content !== 'string' && isLetter(content) && content.kind === 'bytes') {
    return { message: decodeIfPossible(content.bytes), bytes: content.bytes };
  }
  return { message: wrap(withContext(write(content, desk), options, desk), options) };
}

function write(content: Content, desk: Desk): proto.IMessage {
  if (typeof content === 'string') {
    return { conversation: content };
  }
  if (!isLetter(content)) {
    return content;
  }
  const compose = composers[content.kind] as (letter: Letter, desk: Desk) => proto.IMessage;
  return compose(content, desk);
}

function isLetter(content: Letter | proto.IMessage): content is Letter {
  return 'kind' in content;
}

const composers: Composers = {
  text: ({ text }) => ({ extendedTextMessage: { text } }),
  image: (file, desk) => ({ imageMessage: { ...upload(file, 'image/jpeg', desk), caption: file.caption ?? null } }),
  video: (file, desk) => ({
    videoMessage: { ...upload(file, 'video/mp4', desk), caption: file.caption ?? null, seconds: file.seconds ?? null },
  }),
  audio: (file, desk) => ({ audioMessage: { ...upload(file, 'audio/mp4', desk), seconds: file.seconds ?? null } }),
  voice: (file, desk) => ({
    audioMessage: { ...upload(file, 'audio/ogg; codecs=opus', desk), seconds: file.seconds ?? null, ptt: true },
  }),
  document: composeDocument,
  sticker: (file, desk) => ({ stickerMessage: upload(file, 'image/webp', desk) }),
  album: ({ images, videos }) => ({ albumMessage: { expectedImageCount: images, expectedVideoCount: videos } }),
  location: composeLocation,
  contacts: composeContacts,
  poll: ({ question, options, selectable = 1 }) => ({
    pollCreationMessageV3: {
      name: question,
      options: options.map((optionName) => ({ optionName })),
      selectableOptionsCount: selectable,
    },
    messageContextInfo: { messageSecret: randomBytes(32) },
  }),
  vote: composeVote,
  reaction: ({ to, emoji }, desk) => ({
    reactionMessage: { key: keyOf(to, desk), text: emoji, senderTimestampMs: desk.now.getTime() },
  }),
  edit: composeEdit,
  delete: ({ of }, desk) => ({ protocolMessage: { type: REVOKE, key: keyOf(of, desk) } }),
  button: (tap, desk) => replyTo('button', tap, contextOf(tap.of, desk)),
  'template-reply': (tap, desk) => replyTo('template-reply', tap, contextOf(tap.of, desk)),
  'list-reply': (tap, desk) => replyTo('list-reply', tap, contextOf(tap.of, desk)),
  'legacy-button': (tap, desk) => replyTo('legacy-button', tap, contextOf(tap.of, desk)),
  order: composeOrder,
  product: ({ productId, title, price, currency, url, text }, { other }) => ({
    productMessage: {
      product: {
        productId,
        title,
        priceAmount1000: Math.round(price * THOUSAND),
        currencyCode: currency,
        url: url ?? null,
      },
      businessOwnerJid: addressOf(other, 'pn'),
      body: text ?? null,
    },
  }),
  timer: ({ seconds }) => ({ protocolMessage: { type: EPHEMERAL_SETTING, ephemeralExpiration: seconds } }),
  bytes: ({ bytes }) => decodeIfPossible(bytes),
};

function upload(file: FileLetter, usualMime: string, { media, now }: Desk) {
  const { ciphertext, ...keys } = sealFile(file.bytes, file.kind);
  return {
    ...media.keep(ciphertext),
    ...keys,
    mimetype: file.mime ?? usualMime,
    mediaKeyTimestamp: Math.floor(now.getTime() / 1000),
  };
}

/** facts: phones put a document with a caption into an envelope of its own. */
function composeDocument(file: FileLetter, desk: Desk): proto.IMessage {
  const documentMessage = {
    ...upload(file, 'application/octet-stream', desk),
    fileName: file.name ?? null,
    title: file.name ?? null,
    caption: file.caption ?? null,
  };
  return file.caption === undefined
    ? { documentMessage }
    : { documentWithCaptionMessage: { message: { documentMessage } } };
}

function composeLocation({ latitude, longitude, live, name, address }: LetterOf<'location'>): proto.IMessage {
  const place = { degreesLatitude: latitude, degreesLongitude: longitude };
  return live
    ? { liveLocationMessage: { ...place, caption: name ?? null, sequenceNumber: 1 } }
    : { locationMessage: { ...place, name: name ?? null, address: address ?? null } };
}

function composeContacts({ people }: LetterOf<'contacts'>): proto.IMessage {
  const contacts = people.map(({ name, phones }) => ({
    displayName: name,
    vcard: [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `FN:${name}`,
      ...phones.map((phone) => `TEL;type=CELL;type=VOICE;waid=${phone}:+${phone}`),
      'END:VCARD',
    ].join('\n'),
  }));
  const [only] = contacts;
  return only && contacts.length === 1
    ? { contactMessage: only }
    : { contactsArrayMessage: { displayName: `${contacts.length} contacts`, contacts } };
}

function composeOrder(order: LetterOf<'order'>, { other, orders }: Desk): proto.IMessage {
  orders.place(order);
  return {
    orderMessage: {
      orderId: order.orderId,
      token: order.token,
      itemCount: order.items,
      totalAmount1000: Math.round(order.total * THOUSAND),
      totalCurrencyCode: order.currency,
      sellerJid: addressOf(other, 'pn'),
      message: order.text ?? null,
      orderTitle: other.name,
      status: proto.Message.OrderMessage.OrderStatus.INQUIRY,
      surface: proto.Message.OrderMessage.OrderSurface.CATALOG,
    },
  };
}

function composeVote({ poll: id, options }: LetterOf<'vote'>, desk: Desk): proto.IMessage {
  const shown = target(id, desk);
  const secret = pollOf(shown.content)?.secret;
  if (!secret) {
    throw new Error(`Message ${id} is no poll that one can vote on`);
  }
  const addressing = desk.addressing(id);
  const creator = addressOf(shown.from === desk.writer.number ? desk.writer : desk.other, addressing);
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: keyOf(id, desk),
      vote: sealVote(options, { pollId: id, secret, creator, voter: addressOf(desk.writer, addressing) }),
      senderTimestampMs: desk.now.getTime(),
    },
  };
}

function composeEdit({ of, text, sealed }: LetterOf<'edit'>, desk: Desk): proto.IMessage {
  const key = keyOf(of, desk);
  if (sealed) {
    const secretEncType = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT;
    const unreadable = { encPayload: randomBytes(48), encIv: randomBytes(12) };
    return { secretEncryptedMessage: { targetMessageKey: key, ...unreadable, secretEncType } };
  }
  const { content } = target(of, desk);
  const editedMessage = recaptioned(content, text) ?? { conversation: text };
  const protocolMessage = { key, type: MESSAGE_EDIT, editedMessage, timestampMs: desk.now.getTime() };
  return { editedMessage: { message: { protocolMessage } } };
}

/** What is edited about a picture is its caption. */
function recaptioned({ imageMessage, videoMessage }: proto.IMessage, caption: string): proto.IMessage | undefined {
  if (imageMessage) {
    return { imageMessage: { ...imageMessage, caption } };
  }
  return videoMessage ? { videoMessage: { ...videoMessage, caption } } : undefined;
}

/** A message as its reader names it: the chat is called after the other side. */
function keyOf(id: string, desk: Desk): proto.IMessageKey {
  const fromMe = target(id, desk).from === desk.writer.number;
  return { remoteJid: addressOf(desk.other, desk.addressing(id)), fromMe, id };
}

function target(id: string, { find, writer }: Desk): ChatMessage {
  const shown = find(id);
  if (!shown) {
    throw new Error(`There is no message ${id} on the phone of ${writer.name}`);
  }
  return shown;
}

function contextOf(id: string | undefined, desk: Desk): proto.IContextInfo | null {
  if (id === undefined) {
    return null;
  }
  const { from, content } = target(id, desk);
  const author = from === desk.writer.number ? desk.writer : desk.other;
  return { stanzaId: id, participant: addressOf(author, desk.addressing(id)), quotedMessage: content };
}

function withContext(message: proto.IMessage, options: SendOptions, desk: Desk): proto.IMessage {
  const { quoting, forwarded, disappearing, album } = options;
  const context: proto.IContextInfo = {
    ...contextOf(quoting, desk),
    ...(forwarded && { isForwarded: true, forwardingScore: 1 }),
    ...(disappearing !== undefined && { expiration: disappearing }),
  };
  const inAlbum = album !== undefined && {
    messageContextInfo: {
      messageAssociation: { associationType: ALBUM, parentMessageKey: keyOf(album, desk) },
    },
  };
  return { ...(Object.keys(context).length > 0 ? putContext(message, context) : message), ...inAlbum };
}

/** Plain words have no room for a context, so they become the longer form of a text. */
function putContext(message: proto.IMessage, contextInfo: proto.IContextInfo): proto.IMessage {
  if (typeof message.conversation === 'string') {
    return { extendedTextMessage: { text: message.conversation, contextInfo } };
  }
  const kind = getContentType(message);
  if (!kind) {
    return message;
  }
  if (kind === 'documentWithCaptionMessage') {
    return { [kind]: { message: putContext(message[kind]?.message ?? {}, contextInfo) } };
  }
  return { ...message, [kind]: { ...(message[kind] as object), contextInfo } };
}

function wrap(message: proto.IMessage, { viewOnce, disappearing }: SendOptions): proto.IMessage {
  const once = viewOnce ? { viewOnceMessageV2: { message } } : message;
  return disappearing === undefined ? once : { ephemeralMessage: { message: once } };
}

function decodeIfPossible(bytes: Uint8Array): proto.IMessage {
  try {
    return proto.Message.decode(bytes);
  } catch {
    return {};
  }
}
