import { getContentType, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { cleanText, type IncomingMessage, type MessageDetails } from '../conversations/message.ts';
import { readContactCard } from './contact-card.ts';

/** What a message says: a part of `IncomingMessage`. */
export type ReadContent = Pick<IncomingMessage, 'details' | 'text' | 'quotedId' | 'targetId'>;

/** What only the devices tell each other; never a line of the log. */
const INTERNAL_KINDS: ReadonlySet<string> = new Set(['senderKeyDistributionMessage', 'messageContextInfo']);

/** How a reader of one kind answers; texts still as they came. */
interface Reading {
  readonly details: MessageDetails;
  readonly text?: string | null | undefined;
  readonly context?: proto.IContextInfo | null | undefined;
  readonly target?: proto.IMessageKey | null | undefined;
}

/**
 * Reads what a message says, through all its wrappers (facts/whatsapp §7.2, §7.3). What this version does not know is kept as
 * `other` under WhatsApp's own name for it.
 *
 * @returns `undefined` for what devices only tell each other
 */
export function readContent(message: proto.IMessage): ReadContent | undefined {
  const content = normalizeMessageContent(message);
  if (!content) {
    return undefined;
  }
  const field = getContentType(content) ?? otherField(content);
  if (field === undefined) {
    return undefined;
  }
  const reading = readers.map((read) => read(content)).find((one) => one !== undefined) ?? readOther(content, field);
  if (reading === 'internal') {
    return undefined;
  }
  const { details, text, context, target } = reading;
  return {
    details,
    text: text ? cleanText(text) : undefined,
    quotedId: context?.stanzaId ? cleanText(context.stanzaId) : undefined,
    targetId: target?.id ? cleanText(target.id) : undefined,
  };
}

/** A message without any field that we know was written by a newer WhatsApp: its bytes are kept. */
function otherField(content: proto.IMessage): string | undefined {
  const fields = Object.keys(content).filter((key) => !INTERNAL_KINDS.has(key));
  return Object.keys(content).length === 0 ? 'unknown' : fields[0];
}

type Reader = (content: proto.IMessage) => Reading | 'internal' | undefined;

const readers: readonly Reader[] = [
  readText,
  readFile,
  readAlbum,
  readPlace,
  readContacts,
  readPoll,
  readVote,
  readReaction,
  readChoice,
  readOrder,
  readProduct,
  readSecret,
  readProtocol,
];

function readText({ conversation, extendedTextMessage }: proto.IMessage): Reading | undefined {
  const text = conversation || extendedTextMessage?.text;
  return text ? { details: { kind: 'text' }, text, context: extendedTextMessage?.contextInfo } : undefined;
}

function readFile(content: proto.IMessage): Reading | undefined {
  const file = fileOf(content);
  if (!file) {
    return undefined;
  }
  const { kind, message } = file;
  const { mimetype, contextInfo } = message;
  const bytes = toNumber(message.fileLength);
  const name = 'fileName' in message ? message.fileName : undefined;
  const seconds = 'seconds' in message ? message.seconds : undefined;
  return {
    details: {
      kind,
      mime: mimetype ? cleanText(mimetype) : undefined,
      bytes,
      ...(name ? { name: cleanText(name) } : {}),
      ...(seconds ? { seconds } : {}),
    },
    text: 'caption' in message && message.caption ? message.caption : name,
    context: contextInfo,
  };
}

/** The file of a message and what kind of thing it is. */
export function fileOf(content: proto.IMessage) {
  const { imageMessage, videoMessage, ptvMessage, audioMessage, documentMessage, stickerMessage } = content;
  if (imageMessage) {
    return { kind: 'image', message: imageMessage } as const;
  }
  const video = videoMessage ?? ptvMessage;
  if (video) {
    return { kind: 'video', message: video } as const;
  }
  if (audioMessage) {
    return { kind: audioMessage.ptt ? 'voice' : 'audio', message: audioMessage } as const;
  }
  if (documentMessage) {
    return { kind: 'document', message: documentMessage } as const;
  }
  return stickerMessage ? ({ kind: 'sticker', message: stickerMessage } as const) : undefined;
}

function readAlbum({ albumMessage }: proto.IMessage): Reading | undefined {
  if (!albumMessage) {
    return undefined;
  }
  const { expectedImageCount, expectedVideoCount, contextInfo } = albumMessage;
  return {
    details: { kind: 'album', images: expectedImageCount ?? 0, videos: expectedVideoCount ?? 0 },
    context: contextInfo,
  };
}

function readPlace({ locationMessage, liveLocationMessage }: proto.IMessage): Reading | undefined {
  const place = locationMessage ?? liveLocationMessage;
  if (!place) {
    return undefined;
  }
  const { name, address } = locationMessage ?? {};
  const words = [name, address, liveLocationMessage?.caption].filter(Boolean).join(', ');
  return {
    details: {
      kind: 'location',
      latitude: place.degreesLatitude ?? 0,
      longitude: place.degreesLongitude ?? 0,
      live: Boolean(liveLocationMessage),
      ...(name ? { name: cleanText(name) } : {}),
      ...(address ? { address: cleanText(address) } : {}),
    },
    text: words,
    context: place.contextInfo,
  };
}

function readContacts({ contactMessage, contactsArrayMessage }: proto.IMessage): Reading | undefined {
  const cards = contactMessage ? [contactMessage] : contactsArrayMessage?.contacts;
  if (!cards) {
    return undefined;
  }
  const people = cards.map(({ vcard, displayName }) => readContactCard(vcard ?? '', displayName ?? undefined));
  return {
    details: { kind: 'contacts', people },
    text: people.map(({ name, phones }) => [name, ...phones].join(' ')).join('\n'),
    context: (contactMessage ?? contactsArrayMessage)?.contextInfo,
  };
}

/** A poll, in any of the forms that WhatsApp has given it over time. */
export function pollOf(content: proto.IMessage): proto.Message.IPollCreationMessage | undefined {
  const { pollCreationMessage, pollCreationMessageV2, pollCreationMessageV3, pollCreationMessageV5 } = content;
  return pollCreationMessage ?? pollCreationMessageV2 ?? pollCreationMessageV3 ?? pollCreationMessageV5 ?? undefined;
}

function readPoll(content: proto.IMessage): Reading | undefined {
  const poll = pollOf(content);
  if (!poll) {
    return undefined;
  }
  const options = (poll.options ?? []).map(({ optionName }) => cleanText(optionName ?? ''));
  const question = cleanText(poll.name ?? '');
  return { details: { kind: 'poll', question, options }, text: question, context: poll.contextInfo };
}

function readVote({ pollUpdateMessage }: proto.IMessage): Reading | undefined {
  // Which options were chosen is encrypted with a secret of the poll: `poll-votes.store.ts` adds it.
  return pollUpdateMessage
    ? { details: { kind: 'vote' }, target: pollUpdateMessage.pollCreationMessageKey }
    : undefined;
}

function readReaction({ reactionMessage }: proto.IMessage): Reading | undefined {
  if (!reactionMessage) {
    return undefined;
  }
  const emoji = reactionMessage.text ? cleanText(reactionMessage.text) : undefined;
  return { details: { kind: 'reaction', emoji }, text: emoji, target: reactionMessage.key };
}

/** The answers to buttons, lists and templates (facts/whatsapp §1.4). */
function readChoice(content: proto.IMessage): Reading | undefined {
  const { interactiveResponseMessage, buttonsResponseMessage, templateButtonReplyMessage, listResponseMessage } =
    content;
  if (interactiveResponseMessage) {
    const { body, nativeFlowResponseMessage, contextInfo } = interactiveResponseMessage;
    return choice(tokenIn(nativeFlowResponseMessage?.paramsJson), body?.text, contextInfo);
  }
  if (buttonsResponseMessage) {
    const { selectedButtonId, selectedDisplayText, contextInfo } = buttonsResponseMessage;
    return choice(selectedButtonId, selectedDisplayText, contextInfo);
  }
  if (templateButtonReplyMessage) {
    const { selectedId, selectedDisplayText, contextInfo } = templateButtonReplyMessage;
    return choice(selectedId, selectedDisplayText, contextInfo);
  }
  if (listResponseMessage) {
    const { singleSelectReply, title, contextInfo } = listResponseMessage;
    return choice(singleSelectReply?.selectedRowId, title, contextInfo);
  }
  return undefined;
}

function choice(
  token: string | null | undefined,
  label: string | null | undefined,
  context: proto.IContextInfo | null | undefined,
): Reading {
  return { details: { kind: 'choice', token: token ? cleanText(token) : undefined }, text: label, context };
}

function tokenIn(paramsJson: string | null | undefined): string | undefined {
  try {
    const { id } = JSON.parse(paramsJson ?? '') as { id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

function readOrder({ orderMessage }: proto.IMessage): Reading | undefined {
  if (!orderMessage) {
    return undefined;
  }
  const { orderId, token, itemCount, totalAmount1000, totalCurrencyCode, orderTitle, message, contextInfo } =
    orderMessage;
  return {
    details: {
      kind: 'order',
      orderId: cleanText(orderId ?? ''),
      token: cleanText(token ?? ''),
      items: itemCount ?? 0,
      total: thousandths(totalAmount1000),
      currency: totalCurrencyCode ? cleanText(totalCurrencyCode) : undefined,
    },
    text: [orderTitle, message].filter(Boolean).join('\n'),
    context: contextInfo,
  };
}

function readProduct({ productMessage }: proto.IMessage): Reading | undefined {
  const product = productMessage?.product;
  if (!productMessage || !product) {
    return undefined;
  }
  return {
    details: {
      kind: 'product',
      productId: cleanText(product.productId ?? ''),
      price: thousandths(product.priceAmount1000),
      currency: product.currencyCode ? cleanText(product.currencyCode) : undefined,
      url: product.url ? cleanText(product.url) : undefined,
    },
    text: [product.title, productMessage.body].filter(Boolean).join('\n'),
    context: productMessage.contextInfo,
  };
}

/** An edit in its newer, encrypted form, which this version of the library cannot read. */
function readSecret({ secretEncryptedMessage }: proto.IMessage): Reading | undefined {
  return secretEncryptedMessage
    ? { details: { kind: 'edit', readable: false }, target: secretEncryptedMessage.targetMessageKey }
    : undefined;
}

function readProtocol({ protocolMessage }: proto.IMessage): Reading | 'internal' | undefined {
  if (!protocolMessage) {
    return undefined;
  }
  const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
  // The type 0 is left out on the wire.
  const type = protocolMessage.type ?? REVOKE;
  if (type === REVOKE && protocolMessage.key?.id) {
    return { details: { kind: 'delete' }, target: protocolMessage.key };
  }
  if (type === MESSAGE_EDIT) {
    const edited = protocolMessage.editedMessage ? readContent(protocolMessage.editedMessage) : undefined;
    return {
      details: { kind: 'edit', readable: edited !== undefined },
      text: edited?.text,
      target: protocolMessage.key,
    };
  }
  return 'internal';
}

function readOther(_content: proto.IMessage, field: string): Reading | 'internal' {
  return INTERNAL_KINDS.has(field) ? 'internal' : { details: { kind: 'other', field } };
}

function thousandths(amount: Parameters<typeof toNumber>[0]): number | undefined {
  const whole = toNumber(amount);
  return whole === undefined ? undefined : whole / 1000;
}

/** Protobuf's 64-bit numbers come as objects. */
function toNumber(value: number | { toNumber(): number } | null | undefined): number | undefined {
  return typeof value === 'object' && value !== null ? value.toNumber() : (value ?? undefined);
}
