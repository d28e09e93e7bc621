import { isJidGroup, isJidNewsletter, isJidStatusBroadcast, proto } from '@whiskeysockets/baileys';
import { type Address, distinctAddresses } from '../contacts/address.ts';
import { cleanText, type IncomingMessage, type MessageDetails } from '../conversations/message.ts';
import { addressOf } from './jid.ts';
import type { Arrival, ArrivalEvent } from './journal.store.ts';
import { readContent } from './read-content.ts';
import { readHistory } from './read-history.ts';
import { readWebMessage } from './read-web-message.ts';

type StoredArrival = Pick<Arrival, 'stanza' | 'messageId' | 'plaintext'> & { readonly arrivedAt: Date };

/**
 * Reads a journal row: one message as a rule, none for the devices' own housekeeping and for senders that are no persons, many for a
 * piece of the phone's history. The only thing that takes time is a history that has to be fetched.
 *
 * @throws when the bytes are no message at all, or the history cannot be fetched
 */
export async function readArrival(arrival: StoredArrival): Promise<readonly IncomingMessage[]> {
  const { attrs, fromMe, event } = arrival.stanza;
  if (isFromNobody(attrs)) {
    return [];
  }
  if (event) {
    return readEvent(arrival, event);
  }
  const message = proto.Message.decode(unpad(arrival.plaintext));
  if (attrs['category'] === 'peer') {
    return readPeer(message, attrs['offline'] === undefined ? 'live' : 'offline');
  }
  const envelope = envelopeOf(arrival);
  const content = readContent(message.deviceSentMessage?.message ?? message);
  return envelope && content
    ? [{ ...envelope, ...content, author: fromMe ? 'shop-phone' : 'contact', raw: unpad(arrival.plaintext) }]
    : [];
}

function isFromNobody({ from = '' }: Readonly<Record<string, string>>): boolean {
  return isJidGroup(from) === true || isJidStatusBroadcast(from) === true || isJidNewsletter(from) === true;
}

/** Stands in the log for a message that could not be read, so that whoever looks into the chat sees that there was one. */
export function placeholderFor(arrival: StoredArrival): readonly IncomingMessage[] {
  const { attrs } = arrival.stanza;
  return isFromNobody(attrs) || attrs['category'] === 'peer'
    ? []
    : readEvent(arrival, { kind: 'unreadable', because: 'undecryptable' });
}

/** What never passes decryption: a call, or a message without content. */
function readEvent(arrival: StoredArrival, event: ArrivalEvent): readonly IncomingMessage[] {
  const envelope = envelopeOf(arrival);
  const details: MessageDetails =
    event.kind === 'call'
      ? { kind: 'call', video: event.video, outcome: event.outcome }
      : { kind: 'unreadable', because: event.because };
  return envelope
    ? [
        {
          ...envelope,
          whatsappId: event.kind === 'call' ? event.callId : arrival.messageId,
          author: arrival.stanza.fromMe ? 'shop-phone' : 'contact',
          details,
          text: undefined,
          quotedId: undefined,
          targetId: undefined,
          raw: new Uint8Array(),
        },
      ]
    : [];
}

type Envelope = Pick<IncomingMessage, 'whatsappId' | 'addresses' | 'pushName' | 'sentAt' | 'way'>;

function envelopeOf({ stanza: { attrs, fromMe }, messageId, arrivedAt }: StoredArrival): Envelope | undefined {
  const addresses = addressesOf(attrs, fromMe);
  return (
    addresses && {
      whatsappId: messageId,
      addresses,
      pushName: fromMe ? undefined : attrs['notify'] && cleanText(attrs['notify']),
      sentAt: attrs['t'] ? new Date(Number(attrs['t']) * 1000) : arrivedAt,
      way: attrs['offline'] === undefined ? 'live' : 'offline',
    }
  );
}

/**
 * The other person's addresses. On what the shop's own phone wrote, only the recipient's count: the envelope's alternative
 * may be the shop's own number (facts/whatsapp §2.2).
 */
function addressesOf(attrs: Readonly<Record<string, string>>, fromMe: boolean): [Address, ...Address[]] | undefined {
  const jids = fromMe
    ? [attrs['recipient'], attrs['peer_recipient_pn'], attrs['peer_recipient_lid']]
    : [
        attrs['participant'] ?? attrs['from'],
        attrs['sender_pn'],
        attrs['sender_lid'],
        attrs['participant_pn'],
        attrs['participant_lid'],
        attrs['caller_pn'],
      ];
  const [first, ...others] = jids.map(addressOf);
  return first && distinctAddresses([first, ...others.filter((address) => address !== undefined)]);
}

/** What the phone tells this device: pieces of its history, and messages that had come here without their content. */
async function readPeer({ protocolMessage }: proto.IMessage, way: 'live' | 'offline'): Promise<IncomingMessage[]> {
  const history = protocolMessage?.historySyncNotification;
  if (history) {
    return readHistory(history);
  }
  const results = protocolMessage?.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  return results.flatMap(({ placeholderMessageResendResponse }) => {
    const bytes = placeholderMessageResendResponse?.webMessageInfoBytes;
    return bytes ? readWebMessage(proto.WebMessageInfo.decode(bytes), [], way) : [];
  });
}

/**
 * Signal plaintexts end with 1 to 16 bytes that each say how many they are. The answer is never a Buffer: of those the protobuf
 * library reads fields that are longer than the message without a word.
 */
function unpad(padded: Uint8Array): Uint8Array {
  return new Uint8Array(padded.buffer, padded.byteOffset, padded.length - (padded.at(-1) ?? 0));
}
