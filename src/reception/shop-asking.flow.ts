import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import { makeConnectionNotes, noteConnection } from '../outbox/connection-notices.flow.ts';
import type { Connector } from '../shop/connector.ts';
import type { AskCrm } from '../shop/crm.ts';
import { makeOrderPoll, type OrderPoll } from '../shop/order-poll.flow.ts';
import type { OutsideAccess } from '../shop/outside-access.ts';
import { type CheckPurchase, type ListenerName, makePurchaseCheck } from '../shop/purchase-check.flow.ts';
import type { ReportTo } from '../shop/reporting.flow.ts';
import type { TakeReports } from './shop-events.flow.ts';

export interface ShopAsking {
  /** To be done again and again: see `jobs/job-list.ts`. */
  readonly orderPoll: Pick<OrderPoll, 'pollAll' | 'recheckAll'>;
  readonly checkPurchase: CheckPurchase;
  /** A shop has told us that it has taken our rights away. In the transaction of the telling. */
  onUninstalled(transaction: Database, source: string, at: Date, now: Date): Promise<void>;
}

/** Everything that we ask shops for, and what owners hear of the connection to them. */
export function makeShopAsking(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly access: Pick<OutsideAccess, 'publicUrl' | 'shopify' | 'woocommerce' | 'eventSecrets'>;
  readonly connectors: readonly Connector[];
  readonly askCrm: AskCrm;
  readonly takeReports: TakeReports;
  readonly chooseMessageId: () => string;
  /** Something was queued. */
  readonly onQueued: () => void;
}): ShopAsking {
  const { database, clock, log, access, connectors, askCrm, takeReports, chooseMessageId } = parts;
  const listeners = listenersOf(access);
  const orderPoll = makeOrderPoll({
    database,
    clock,
    log,
    connectors,
    listeners: listeners.filter((name) => name !== 'events'),
    reportTo: reportAddresses(access),
    takeReports,
    note: makeConnectionNotes(parts),
  });
  const checkPurchase = makePurchaseCheck({
    database,
    clock,
    connectors,
    poll: orderPoll,
    listeners,
    askCrm,
    learn: (source, reports) =>
      database.transaction((transaction) =>
        takeReports(
          transaction,
          reports.map((report) => ({ source, report })),
          clock.now(),
        ),
      ),
  });
  return {
    orderPoll,
    checkPurchase,
    async onUninstalled(transaction, source, _at, now) {
      if (source === 'shopify' || source === 'woocommerce') {
        const note = { name: source, trouble: { kind: 'uninstalled' }, chooseMessageId } as const;
        await noteConnection(transaction, note, now);
      }
    },
  };
}

/** Who reports to us and cannot be asked. */
function listenersOf({
  shopify,
  woocommerce,
  eventSecrets,
}: Pick<OutsideAccess, 'shopify' | 'woocommerce' | 'eventSecrets'>): readonly ListenerName[] {
  return [
    ...(shopify && !shopify.login ? (['shopify'] as const) : []),
    ...(woocommerce && !woocommerce.login ? (['woocommerce'] as const) : []),
    ...(eventSecrets.length > 0 ? (['events'] as const) : []),
  ];
}

/** A shop whose reports we could not verify is not asked for any. */
function reportAddresses({
  publicUrl,
  shopify,
  woocommerce,
}: Pick<OutsideAccess, 'publicUrl' | 'shopify' | 'woocommerce'>): Readonly<Record<Connector['source'], ReportTo>> {
  const reportTo = (name: Connector['source'], secrets: readonly string[] | undefined, variable: string): ReportTo => {
    if (publicUrl === undefined) {
      return { missing: 'PUBLIC_URL' };
    }
    return secrets?.length ? { address: `${publicUrl}/webhooks/${name}` } : { missing: variable };
  };
  return {
    shopify: reportTo('shopify', shopify?.webhookSecrets, 'SHOPIFY_WEBHOOK_SECRETS'),
    woocommerce: reportTo('woocommerce', woocommerce?.webhookSecrets, 'WOOCOMMERCE_WEBHOOK_SECRET'),
  };
}
