import { addMoney } from '../lib/money.ts';
import { earliestOf, lastOf } from './checkout.ts';
import { personFrom } from './person.ts';
import type { OrderReport, RefundReport, ShopItem, ShopMoney, ShopPerson } from './report.ts';
import type { ShopEvent } from './shop-event.ts';

/** An order as it is now. */
export interface Order {
  readonly number: string | undefined;
  readonly cart: string | undefined;
  readonly checkout: string | undefined;
  readonly person: ShopPerson;
  readonly items: readonly ShopItem[];
  readonly total: ShopMoney | undefined;
  /** In the currency of `total`, as a decimal. */
  readonly refunded: string;
  readonly codes: readonly string[];
  readonly createdAt: Date;
  readonly paidAt: Date | undefined;
  readonly completedAt: Date | undefined;
  readonly cancelledAt: Date | undefined;
  readonly test: boolean;
  readonly updatedAt: Date;
  readonly refunds: readonly RefundReport[];
}

/**
 * What an order is, from everything that was told of it, the oldest first. What has happened stays, however late the telling; only a
 * cancellation can be taken back, by a later report that shows the whole order: a payment that failed first and then succeeded.
 */
export function orderFrom(told: readonly [OrderReport, ...OrderReport[]], refunds: readonly RefundReport[]): Order {
  const latest = told.at(-1) ?? told[0];
  const total = lastOf(told, ({ total: one }) => one);
  const paidBack = [...new Map(refunds.map((refund) => [refund.refund, refund])).values()];
  return {
    number: lastOf(told, ({ number }) => number),
    cart: lastOf(told, ({ cart }) => cart),
    checkout: lastOf(told, ({ checkout }) => checkout),
    person: personFrom(told.map(({ person }) => person)),
    items: lastOf(told, ({ items }) => (items.length > 0 ? items : undefined)) ?? [],
    total,
    refunded: addMoney(
      paidBack
        .filter(({ money }) => total === undefined || money.currency === total.currency)
        .map(({ money }) => money.amount),
    ),
    codes: lastOf(told, ({ codes }) => (codes.length > 0 ? codes : undefined)) ?? [],
    createdAt: earliestOf(told.map(({ createdAt }) => createdAt)) ?? latest.createdAt,
    paidAt: earliestOf(told.map(({ paidAt }) => paidAt)),
    completedAt: earliestOf(told.map(({ completedAt }) => completedAt)),
    cancelledAt: told.reduce(cancelledAfter, undefined as Date | undefined),
    test: told.some(({ test }) => test),
    updatedAt: latest.at,
    refunds: paidBack,
  };
}

function cancelledAfter(before: Date | undefined, { cancelledAt, whole }: OrderReport): Date | undefined {
  if (cancelledAt !== undefined) {
    return earliestOf([before, cancelledAt]);
  }
  return whole ? undefined : before;
}

/** What an owner may mean by an order that is completed (P4): the setting `post-purchase.completed-when`. */
export type CompletedMeaning = 'fulfilled' | 'paid' | 'created';

/** When an order was completed, as the owner means it; a cancelled one never is. */
export function completionOf(
  order: Pick<Order, 'createdAt' | 'paidAt' | 'completedAt' | 'cancelledAt'>,
  meaning: CompletedMeaning,
): Date | undefined {
  if (order.cancelledAt !== undefined) {
    return undefined;
  }
  const instants = { fulfilled: order.completedAt, paid: order.paidAt, created: order.createdAt };
  return instants[meaning];
}

export function eventsOfOrder(order: Order): readonly ShopEvent[] {
  const { items, total } = order;
  const details = { items, total };
  const happened = [
    ['order.created', order.createdAt],
    ['order.paid', order.paidAt],
    ['order.completed', order.completedAt],
    ['order.cancelled', order.cancelledAt],
  ] as const;
  return [
    ...happened.flatMap(([type, occurredAt]) => (occurredAt ? [{ type, occurredAt, details }] : [])),
    ...order.refunds.map(({ at, money }) => ({ type: 'order.refunded' as const, occurredAt: at, details: { money } })),
  ];
}
