import type { Trouble } from './connector.ts';
import type { CrmVerdict } from './crm.ts';
import type { ShopReport } from './report.ts';

/** Who can say whether somebody has bought. */
type Witness = 'own-orders' | 'shopify' | 'woocommerce' | 'crm';

/** An order that counts as a purchase. */
export interface Purchase {
  readonly source: string;
  readonly order: string;
  /** As people see it. */
  readonly number: string | undefined;
  readonly createdAt: Date;
}

/** Why nobody can say. */
interface Doubt {
  readonly kind:
    | Trouble['kind']
    /** No shop is connected in any way, and no other system. */
    | 'not-connected'
    /** A shop is to report to us, and never has. */
    | 'nothing-heard'
    /** The shop's own system did not say. */
    | 'no-verdict'
    /** We know neither a phone nor any other name of this person that a shop could know. */
    | 'nameless';
  readonly detail?: string;
}

export type Testimony =
  | { readonly by: Witness; readonly says: 'yes'; readonly purchase?: Purchase | undefined }
  | { readonly by: Witness; readonly says: 'no' }
  | { readonly by: Witness; readonly says: 'unknown'; readonly doubt: Doubt };

export type PurchaseAnswer =
  /** The CRM endpoint does not always say which order. */
  | { readonly kind: 'yes'; readonly by: Witness; readonly purchase: Purchase | undefined }
  | { readonly kind: 'no'; readonly asked: readonly Witness[] }
  | { readonly kind: 'unknown'; readonly by: Witness; readonly doubt: Doubt };

/** One who knows of a purchase is enough. *No* takes everybody who was asked: one who cannot say leaves it unknown. */
export function judgePurchase(heard: readonly Testimony[]): PurchaseAnswer {
  const yes = heard.find(({ says }) => says === 'yes');
  if (yes?.says === 'yes') {
    return { kind: 'yes', by: yes.by, purchase: yes.purchase };
  }
  const unknown = heard.find(({ says }) => says === 'unknown');
  if (unknown?.says === 'unknown') {
    return { kind: 'unknown', by: unknown.by, doubt: unknown.doubt };
  }
  return { kind: 'no', asked: heard.map(({ by }) => by) };
}

/** A shop that is to report to us and cannot be asked. */
export interface Listener {
  /** Whether it has ever reported anything. */
  readonly hasReported: boolean;
  readonly trouble: Trouble | undefined;
}

/**
 * What our own orders say. Where somebody can be asked, they are only the first to be heard. Where nobody can, they are all there is, and
 * not finding any is a *no* exactly when every shop that is to report does so: each has reported before, and none is in trouble.
 */
export function ownOrdersSay(
  found: Purchase | undefined,
  others: { readonly isNamed: boolean; readonly canBeAsked: boolean; readonly listeners: readonly Listener[] },
): Testimony {
  const by = 'own-orders';
  if (found) {
    return { by, says: 'yes', purchase: found };
  }
  if (!others.isNamed) {
    return { by, says: 'unknown', doubt: { kind: 'nameless' } };
  }
  if (others.canBeAsked) {
    return { by, says: 'no' };
  }
  if (others.listeners.length === 0) {
    return { by, says: 'unknown', doubt: { kind: 'not-connected' } };
  }
  const trouble = others.listeners.find((one) => one.trouble)?.trouble;
  const doubt =
    trouble ??
    (others.listeners.every(({ hasReported }) => hasReported) ? undefined : { kind: 'nothing-heard' as const });
  return doubt ? { by, says: 'unknown', doubt } : { by, says: 'no' };
}

/** What the orders say that a shop has found of somebody. */
export function shopSays(by: 'shopify' | 'woocommerce', reports: readonly ShopReport[], since: Date): Testimony {
  const order = reports.find((report) => report.kind === 'order' && counts(report, since));
  return order?.kind === 'order'
    ? {
        by,
        says: 'yes',
        purchase: { source: by, order: order.order, number: order.number, createdAt: order.createdAt },
      }
    : { by, says: 'no' };
}

function counts(
  { createdAt, cancelledAt, test }: { createdAt: Date; cancelledAt?: Date | undefined; test: boolean },
  since: Date,
): boolean {
  return createdAt >= since && cancelledAt === undefined && !test;
}

export function crmSays({ kind }: CrmVerdict): Testimony {
  const by = 'crm';
  switch (kind) {
    case 'converted':
      return { by, says: 'yes' };
    case 'not-converted':
      return { by, says: 'no' };
    case 'unknown':
      return { by, says: 'unknown', doubt: { kind: 'no-verdict' } };
  }
}
