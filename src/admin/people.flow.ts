import { consentOf } from '../contacts/consents.store.ts';
import { findByPhone, readProfile } from '../contacts/profiles.store.ts';
import { readConversation, readWritings } from '../conversations/conversations.store.ts';
import type { Database } from '../database/database.ts';
import { assert } from '../lib/assert.ts';
import { readCustomer } from '../shop/customers.store.ts';
import { searchPeople } from '../shop/search.store.ts';
import { readSegmentFacts } from '../shop/segments.store.ts';
import { segmentsOf } from '../shop/segments.ts';
import type { People } from './people.ts';

/** People as this transaction sees them. */
export function peopleIn(database: Database, now: Date): People {
  async function profileOf(contactId: number) {
    const profile = await readProfile(database, contactId);
    assert(profile, 'a contact that was found has a row');
    return profile;
  }

  return {
    findByPhone: (phone) => findByPhone(database, phone),
    search: (wanted, most) => searchPeople(database, wanted, most),
    profile: profileOf,
    conversation: (contactId, most) => readConversation(database, contactId, most),
    async facts(contactId) {
      return {
        profile: await profileOf(contactId),
        consent: await consentOf(database, contactId),
        customer: await readCustomer(database, contactId),
        segments: segmentsOf(await readSegmentFacts(database, contactId), now),
        writings: await readWritings(database, contactId),
      };
    },
  };
}
