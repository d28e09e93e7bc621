import type { Database } from '../database/database.ts';
import { isNamed, namesOf } from '../shop/person.ts';
import type { ShopPerson, ShopReport } from '../shop/report.ts';
import { belongingOf, bindNames, learnAttributes, learnConsent, learnNames } from '../shop/shop-people.store.ts';
import { kindOfSubject, type Subject } from '../shop/subject.ts';
import {
  deriveCart,
  deriveCheckout,
  deriveOrder,
  keepReport,
  recordEvents,
  subjectOfReport,
} from '../shop/subjects.store.ts';
import { versionOf } from '../shop/version.ts';

/** Something a shop has told, and which shop. */
export interface ToldReport {
  readonly source: string;
  readonly report: ShopReport;
}

/**
 * Takes in what shops tell: carts, checkouts, orders, people, consent. Whatever the order, the repetitions and the delays, the same
 * reports end in the same state (DESIGN §9). To be called in a transaction.
 */
export type TakeReports = (transaction: Database, told: readonly ToldReport[], now: Date) => Promise<void>;

interface ShopEventParts {
  /** When somebody with one of these names was last forgotten; what is older than that is not about anybody any more. */
  readonly whenForgotten: (
    transaction: Database,
    source: string,
    person: ShopPerson,
  ) => Promise<Date | undefined>;
  /** Erases everything of a person, and remembers the names that the shop has given. */
  readonly forget: (transaction: Database, source: string, erasing: Erasing, now: Date) => Promise<void>;
  /** A shop has taken our rights away. */
  readonly onUninstalled: (transaction: Database, source: string, at: Date, now: Date) => Promise<void>;
}

type Erasing = Extract<ShopReport, { readonly kind: 'erase' }>;

export function makeTakeReports(parts: ShopEventParts): TakeReports {
  return async (transaction, told, now) => {
    const stale = new Map<string, Set<Subject>>();
    for (const { source, report } of told) {
      const subjects = stale.get(source) ?? new Set();
      stale.set(source, subjects);
      for (const subject of await takeReport(parts, transaction, source, report, now)) {
        subjects.add(subject);
      }
    }
    for (const [source, subjects] of stale) {
      await deriveAll(transaction, source, subjects, now);
    }
  };
}

/** @returns the subjects that are to be derived anew */
async function takeReport(
  parts: ShopEventParts,
  transaction: Database,
  source: string,
  given: ShopReport,
  now: Date,
): Promise<readonly Subject[]> {
  if (given.kind === 'uninstalled') {
    await parts.onUninstalled(transaction, source, given.at, now);
    return [];
  }
  if (given.kind === 'erase') {
    await parts.forget(transaction, source, given, now);
    return [];
  }
  const report = await withoutForgotten(parts, transaction, source, given);
  const kept = 'person' in report ? await takePerson(transaction, source, report, now) : [];
  switch (report.kind) {
    case 'cart':
    case 'checkout':
    case 'order':
    case 'refund':
      return (await keepReport(transaction, source, report)) ? [...kept, subjectOfReport(report)] : kept;
    case 'person':
    case 'consent':
      return kept;
    case 'campaign':
      await takeCampaign(transaction, source, report, now);
      return kept;
  }
}

type Telling = Exclude<ShopReport, { readonly kind: 'uninstalled' | 'erase' }>;
type TellingOfSomebody = Extract<Telling, { readonly person: ShopPerson }>;

async function withoutForgotten(
  { whenForgotten }: ShopEventParts,
  transaction: Database,
  source: string,
  report: Telling,
): Promise<Telling> {
  if (!('person' in report) || !isNamed(namesOf(report.person))) {
    return report;
  }
  const forgottenAt = await whenForgotten(transaction, source, report.person);
  return forgottenAt !== undefined && forgottenAt >= report.at ? withoutPerson(report) : report;
}

/** Addresses of carts and checkouts lead to what the person has typed there. */
function withoutPerson<Report extends TellingOfSomebody>(report: Report): Report {
  const { url: _, ...rest } = report as Report & { readonly url?: string };
  return { ...rest, person: {} } as Report;
}

/** @returns what is now known to belong to somebody else */
async function takePerson(
  transaction: Database,
  source: string,
  report: TellingOfSomebody,
  now: Date,
): Promise<readonly Subject[]> {
  const named = namesOf(report.person);
  if (!isNamed(named)) {
    return [];
  }
  const belonging = await belongingOf(transaction, source, named, now);
  const isNew = await learnNames(transaction, source, named, belonging, report.at);
  const about = { ...belonging, named };
  await learnAttributes(transaction, source, report.person, about, { version: versionOf(report), at: report.at });
  if (report.kind === 'consent') {
    await learnConsent(transaction, source, report, about, now);
  }
  return isNew ? bindNames(transaction, source, named) : [];
}

async function takeCampaign(
  transaction: Database,
  source: string,
  report: Extract<Telling, { readonly kind: 'campaign' }>,
  now: Date,
): Promise<void> {
  const named = namesOf(report.person);
  if (isNamed(named)) {
    const { contactId } = await belongingOf(transaction, source, named, now);
    const subject = `campaign:${versionOf(report)}`;
    const details = { campaign: report.campaign };
    await recordEvents(
      transaction,
      { source, subject, contactId },
      [{ type: 'campaign.sent', occurredAt: report.at, details }],
      now,
    );
  }
}

/** Orders first, then checkouts, then carts: each may say something about those after it. */
async function deriveAll(
  transaction: Database,
  source: string,
  subjects: ReadonlySet<Subject>,
  now: Date,
): Promise<void> {
  const stale = new Set(subjects);
  const of = (kind: ReturnType<typeof kindOfSubject>) => [...stale].filter((subject) => kindOfSubject(subject) === kind);
  for (const subject of of('order')) {
    for (const other of await deriveOrder(transaction, source, subject, now)) {
      stale.add(other);
    }
  }
  for (const subject of of('checkout')) {
    for (const cart of await deriveCheckout(transaction, source, subject, now)) {
      stale.add(cart);
    }
  }
  for (const subject of of('cart')) {
    await deriveCart(transaction, source, subject, now);
  }
}
