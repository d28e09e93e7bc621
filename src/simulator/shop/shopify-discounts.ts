import type { DeliveryDesk } from './delivery-desk.ts';
import { inUtc } from './shopify-asking.ts';
import type { SimulatedShop } from './simulated-shop.ts';

// Discounts and subscriptions as the Admin API answers them.

/** A discount and its one code, by which it was found. */
export function answerDiscount(code: string, shop: SimulatedShop) {
  const discount = shop.discounts.get(code.toUpperCase());
  if (!discount) {
    return null;
  }
  const now = shop.clock.now();
  const isOver = discount.endsAt !== undefined && discount.endsAt <= now;
  const used = [...shop.orders.values()].filter(({ codes }) => codes.some((one) => sameCode(one, code))).length;
  return {
    id: `gid://shopify/DiscountCodeNode/${discount.id}`,
    codeDiscount: {
      __typename: 'DiscountCodeBasic',
      title: discount.title,
      status: isOver ? 'EXPIRED' : discount.startsAt > now ? 'SCHEDULED' : 'ACTIVE',
      asyncUsageCount: used,
      usageLimit: discount.usageLimit ?? null,
      startsAt: inUtc(discount.startsAt),
      endsAt: discount.endsAt ? inUtc(discount.endsAt) : null,
      appliesOncePerCustomer: discount.oncePerCustomer,
      codes: { nodes: [{ code: discount.code }] },
    },
  };
}

function sameCode(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

export function answerSubscription({ id, topic, target }: DeliveryDesk['subscriptions'][number]) {
  return {
    id: `gid://shopify/WebhookSubscription/${id}`,
    topic: topic.toUpperCase().replace('/', '_'),
    uri: target,
    format: 'JSON',
    apiVersion: { handle: '2026-07' },
  };
}
