import { formatAddress, sameAddress } from '../../contacts/address.ts';
import type { ContactFacts, KnownPerson, Merge, PersonFacts } from './inspected-facts.ts';
import { addressInWords, nameOf, plural, timeOf, type View } from './inspection-words.ts';
import { reasonInWords } from './outgoing-story.ts';

/** Whom the bot takes somebody for, and what follows. */
export function contactStory({ people }: ContactFacts, view: View): readonly string[] {
  if (people.length === 0) {
    return [
      'The bot knows nobody with this address.',
      'It learns people when they write to the shop or the shop writes to them, and owners from OWNER_PHONES. A message that has not reached it tells it nothing.',
    ];
  }
  const several =
    people.length > 1
      ? [`These addresses belong to ${people.length} contacts that are not known to be one person; here is each.`]
      : [];
  return [...several, ...people.flatMap((one) => personStory(one, view))];
}

function personStory(facts: PersonFacts, view: View): string[] {
  return [
    ...roleStory(facts.person, view),
    ...writingStory(facts),
    ...addressStory(facts, view),
    ...facts.merges.map((merge) => mergeInWords(merge, facts.person, view)),
    ...unsettledStory(facts),
  ];
}

function roleStory(person: KnownPerson, view: View): string[] {
  const { member } = person;
  const name = nameOf(person);
  if (!member) {
    return [
      `${name} is a customer, for no role is stored: what ${name} writes is logged, and commands are not answered.`,
    ];
  }
  const article = /^[aeiou]/.test(member.role) ? 'an' : 'a';
  return [
    `${name} has been ${article} ${member.role} since ${timeOf(member.since, view)}: ${becauseOf(person)}.`,
    `Written words of ${name} are read as commands, and the answer comes in this chat.`,
  ];
}

function becauseOf({ member, addresses }: KnownPerson): string {
  if (member?.source === 'claim') {
    return 'the code of the pairing page was sent from here';
  }
  const phone = addresses.find(({ kind }) => kind === 'phone');
  return `OWNER_PHONES names ${phone ? addressInWords(phone) : 'the number'}`;
}

function writingStory({ person, lines }: PersonFacts): string[] {
  return lines.contact === 0 ? [`${nameOf(person)} has not written yet, as far as the log goes.`] : [];
}

function addressStory({ person: { contact, addresses }, answersGoTo }: PersonFacts, view: View): string[] {
  const stale = contact.lidStaleSince
    ? [
        `WhatsApp said at ${timeOf(contact.lidStaleSince, view)} that the LID is out of date. ${
          addresses.some(({ kind }) => kind === 'phone')
            ? 'The new one is asked for under the phone number.'
            : 'Without a phone number the new one cannot be asked for; it is learnt when they write.'
        }`,
      ]
    : [];
  if (!answersGoTo) {
    return [...stale, 'There is no address to write to.'];
  }
  const because =
    formatAddress(answersGoTo) === contact.lastAddress
      ? 'the last message came from there'
      : 'no message has come from anywhere else';
  const isKnown = addresses.some((address) => sameAddress(address, answersGoTo));
  return [...stale, ...(isKnown ? [`Messages go to ${addressInWords(answersGoTo)}: ${because}.`] : [])];
}

function mergeInWords(
  { mergedAt, undoneAt, keptId, absorbedId, absorbedName }: Merge,
  person: KnownPerson,
  view: View,
): string {
  const isKept = keptId === person.contact.id;
  const other = isKept
    ? `contact ${absorbedId}${absorbedName ? ` (${absorbedName})` : ''}, who turned out to be the same person`
    : `contact ${keptId}, as the same person`;
  const undone = undoneAt ? ` They were taken apart again at ${timeOf(undoneAt, view)}.` : '';
  return `Joined with ${other}, at ${timeOf(mergedAt, view)}.${undone}`;
}

function unsettledStory({ unsettled }: PersonFacts): string[] {
  const waiting = unsettled.filter(({ state }) => state === 'queued' || state === 'sending' || state === 'sent');
  const lost = unsettled.filter((one) => !waiting.includes(one));
  const last = lost.at(-1);
  return [
    ...(waiting.length > 0
      ? [
          `${plural(waiting.length, 'message')} to them ${waiting.length === 1 ? 'is' : 'are'} not confirmed by WhatsApp yet.`,
        ]
      : []),
    ...(last
      ? [
          `${plural(lost.length, 'message')} to them did not arrive, as far as the bot knows; the last: ${last.reason === null ? 'no reason was noted.' : reasonInWords(last.reason)}`,
        ]
      : []),
  ];
}
