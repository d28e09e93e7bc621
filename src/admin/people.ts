import type { Consent } from '../contacts/consent.ts';
import type { PersonFigures } from '../contacts/person-figures.ts';
import type { PhoneNumber } from '../contacts/phone.ts';
import type { Profile } from '../contacts/profile.ts';
import type { Conversation, Writings } from '../conversations/conversation.ts';
import type { Customer } from '../shop/customer.ts';
import type { Found } from '../shop/search.ts';
import type { Segment } from '../shop/segments.ts';

/** Everything about one person that fits on a screen. */
export interface PersonFacts {
  readonly profile: Profile;
  readonly consent: Consent;
  readonly customer: Customer;
  readonly segments: readonly Segment[];
  readonly writings: Writings;
}

/** What commands may ask and do about people. */
export interface People {
  /** Who has this number, in whatever writing. */
  findByPhone(phone: PhoneNumber): Promise<number | undefined>;
  findByUsername(name: string): Promise<number | undefined>;
  /** Whether somebody is known by our own number; who was taken for another person is found under that one. */
  findById(id: number): Promise<number | undefined>;
  /** People by a part of what they are known by, who was seen last first; at most `most`. */
  search(wanted: string, most: number): Promise<readonly Found[]>;
  profile(contactId: number): Promise<Profile>;
  /** The contact of a number that nobody is known by yet. */
  meet(phone: PhoneNumber): Promise<number>;
  consent(contactId: number): Promise<Consent>;
  /** Writes down that this person wants no more offers, and which of the staff said so. */
  withdraw(contactId: number): Promise<void>;
  /** Writes down that this person wants offers, with what proves it. */
  grant(contactId: number, proof: string): Promise<void>;
  setPrivate(contactId: number, isPrivate: boolean): Promise<void>;
  /** What there is of this person, in figures. */
  measure(contactId: number): Promise<PersonFigures>;
  /** Erases this person; of their orders only the figures stay. @returns what was erased */
  forget(contactId: number): Promise<PersonFigures>;
  /** Every row of every table that is about this person, by table. */
  everything(contactId: number): Promise<Readonly<Record<string, readonly unknown[]>>>;
  facts(contactId: number): Promise<PersonFacts>;
  /** The newest `most` lines of the conversation. */
  conversation(contactId: number, most: number): Promise<Conversation>;
}
