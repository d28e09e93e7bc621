import { countOwners, makeOwner } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import type { Settings } from '../settings/registry.ts';
import { textsIn } from '../texts/texts.ts';
import { type ClaimCode, isOpen, readClaim, tryClaim } from './claim.ts';

/** The way in for the first owner. It is open only while the shop has none; the code lives in this process alone. */
export interface FirstOwner {
  /** The code to show, made when none is open; `undefined` as soon as there is an owner. */
  code(database: Database, now: Date): Promise<string | undefined>;
  /** Judges what somebody without a role has written. Answers `undefined` to say nothing, as to every customer. */
  hear(
    transaction: Database,
    contactId: number,
    text: string,
    settings: Settings,
    now: Date,
  ): Promise<string | undefined>;
}

/** The pairing page shows a new code when one is closed; this keeps a stranger from guessing on. */
const TRIES_OF_ONE_PERSON = 12;

/** @param randomCode gives six random digits */
export function makeFirstOwner(randomCode: () => string): FirstOwner {
  let claim: ClaimCode | undefined;
  const wrongTries = new Map<number, number>();
  return {
    async code(database, now) {
      if ((await countOwners(database)) > 0) {
        return undefined;
      }
      if (!isOpen(claim, now)) {
        claim = { code: randomCode(), issuedAt: now, wrongTries: 0 };
      }
      return claim.code;
    },
    async hear(transaction, contactId, text, settings, now) {
      const given = readClaim(text);
      const tries = wrongTries.get(contactId) ?? 0;
      if (given === undefined || tries >= TRIES_OF_ONE_PERSON || (await countOwners(transaction)) > 0) {
        return undefined;
      }
      const texts = textsIn(settings['shop.language']).claim;
      const outcome = tryClaim(claim, given, now);
      switch (outcome.kind) {
        case 'accepted':
          await makeOwner(transaction, contactId, 'claim', now);
          return texts.done(settings['shop.name']);
        case 'wrong':
          wrongTries.set(contactId, tries + 1);
          claim = outcome.next;
          return texts.wrong(outcome.triesLeft);
        case 'closed':
          wrongTries.set(contactId, tries + 1);
          claim = undefined;
          return texts.closed;
      }
    },
  };
}
