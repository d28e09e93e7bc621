import type { Consent } from '../contacts/consent.ts';
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
  /** People by a part of what they are known by, who was seen last first; at most `most`. */
  search(wanted: string, most: number): Promise<readonly Found[]>;
  profile(contactId: number): Promise<Profile>;
  facts(contactId: number): Promise<PersonFacts>;
  /** The newest `most` lines of the conversation. */
  conversation(contactId: number, most: number): Promise<Conversation>;
}
