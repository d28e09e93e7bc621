import type { MessageDetails } from '../../conversations/message.ts';
import { contactStory } from './contact-story.ts';
import type {
  Attachment,
  ContactFacts,
  JournalEntry,
  LoggedMessage,
  MessageFacts,
  Outgoing,
  PersonFacts,
} from './inspected-facts.ts';
import { readableJson, section, storedAddress } from './inspected-rows.ts';
import {
  addressInWords,
  authorOf,
  kindOf,
  nameOf,
  quote,
  sentence,
  sizeOf,
  states,
  summaryOf,
  timeOf,
  type View,
} from './inspection-words.ts';
import { messageStory } from './message-story.ts';
import { reasonInWords } from './outgoing-story.ts';
import type { InspectedSection, Inspection } from './page-state.ts';

/** What the bot has stored about a message, put into words. */
export function describeMessage(facts: MessageFacts, view: View): Inspection {
  const { logged, journal, outgoing } = facts;
  return {
    title: titleOf(facts),
    why: messageStory(facts, view),
    sections: [
      ...logged.map((one) => logSection(one, view)),
      ...logged.flatMap(({ attachment }) => (attachment ? [attachmentSection(attachment, view)] : [])),
      ...logged.flatMap((one) => (one.about.length > 0 ? [aboutSection(one, view)] : [])),
      ...(outgoing ? [outboxSection('The outbox', outgoing, view)] : []),
      ...logged.flatMap(({ answer }) => (answer ? [outboxSection('The answer in the outbox', answer, view)] : [])),
      ...journal.map((entry) => journalSection(entry, view)),
    ],
  };
}

function titleOf({ logged, outgoing, journal }: MessageFacts): string {
  const [one] = logged;
  if (one) {
    const { line, person } = one;
    const between = line.direction === 'in' ? `from ${nameOf(person)}` : `to ${nameOf(person)}`;
    const words = line.editedText ?? line.text;
    return `${sentence(kindOf(line))} ${between}${words ? `: ${quote(words)}` : ''}`;
  }
  if (outgoing) {
    return 'A message of the bot that has not left yet';
  }
  return journal.length > 0 ? 'A message that is not in the log' : 'A message that the bot does not have';
}

const arrivals: Readonly<Record<LoggedMessage['line']['arrival'], string>> = {
  live: 'live, while the bot was connected',
  offline: 'kept by WhatsApp while the bot was away',
  history: 'from the history of the shop’s phone',
  sent: 'sent by the bot',
};

function logSection({ line, person, quoted, target }: LoggedMessage, view: View): InspectedSection {
  return section(
    'The log',
    [
      ['Line', line.id],
      ['Conversation with', `${nameOf(person)} (contact ${person.contact.id})`],
      ['Written by', authorOf(line, person)],
      ['Direction', line.direction === 'in' ? 'to the shop' : 'from the shop'],
      ['Kind', line.kind],
      ['Words', line.text],
      ['Words after changes', line.editedText],
      ['Changed', line.editedAt],
      ['Deleted', line.deletedAt],
      ['Sent, by WhatsApp’s clock', line.sentAt],
      ['Written into the log', line.loggedAt],
      ['How it came', arrivals[line.arrival]],
      ['Answers', quoted ? summaryOf(quoted) : line.quotedId && `message ${line.quotedId}, which is not in the log`],
      ['Is about', target ? summaryOf(target) : line.targetId && `message ${line.targetId}, which is not in the log`],
      ['Details', detailsOf(line)],
      ['WhatsApp’s id', line.whatsappId],
      ['As it came, untouched', line.rawBytes ? sizeOf(line.rawBytes) : undefined],
    ],
    view,
  );
}

/** What the kind has besides its words. */
function detailsOf({ details }: LoggedMessage['line']): string | undefined {
  const { kind: _, ...others } = (details ?? {}) as MessageDetails;
  return Object.keys(others).length > 0 ? readableJson(others) : undefined;
}

const sources: Readonly<Record<JournalEntry['source'], string>> = {
  message: 'a message, with the commit that decrypted it',
  event: 'an event, with nothing that was decrypted',
  history: 'a piece of the phone’s history',
};

const journalStates: Readonly<Record<JournalEntry['state'], string>> = {
  pending: 'waits for the log',
  done: 'handled',
  failed: 'set aside',
};

function journalSection(entry: JournalEntry, view: View): InspectedSection {
  return section(
    'The journal',
    [
      ['Entry', entry.id],
      ['State', journalStates[entry.state]],
      ['Source', sources[entry.source]],
      ['Arrived', entry.arrivedAt],
      ['Handled', entry.handledAt],
      ['Problem', entry.problem],
      ['Author, as WhatsApp names them', entry.author],
      ['Pairing of the bot', `number ${entry.sessionId}`],
      ['Decrypted', entry.plaintextBytes ? sizeOf(entry.plaintextBytes) : undefined],
    ],
    view,
  );
}

