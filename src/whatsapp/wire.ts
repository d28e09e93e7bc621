import {
  getContentType,
  isJidGroup,
  isJidNewsletter,
  isJidStatusBroadcast,
  normalizeMessageContent,
  proto,
} from '@whiskeysockets/baileys';
import type { Address } from '../contacts/address.ts';
import { cleanText, type IncomingMessage } from '../conversations/message.ts';
import { type OutgoingContent, readableText } from '../outbox/outgoing-content.ts';
import { addressOf } from './jid.ts';
import type { Arrival } from './journal.store.ts';

/** What the phone tells its linked devices about itself; never a line of the log. */
const INTERNAL_KINDS: ReadonlySet<string> = new Set(['protocolMessage', 'senderKeyDistributionMessage']);

type StoredArrival = Pick<Arrival, 'stanza' | 'messageId' | 'plaintext'> & { readonly arrivedAt: Date };

/**
 * Reads a journal row. Answers `undefined` for what is no message of a conversation: the phone's own housekeeping, and senders
 * that are no persons.
 *
 * @throws when the bytes are no message at all
 */
export function readArrival(arrival: StoredArrival): IncomingMessage | undefined {
  const { attrs, fromMe } = arrival.stanza;
  const addresses = addressesOf(attrs, fromMe);
  if (!addresses) {
    return undefined;
  }
  const raw = unpad(arrival.plaintext);
  const decoded = proto.Message.decode(raw);
  const message = decoded.deviceSentMessage?.message ?? decoded;
  const content = normalizeMessageContent(message);
  const contentType = content && getContentType(content);
  if (!contentType || INTERNAL_KINDS.has(contentType)) {
    return undefined;
  }
  const text = textOf(content);
  return {
    whatsappId: arrival.messageId,
    addresses,
    author: fromMe ? 'shop-phone' : 'contact',
    pushName: fromMe ? undefined : attrs['notify'] && cleanText(attrs['notify']),
    details: text === undefined ? { kind: 'other', field: contentType } : { kind: 'text' },
    quotedId: undefined,
    targetId: undefined,
    text: text === undefined ? undefined : cleanText(text),
    sentAt: attrs['t'] ? new Date(Number(attrs['t']) * 1000) : arrival.arrivedAt,
    way: attrs['offline'] === undefined ? 'live' : 'offline',
    raw,
  };
}

function textOf({ conversation, extendedTextMessage }: proto.IMessage): string | undefined {
  return conversation || extendedTextMessage?.text || undefined;
}

/** What the shop's own phone tells this device, and what comes from groups, channels and status, is no line of the log. */
function isConversation(attrs: Readonly<Record<string, string>>): boolean {
  const from = attrs['from'] ?? '';
  return attrs['category'] !== 'peer' && !isJidGroup(from) && !isJidStatusBroadcast(from) && !isJidNewsletter(from);
}

/**
 * The other person's addresses. On what the shop's own phone wrote, only the recipient's count: the envelope's alternative
 * may be the shop's own number (facts/whatsapp §2.2).
 */
function addressesOf(attrs: Readonly<Record<string, string>>, fromMe: boolean): [Address, ...Address[]] | undefined {
  if (!isConversation(attrs)) {
    return undefined;
  }
  const jids = fromMe
    ? [attrs['recipient'], attrs['peer_recipient_pn'], attrs['peer_recipient_lid']]
    : [
        attrs['participant'] ?? attrs['from'],
        attrs['sender_pn'],
        attrs['sender_lid'],
        attrs['participant_pn'],
        attrs['participant_lid'],
      ];
  const [first, ...others] = jids.map(addressOf);
  return first && [first, ...others.filter((address) => address !== undefined)];
}

/** Signal plaintexts end with 1 to 16 bytes that each say how many they are. */
function unpad(padded: Uint8Array): Uint8Array {
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}

/** The message for the wire. */
export function writeContent(content: OutgoingContent): proto.IMessage {
  return { extendedTextMessage: { text: readableText(content) ?? '' } };
}
