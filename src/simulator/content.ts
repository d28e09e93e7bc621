import type { proto } from '@whiskeysockets/baileys';

export type FileKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

export interface FileLetter {
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  /** What is usual for the kind, unless given. */
  readonly mime?: string;
  /** Sounds and stickers have none. */
  readonly caption?: string;
  readonly name?: string;
  /** Length of a video or a sound. */
  readonly seconds?: number;
}

interface ContactCard {
  readonly name: string;
  /** Digits with the country's code; they go into the card as numbers that are on WhatsApp. */
  readonly phones: readonly string[];
}

export interface OrderLetter {
  readonly kind: 'order';
  readonly orderId: string;
  readonly token: string;
  readonly items: number;
  readonly total: number;
  readonly currency: string;
  readonly text?: string;
  /** They are not in the message: the server tells them to who knows the token. */
  readonly lines?: readonly {
    readonly productId: string;
    readonly name: string;
    readonly quantity: number;
    readonly price: number;
  }[];
}

/** An answer to a message with choices; `of` is that message. */
interface Tap {
  readonly id: string;
  readonly label: string;
  readonly of?: string;
}

/** What a person does with a phone, in plain words. Messages are named by their ids. Prices are in the currency's own unit. */
export type Letter =
  | { readonly kind: 'text'; readonly text: string }
  | FileLetter
  /** Announces files that follow, each sent with the option `album`. */
  | { readonly kind: 'album'; readonly images: number; readonly videos: number }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly live?: boolean;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly kind: 'contacts'; readonly people: readonly ContactCard[] }
  | {
      readonly kind: 'poll';
      readonly question: string;
      readonly options: readonly string[];
      /** How many options a person may choose; 1 unless given, 0 for any number. */
      readonly selectable?: number;
    }
  /** No options take the vote back. */
  | { readonly kind: 'vote'; readonly poll: string; readonly options: readonly string[] }
  /** An empty emoji takes the reaction back. */
  | { readonly kind: 'reaction'; readonly to: string; readonly emoji: string }
  /** `sealed` is the newer form that Baileys cannot read. */
  | { readonly kind: 'edit'; readonly of: string; readonly text: string; readonly sealed?: boolean }
  | { readonly kind: 'delete'; readonly of: string }
  | ({ readonly kind: 'button' | 'template-reply' | 'list-reply' | 'legacy-button' } & Tap)
  | OrderLetter
  | {
      readonly kind: 'product';
      readonly productId: string;
      readonly title: string;
      readonly price: number;
      readonly currency: string;
      readonly url?: string;
      readonly text?: string;
    }
  /** The timer of disappearing messages in this chat; 0 switches it off. */
  | { readonly kind: 'timer'; readonly seconds: number }
  /** The message's own bytes as they are, for what no schema knows. They are encrypted properly. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** What a phone writes: plain text, one of the kinds above, or any message of WhatsApp's schema. */
export type Content = string | Letter | proto.IMessage;

/** Where a message comes from when it is not from a chat with one person. */
export type Place = 'group' | 'status' | 'broadcast-list' | 'newsletter';

export interface SendOptions {
  /** The message that is answered. */
  readonly quoting?: string;
  readonly viewOnce?: boolean;
  /** Seconds after which it disappears. */
  readonly disappearing?: number;
  readonly forwarded?: boolean;
  /** The album that this picture belongs to. */
  readonly album?: string;
  /** Linked devices learn only that there is a message: a view-once one, or one that they have to ask the phone for. */
  readonly unavailable?: 'absent' | 'view-once';
  readonly through?: Place;
}

/** A message of a kind that nobody knows yet. */
export function messageFromTheFuture(words = 'from the future'): Letter {
  return { kind: 'bytes', bytes: field(4000, Buffer.from(words)) };
}

/** Bytes that are no message at all: a field that is longer than the message. */
export const malformedMessage: Letter = { kind: 'bytes', bytes: Uint8Array.of(0x0a, 0x7f, 0x01) };

/** One field of a protobuf message that holds bytes or text. */
export function field(number: number, value: Uint8Array): Buffer {
  const BYTES = 2;
  return Buffer.concat([varint(number * 8 + BYTES), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
