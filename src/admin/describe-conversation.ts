import type { Conversation, ConversationLine } from '../conversations/conversation.ts';
import { formatLocalClock, formatLocalDate } from '../lib/time.ts';
import { describeMessage, oneLine, shorten } from './describe-message.ts';
import type { Manner } from './describe-person.ts';

/** A longer message is cut, and says by how much. */
const LONGEST_MESSAGE = 300;
const LONGEST_BEFORE = 80;

/** The lines of a conversation as staff read them, under the day on the shop's clocks. */
export function describeConversation(who: string, { lines, count, waiting }: Conversation, manner: Manner): string {
  const words = manner.texts.people.chat;
  const days = lines.map(({ sentAt }) => dayOf(sentAt, manner));
  const told = lines.flatMap((line, index) => [
    ...(days[index] === days[index - 1] ? [] : [`_${days[index]}_`]),
    describeLine(line, manner),
  ]);
  return [
    count === 0 ? words.nothing(who) : words.title(who, lines.length, count),
    ...told,
    ...(waiting > 0 ? [words.waiting(waiting)] : []),
  ].join('\n');
}

function describeLine(line: ConversationLine, manner: Manner): string {
  const { texts, settings } = manner;
  const words = texts.people.chat;
  const clock = formatLocalClock(line.sentAt, settings['shop.timezone'], texts.locale);
  const delivery = describeDelivery(line, manner);
  const told = words.line(clock, words.speakers[line.author], describeWords(line, manner));
  return delivery ? `${told} ${delivery}` : told;
}

function describeWords(line: ConversationLine, { texts }: Manner): string {
  const words = texts.people.chat;
  const { details, text, editedText, isEdited, isDeleted, about } = line;
  const told = cut(describeMessage(details, editedText ?? text, texts, about), words);
  if (isDeleted) {
    return words.deleted(told);
  }
  const before = editedText === undefined ? undefined : text && shorten(oneLine(text), LONGEST_BEFORE);
  return isEdited ? words.edited(told, before) : told;
}

function cut(told: string, words: Manner['texts']['people']['chat']): string {
  const characters = [...told];
  return characters.length > LONGEST_MESSAGE
    ? words.cut(characters.slice(0, LONGEST_MESSAGE).join(''), characters.length - LONGEST_MESSAGE)
    : told;
}

/** How far a message of the bot came; nothing is known of what was typed on the shop's phone. */
function describeDelivery({ delivery }: ConversationLine, { texts }: Manner): string | undefined {
  if (!delivery) {
    return undefined;
  }
  const words = texts.people.chat;
  const refusals: Readonly<Record<string, string>> = texts.refusals;
  const reason = delivery.reason ?? '';
  const why = refusals[reason] ?? texts.otherRefusal(reason);
  switch (delivery.state) {
    case 'failed':
    case 'dropped':
      return words.refused(why);
    case 'unknown':
      return words.unknown(why);
    default:
      return words.ticks[delivery.state];
  }
}

function dayOf(instant: Date, { texts, settings }: Manner): string {
  return formatLocalDate(instant, settings['shop.timezone'], texts.locale);
}
