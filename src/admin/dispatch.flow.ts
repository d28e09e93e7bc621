import type { Role } from '../contacts/member.ts';
import { countOwners, makeOwner } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { describe } from '../lib/work-loop.ts';
import { queueMessage } from '../outbox/outbox.store.ts';
import type { Transport } from '../outbox/transport.ts';
import type { Settings } from '../settings/registry.ts';
import { changeSetting, readSettings } from '../settings/settings.store.ts';
import { textsIn } from '../texts/texts.ts';
import { type ClaimCode, isOpen, readClaim, tryClaim } from './claim.ts';
import type { Shop, Vitals } from './command.ts';
import { commandList, commandsFor } from './command-list.ts';
import { LONGEST_COMMAND, parseCommand } from './parse-command.ts';

/** A message that may be meant for the bot itself. */
export interface Heard {
  /** The line of the log, the cause of the answer. */
  readonly whatsappId: string;
  readonly contactId: number;
  /** Absent for customers. */
  readonly role: Role | undefined;
  readonly text: string;
}

export interface Admin {
  /**
   * Answers staff, and the first owner's claim; says nothing to anybody else. The answer is queued in the transaction given, so it
   * exists exactly when the message is in the log.
   */
  hear(transaction: Database, heard: Heard, now: Date): Promise<void>;
  /** The code for the first owner, made when there is none that is open; `undefined` as soon as there is an owner. */
  claimCode(database: Database, now: Date): Promise<string | undefined>;
}

export function makeAdmin(parts: {
  readonly transport: Transport;
  readonly vitals: (database: Database, now: Date) => Promise<Vitals>;
  /** Six random digits. */
  readonly randomCode: () => string;
  readonly log: Log;
}): Admin {
  const { transport, vitals, randomCode, log } = parts;
  let claim: ClaimCode | undefined;

  async function answer(transaction: Database, heard: Heard, text: string, now: Date): Promise<void> {
    await queueMessage(
      transaction,
      {
        key: `answer:${heard.contactId}:${heard.whatsappId}`,
        contactId: heard.contactId,
        kind: 'staff',
        content: { kind: 'text', text },
        whatsappId: transport.chooseMessageId(),
      },
      now,
    );
  }

  async function hearMember(transaction: Database, heard: Heard, role: Role, now: Date): Promise<string> {
    const settings = await readSettings(transaction);
    const texts = textsIn(settings['shop.language']);
    const commands = commandsFor(role);
    const parsed = parseCommand(heard.text, commandList, commands, texts);
    if (parsed.kind === 'too-long') {
      return texts.tooLong(parsed.length, LONGEST_COMMAND);
    }
    if (parsed.kind === 'unknown') {
      return texts.unknownCommand(parsed.given, parsed.nearest);
    }
    const { command, words, rest } = parsed;
    if (!commands.includes(command)) {
      return texts.notAllowed(command.name);
    }
    const shop: Shop = {
      now,
      settings,
      texts,
      commands,
      link: () => transport.link(),
      vitals: () => vitals(transaction, now),
      changeSetting: (key, before, after) =>
        changeSetting(transaction, { key, before, after, changedBy: heard.contactId }, now),
    };
    try {
      return (await transaction.transaction(() => command.run({ role, words, rest }, shop))).text;
    } catch (error) {
      log.error({ command: command.name, error: describe(error) }, 'A command failed');
      return texts.failed(command.name);
    }
  }

  async function hearStranger(transaction: Database, heard: Heard, now: Date): Promise<string | undefined> {
    const given = readClaim(heard.text);
    if (given === undefined || (await countOwners(transaction)) > 0) {
      return undefined;
    }
    const settings: Settings = await readSettings(transaction);
    const texts = textsIn(settings['shop.language']);
    const outcome = tryClaim(claim, given, now);
    switch (outcome.kind) {
      case 'accepted':
        await makeOwner(transaction, heard.contactId, 'claim', now);
        return texts.claim.done(settings['shop.name']);
      case 'wrong':
        claim = outcome.next;
        return texts.claim.wrong(outcome.triesLeft);
      case 'closed':
        claim = undefined;
        return texts.claim.closed;
    }
  }

  return {
    async hear(transaction, heard, now) {
      const text = heard.role
        ? await hearMember(transaction, heard, heard.role, now)
        : await hearStranger(transaction, heard, now);
      if (text !== undefined) {
        await answer(transaction, heard, text, now);
      }
    },
    async claimCode(database, now) {
      if ((await countOwners(database)) > 0) {
        return undefined;
      }
      if (!isOpen(claim, now)) {
        claim = { code: randomCode(), issuedAt: now, wrongTries: 0 };
      }
      return claim.code;
    },
  };
}
