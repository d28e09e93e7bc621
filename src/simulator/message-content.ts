import { normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys';
import { pollOf } from './poll-vote.ts';

/** The words a person sees on the screen; empty for kinds that show none. */
export function readableText(message: proto.IMessage): string {
  const content = normalizeMessageContent(message) ?? message;
  return (
    [writtenText, choiceText, captionText, cardText].map((read) => read(content)).find((text) => text) ??
    content.reactionMessage?.text ??
    ''
  );
}

type Text = string | null | undefined;

function writtenText({ conversation, extendedTextMessage, orderMessage, productMessage }: proto.IMessage): Text {
  return conversation || extendedTextMessage?.text || orderMessage?.message || productMessage?.body;
}

function choiceText(content: proto.IMessage): Text {
  return (
    content.interactiveMessage?.body?.text ||
    content.interactiveResponseMessage?.body?.text ||
    content.buttonsResponseMessage?.selectedDisplayText ||
    content.templateButtonReplyMessage?.selectedDisplayText ||
    content.listResponseMessage?.title ||
    content.listMessage?.description ||
    pollOf(content)?.question
  );
}

function captionText(content: proto.IMessage): Text {
  return (
    content.imageMessage?.caption ||
    content.videoMessage?.caption ||
    content.documentMessage?.caption ||
    content.documentMessage?.fileName
  );
}

function cardText(content: proto.IMessage): Text {
  const { locationMessage, liveLocationMessage, contactMessage, contactsArrayMessage, productMessage } = content;
  const people = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? []);
  return (
    [locationMessage?.name, locationMessage?.address].filter(Boolean).join(', ') ||
    liveLocationMessage?.caption ||
    people.map(({ displayName }) => displayName).join(', ') ||
    productMessage?.product?.title
  );
}

/** Whether it appears in the chat at all; keys, history and settings do not. */
export function isShown(message: proto.IMessage): boolean {
  const content = normalizeMessageContent(message) ?? message;
  return !content.protocolMessage && !content.senderKeyDistributionMessage && !content.secretEncryptedMessage;
}

/** facts: the `type` of a message stanza. */
export function stanzaType(message: proto.IMessage): string {
  const content = normalizeMessageContent(message) ?? message;
  if (content.reactionMessage) {
    return 'reaction';
  }
  if (pollOf(content) || content.pollUpdateMessage) {
    return 'poll';
  }
  return mediaType(content) ? 'media' : 'text';
}

type ContentField = keyof proto.IMessage;

const mediaTypes: readonly (readonly [ContentField, string])[] = [
  ['imageMessage', 'image'],
  ['videoMessage', 'video'],
  ['audioMessage', 'audio'],
  ['contactMessage', 'vcard'],
  ['documentMessage', 'document'],
  ['contactsArrayMessage', 'contact_array'],
  ['liveLocationMessage', 'livelocation'],
  ['locationMessage', 'location'],
  ['stickerMessage', 'sticker'],
  ['listResponseMessage', 'list_response'],
  ['buttonsResponseMessage', 'buttons_response'],
  ['orderMessage', 'order'],
  ['productMessage', 'product'],
  ['interactiveResponseMessage', 'native_flow_response'],
];

/** facts: the `mediatype` of the encrypted part. */
export function mediaType(message: proto.IMessage): string | undefined {
  const content = normalizeMessageContent(message) ?? message;
  if (content.audioMessage?.ptt) {
    return 'ptt';
  }
  return mediaTypes.find(([field]) => content[field])?.[1];
}

/** facts: the `edit` of a message stanza that changes or removes an earlier message. */
export function editMark(message: proto.IMessage): string | undefined {
  const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;
  const content = normalizeMessageContent(message) ?? message;
  const type = content.protocolMessage?.type;
  if (type === MESSAGE_EDIT || content.secretEncryptedMessage) {
    return '1';
  }
  // REVOKE is 0, so the field itself has to be there.
  return content.protocolMessage && type === REVOKE ? '7' : undefined;
}

/** Reads a decrypted message: its last byte says how much padding to cut off. */
export function readMessage(plaintext: Uint8Array): proto.Message {
  return proto.Message.decode(unpadRandomMax16(plaintext));
}
