import type { Address } from '../contacts/address.ts';

/** A file that came with a message; where it lies is in `attachments`, once it has been fetched. */
interface FileDetails {
  readonly mime: string | undefined;
  readonly bytes: number | undefined;
  /** The name that the sender gave a document. */
  readonly name?: string;
  /** Length of a video or a sound. */
  readonly seconds?: number;
}

export interface Person {
  readonly name: string;
  /** E.164 where the card says so, else as written. */
  readonly phones: readonly string[];
}

/** One line of an order placed through the shop's catalogue in WhatsApp. Prices in the currency's own unit. */
export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number | undefined;
  readonly currency: string | undefined;
}

/**
 * What a message is, with what a reader needs besides its text. `text` of the message itself is what a person would read: the words,
 * the caption, the label of the button, the emoji.
 */
export type MessageDetails =
  | { readonly kind: 'text' }
  | ({ readonly kind: 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker' } & FileDetails)
  /** Several pictures sent as one; each comes as a message of its own too. */
  | { readonly kind: 'album'; readonly images: number; readonly videos: number }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly live: boolean;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly kind: 'contacts'; readonly people: readonly Person[] }
  | { readonly kind: 'poll'; readonly question: string; readonly options: readonly string[] }
  /** `options` is absent when the vote could not be decrypted, and empty when it was withdrawn. About a message. */
  | { readonly kind: 'vote'; readonly options?: readonly string[] }
  /** An answer by button, list or template; `token` is the id we gave that choice. */
  | { readonly kind: 'choice'; readonly token: string | undefined }
  /** Without an emoji the reaction was taken back. About a message. */
  | { readonly kind: 'reaction'; readonly emoji: string | undefined }
  /** New words for an earlier message of the same author. About a message. */
  | { readonly kind: 'edit'; readonly readable: boolean }
  /** An earlier message of the same author was deleted for everybody. About a message. */
  | { readonly kind: 'delete' }
  | {
      readonly kind: 'order';
      readonly orderId: string;
      /** With which WhatsApp gives the order's lines. */
      readonly token: string;
      readonly items: number;
      readonly total: number | undefined;
      readonly currency: string | undefined;
      readonly lines?: readonly OrderLine[];
    }
  | {
      readonly kind: 'product';
      readonly productId: string;
      readonly price: number | undefined;
      readonly currency: string | undefined;
      readonly url: string | undefined;
    }
  | { readonly kind: 'call'; readonly video: boolean; readonly outcome: 'ringing' | 'missed' | 'rejected' | 'accepted' }
  /** Came without readable content; the line is replaced when the real message arrives. */
  | { readonly kind: 'unreadable'; readonly because: 'undecryptable' | 'view-once' | 'absent' }
  /** Anything else: `field` is WhatsApp's own name for it. The raw bytes are kept. */
  | { readonly kind: 'other'; readonly field: string };

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
  readonly details: MessageDetails;
  readonly text: string | undefined;
  /** The message that this one answers. */
  readonly quotedId: string | undefined;
  /** The message that this one is about: of reactions, votes, edits, deletions. */
  readonly targetId: string | undefined;
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
