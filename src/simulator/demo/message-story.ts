import type { MessageDetails } from '../../conversations/message.ts';
import { elapsed, minutes } from '../../lib/time.ts';
import { KEEP_HANDLED } from '../../whatsapp/journal.store.ts';
import { attachmentStory } from './attachment-story.ts';
import type { JournalEntry, LoggedMessage, MessageFacts } from './inspected-facts.ts';
import { authorOf, kindOf, nameOf, quote, summaryOf, timeOf, type View } from './inspection-words.ts';
import { outgoingStory } from './outgoing-story.ts';
import { replyStory } from './reply-story.ts';

/** What became of a message and why, in sentences: what the rows show, and what the product's own rules say of these rows. */
export function messageStory(facts: MessageFacts, view: View): readonly string[] {
  const { journal, logged, outgoing } = facts;
  if (journal.length === 0 && logged.length === 0 && !outgoing) {
    return nothingStored(facts);
  }
  return [
    ...outgoingStory(facts, view),
    ...journal.flatMap((entry) => arrivalStory(entry, facts, view)),
    ...logged.flatMap((one) => [...lineStory(one, facts, view), ...aboutStory(one, view)]),
  ];
}

function nothingStored({ people }: MessageFacts): string[] {
  return [
    'The bot has stored nothing about this message.',
    ...(people.length === 0 ? ['It knows nobody with this address yet.'] : []),
    'Either it has not arrived: while the bot is off, or cut from the network, WhatsApp keeps it; and what a phone writes while it is off waits on that phone.',
    'Or it is never kept: what people write to each other and not to the shop, what is said in groups, statuses and channels, and what devices only tell each other.',
  ];
}

function arrivalStory(entry: JournalEntry, { logged }: MessageFacts, view: View): string[] {
  return [arrived(entry, view), ...whatBecame(entry, logged, view)];
}

function arrived({ arrivedAt, offline, event }: JournalEntry, view: View): string {
  const time = timeOf(arrivedAt, view);
  const came = offline
    ? `WhatsApp had kept it while the bot was away; it arrived at ${time}`
    : `It arrived at ${time}, live,`;
  switch (event?.kind) {
    case undefined:
      return `${came} and was written into the journal in the same commit that decrypted it.`;
    case 'call':
      return `The news that the call ${callOutcomes[event.outcome]} arrived at ${time} and was written into the journal; calls carry nothing to decrypt.`;
    case 'unreadable':
      return `${came} ${event.because === 'undecryptable' ? 'and could not be decrypted' : 'without its content'}; that much was written into the journal.`;
  }
}

const callOutcomes = {
  ringing: 'rings',
  missed: 'ended unanswered',
  rejected: 'was rejected',
  accepted: 'was taken',
} as const;

function whatBecame(
  { state, problem, handledAt }: JournalEntry,
  logged: readonly LoggedMessage[],
  view: View,
): string[] {
  switch (state) {
    case 'pending':
      return ['It waits in the journal to be taken into the log.'];
    case 'failed': {
      const at = handledAt ? ` at ${timeOf(handledAt, view)}` : '';
      const placeholder = logged.length > 0 ? ', a line in the log stands in for it,' : '';
      return [
        `It could not be read (${problem ?? 'no reason was noted'}) and was set aside${at}. Nothing is lost: the journal keeps it${placeholder} and the command replay tries it again.`,
      ];
    }
    case 'done':
      return logged.length > 0
        ? []
        : [
            `It was handled${handledAt ? ` at ${timeOf(handledAt, view)}` : ''} and left no line in the log: it is of a kind that the log does not keep.`,
          ];
  }
}

/** WhatsApp tells time in whole seconds, and its clock need not be ours. */
const LATE = minutes(1);

function lineStory(one: LoggedMessage, facts: MessageFacts, view: View): string[] {
  const { line, person, quoted, target } = one;
  if (line.author === 'bot') {
    return [];
  }
  return [
    ...(facts.journal.length === 0 ? [withoutJournal(one, view)] : []),
    ...(line.author === 'shop-phone'
      ? ['It was written on the shop’s own phone, by a person and not by the bot. The bot only logs it.']
      : []),
    `Written into the log at ${timeOf(line.loggedAt, view)}: ${kindOf(line)} ${line.direction === 'in' ? 'from' : 'to'} ${nameOf(person)}.`,
    ...(elapsed(line.sentAt, line.loggedAt) > LATE
      ? [`It had been sent at ${timeOf(line.sentAt, view)}, by WhatsApp’s clock.`]
      : []),
    ...(quoted ? [`It quotes ${summaryOf(quoted)} of ${authorOf(quoted, person)}.`] : []),
    ...(target ? [`It is about ${summaryOf(target)} of ${authorOf(target, person)}.`] : []),
    ...(line.kind === 'unreadable' ? unreadableStory(one) : []),
    ...attachmentStory(one, view),
    ...(line.author === 'contact' && line.kind !== 'unreadable' ? replyStory(one, facts, view) : []),
  ];
}

function withoutJournal({ line: { arrival, loggedAt } }: LoggedMessage, { now }: View): string {
  if (arrival === 'history') {
    return 'It came with the history of the shop’s phone. What comes so is logged and never answered.';
  }
  return elapsed(loggedAt, now) > KEEP_HANDLED
    ? 'How it arrived is no longer in the journal: what was handled is forgotten after 30 days.'
    : 'The journal has no arrival under this id.';
}

function unreadableStory({ line }: LoggedMessage): string[] {
  const details = line.details as MessageDetails;
  return details.kind === 'unreadable' && details.because === 'view-once'
    ? ['It may be looked at once, and WhatsApp shows such messages on phones only.']
    : ['When the message can be read, it takes this line’s place.'];
}

/** Reactions, votes, edits and deletions, and what the line derives from them. */
function aboutStory({ line, about, person }: LoggedMessage, view: View): string[] {
  return [
    ...about.map((act) => `At ${timeOf(act.sentAt, view)} ${actInWords(act, person)}${withoutEffect(act, line)}.`),
    ...(line.editedText === null
      ? []
      : [`It reads ${quote(line.editedText)} now; the first words, ${quote(line.text ?? '')}, stay in the log.`]),
    ...(line.deletedAt ? ['It was deleted for everybody; its words stay in the log.'] : []),
  ];
}

function actInWords(act: LoggedMessage['line'], person: LoggedMessage['person']): string {
  const who = authorOf(act, person);
  const details = act.details as { readonly options?: readonly string[] } | null;
  switch (act.kind) {
    case 'reaction':
      return act.text ? `${who} reacted with ${act.text}` : `${who} took the reaction back`;
    case 'edit':
      return act.text
        ? `${who} changed it to ${quote(act.text)}`
        : `${who} changed it in a form that could not be read`;
    case 'delete':
      return `${who} deleted it for everybody`;
    case 'vote':
      return voteInWords(who, details?.options);
    default:
      return `${who} sent ${kindOf(act)} about it`;
  }
}

function voteInWords(who: string, options: readonly string[] | undefined): string {
  if (!options) {
    return `${who} voted, and the vote could not be read`;
  }
  return options.length > 0 ? `${who} voted for ${options.map(quote).join(' and ')}` : `${who} took the vote back`;
}

/** `applyChanges` of the log lets only an author change their own words. */
function withoutEffect(act: LoggedMessage['line'], line: LoggedMessage['line']): string {
  const changes = act.kind === 'edit' || act.kind === 'delete';
  return changes && act.direction !== line.direction ? ', which changes nothing: only its author may' : '';
}
