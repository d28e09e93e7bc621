import type { proto } from '@whiskeysockets/baileys';
import { addressOf, alternativeOf, type Person } from './addresses.ts';
import type { Place } from './content.ts';
import { editMark, mediaType, stanzaType } from './message-content.ts';
import type { Ciphertext } from './phone-signal.ts';
import { pollOf } from './poll-vote.ts';
import type { Route } from './prepared-message.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

export interface SentMessage {
  readonly id: string;
  readonly from: Person;
  readonly to: Person;
  readonly content: proto.IMessage;
  readonly bytes: Uint8Array;
  readonly route: Route;
  readonly at: Date;
}

export type Typing = 'composing' | 'recording' | 'paused';

/** Addresses of what is no person. */
const places: Readonly<Record<Place, string>> = {
  group: '120363000000000001@g.us',
  status: 'status@broadcast',
  'broadcast-list': '1700000000@broadcast',
  newsletter: '120363000000000002@newsletter',
};

/** A customer's message as the shop's linked device gets it, addressed in the customer's way. */
export function customerMessage(message: SentMessage, ciphertext: Ciphertext, attempt?: number): Stanza {
  const { from, route } = message;
  const address = addressOf(from, from.addressing);
  const place = route.through && places[route.through];
  const { pn, lid } = alternativeOf(from, from.addressing);
  const role = place ? 'participant' : 'sender';
  const names =
    route.through === 'newsletter'
      ? { from: place }
      : {
          from: place ?? address,
          participant: place && address,
          addressing_mode: from.addressing,
          [`${role}_pn`]: pn,
          [`${role}_lid`]: lid,
        };
  return stanza('message', { ...commonAttributes(message), ...names }, body(message, ciphertext, attempt));
}

/** The copy of what the owner wrote on the phone, for the owner's own linked device. */
export function ownMessage(message: SentMessage, ciphertext: Ciphertext, attempt?: number): Stanza {
  const { from, to } = message;
  const { pn, lid } = alternativeOf(to, to.addressing);
  return stanza(
    'message',
    {
      ...commonAttributes(message),
      from: addressOf(from, to.addressing),
      recipient: addressOf(to, to.addressing),
      addressing_mode: to.addressing,
      peer_recipient_pn: pn,
      peer_recipient_lid: lid,
    },
    body(message, ciphertext, attempt),
  );
}

/** A message from the phone to its own companion that belongs to no chat. */
export function peerMessage(message: Omit<SentMessage, 'bytes' | 'route' | 'to'>, ciphertext: Ciphertext): Stanza {
  return stanza('message', { ...commonAttributes(message), from: addressOf(message.from, 'pn'), category: 'peer' }, [
    encrypted(message.content, ciphertext),
  ]);
}

function commonAttributes({ id, from, content, at }: Pick<SentMessage, 'id' | 'from' | 'content' | 'at'>) {
  return { id, t: unixTime(at), type: stanzaType(content), notify: from.name, edit: editMark(content) };
}

function body({ content, bytes, route }: SentMessage, ciphertext: Ciphertext, attempt?: number): readonly Stanza[] {
  if (route.unavailable) {
    return [stanza('unavailable', route.unavailable === 'view-once' ? { type: 'view_once' } : {})];
  }
  const poll = pollKind(content);
  const meta = poll === undefined ? [] : [stanza('meta', { polltype: poll })];
  // Channels are public: what they post is not encrypted.
  const enc = route.through === 'newsletter' ? stanza('plaintext', {}, bytes) : encrypted(content, ciphertext, attempt);
  return [...meta, enc];
}

function pollKind(content: proto.IMessage): string | undefined {
  if (content.pollUpdateMessage) {
    return 'vote';
  }
  return pollOf(content) ? 'creation' : undefined;
}

function encrypted(content: proto.IMessage, { type, bytes }: Ciphertext, attempt?: number): Stanza {
  return stanza('enc', { v: '2', type, mediatype: mediaType(content), count: attempt?.toString() }, bytes);
}

export interface Receipt {
  readonly from: string;
  readonly ids: readonly string[];
  readonly at: Date;
  readonly type?: 'read' | 'read-self' | 'retry' | 'sender' | 'peer_msg';
  /** The chat, when the receipt comes from the owner's own phone. */
  readonly recipient?: string | undefined;
  readonly content?: readonly Stanza[];
}

/** facts: the first id is an attribute, further ones stand in a list. */
export function receiptStanza({ from, ids, at, type, recipient, content = [] }: Receipt): Stanza {
  const [id, ...further] = ids;
  const list = further.map((item) => stanza('item', { id: item }));
  const children = list.length > 0 ? [stanza('list', {}, list), ...content] : content;
  return stanza('receipt', { from, id, t: unixTime(at), type, recipient }, children.length > 0 ? children : undefined);
}

export function chatstate(from: string, typing: Typing): Stanza {
  const child = typing === 'recording' ? stanza('composing', { media: 'audio' }) : stanza(typing);
  return stanza('chatstate', { from }, [child]);
}

export function readTyping(chatstateStanza: Stanza): Typing {
  const [child] = Array.isArray(chatstateStanza.content) ? chatstateStanza.content : [];
  if (child?.tag !== 'composing') {
    return 'paused';
  }
  return child.attrs['media'] === 'audio' ? 'recording' : 'composing';
}
