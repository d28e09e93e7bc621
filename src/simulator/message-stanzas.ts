import type { proto } from '@whiskeysockets/baileys';
import { type Addressing, addressOf, type Person } from './addresses.ts';
import { mediaType, stanzaType } from './message-content.ts';
import type { Ciphertext } from './phone-signal.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

export interface SentMessage {
  readonly id: string;
  readonly from: Person;
  readonly to: Person;
  readonly content: proto.IMessage;
  readonly at: Date;
}

export type Typing = 'composing' | 'recording' | 'paused';

/** A customer's message as the shop's linked device gets it, addressed in the customer's way. */
export function customerMessage(message: SentMessage, ciphertext: Ciphertext, attempt?: number): Stanza {
  const { from } = message;
  return stanza(
    'message',
    {
      ...commonAttributes(message),
      from: addressOf(from, from.addressing),
      addressing_mode: from.addressing,
      [from.addressing === 'lid' ? 'sender_pn' : 'sender_lid']: addressOf(from, other(from.addressing)),
    },
    [encrypted(message.content, ciphertext, attempt)],
  );
}

/** The copy of what the owner wrote on the phone, for the owner's own linked device. */
export function ownMessage(message: SentMessage, ciphertext: Ciphertext, attempt?: number): Stanza {
  const { from, to } = message;
  return stanza(
    'message',
    {
      ...commonAttributes(message),
      from: addressOf(from, to.addressing),
      recipient: addressOf(to, to.addressing),
      addressing_mode: to.addressing,
      [to.addressing === 'lid' ? 'peer_recipient_pn' : 'peer_recipient_lid']: addressOf(to, other(to.addressing)),
    },
    [encrypted(message.content, ciphertext, attempt)],
  );
}

/** A message from the phone to its own companion that belongs to no chat. */
export function peerMessage(message: SentMessage, ciphertext: Ciphertext): Stanza {
  return stanza('message', { ...commonAttributes(message), from: addressOf(message.from, 'pn'), category: 'peer' }, [
    encrypted(message.content, ciphertext),
  ]);
}

function commonAttributes({ id, from, content, at }: SentMessage): Record<string, string> {
  return { id, t: unixTime(at), type: stanzaType(content), notify: from.name };
}

function encrypted(content: proto.IMessage, { type, bytes }: Ciphertext, attempt?: number): Stanza {
  return stanza('enc', { v: '2', type, mediatype: mediaType(content), count: attempt?.toString() }, bytes);
}

export interface Receipt {
  readonly from: string;
  readonly ids: readonly string[];
  readonly at: Date;
  readonly type?: 'read' | 'read-self' | 'retry';
  /** The chat, when the receipt comes from the owner's own phone. */
  readonly recipient?: string;
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

function other(addressing: Addressing): Addressing {
  return addressing === 'lid' ? 'pn' : 'lid';
}
