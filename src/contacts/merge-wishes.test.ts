import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  closeOptOutQuestion,
  keepOptOutQuestion,
  readOptOutQuestion,
  whoWasAsked,
} from '../conversations/opt-out-questions.store.ts';
import type { Database } from '../database/database.ts';
import { contacts } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes } from '../lib/time.ts';
import type { ConsentRecord } from './consent.ts';
import { consentOf, recordConsent } from './consents.store.ts';
import { resolveContacts } from './contacts.store.ts';
import { joinContacts } from './merge.store.ts';
import { splitContact } from './split.store.ts';
import { readStanding } from './standing.store.ts';

const now = new Date('2026-11-22T10:00:00Z');
const afterwards = later(now, minutes(5));
const phone = '+34600000003';

let database: Database;
/** Known by a phone, and the one that stays. */
let keep: number;
/** Known by a LID. */
let absorb: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  [keep = 0, absorb = 0] = await resolveContacts(
    database,
    [
      { addresses: [{ kind: 'phone', value: phone }], name: undefined },
      { addresses: [{ kind: 'lid', value: '111' }], name: undefined },
    ],
    now,
  );
});

async function say(contactId: number, state: ConsentRecord['state'], minute: number): Promise<void> {
  const saying = { contactId, key: `chat:${contactId}:${minute}`, state, act: true, said: 'chat', wording: 'so' };
  await recordConsent(database, { ...saying, proof: `M${minute}`, at: later(now, -minutes(minute)) }, now);
}

const stateOf = async (contactId: number) => (await consentOf(database, contactId)).state;
const join = () => joinContacts(database, keep, absorb, afterwards);
const part = () => splitContact(database, phone, afterwards);

describe('Two contacts that are taken for one person', () => {
  it.each([
    ['the one that goes', false],
    ['the one that stays', true],
  ])('get no offers when %s has withdrawn, although the other has said yes since', async (_who, stays) => {
    const [withdrawn, willing] = stays ? ([keep, absorb] as const) : ([absorb, keep] as const);
    await say(withdrawn, 'withdrawn', 10);
    await say(willing, 'granted', 5);

    await join();

    expect(await stateOf(keep)).toBe('withdrawn');
  });

  it('have each their own wishes again when they are parted', async () => {
    await say(absorb, 'withdrawn', 10);
    await say(keep, 'granted', 5);
    await join();

    await part();

    expect([await stateOf(keep), await stateOf(absorb)]).toEqual(['granted', 'withdrawn']);
  });

  it('may get offers when neither has withdrawn, or when that was taken back before', async () => {
    await say(absorb, 'withdrawn', 10);
    await say(absorb, 'granted', 8);
    await say(keep, 'not-granted', 20);

    await join();

    expect(await stateOf(keep)).toBe('granted');
  });

  it('are private when one of them is, and again only that one when they are parted', async () => {
    await database.update(contacts).set({ privateSince: now }).where(eq(contacts.id, absorb));
    const isPrivate = async (contactId: number) => (await readStanding(database, contactId)).isPrivate;

    await join();
    expect(await isPrivate(keep)).toBe(true);

    await part();
    expect([await isPrivate(keep), await isPrivate(absorb)]).toEqual([false, true]);
  });

  it('still have a question to answer that one of them was asked, although the other has answered theirs since', async () => {
    const question = { language: 'en', about: 'M1', question: 'Q1' };
    await keepOptOutQuestion(database, { ...question, contactId: absorb, askedAt: later(now, -minutes(10)) });
    await keepOptOutQuestion(database, { ...question, contactId: keep, about: 'M2', question: 'Q2', askedAt: now });
    await closeOptOutQuestion(database, keep, now);

    await join();

    expect(await whoWasAsked(database, [keep])).toEqual(new Set([keep]));
    expect(await readOptOutQuestion(database, keep)).toMatchObject({ about: 'M1' });
  });
});
