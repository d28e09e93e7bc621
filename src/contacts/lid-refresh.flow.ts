import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, seconds } from '../lib/time.ts';
import { describe, makeWorkLoop, type WorkLoop } from '../lib/work-loop.ts';
import { type Address, sameAddress } from './address.ts';
import { readStaleContacts, replaceLid } from './lids.store.ts';

/** Asks WhatsApp itself, not what is remembered here, for the LIDs of phone numbers; the unknown are left out. */
type AskForLids = (
  phones: readonly Address[],
) => Promise<readonly { readonly phone: Address; readonly lid: Address }[]>;

/** What WhatsApp has not answered by then it answers no more. */
const ANSWER_WITHIN: Milliseconds = seconds(20);

/**
 * Finds out the new LID of everybody whose LID WhatsApp has called out of date. To be woken when it has, and at every link: what could
 * not be asked, or was not answered, is asked again then. Who is known by a LID only cannot be asked for and stays held.
 */
export function makeLidRefresh({
  database,
  clock,
  askForLids,
  log,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly askForLids: AskForLids;
  readonly log: Log;
}): WorkLoop {
  async function refresh(stop: AbortSignal): Promise<void> {
    const stale = await readStaleContacts(database);
    if (stale.length === 0) {
      return;
    }
    const found = await ask(
      stale.map(({ phone }) => phone),
      stop,
    );
    await database.transaction(async (transaction) => {
      // Read again: while WhatsApp was asked, a number may have gone to somebody else.
      for (const { contactId, phone } of await readStaleContacts(transaction)) {
        const lid = found.find((one) => sameAddress(one.phone, phone))?.lid;
        if (lid) {
          await replaceLid(transaction, contactId, lid.value, clock.now());
        }
      }
    });
  }

  async function ask(phones: readonly Address[], stop: AbortSignal): ReturnType<AskForLids> {
    const done = new AbortController();
    const over = AbortSignal.any([stop, done.signal]);
    const silence = clock.sleepUntil(later(clock.now(), ANSWER_WITHIN), over).then(() => []);
    const answer = askForLids(phones).catch((error) => {
      log.warn({ error: describe(error) }, 'WhatsApp did not say who has which LID; asking again at the next link');
      return [];
    });
    return Promise.race([answer, silence]).finally(() => done.abort());
  }

  return makeWorkLoop({ name: 'Looking for new LIDs', work: refresh, clock, log });
}
