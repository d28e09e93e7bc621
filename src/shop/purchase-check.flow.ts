import type { Database } from '../database/database.ts';
import { type Clock, type Milliseconds, minutes } from '../lib/time.ts';
import { readConnection, readConnections } from './connections.store.ts';
import type { Connector, ShopCustomer } from './connector.ts';
import type { AskCrm, CrmQuestion, CrmVerdict } from './crm.ts';
import type { OrderPoll } from './order-poll.flow.ts';
import { findPurchase, hasDelivered, haveEventsCome, readShopCustomer } from './purchase.store.ts';
import {
  crmSays,
  judgePurchase,
  type Listener,
  ownOrdersSay,
  type PurchaseAnswer,
  shopSays,
  type Testimony,
} from './purchase.ts';
import type { ShopReport } from './report.ts';

/** What was fetched so recently is not fetched again for the next person. */
const FRESH: Milliseconds = minutes(1);

interface PurchaseQuestion {
  readonly contactId: number;
  readonly since: Date;
  readonly reason: CrmQuestion['reason'];
  /** The same question asked again has the same. */
  readonly requestId: string;
}

/** Whether a contact has bought since then. */
export type CheckPurchase = (
  question: PurchaseQuestion,
  stop: AbortSignal,
) => Promise<
  PurchaseAnswer & { /** The CRM endpoint asks us to leave this person alone. */ readonly doNotContact: boolean }
>;

/** Where a shop reports to us without our being able to ask it: a platform, or the event API under any name. */
export type ListenerName = Connector['source'] | 'events';

export interface PurchaseCheckParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly connectors: readonly Connector[];
  readonly poll: Pick<OrderPoll, 'catchUp'>;
  readonly listeners: readonly ListenerName[];
  readonly askCrm: AskCrm;
  /** Takes in what was found by asking. */
  readonly learn: (source: Connector['source'], reports: readonly ShopReport[]) => Promise<void>;
}

/**
 * *Purchased since?* Asks our own orders first, then each shop, then the CRM endpoint, and no further than the first who does not say no. Whoever cannot
 * say leaves it unknown, which is never no (DESIGN §9).
 */
export function makePurchaseCheck(parts: PurchaseCheckParts): CheckPurchase {
  const { database, connectors } = parts;
  return async (question, stop) => {
    const { contactId, since } = question;
    const found = await findPurchase(database, contactId, since);
    const person = await readShopCustomer(database, contactId, undefined);
    const heard = found ? [] : await askShops(parts, question, stop);
    const isOpen = !found && heard.every(({ says }) => says === 'no');
    const verdict = isOpen ? await askOtherSystem(parts, person, question, stop) : undefined;
    const canBeAsked = connectors.length > 0 || verdict !== undefined;
    const own = ownOrdersSay(found, {
      isNamed: person.phones.length + person.emails.length + person.customerIds.length > 0,
      canBeAsked,
      listeners: found || canBeAsked ? [] : await readListeners(parts),
    });
    return {
      ...judgePurchase([own, ...heard, ...(verdict ? [crmSays(verdict)] : [])]),
      doNotContact: verdict?.doNotContact ?? false,
    };
  };
}

/** No further than the first that does not say no. */
async function askShops(
  parts: PurchaseCheckParts,
  question: PurchaseQuestion,
  stop: AbortSignal,
): Promise<readonly Testimony[]> {
  const heard: Testimony[] = [];
  for (const connector of parts.connectors) {
    const testimony = await askShop(parts, connector, question, stop);
    heard.push(testimony);
    if (testimony.says !== 'no') {
      break;
    }
  }
  return heard;
}

async function readListeners({ database, listeners }: PurchaseCheckParts): Promise<readonly Listener[]> {
  const connections = await readConnections(database);
  return Promise.all(
    listeners.map(async (name) => ({
      hasReported: await (name === 'events' ? haveEventsCome(database) : hasDelivered(database, name)),
      trouble: connections.find((one) => one.name === name)?.trouble,
    })),
  );
}

/** Fetches what is new first: an order of a guest is known by the phone in it, and by nothing else. */
async function askShop(
  { database, poll, learn }: PurchaseCheckParts,
  connector: Connector,
  { contactId, since }: PurchaseQuestion,
  stop: AbortSignal,
): Promise<Testimony> {
  const { source } = connector;
  const caughtUp = await poll.catchUp(source, FRESH, stop);
  if (!caughtUp.ok) {
    return { by: source, says: 'unknown', doubt: caughtUp.trouble };
  }
  const found = await findPurchase(database, contactId, since);
  if (found) {
    return { by: source, says: 'yes', purchase: found };
  }
  const person = await readShopCustomer(database, contactId, source);
  const answer = await connector.ordersOf(person, { since, knownFrom: caughtUp.value }, stop);
  if (!answer.ok) {
    return { by: source, says: 'unknown', doubt: answer.trouble };
  }
  if (answer.value.length > 0) {
    await learn(source, answer.value);
  }
  const testimony = shopSays(source, answer.value, since);
  const health = (await readConnection(database, source))?.trouble;
  // Whose orders nobody names may have some of anybody.
  return testimony.says === 'no' && health?.kind === 'hidden-customers'
    ? { by: source, says: 'unknown', doubt: health }
    : testimony;
}

/** @returns nothing when there is no such system, or no number to ask it about */
async function askOtherSystem(
  { clock, askCrm }: PurchaseCheckParts,
  { phones: [phone, ...others], emails }: ShopCustomer,
  { since, reason, requestId }: PurchaseQuestion,
  stop: AbortSignal,
): Promise<CrmVerdict | undefined> {
  return phone && askCrm({ phones: [phone, ...others], emails, since, until: clock.now(), reason, requestId }, stop);
}
