import { everyRole } from '../../contacts/member.ts';
import type { Command } from '../command.ts';
import { describeConsent, nameAndPhone } from '../describe-person.ts';
import { findWhom } from '../whom.ts';

export const optout: Command = {
  name: 'optout',
  allowed: everyRole,
  async run(request, shop) {
    const { people, texts } = shop;
    const whom = await findWhom('optout', request, shop);
    if ('reply' in whom) {
      return whom.reply;
    }
    const contactId = whom.known ?? (await people.meet(whom.reading.phone));
    const who = nameAndPhone(await people.profile(contactId), texts);
    const before = await people.consent(contactId);
    if (before.state === 'withdrawn') {
      return { text: texts.people.optout.already(who, describeConsent(before, shop)) };
    }
    await people.withdraw(contactId);
    return { text: texts.people.optout.done(who) };
  },
};
