import type { Command } from '../command.ts';
import { describePerson } from '../describe-person.ts';
import { findKnown } from '../whom.ts';

export const contact: Command = {
  name: 'contact',
  allowed: ['owner', 'manager'],
  async run(request, shop) {
    const whom = await findKnown('contact', request, shop);
    return 'reply' in whom ? whom.reply : { text: describePerson(await shop.people.facts(whom.contactId), shop) };
  },
};
