import { normalizeMessageContent, proto, unpadRandomMax16 } from '@whiskeysockets/baileys';

/** What a phone writes: plain text, or any message of WhatsApp's schema (a tap on a button, a reaction, a picture). */
export type Content = string | proto.IMessage;

export function toMessage(content: Content): proto.IMessage {
  return typeof content === 'string' ? { conversation: content } : content;
}

/** The words a person sees on the screen; empty for kinds that show none. */
export function readableText(message: proto.IMessage): string {
  const content = normalizeMessageContent(message) ?? message;
  return (
    content.conversation ??
    content.extendedTextMessage?.text ??
    content.interactiveMessage?.body?.text ??
    content.interactiveResponseMessage?.body?.text ??
    content.buttonsResponseMessage?.selectedDisplayText ??
    content.templateButtonReplyMessage?.selectedDisplayText ??
    content.listResponseMessage?.title ??
    content.pollCreationMessageV3?.name ??
    content.pollCreationMessage?.name ??
    content.imageMessage?.caption ??
    content.videoMessage?.caption ??
    content.documentMessage?.caption ??
    content.reactionMessage?.text ??
    ''
  );
}

/** Whether it appears in the chat at all; keys, history and edits do not. */
export function isShown(message: proto.IMessage): boolean {
  return !message.protocolMessage && !message.senderKeyDistributionMessage;
}

/** facts: the `type` of a message stanza. */
export function stanzaType(message: proto.IMessage): string {
  if (message.reactionMessage) {
    return 'reaction';
  }
  if (message.pollCreationMessage || message.pollCreationMessageV3 || message.pollUpdateMessage) {
    return 'poll';
  }
  return mediaType(message) ? 'media' : 'text';
}

/** facts: the `mediatype` of the encrypted part. */
export function mediaType(message: proto.IMessage): string | undefined {
  if (message.imageMessage) {
    return 'image';
  }
  if (message.videoMessage) {
    return 'video';
  }
  if (message.audioMessage) {
    return 'audio';
  }
  return message.documentMessage ? 'document' : undefined;
}

/** Reads a decrypted message: its last byte says how much padding to cut off. */
export function readMessage(plaintext: Uint8Array): proto.Message {
  return proto.Message.decode(unpadRandomMax16(plaintext));
}
