import { formatPhoneNumber } from '../../contacts/phone.ts';
import { formatLocalDate } from '../../lib/time.ts';
import { type Command, type Reply, type Shop, spell } from '../command.ts';
import { nameAndPhone } from '../describe-person.ts';
import { findWhom, type Reading } from '../whom.ts';

const OFF = 'off';

/** Called so because `private` is a word of the language. */
export const privately: Command = {
  name: 'private',
  allowed: ['owner', 'manager'],
  async run(request, shop) {
    const { people, texts } = shop;
    const offs = [OFF, ...texts.people.private.off];
    const whom = await findWhom('private', request, shop, (rest) => ['', ...offs].includes(rest.toLowerCase()));
    if ('reply' in whom) {
      return whom.reply;
    }
    const { known, reading } = whom;
    if (reading.rest === '') {
      // Somebody can be kept out before they ever write.
      return keepOut(known ?? (await people.meet(reading.phone)), reading, shop);
    }
    return known === undefined
      ? { text: texts.people.whom.nobody(formatPhoneNumber(reading.phone)) }
      : letIn(known, shop);
  },
};

async function keepOut(contactId: number, { written }: Reading, { people, texts, settings }: Shop): Promise<Reply> {
  const words = texts.people.private;
  const before = await people.profile(contactId);
  const who = nameAndPhone(before, texts);
  if (before.privateSince) {
    const since = formatLocalDate(before.privateSince, settings['shop.timezone'], texts.locale);
    return { text: words.alreadyOn(who, since) };
  }
  await people.setPrivate(contactId, true);
  return { text: words.on(who, spell('private', texts, written, words.off[0] ?? OFF)) };
}

async function letIn(contactId: number, { people, texts }: Shop): Promise<Reply> {
  const words = texts.people.private;
  const before = await people.profile(contactId);
  const who = nameAndPhone(before, texts);
  if (!before.privateSince) {
    return { text: words.notOn(who) };
  }
  await people.setPrivate(contactId, false);
  return { text: words.taken(who) };
}
