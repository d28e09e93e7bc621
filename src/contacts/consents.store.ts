import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import { consents } from '../database/schema.ts';
import { type Consent, type ConsentRecord, consentFrom } from './consent.ts';

/** Something that was said about consent outside a shop. */
export interface Saying extends Omit<ConsentRecord, 'source'> {
  readonly contactId: number;
  /** Built from the cause, such as `chat:<WhatsApp id>`: the same cause is recorded once. */
  readonly key: string;
  /** `chat`, `staff`, `forgotten`: see the column. */
  readonly said: string;
}

/** Writes down what was said. @returns whether it was new */
export async function recordConsent(database: Database, saying: Saying, now: Date): Promise<boolean> {
  const { contactId, key, state, act, said, wording, proof, at } = saying;
  const rows = await database
    .insert(consents)
    .values({
      contactId,
      key,
      state,
      act,
      said,
      wording: wording ?? null,
      proof: proof ?? null,
      at,
      recordedAt: now,
    })
    .onConflictDoNothing({ target: consents.key })
    .returning({ id: consents.id });
  return rows.length === 1;
}

/** Whom we were told to forget comes back as somebody who has withdrawn, which only their own later act lifts. */
export async function keepForgotten(
  database: Database,
  contactId: number,
  forgottenAt: Date,
  now: Date,
): Promise<void> {
  const key = `forgotten:${contactId}:${forgottenAt.toISOString()}`;
  const said = { said: 'forgotten', wording: undefined, proof: undefined };
  await recordConsent(database, { contactId, key, state: 'withdrawn', act: false, at: forgottenAt, ...said }, now);
}

/** Everything that was said of a contact, the oldest first. */
export async function readConsentRecords(database: Database, contactId: number): Promise<ConsentRecord[]> {
  return (await readRecordsOf(database, [contactId])).get(contactId) ?? [];
}

/** What holds for a contact now. */
export async function consentOf(database: Database, contactId: number): Promise<Consent> {
  return consentFrom(await readConsentRecords(database, contactId));
}

async function readRecordsOf(
  database: Database,
  contactIds: readonly number[],
): Promise<ReadonlyMap<number, ConsentRecord[]>> {
  const rows = await database
    .select()
    .from(consents)
    .where(inArray(consents.contactId, [...contactIds]))
    .orderBy(asc(consents.at), asc(consents.id));
  const records = new Map<number, ConsentRecord[]>(contactIds.map((id) => [id, []]));
  for (const { contactId, state, act, said, wording, proof, at } of rows) {
    records.get(contactId ?? 0)?.push({
      state,
      act,
      source: said,
      wording: wording ?? undefined,
      proof: proof ?? undefined,
      at,
    });
  }
  return records;
}

/**
 * Looks, before two contacts become one, whether one of them has withdrawn; to be asked again when they are one. Two people who are
 * taken for one must not lift each other's withdrawal: the strictest consent survives (DESIGN §6).
 */
export async function keepStrictest(
  database: Database,
  keep: number,
  absorb: number,
): Promise<(now: Date) => Promise<void>> {
  const records = await readRecordsOf(database, [keep, absorb]);
  const withdrawn = [...records.values()].some((one) => consentFrom(one).state === 'withdrawn');
  return async (now) => {
    if (withdrawn && (await consentOf(database, keep)).state !== 'withdrawn') {
      const said = { said: 'joined', wording: undefined, proof: undefined };
      const key = strictestKey(keep, absorb, now);
      await recordConsent(database, { contactId: keep, key, state: 'withdrawn', act: false, at: now, ...said }, now);
    }
  };
}

/** The two are parted again, so neither's withdrawal is the other's. */
export async function letGoOfStrictest(
  database: Database,
  keep: number,
  absorb: number,
  mergedAt: Date,
): Promise<void> {
  const key = strictestKey(keep, absorb, mergedAt);
  await database.delete(consents).where(and(eq(consents.contactId, keep), eq(consents.key, key)));
}

function strictestKey(keep: number, absorb: number, at: Date): string {
  return `joined:${keep}:${absorb}:${at.toISOString()}`;
}
