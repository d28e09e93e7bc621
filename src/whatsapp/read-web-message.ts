import { proto } from '@whiskeysockets/baileys';
import { type Address, distinctAddresses } from '../contacts/address.ts';
import { cleanText, type IncomingMessage } from '../conversations/message.ts';
import { addressOf } from './jid.ts';
import { readContent } from './read-content.ts';

/** A message as the phone keeps it, with its reactions. `others` are further addresses of the same person. */
export function readWebMessage(
  info: proto.IWebMessageInfo,
  others: readonly Address[],
  way: IncomingMessage['way'],
): IncomingMessage[] {
  const { key, message, messageTimestamp, pushName, reactions } = info;
  const address = addressOf(key?.remoteJid ?? undefined);
  const content = message && readContent(message);
  if (!address || !key?.id || !content) {
    return [];
  }
  const common = { addresses: distinctAddresses([address, ...others]), way };
  const sentAt = new Date(Number(messageTimestamp ?? 0) * 1000);
  const line: IncomingMessage = {
    ...common,
    ...content,
    whatsappId: key.id,
    author: key.fromMe ? 'shop-phone' : 'contact',
    pushName: !key.fromMe && pushName ? cleanText(pushName) : undefined,
    sentAt,
    raw: proto.Message.encode(message).finish(),
  };
  const marks = (reactions ?? []).flatMap((reaction): IncomingMessage[] => {
    const content = readContent({ reactionMessage: { key, text: reaction.text ?? null } });
    return reaction.key?.id && content
      ? [
          {
            ...common,
            ...content,
            whatsappId: reaction.key.id,
            author: reaction.key.fromMe ? 'shop-phone' : 'contact',
            pushName: undefined,
            sentAt: reaction.senderTimestampMs ? new Date(Number(reaction.senderTimestampMs)) : sentAt,
            raw: new Uint8Array(),
          },
        ]
      : [];
  });
  return [line, ...marks];
}
