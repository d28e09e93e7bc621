import type { Address } from '../contacts/address.ts';

/** What a message is. Kinds without a name of their own yet are logged as `other`, with their raw bytes. */
type MessageKind = 'text' | 'other';

/** How a message reached us: while connected, kept by WhatsApp while we were away, or from the phone's history. */
type ArrivalWay = 'live' | 'offline' | 'history';

/** A message as it came from WhatsApp, in our words. */
export interface IncomingMessage {
  readonly whatsappId: string;
  /** The other person of the conversation: the address of the message first, then others that the envelope names. */
  readonly addresses: readonly [Address, ...Address[]];
  /** `contact` when the other person wrote it, `shop-phone` when somebody typed it on the shop's own phone. */
  readonly author: 'contact' | 'shop-phone';
  /** The name that the author has given themself in WhatsApp. */
  readonly pushName: string | undefined;
  readonly kind: MessageKind;
  readonly text: string | undefined;
  /** WhatsApp's own time, whole seconds. */
  readonly sentAt: Date;
  readonly way: ArrivalWay;
  /** The message's own bytes, untouched, so that later versions can read what this one does not. */
  readonly raw: Uint8Array;
}

/** A text longer than this is a document in disguise; WhatsApp itself allows 65,536 characters. */
const LONGEST_TEXT = 70_000;

/** Text as it can be stored and shown: without NUL and half characters, which PostgreSQL refuses, and of bounded length. */
export function cleanText(text: string): string {
  const clean = text.replaceAll('\0', '').toWellFormed();
  return clean.length > LONGEST_TEXT ? clean.slice(0, LONGEST_TEXT).toWellFormed() : clean;
}
