import { randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
import type { SendOptions } from './content.ts';
import type { LinkedDevice } from './linked-device.ts';
import type { Phone } from './phone.ts';
import type { Ciphertext } from './phone-signal.ts';

/** One device's own encrypted copy of a message. */
export interface Envelope {
  readonly device: LinkedDevice;
  readonly ciphertext: Ciphertext;
}

/** A message that is written and encrypted but not yet handed to the server. Release it once, in the order of writing. */
export interface PreparedMessage {
  readonly id: string;
  readonly from: Phone;
  readonly to: Phone;
  readonly content: proto.IMessage;
  /** The message as it is encrypted. */
  readonly bytes: Uint8Array;
  readonly route: Route;
  readonly envelopes: readonly Envelope[];
}

/** How a message travels, if not in the usual way. */
export type Route = Pick<SendOptions, 'unavailable' | 'through'>;

/** An id as phones make them; a linked device's ids begin differently. */
export function newMessageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}
