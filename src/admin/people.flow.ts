import { consentOf, recordConsent } from '../contacts/consents.store.ts';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { erasePerson } from '../contacts/erase.store.ts';
import { measurePerson, readEverything } from '../contacts/person-rows.store.ts';
import { findById, findByPhone, findByUsername, readProfile, setPrivate } from '../contacts/profiles.store.ts';
import { readConversation, readWritings } from '../conversations/conversations.store.ts';
import { closeOptOutQuestion } from '../conversations/opt-out-questions.store.ts';
import type { Database } from '../database/database.ts';
import { assert } from '../lib/assert.ts';
import { readCustomer } from '../shop/customers.store.ts';
import { emitEvent } from '../shop/outbound-events.store.ts';
import { searchPeople } from '../shop/search.store.ts';
import { readSegmentFacts } from '../shop/segments.store.ts';
import { segmentsOf } from '../shop/segments.ts';
import type { People } from './people.ts';

/** The message that asks, and who wrote it. */
interface Asking {
  readonly contactId: number;
  readonly whatsappId: string;
}

/** People as this transaction sees them, for the one who asks. */
export function peopleIn(database: Database, asking: Asking, now: Date): People {
  async function profileOf(contactId: number) {
    const profile = await readProfile(database, contactId);
    assert(profile, 'a contact that was found has a row');
    return profile;
  }

  const staffSaid = { act: true, said: 'staff', wording: undefined, at: now } as const;
  // One message may be about several people.
  const keyOf = (contactId: number) => `staff:${asking.contactId}:${asking.whatsappId}:${contactId}`;

  return {
    findByPhone: (phone) => findByPhone(database, phone),
    findByUsername: (name) => findByUsername(database, name),
    findById: (id) => findById(database, id),
    search: (wanted, most) => searchPeople(database, wanted, most),
    profile: profileOf,
    conversation: (contactId, most) => readConversation(database, contactId, most),
    meet: (phone) => contactOfPhone(database, phone, now),
    consent: (contactId) => consentOf(database, contactId),
    async withdraw(contactId) {
      const { name, phones } = await profileOf(asking.contactId);
      const proof = [name, phones[0]].filter(Boolean).join(', ');
      const saying = { ...staffSaid, contactId, key: keyOf(contactId), state: 'withdrawn', proof } as const;
      await recordConsent(database, saying, now);
      await closeOptOutQuestion(database, contactId, now);
      const [phone = null] = (await profileOf(contactId)).phones;
      const data = { phone, at: now.toISOString() };
      await emitEvent(database, { type: 'contact.opted_out', contactId, data }, now);
    },
    async grant(contactId, proof) {
      const saying = { ...staffSaid, contactId, key: keyOf(contactId), state: 'granted', proof } as const;
      await recordConsent(database, saying, now);
    },
    setPrivate: (contactId, isPrivate) => setPrivate(database, contactId, isPrivate, now),
    measure: (contactId) => measurePerson(database, contactId),
    forget: (contactId) => erasePerson(database, contactId, now),
    everything: (contactId) => readEverything(database, contactId),
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
