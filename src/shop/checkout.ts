import { isNamed, namesOf, personFrom } from './person.ts';
import type { CheckoutReport, ShopItem, ShopMoney, ShopPerson } from './report.ts';
import type { ShopEvent } from './shop-event.ts';

/** A checkout as it is now. */
export interface Checkout {
  readonly cart: string | undefined;
  readonly person: ShopPerson;
  /** When the shop first said whose it is. */
  readonly joinedAt: Date | undefined;
  readonly items: readonly ShopItem[];
  readonly total: ShopMoney | undefined;
  readonly url: string | undefined;
  readonly startedAt: Date;
  readonly completedAt: Date | undefined;
  readonly updatedAt: Date;
}

/** What a checkout is, from everything that was told of it, the oldest first. */
export function checkoutFrom(told: readonly [CheckoutReport, ...CheckoutReport[]]): Checkout {
  const latest = told.at(-1) ?? told[0];
  return {
    cart: lastOf(told, ({ cart }) => cart),
    person: personFrom(told.map(({ person }) => person)),
    joinedAt: told.find(({ person }) => isNamed(namesOf(person)))?.at,
    items: latest.items,
    total: lastOf(told, ({ total }) => total),
    url: lastOf(told, ({ url }) => url),
    startedAt: earliestOf(told.map(({ startedAt }) => startedAt)) ?? latest.startedAt,
    completedAt: earliestOf(told.map(({ completedAt }) => completedAt)),
    updatedAt: latest.at,
  };
}

export function eventsOfCheckout({ startedAt, items, total }: Checkout): readonly ShopEvent[] {
  return [{ type: 'checkout.started', occurredAt: startedAt, details: { items, total } }];
}

/** What was said last of something that not every report names. */
export function lastOf<Told, Value>(told: readonly Told[], read: (one: Told) => Value | undefined): Value | undefined {
  return told.map(read).findLast((value) => value !== undefined);
}

export function earliestOf(instants: readonly (Date | undefined)[]): Date | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.toSorted((one, other) => Number(one) - Number(other))[0];
}
