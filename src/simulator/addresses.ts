import { createHash } from 'node:crypto';
import { jidDecode, jidEncode } from '@whiskeysockets/baileys';

/** WhatsApp writes people to each other in one of two ways: by hidden id (LID) or by phone number. */
export type Addressing = 'lid' | 'pn';

/** The owner of a phone, as everybody else knows them. */
export interface Person {
  /** The digits of the phone number, with the country's code and without a plus. */
  readonly number: string;
  readonly lid: string;
  readonly name: string;
  /** In which of the two ways their chats are addressed. */
  readonly addressing: Addressing;
  /** Whether bots get to know the hidden id only. */
  readonly hidesNumber: boolean;
}

export interface Address {
  readonly addressing: Addressing;
  readonly user: string;
  /** 0 is the primary phone, which is never written in the address. */
  readonly device: number;
}

export function addressOf({ number, lid }: Pick<Person, 'number' | 'lid'>, addressing: Addressing, device = 0): string {
  return addressing === 'lid' ? hiddenAddress(lid, device) : phoneAddress(number, device);
}

/** The other of a person's two addresses, as the envelope of a message names it; none when it is a number that they hide. */
export function alternativeOf(person: Person, addressing: Addressing): Record<Addressing, string | undefined> {
  const number = person.hidesNumber ? undefined : addressOf(person, 'pn');
  return addressing === 'lid' ? { lid: undefined, pn: number } : { lid: addressOf(person, 'lid'), pn: undefined };
}

export function phoneAddress(number: string, device = 0): string {
  return jidEncode(number, 's.whatsapp.net', device);
}

export function hiddenAddress(lid: string, device = 0): string {
  return jidEncode(lid, 'lid', device);
}

/** Reads the address of a person or of one of their devices; anything else (a group, a channel) is `undefined`. */
export function parseAddress(text: string | undefined): Address | undefined {
  const decoded = jidDecode(text);
  if (!decoded?.user) {
    return undefined;
  }
  const { user, device = 0, server } = decoded;
  if (server === 's.whatsapp.net') {
    return { addressing: 'pn', user, device };
  }
  return server === 'lid' ? { addressing: 'lid', user, device } : undefined;
}

/** A made-up but stable hidden id of 15 digits, so that the same number has the same LID in every run. */
export function hiddenIdOf(number: string): string {
  const digest = createHash('sha256').update(number).digest();
  return String(100_000_000_000_000 + (digest.readUIntBE(0, 6) % 800_000_000_000_000));
}
