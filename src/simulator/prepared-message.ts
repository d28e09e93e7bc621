import { randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
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
  readonly envelopes: readonly Envelope[];
}

/** An id as phones make them; a linked device's ids begin differently. */
export function newMessageId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}
