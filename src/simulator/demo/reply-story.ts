import { readClaim } from '../../admin/claim.ts';
import { commandList, commandsFor } from '../../admin/command-list.ts';
import { LONGEST_COMMAND, parseCommand } from '../../admin/parse-command.ts';
import type { Role } from '../../contacts/member.ts';
import { loopIn } from '../../conversations/loop-breaker.ts';
import type { IncomingMessage, MessageDetails } from '../../conversations/message.ts';
import { type OutgoingContent, readableText } from '../../outbox/outgoing-content.ts';
import { whyUnheard, wordsForUs } from '../../reception/unheard.ts';
import type { LoggedMessage, MessageFacts } from './inspected-facts.ts';
import { kindOf, nameOf, plural, quote, states, timeOf, type View } from './inspection-words.ts';

/** Why the bot answered a message of a contact or did not: its own rules applied once more to what was stored then. */
export function replyStory(one: LoggedMessage, facts: MessageFacts, view: View): readonly string[] {
  const { line } = one;
  const { sentAt, loggedAt } = line;
  const details = line.details as MessageDetails;
  const way = line.arrival as IncomingMessage['way'];
  switch (whyUnheard({ author: 'contact', details, text: line.text ?? undefined, sentAt, way }, loggedAt)) {
    case 'by-the-shop':
    case 'history':
      return [];
    case 'no-words':
      return [
        `Only written words and taps on the bot’s own buttons are acted upon; ${kindOf(line)} is logged, whoever sends it.`,
      ];
    case 'too-old':
      return ['It was more than 12 hours old when it arrived: it is logged, and answered no more.'];
    case undefined:
      return [...wordsStory(one, facts, view), ...answerStory(one, view)];
  }
}

/** As whom the bot took the author, and the words as what. */
function wordsStory(one: LoggedMessage, facts: MessageFacts, view: View): string[] {
  const { line, person, recentTexts, answer } = one;
  const name = nameOf(person);
  const text = wordsForUs({ details: line.details as MessageDetails, text: line.text ?? undefined }) ?? '';
  const role = roleThen(one);
  const isClaim = readClaim(text) !== undefined;
  const tapped = line.kind === 'choice';
  if (!role && !isClaim) {
    return [
      `${name} ${wasOrIs(one)} a customer: ${subject(tapped)} logged, and nothing is answered, for commands are for staff.`,
    ];
  }
  const loop = loopIn(recentTexts);
  if (loop !== 'none') {
    return [
      `${name} had written ${plural(recentTexts.length, 'message')} within two minutes, so the bot took this for an automatic reply and did not act on it.`,
      ...(loop === 'silent' ? ['It had said so before and stays silent until it gets quieter.'] : []),
    ];
  }
  if (role) {
    return commandStory(name, role, { text, tapped }, facts);
  }
  return claimStory(name, one, facts, view, answer !== undefined);
}

interface Said {
  readonly text: string;
  readonly tapped: boolean;
}

function commandStory(name: string, role: Role, { text, tapped }: Said, { texts }: MessageFacts): string[] {
  const allowed = commandsFor(role);
  const parsed = parseCommand(text, commandList, allowed, texts);
  const who = `${name} is ${article(role)} ${role}, so ${subject(tapped)} read as a command`;
  switch (parsed.kind) {
    case 'too-long':
      return [
        `${who}; with more than ${LONGEST_COMMAND.toLocaleString('en-GB')} characters they are too long for one.`,
      ];
    case 'unknown':
      return [`${who}. There is none called ${quote(parsed.given)}; the nearest: ${parsed.nearest.join(', ')}.`];
    case 'command':
      return allowed.includes(parsed.command)
        ? [`${who}: ${parsed.command.name}.`]
        : [`${who}: ${parsed.command.name}, which ${article(role)} ${role} may not use.`];
  }
}

function claimStory(
  name: string,
  { line, person }: LoggedMessage,
  { ownedSince }: MessageFacts,
  view: View,
  answered: boolean,
): string[] {
  const { member } = person;
  if (member?.source === 'claim' && member.since.getTime() === line.loggedAt.getTime()) {
    return [`It is the code of the pairing page: with it ${name} became an owner.`];
  }
  if (ownedSince && ownedSince <= line.loggedAt) {
    return [
      `It looks like the code for the first owner, but the shop has had an owner since ${timeOf(ownedSince, view)}: the code opens nothing, and nothing is answered.`,
    ];
  }
  return [
    `It looks like the code for the first owner, which was judged${answered ? '' : '; whoever tries too often is told nothing more'}.`,
  ];
}

function answerStory({ answer, line, person }: LoggedMessage, view: View): string[] {
  if (answer) {
    const text = readableText(answer.content as OutgoingContent) ?? '';
    return [
      `The answer ${quote(text)} was queued at ${timeOf(answer.queuedAt, view)}. It is ${states[answer.state]} now.`,
    ];
  }
  const expected = roleThen({ line, person }) !== undefined;
  return expected ? ['No answer to it is in the outbox.'] : [];
}

/** A role counts from the moment that it was given. */
function roleThen({ line, person: { member } }: Pick<LoggedMessage, 'line' | 'person'>): Role | undefined {
  const before = member && (member.source === 'claim' ? member.since < line.loggedAt : member.since <= line.loggedAt);
  return before ? member.role : undefined;
}

function wasOrIs({ person: { member } }: LoggedMessage): string {
  return member ? 'was still' : 'is';
}

function subject(tapped: boolean): string {
  return tapped ? 'the tap is' : 'the words are';
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
