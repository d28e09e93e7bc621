import { everyRole } from '../../contacts/member.ts';
import { SHORTEST_SEARCH } from '../../shop/search.ts';
import { type Command, spell } from '../command.ts';
import { oneLine, shorten } from '../describe-message.ts';
import { handleOf, nameAndPhone } from '../describe-person.ts';

const MOST = 10;
const LONGEST_SEARCH = 100;
const LONGEST_QUOTE = 40;

export const find: Command = {
  name: 'find',
  allowed: everyRole,
  async run({ rest }, { texts, people, commands }) {
    const words = texts.people.find;
    const wanted = oneLine(rest).slice(0, LONGEST_SEARCH).toWellFormed();
    if (wanted === '') {
      return { text: words.missing(spell('find', texts, 'ana@example.com')) };
    }
    const found = await people.search(wanted, MOST + 1);
    if (found.length === 0) {
      const isShort = wanted.length < SHORTEST_SEARCH;
      return { text: isShort ? words.tooShort : words.nobody(shorten(wanted, LONGEST_QUOTE)) };
    }
    const shown = found.slice(0, MOST);
    const lines = shown.map(({ profile, email, order }, index) =>
      words.person(index + 1, nameAndPhone(profile, texts), [
        ...(email ? [email] : []),
        ...(order ? [words.order(order)] : []),
      ]),
    );
    const next = commands.find(({ name }) => name === 'contact') ? 'contact' : 'chat';
    return {
      text: [
        ...lines,
        ...(found.length > MOST ? [words.more(MOST)] : []),
        ...shown.slice(0, 1).map(({ profile }) => words.goOn(spell(next, texts, handleOf(profile)))),
      ].join('\n'),
    };
  },
};