const outgoingKinds: Readonly<Record<Outgoing['kind'], string>> = {
  staff: 'to staff: goes out at once',
  reply: 'an answer to a customer',
  relay: 'an advisor’s words',
  proactive: 'the bot speaks first',
};

function outboxSection(title: string, row: Outgoing, view: View): InspectedSection {
  return section(
    title,
    [
      ['Message', row.id],
      ['State', states[row.state]],
      ['In this state since', row.stateSince],
      ['Reason', row.reason === null ? undefined : reasonInWords(row.reason)],
      ['Cause', row.key],
      ['Kind', outgoingKinds[row.kind]],
      ['To', storedAddress(row.address)],
      ['Queued', row.queuedAt],
      ['First tried', row.firstTriedAt],
      ['Tries', row.attempts],
      ['Content', readableJson(row.content)],
      ['As it went out', row.wireBytes ? sizeOf(row.wireBytes) : undefined],
      ['WhatsApp’s id', row.whatsappId],
    ],
    view,
  );
}

const attachmentStates: Readonly<Record<Attachment['state'], string>> = {
  pending: 'to be fetched',
  stored: 'fetched',
  'too-large': 'too large to be kept',
  gone: 'not to be had any more',
  failed: 'given up',
};

function attachmentSection(row: Attachment, view: View): InspectedSection {
  return section(
    row.kind === 'file' ? 'The file' : 'The lines of the order',
    [
      ['State', attachmentStates[row.state]],
      ['Stored as', row.file],
      ['Size', row.bytes === null ? undefined : sizeOf(row.bytes)],
      ['Problem', row.problem],
      ['Failed tries', row.attempts],
      ['Next try', row.state === 'pending' ? row.nextTryAt : undefined],
    ],
    view,
  );
}

function aboutSection({ about, person }: LoggedMessage, view: View): InspectedSection {
  return section(
    'Lines about it',
    about.map((act) => [
      timeOf(act.sentAt, view),
      `${kindOf(act)} by ${authorOf(act, person)}${act.text ? `: ${act.text}` : ''}`,
    ]),
    view,
  );
}

/** What the bot knows about a person, put into words. */
export function describeContact(facts: ContactFacts, view: View): Inspection {
  const [one] = facts.people;
  return {
    title: one ? nameOf(one.person) : facts.addresses.map(addressInWords).join(', '),
    why: contactStory(facts, view),
    sections: facts.people.flatMap((person) => [
      personSection(person, view),
      addressesSection(person, view),
      ...(person.unsettled.length > 0 ? [unsettledSection(person, view)] : []),
    ]),
  };
}

const speakers: Readonly<Record<NonNullable<PersonFacts['conversation']>['speaker'], string>> = {
  bot: 'the bot',
  waiting: 'nobody yet: an advisor was called',
  advisor: 'an advisor',
  paused: 'nobody: the bot is paused',
};

function personSection({ person, conversation, lines, lastLine }: PersonFacts, view: View): InspectedSection {
  const { contact, member } = person;
  return section(
    'The person',
    [
      ['Contact', contact.id],
      ['Name, as they call themselves', contact.name],
      ['Known since', contact.createdAt],
      ['Role', member?.role ?? 'none: a customer'],
      ['Role since', member?.since],
      ['Role by', member && (member.source === 'claim' ? 'the code of the pairing page' : 'OWNER_PHONES')],
      ['Who speaks', conversation && speakers[conversation.speaker]],
      ['Speaks since', conversation?.since],
      ['Last wrote from', storedAddress(contact.lastAddress)],
      ['LID out of date since', contact.lidStaleSince],
      ['Lines of theirs', lines.contact],
      ['Lines of the bot', lines.bot],
      ['Lines from the shop’s phone', lines['shop-phone']],
      ['Last line', lastLine && `${summaryOf(lastLine)} by ${authorOf(lastLine, person)}`],
      ['Last line at', lastLine?.sentAt],
    ],
    view,
  );
}

function addressesSection({ person: { addresses } }: PersonFacts, view: View): InspectedSection {
  return section(
    'Addresses',
    addresses.map((address) => [
      addressInWords(address),
      `known since ${timeOf(address.firstSeenAt, view)}, learnt for the last time ${timeOf(address.lastSeenAt, view)}`,
    ]),
    view,
  );
}

function unsettledSection({ unsettled }: PersonFacts, view: View): InspectedSection {
  return section(
    'Not sent or not arrived',
    unsettled.map((row) => [
      timeOf(row.queuedAt, view),
      `${states[row.state]} since ${timeOf(row.stateSince, view)}${row.reason === null ? '' : `: ${reasonInWords(row.reason)}`}`,
    ]),
    view,
  );
}
