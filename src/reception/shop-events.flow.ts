import { keepForgotten } from '../contacts/consents.store.ts';
import { anonymiseOrders, eraseFromShops, erasePerson } from '../contacts/erase.store.ts';
import { type PersonNames, whenForgotten } from '../contacts/forget.store.ts';
import { readMembers } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import { isNamed, namesOf } from '../shop/person.ts';
import type { ShopPerson, ShopReport } from '../shop/report.ts';
import {
  belongingOf,
  bindNames,
  everybodyNamed,
  learnAttributes,
  learnConsent,
  learnNames,
} from '../shop/shop-people.store.ts';
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
  /** A shop has taken our rights away. */
  readonly onUninstalled: (transaction: Database, source: string, at: Date, now: Date) => Promise<void>;
}

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
    await eraseAsTold(transaction, source, given.person, now);
    await anonymiseOrders(transaction, source, given.orders);
    return [];
  }
  const forgottenAt =
    'person' in given ? await whenForgotten(transaction, everyNameOf(source, given.person)) : undefined;
  const report: Telling = forgottenAt && 'person' in given && forgottenAt >= given.at ? withoutPerson(given) : given;
  const kept = 'person' in report ? await takePerson(transaction, source, report, forgottenAt, now) : [];
  if (report.kind === 'campaign') {
    await takeCampaign(transaction, source, report, now);
    return kept;
  }
  if (report.kind === 'person' || report.kind === 'consent') {
    return kept;
  }
  return (await keepReport(transaction, source, report)) ? [...kept, subjectOfReport(report)] : kept;
}

/** A member who is a customer too keeps role and chats: only what the shop has told of them goes. */
async function eraseAsTold(transaction: Database, source: string, person: ShopPerson, now: Date): Promise<void> {
  const members = await readMembers(transaction);
  const named = await everybodyNamed(transaction, source, namesOf(person));
  for (const contactId of named.filter((id) => !members.has(id))) {
    await erasePerson(transaction, contactId, now);
  }
  const staying = named.filter((id) => members.has(id));
  await eraseFromShops(transaction, everyNameOf(source, person), staying, now);
}

type Telling = Exclude<ShopReport, { readonly kind: 'uninstalled' | 'erase' }>;
type TellingOfSomebody = Extract<Telling, { readonly person: ShopPerson }>;

/** A present's phone too: nothing of somebody who was forgotten is kept. */
function everyNameOf(source: string, { phone, customerId, email }: ShopPerson): PersonNames {
  return {
    phones: phone ? [phone] : [],
    customers: customerId ? [{ source, id: customerId }] : [],
    emails: email ? [email] : [],
  };
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
  forgottenAt: Date | undefined,
  now: Date,
): Promise<readonly Subject[]> {
  const named = namesOf(report.person);
  if (!isNamed(named)) {
    return [];
  }
  const belonging = await belongingOf(transaction, source, named, now);
  if (forgottenAt && belonging.contactId !== null) {
    await keepForgotten(transaction, belonging.contactId, forgottenAt, now);
  }
  const isNew = await learnNames(transaction, source, named, belonging, report.at);
  const version = { version: versionOf(report), at: report.at };
  await learnAttributes(transaction, source, report.person, belonging, named, version);
  if (report.kind === 'consent') {
    await learnConsent(transaction, source, report, belonging, named, now);
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
  const of = (kind: ReturnType<typeof kindOfSubject>) =>
    [...stale].filter((subject) => kindOfSubject(subject) === kind);
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
