import type { Role } from '../contacts/member.ts';
import { splitContact } from '../contacts/split.store.ts';
import { recentTexts } from '../conversations/log.store.ts';
import { LOOP_WINDOW, loopIn } from '../conversations/loop-breaker.ts';
import type { Database } from '../database/database.ts';
import { assert } from '../lib/assert.ts';
import type { Log } from '../lib/log.ts';
import { later } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { keepOutgoingFile } from '../outbox/outgoing-files.flow.ts';
import type { Transport } from '../outbox/transport.ts';
import type { Settings } from '../settings/registry.ts';
import { changeSetting, readSettings } from '../settings/settings.store.ts';
import { textsIn } from '../texts/texts.ts';
import { readClaim } from './claim.ts';
import { type Reply, type Shop, tokenOf, type Vitals } from './command.ts';
import { commandList, commandsFor } from './command-list.ts';
import type { Confirmations } from './confirmations.ts';
import type { FirstOwner } from './first-owner.flow.ts';
import { afterChange, outsideIn } from './outside.flow.ts';
import type { Outside } from './outside.ts';
import { LONGEST_COMMAND, parseCommand } from './parse-command.ts';
import { peopleIn } from './people.flow.ts';

/** A message that may be meant for the bot itself. */
interface Heard {
  /** With the contact, the line of the log that causes the answer. */
  readonly whatsappId: string;
  readonly contactId: number;
  /** Absent for customers. */
  readonly role: Role | undefined;
  readonly text: string;
  /** Whether a tap on a choice said it, not words. */
  readonly tapped: boolean;
}

export interface Admin {
  /**
   * Answers staff, and the first owner's claim; says nothing to anybody else. The answer is queued in the transaction given, so it
   * exists exactly when the message is in the log.
   *
   * @returns whether it answered
   */
  hear(transaction: Database, heard: Heard, now: Date): Promise<boolean>;
}

interface AdminParts {
  readonly transport: Transport;
  readonly firstOwner: FirstOwner;
  readonly vitals: (database: Database, now: Date) => Promise<Vitals>;
  /** Takes every arrival that was set aside as new. @returns how many there were */
  readonly replayArrivals: (database: Database) => Promise<number>;
  /** Why this web address is never called, if its text alone tells. */
  readonly judgeAddress: Outside['judge'];
  readonly confirmations: Confirmations;
  /** Where files that are sent are kept. */
  readonly dataDirectory: string;
  readonly log: Log;
}

export function makeAdmin(parts: AdminParts): Admin {
  const { transport, firstOwner } = parts;
  return {
    async hear(transaction, heard, now) {
      const { contactId, role, text } = heard;
      // Nearly every message is a customer's: nothing is read for those.
      if (!role && readClaim(text) === undefined) {
        return false;
      }
      const settings = await readSettings(transaction);
      const loop = loopIn(await recentTexts(transaction, contactId, later(now, -LOOP_WINDOW)));
      if (loop === 'silent') {
        return false;
      }
      // A customer who tries codes is told nothing about it.
      if (loop === 'told' && role) {
        return say(transaction, heard, { text: textsIn(settings['shop.language']).loop }, now);
      }
      const answer = role
        ? await answerMember(parts, transaction, { ...heard, role }, settings, now)
        : await welcome(transaction, heard, settings, now);
      return answer === undefined ? false : say(transaction, heard, answer, now);
    },
  };

  async function welcome(transaction: Database, { contactId, text }: Heard, settings: Settings, now: Date) {
    const answer = await firstOwner.hear(transaction, contactId, text, settings, now);
    return answer === undefined ? undefined : { text: answer };
  }

  async function say(transaction: Database, heard: Heard, reply: Reply, now: Date): Promise<boolean> {
    const { contactId, whatsappId } = heard;
    const { file } = reply;
    const kept = file && (await keepOutgoingFile(transaction, parts.dataDirectory, file, now));
    const message = {
      key: `answer:${contactId}:${whatsappId}`,
      contactId,
      kind: 'staff',
      content: kept === undefined ? contentOf(reply) : fileContentOf(reply, kept),
      whatsappId: transport.chooseMessageId(),
    } as const;
    return queueMessage(transaction, message, now);
  }
}

async function answerMember(
  { transport, vitals, replayArrivals, judgeAddress, confirmations, log }: AdminParts,
  transaction: Database,
  { role, text, tapped, contactId, whatsappId }: Heard & { readonly role: Role },
  settings: Settings,
  now: Date,
): Promise<Reply> {
  const texts = textsIn(settings['shop.language']);
  const commands = commandsFor(role);
  const parsed = parseCommand(text, commandList, commands, texts);
  if (parsed.kind === 'too-long') {
    return { text: texts.tooLong(parsed.length, LONGEST_COMMAND) };
  }
  if (parsed.kind === 'unknown') {
    return { text: texts.unknownCommand(parsed.given, parsed.nearest, parsed.likely) };
  }
  const { command, words, rest } = parsed;
  if (!commands.includes(command)) {
    return { text: texts[command.allowed.includes('manager') ? 'notAllowed' : 'ownersOnly'](command.name) };
  }
  const shopIn = (source: Database): Shop => ({
    now,
    settings,
    texts,
    commands,
    link: () => transport.link(),
    vitals: () => vitals(source, now),
    replayArrivals: () => replayArrivals(source),
    splitContact: (phone) => splitContact(source, phone, now),
    people: peopleIn(source, { contactId, whatsappId }, now),
    outside: outsideIn(source, { contactId, judge: judgeAddress }, now),
    confirm: (act) => confirmations.ask(`${contactId}: ${act}`, now),
    isConfirmed: (act, code) => confirmations.judge(`${contactId}: ${act}`, code, now),
    async changeSetting(key, before, after) {
      await changeSetting(source, { key, before, after, changedBy: contactId }, now);
      await afterChange(source, key, now);
    },
  });
  try {
    // A savepoint: a command that fails half-way leaves nothing, and the message itself stays logged.
    return await transaction.transaction((savepoint) => command.run({ words, rest, tapped }, shopIn(savepoint)));
  } catch (error) {
    log.error({ command: command.name, error: describe(error) }, 'A command failed');
    return { text: texts.failed(command.name) };
  }
}

function fileContentOf({ text, file }: Reply, path: string): OutgoingContent {
  assert(file, 'a file was kept because there is one');
  const { kind, mime, name } = file;
  return { kind, file: path, mime, text, ...(kind === 'document' ? { name } : {}) };
}

/** Staff see choices as buttons: these are answers to what they asked themselves. */
function contentOf({ text, choices }: Reply): OutgoingContent {
  if (!choices) {
    return { kind: 'text', text };
  }
  const buttons = choices.map((choice) => ({ label: choice.label, token: tokenOf(choice) }));
  return { kind: 'choices', text, choices: buttons, buttons: true };
}
