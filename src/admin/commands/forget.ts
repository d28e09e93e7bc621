import type { PersonFigures } from '../../contacts/person-figures.ts';
import { minutes } from '../../lib/time.ts';
import type { Texts } from '../../texts/en.ts';
import { type Command, type Reply, type Shop, spell } from '../command.ts';
import { CONFIRM_WITHIN } from '../confirmations.ts';
import { nameAndPhone } from '../describe-person.ts';
import { findKnown, type Reading } from '../whom.ts';

export const forget: Command = {
  name: 'forget',
  allowed: ['owner'],
  async run(request, shop) {
    const { people, texts } = shop;
    const whom = await findKnown('forget', request, shop, (rest) => /^(?:\d{4})?$/.test(rest));
    if ('reply' in whom) {
      return whom.reply;
    }
    const { contactId, reading } = whom;
    const profile = await people.profile(contactId);
    if (profile.role) {
      return { text: texts.people.forget.staff(nameAndPhone(profile, texts)) };
    }
    return reading.rest === '' ? ask(contactId, reading, shop) : erase(contactId, reading, shop);
  },
};

function actOf(contactId: number): string {
  return `forget ${contactId}`;
}

async function ask(contactId: number, { written }: Reading, { people, texts, confirm }: Shop): Promise<Reply> {
  const who = nameAndPhone(await people.profile(contactId), texts);
  const example = spell('forget', texts, written, confirm(actOf(contactId)));
  const counts = countLines(await people.measure(contactId), texts);
  return { text: texts.people.forget.ask(who, counts, example, CONFIRM_WITHIN / minutes(1)) };
}

function countLines({ lines, files, orders, carts, names }: PersonFigures, texts: Texts): string[] {
  const words = texts.people.forget;
  return [words.messages(lines, files), words.shop(orders, carts), words.names(names)];
}

/** The answer names nobody: it stays in the chat. */
async function erase(contactId: number, { written, rest }: Reading, shop: Shop): Promise<Reply> {
  const { people, texts } = shop;
  const words = texts.people.forget;
  const verdict = shop.isConfirmed(actOf(contactId), rest);
  if (verdict !== 'confirmed') {
    return { text: words[verdict](spell('forget', texts, written)) };
  }
  const { lines, files } = await people.forget(contactId);
  return { text: words.done(lines, files) };
}
