import { elapsed, formatSpan, seconds } from '../../lib/time.ts';
import { en } from '../../texts/en.ts';
import type { MessageFacts, Outgoing } from './inspected-facts.ts';
import { causeOf } from './inspection-causes.ts';
import { nameOf, plural, summaryOf, timeOf, type View } from './inspection-words.ts';

/** What caused a message of the bot, and how far it came. */
export function outgoingStory(facts: MessageFacts, view: View): readonly string[] {
  const { outgoing } = facts;
  return outgoing
    ? [
        ...causeInWords(outgoing, facts, view),
        ...waitInWords(outgoing, view),
        ...triesInWords(outgoing, view),
        stateInWords(outgoing, view),
      ]
    : [];
}

function causeInWords({ key, queuedAt }: Outgoing, { question }: MessageFacts, view: View): string[] {
  const cause = causeOf(key);
  const queued = timeOf(queuedAt, view);
  switch (cause.kind) {
    case 'answer':
      return [
        question
          ? `The bot’s answer to ${summaryOf(question.line)}, which ${nameOf(question.person)} wrote at ${timeOf(question.line.sentAt, view)}.`
          : `The bot’s answer to the message ${cause.whatsappId}, which is not in the log of this conversation.`,
        `Queued at ${queued}, in the same transaction that logged the question: one is never stored without the other.`,
      ];
    case 'gap':
      return [
        `A notice to the owners, for which nobody asked: the bot had been without WhatsApp since ${timeOf(cause.from, view)}.`,
        `Queued at ${queued}.`,
      ];
    case 'phone-silent':
      return [
        `A notice to the owners, for which nobody asked: the shop’s phone was last heard of at ${timeOf(cause.seenAt, view)}, and this is the warning of day ${cause.day}.`,
        `Queued at ${queued}.`,
      ];
    case 'other':
      return [`Queued at ${queued}; the outbox names its cause ${key}.`];
  }
}

/** Less is the bot's own work. */
const WORTH_TELLING = seconds(2);

function waitInWords({ queuedAt, firstTriedAt, kind, state }: Outgoing, view: View): string[] {
  const waited = elapsed(queuedAt, firstTriedAt ?? view.now);
  if (waited < WORTH_TELLING || (!firstTriedAt && state !== 'queued')) {
    return [];
  }
  const typing = kind === 'staff' ? '' : ', and customers are shown “typing…” first';
  return [
    `${firstTriedAt ? 'It waited' : 'It has been waiting'} ${formatSpan(waited, 'en-GB')}: a message goes out when there is a link to WhatsApp and it is its turn${typing}.`,
  ];
}

function triesInWords({ firstTriedAt, attempts, state, stateSince }: Outgoing, view: View): string[] {
  if (!firstTriedAt) {
    return [];
  }
  return [
    `Taken for sending at ${timeOf(firstTriedAt, view)} and written into the log in the same transaction, before it left.`,
    ...(attempts > 1
      ? [`It took ${plural(attempts, 'try', 'tries')}, all under the same id, which a phone shows once.`]
      : []),
    ...(state === 'queued'
      ? [`Whether it left was in doubt, so it was queued again at ${timeOf(stateSince, view)}, under the same id.`]
      : []),
  ];
}

function stateInWords({ state, stateSince, reason }: Outgoing, view: View): string {
  const at = timeOf(stateSince, view);
  const why = reason === null ? 'No reason was noted.' : `The bot’s words for that: “${reasonInWords(reason)}”`;
  switch (state) {
    case 'queued':
      return 'It has not been sent yet.';
    case 'sending':
      return `It is being handed to the connection since ${at}.`;
    case 'sent':
      return `Written to the connection at ${at}; WhatsApp has not confirmed it yet.`;
    case 'accepted':
      return `WhatsApp took it at ${at}; the other phone has not confirmed it yet.`;
    case 'delivered':
      return `It reached the other phone; that was confirmed at ${at}.`;
    case 'read':
      return `It reached the other phone and was read; that was confirmed at ${at}.`;
    case 'failed':
      return `It failed at ${at}. ${why}`;
    case 'dropped':
      return `It was dropped at ${at}. ${why}`;
    case 'unknown':
      return `Since ${at} nobody knows whether it arrived. ${why}`;
  }
}

/** In the words in which the owner is told. */
export function reasonInWords(reason: string): string {
  const words: Readonly<Record<string, string>> = en.refusals;
  return words[reason] ?? en.otherRefusal(reason);
}
