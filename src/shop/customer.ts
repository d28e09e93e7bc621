import { type CompletedMeaning, completionOf } from './order.ts';
import type { ShopItem } from './report.ts';

/** An order as staff read it. */
export interface CustomerOrder {
  /** As people see it; the shop's own id where it has no number. */
  readonly number: string;
  /** Decimals. */
  readonly total: string | undefined;
  readonly currency: string | undefined;
  readonly refunded: string;
  readonly createdAt: Date;
  readonly paidAt: Date | undefined;
  readonly completedAt: Date | undefined;
  readonly cancelledAt: Date | undefined;
}

/** A cart that nobody has paid for yet. */
export interface OpenCart {
  readonly items: readonly ShopItem[];
  readonly total: string | undefined;
  readonly currency: string | undefined;
  readonly lastAddedAt: Date;
  /** When its checkout was begun, if it was. */
  readonly checkoutAt: Date | undefined;
}

/** What one person has bought and is about to buy. Orders that are only a test do not count. */
export interface Customer {
  /** The newest three. */
  readonly orders: readonly CustomerOrder[];
  /** The others that were not cancelled, by currency, with what is left after refunds. */
  readonly earlier: readonly {
    readonly count: number;
    readonly total: string;
    readonly currency: string | undefined;
  }[];
  readonly cart: OpenCart | undefined;
}

/** How an order stands: the last of what can happen to it. What completed means is the owner's setting (P4). */
export type OrderState =
  | { readonly kind: 'open' }
  | { readonly kind: 'paid' | 'completed' | 'cancelled'; readonly at: Date }
  | { readonly kind: 'refunded' };

export function stateOf(order: CustomerOrder, meaning: CompletedMeaning): OrderState {
  const { total, refunded, paidAt, cancelledAt } = order;
  if (cancelledAt) {
    return { kind: 'cancelled', at: cancelledAt };
  }
  if (Number(refunded) > 0 && Number(refunded) >= Number(total ?? Number.POSITIVE_INFINITY)) {
    return { kind: 'refunded' };
  }
  const completedAt = completionOf(order, meaning);
  if (completedAt) {
    return { kind: 'completed', at: completedAt };
  }
  return paidAt ? { kind: 'paid', at: paidAt } : { kind: 'open' };
}
