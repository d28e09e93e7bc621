import { formatPhoneNumber, parsePhoneNumber } from '../../contacts/phone.ts';
import type { Person } from '../../contacts/split.ts';
import type { Texts } from '../../texts/en.ts';
import type { Command } from '../command.ts';

/** What is quoted back of something that is no phone number. */
const LONGEST_QUOTE = 40;

export const split: Command = {
  name: 'split',
  allowed: ['owner', 'manager'],
  async run({ rest }, { texts, splitContact }) {
    if (rest === '') {
      return { text: texts.split.missing };
    }
    const phone = parsePhoneNumber(rest);
    if (!phone) {
      return { text: texts.split.noPhone(rest.slice(0, LONGEST_QUOTE).toWellFormed()) };
    }
    const readable = formatPhoneNumber(phone);
    const outcome = await splitContact(phone);
    switch (outcome.kind) {
      case 'nobody':
        return { text: texts.split.nobody(readable) };
      case 'never-joined':
        return { text: texts.split.neverJoined(readable) };
      case 'split':
        return { text: texts.split.done(outcome.people.map((person) => describePerson(person, texts))) };
    }
  },
};

function describePerson({ name, phone, username, lines }: Person, texts: Texts): string {
  const known = [name, phone && formatPhoneNumber(phone), username && `@${username}`].filter(Boolean);
  return texts.split.person(phone ? known.join(', ') : [...known, texts.split.phoneUnknown].join(', '), lines);
}
