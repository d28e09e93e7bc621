import { randomBytes } from 'node:crypto';
import {
  type AnyMediaMessageContent,
  type BinaryNode,
  prepareWAMessageMedia,
  proto,
  type WAMediaUploadFunction,
} from '@whiskeysockets/baileys';
import type {
  ChoicesContent,
  FreshContent,
  MessageReference,
  OutgoingContent,
  RepeatableContent,
} from '../outbox/outgoing-content.ts';
import { buttonsMessage } from './buttons.ts';
import { writeContactCard } from './contact-card.ts';
import { fileOf } from './read-content.ts';

/** A message for the wire, and what its envelope says besides. */
export interface WireMessage {
  readonly message: proto.IMessage;
  readonly attributes?: Record<string, string>;
  readonly nodes?: BinaryNode[];
}

/** Between whom a message goes, and under which id. */
export interface Passage {
  /** WhatsApp's id of the chat. */
  readonly chat: string;
  /** WhatsApp's id of the shop's own number. */
  readonly self: string;
  readonly whatsappId: string;
}

/** Whether writing it again gives another message, with other keys: what was written first has to be kept. */
export function isFresh(content: OutgoingContent): content is FreshContent {
  return 'file' in content || content.kind === 'poll';
}

/** How the envelope marks what changes an earlier message (Baileys' sendMessage sets the same). */
const EDIT = { edit: '1' };
const DELETE = { edit: '7' };

const POLL: BinaryNode[] = [{ tag: 'meta', attrs: { polltype: 'creation' } }];

/** Writes a message that the same content always gives again; the others are written by `writeFresh`. */
export function writeContent(content: RepeatableContent, passage: Passage): WireMessage {
  switch (content.kind) {
    case 'text':
      return { message: { extendedTextMessage: { text: content.text, ...quoted(content, passage) } } };
    case 'location': {
      const { latitude, longitude, name, address } = content;
      const place = {
        degreesLatitude: latitude,
        degreesLongitude: longitude,
        name: name ?? null,
        address: address ?? null,
      };
      return { message: { locationMessage: { ...place, ...quoted(content, passage) } } };
    }
    case 'contacts':
      return { message: contactsMessage(content, passage) };
    case 'choices':
      return choicesMessage(content, passage);
    case 'reaction':
      return { message: { reactionMessage: { key: keyOf(content.to, passage), text: content.emoji } } };
    case 'edit': {
      const { MESSAGE_EDIT: type } = proto.Message.ProtocolMessage.Type;
      const key = keyOf({ whatsappId: content.of, ours: true }, passage);
      return {
        message: { protocolMessage: { type, key, editedMessage: { conversation: content.text } } },
        attributes: EDIT,
      };
    }
    case 'delete': {
      const { REVOKE: type } = proto.Message.ProtocolMessage.Type;
      const key = keyOf({ whatsappId: content.of, ours: true }, passage);
      return { message: { protocolMessage: { type, key } }, attributes: DELETE };
    }
  }
}

function choicesMessage(content: ChoicesContent, passage: Passage): WireMessage {
  const { contextInfo } = quoted(content, passage);
  return content.buttons
    ? { message: buttonsMessage(content, contextInfo) }
    : { message: textRendition(content, passage) };
}

/**
 * The same in words alone. A phone that asks for a message again gets it without the nodes that make buttons appear, and would show
 * nothing (facts/whatsapp §0.14).
 */
export function textRendition(content: ChoicesContent, passage: Passage): proto.IMessage {
  return { extendedTextMessage: { text: content.text, ...quoted(content, passage) } };
}

function contactsMessage(content: Extract<RepeatableContent, { kind: 'contacts' }>, passage: Passage): proto.IMessage {
  const contacts = content.people.map((person) => ({ displayName: person.name, vcard: writeContactCard(person) }));
  const context = quoted(content, passage);
  const [only, ...others] = contacts;
  return only && others.length === 0
    ? { contactMessage: { ...only, ...context } }
    : { contactsArrayMessage: { displayName: `${contacts.length}`, contacts, ...context } };
}

/** A poll with one answer. Its votes are encrypted with the 32 random bytes of `messageSecret`. */
function pollMessage(
  content: Extract<FreshContent, { kind: 'poll' }>,
  passage: Passage,
  messageSecret: Uint8Array,
): WireMessage {
  const poll = {
    name: content.question,
    options: content.options.map((optionName) => ({ optionName })),
    selectableOptionsCount: 1,
    ...quoted(content, passage),
  };
  return { message: { pollCreationMessageV3: poll, messageContextInfo: { messageSecret } }, nodes: POLL };
}

/** Writes a message with keys of its own; a file, at `path`, is uploaded on the way. */
export async function writeFresh(
  content: FreshContent,
  path: string | undefined,
  passage: Passage,
  upload: WAMediaUploadFunction,
): Promise<WireMessage> {
  if (content.kind === 'poll') {
    return pollMessage(content, passage, randomBytes(32));
  }
  const { mime: mimetype, name: fileName, text } = content;
  const media = { url: path ?? content.file };
  const caption = text === undefined ? {} : { caption: text };
  const described: Record<typeof content.kind, AnyMediaMessageContent> = {
    image: { image: media, mimetype, ...caption },
    video: { video: media, mimetype, ...caption },
    audio: { audio: media, mimetype },
    voice: { audio: media, mimetype, ptt: true },
    document: { document: media, mimetype, ...(fileName === undefined ? {} : { fileName }), ...caption },
  };
  const message = await prepareWAMessageMedia(described[content.kind], { upload });
  const file = fileOf(message);
  if (file) {
    Object.assign(file.message, quoted(content, passage));
  }
  return { message };
}

/** What the envelope of a message that was written before says besides. */
export function rewrap(message: proto.IMessage, content: OutgoingContent): WireMessage {
  return content.kind === 'poll' ? { message, nodes: POLL } : { message };
}

/** The message that is answered, as the answer carries it. */
function quoted(content: OutgoingContent, { chat, self }: Passage): { contextInfo?: proto.IContextInfo } {
  const quote = 'quoting' in content ? content.quoting : undefined;
  return quote
    ? {
        contextInfo: {
          stanzaId: quote.whatsappId,
          participant: quote.ours ? self : chat,
          quotedMessage: { conversation: quote.text },
        },
      }
    : {};
}

function keyOf({ whatsappId, ours }: MessageReference, { chat }: Passage): proto.IMessageKey {
  return { remoteJid: chat, fromMe: ours, id: whatsappId };
}
