import { z } from 'zod';
import { readShopPhone } from '../contacts/phone.ts';
import type { ShopItem, ShopPerson, ShopReport } from '../shop/report.ts';
import { id, known, maybeAmount, maybeId, maybeText, readBody } from './webhook-body.ts';

export interface WooCommerceDelivery {
  readonly topic: string;
  /** ISO code of the shop's country, for numbers without a country code. */
  readonly country: string | undefined;
}

/** WooCommerce writes instants in UTC and leaves the Z out. */
const instant = z.iso.datetime({ local: true }).transform((text) => new Date(text.endsWith('Z') ? text : `${text}Z`));

const maybeInstant = instant
  .nullish()
  .transform((value) => value ?? undefined)
  .catch(undefined);

const address = z
  .object({ first_name: maybeText, last_name: maybeText, country: maybeText, email: maybeText, phone: maybeText })
  .nullish()
  .catch(undefined);

const orderShape = z.object({
  id,
  number: maybeText,
  status: z.string(),
  currency: z.string(),
  total: maybeAmount,
  customer_id: maybeId,
  date_created_gmt: instant,
  date_modified_gmt: instant,
  date_paid_gmt: maybeInstant,
  date_completed_gmt: maybeInstant,
  billing: address,
  shipping: address,
  line_items: z.array(
    z.object({
      name: maybeText,
      product_id: maybeId,
      variation_id: maybeId,
      sku: maybeText,
      quantity: z.number(),
      price: maybeAmount,
      image: z.object({ src: maybeText }).nullish().catch(undefined),
    }),
  ),
  coupon_lines: z
    .array(z.object({ code: maybeText }))
    .nullish()
    .catch(undefined),
  refunds: z
    .array(z.object({ id, total: maybeAmount }))
    .nullish()
    .catch(undefined),
  payment_url: maybeText,
});

type WooOrder = z.infer<typeof orderShape>;

/** A bank transfer and cash on delivery are orders too, as soon as the shop has accepted them (facts/commerce §2). */
const placed: ReadonlySet<string> = new Set(['processing', 'completed', 'on-hold', 'refunded']);
/** Topics that are worth storing. */
export const knownWooCommerceTopics: ReadonlySet<string> = new Set([
  'order.created',
  'order.updated',
  'order.restored',
]);

const undone: ReadonlySet<string> = new Set(['cancelled', 'failed', 'trash']);

/**
 * Reads the body of a webhook of WooCommerce (facts/commerce §2). Drafts of the block checkout and orders nobody has paid for are no
 * orders; their buyer is known all the same.
 *
 * @returns nothing for a topic that tells us nothing
 * @throws UnreadableBody
 */
export function readWooCommerceWebhook(body: unknown, { topic, country }: WooCommerceDelivery): readonly ShopReport[] {
  if (!knownWooCommerceTopics.has(topic)) {
    return [];
  }
  const order = readBody(orderShape, body);
  const person = readBuyer(order, country);
  if (placed.has(order.status) || undone.has(order.status)) {
    return [readOrder(order, person), ...readRefunds(order)];
  }
  return [readCheckout(order, person)];
}

function readOrder(order: WooOrder, person: ShopPerson): ShopReport {
  const { status, date_modified_gmt: at, date_paid_gmt: paidAt, date_completed_gmt: completedAt } = order;
  return {
    kind: 'order',
    order: order.id,
    checkout: order.id,
    person,
    items: order.line_items.map(readItem),
    codes: (order.coupon_lines ?? []).flatMap(({ code }) => (code ? [code] : [])),
    createdAt: order.date_created_gmt,
    whole: true,
    test: false,
    at,
    ...known({
      number: order.number,
      total: order.total === undefined ? undefined : { amount: order.total, currency: order.currency },
      paidAt,
      completedAt: completedAt ?? (status === 'completed' ? at : undefined),
      cancelledAt: undone.has(status) ? at : undefined,
    }),
  };
}

/** An order that is not placed yet is a checkout under way. */
function readCheckout(order: WooOrder, person: ShopPerson): ShopReport {
  return {
    kind: 'checkout',
    checkout: order.id,
    person,
    items: order.line_items.map(readItem),
    startedAt: order.date_created_gmt,
    at: order.date_modified_gmt,
    ...known({
      total: order.total === undefined ? undefined : { amount: order.total, currency: order.currency },
      url: order.payment_url,
    }),
  };
}

/** Their totals are negative, and they have no time of their own. */
function readRefunds({ id: order, refunds, currency, date_modified_gmt: at }: WooOrder): readonly ShopReport[] {
  return (refunds ?? []).flatMap(({ id: refund, total }) =>
    total === undefined
      ? []
      : [{ kind: 'refund', refund, order, money: { amount: total.replace(/^-/, ''), currency }, at } as const],
  );
}

function readItem(item: WooOrder['line_items'][number]): ShopItem {
  return {
    name: item.name ?? 'Unnamed',
    quantity: item.quantity,
    ...known({
      productId: item.product_id,
      variantId: item.variation_id,
      sku: item.sku,
      price: item.price,
      imageUrl: item.image?.src,
    }),
  };
}

function readBuyer(
  { billing, shipping, customer_id: customerId }: WooOrder,
  shopCountry: string | undefined,
): ShopPerson {
  const own = billing?.phone ? readShopPhone(billing.phone, billing.country ?? shopCountry) : undefined;
  const parcel = shipping?.phone ? readShopPhone(shipping.phone, shipping.country ?? shopCountry) : undefined;
  const isGift = Boolean(shipping?.last_name && billing?.last_name && shipping.last_name !== billing.last_name);
  return known({
    phone: own ?? parcel,
    phoneFrom: own ? ('billing' as const) : parcel && isGift ? ('gift' as const) : parcel && ('shipping' as const),
    email: billing?.email,
    customerId,
    firstName: billing?.first_name,
    lastName: billing?.last_name,
    country: billing?.country,
  });
}
