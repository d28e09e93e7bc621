import { everyRole } from '../../contacts/member.ts';
import type { Command } from '../command.ts';
import { describeConversation } from '../describe-conversation.ts';
import { nameAndPhone } from '../describe-person.ts';
import { findKnown } from '../whom.ts';

const USUAL = 10;
const MOST = 50;

export const chat: Command = {
  name: 'chat',
  allowed: everyRole,
  async run(request, shop) {
    const whom = await findKnown('chat', request, shop, (rest) => /^\d{0,4}$/.test(rest));
    if ('reply' in whom) {
      return whom.reply;
    }
    const { contactId, reading } = whom;
    const wanted = reading.rest === '' ? USUAL : Number(reading.rest);
    const conversation = await shop.people.conversation(contactId, Math.min(Math.max(wanted, 1), MOST));
    const who = nameAndPhone(await shop.people.profile(contactId), shop.texts);
    const told = describeConversation(who, conversation, shop);
    return { text: wanted > MOST ? `${told}\n${shop.texts.people.chat.most(MOST)}` : told };
  },
};
