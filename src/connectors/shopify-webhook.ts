import { z } from 'zod';
import { readShopPhone } from '../contacts/phone.ts';
import type { PhoneSource, ShopItem, ShopMoney, ShopPerson, ShopReport } from '../shop/report.ts';
import { id, instant, known, maybeAmount, maybeId, maybeInstant, maybeText, readBody } from './webhook-body.ts';

/** What a delivery says around its body. */
export interface ShopifyDelivery {
  readonly topic: string;
  /** When it happened, as the header says; some bodies have no time of their own. */
  readonly triggeredAt: Date;
  /** ISO code of the shop's country, for numbers without a country code. */
  readonly country: string | undefined;
}

/**
 * Reads the body of a webhook of Shopify (facts/commerce §1.3–1.5).
 *
 * @returns nothing for a topic that tells us nothing
 * @throws UnreadableBody
 */
export function readShopifyWebhook(body: unknown, delivery: ShopifyDelivery): readonly ShopReport[] {
  return Object.hasOwn(readers, delivery.topic) ? (readers[delivery.topic]?.(body, delivery) ?? []) : [];
}

type Reader = (body: unknown, delivery: ShopifyDelivery) => readonly ShopReport[];

/** Consent to SMS is none to WhatsApp, so it is not among them. */
const readers: Readonly<Record<string, Reader>> = {
  'carts/create': readCart,
  'carts/update': readCart,
  'checkouts/create': readCheckout,
  'checkouts/update': readCheckout,
  'orders/create': readOrder,
  'orders/paid': readOrder,
  'orders/updated': readOrder,
  'orders/fulfilled': readOrder,
  'orders/partially_fulfilled': readOrder,
  'orders/cancelled': readOrder,
  'refunds/create': readRefund,
  'customers/create': readCustomer,
  'customers/update': readCustomer,
  'customers_whats_app_marketing_consent/update': readConsent,
  'customers/redact': readRedaction,
  'app/uninstalled': (_body, { triggeredAt }) => [{ kind: 'uninstalled', at: triggeredAt }],
};

/** Topics that are worth storing. */
export const knownShopifyTopics: ReadonlySet<string> = new Set(Object.keys(readers));

const address = z
  .object({
    first_name: maybeText,
    last_name: maybeText,
    country_code: maybeText,
    phone: maybeText,
  })
  .nullish();

const customer = z
  .object({
    id: maybeId,
    first_name: maybeText,
    last_name: maybeText,
    email: maybeText,
    phone: maybeText,
    default_address: address,
  })
  .nullish();

const item = z.object({
  product_id: maybeId,
  variant_id: maybeId,
  sku: maybeText,
  title: maybeText,
  variant_title: maybeText,
  quantity: z.number(),
  price: maybeAmount,
  price_set: z
    .object({ presentment_money: z.object({ currency_code: maybeText }).nullish() })
    .nullish()
    .catch(undefined),
});

/** What checkouts and orders both say of the buyer. */
const buyer = {
  phone: maybeText,
  sms_marketing_phone: maybeText,
  email: maybeText,
  contact_email: maybeText,
  customer,
  billing_address: address,
  shipping_address: address,
  customer_locale: maybeText,
};

const buyerShape = z.object(buyer);

const cartShape = z.object({
  // Orders have a token as well, and a number for an id.
  id: z.string(),
  token: z.string().min(1),
  updated_at: instant,
  line_items: z.array(item),
});

function readCart(body: unknown): readonly ShopReport[] {
  const cart = readBody(cartShape, body);
  const items = cart.line_items.map(readItem);
  const currency = cart.line_items.find(({ price_set: set }) => set?.presentment_money?.currency_code);
  const total = totalOf(items, currency?.price_set?.presentment_money?.currency_code);
  return [
    {
      kind: 'cart',
      cart: cartToken(cart.token),
      person: {},
      items,
      ...known({ total }),
      added: undefined,
      at: cart.updated_at,
    },
  ];
}

/** The storefront's own script writes the token with a key behind it, which is no part of it (facts/commerce §1.5). */
function cartToken(written: string): string {
  return written.split('?')[0] ?? written;
}

const checkoutShape = z.object({
  ...buyer,
  token: z.string().min(1),
  cart_token: maybeText,
  created_at: instant,
  updated_at: instant,
  completed_at: maybeInstant,
  line_items: z.array(item),
  total_price: maybeAmount,
  currency: maybeText,
  presentment_currency: maybeText,
  abandoned_checkout_url: maybeText,
});

function readCheckout(body: unknown, { country }: ShopifyDelivery): readonly ShopReport[] {
  const checkout = readBody(checkoutShape, body);
  const { token, cart_token: cart, completed_at: completedAt, abandoned_checkout_url: url } = checkout;
  const total = money(checkout.total_price, checkout.presentment_currency ?? checkout.currency);
  return [
    {
      kind: 'checkout',
      checkout: token,
      person: readBuyer(checkout, country),
      items: checkout.line_items.map(readItem),
      startedAt: checkout.created_at,
      at: checkout.updated_at,
      ...known({ cart: cart && cartToken(cart), total, url, completedAt }),
    },
  ];
}

const orderShape = z.object({
  ...buyer,
  // Carts have an id and items as well; this only orders have.
  admin_graphql_api_id: z.string().regex(/\/Order\/\d+$/),
  name: maybeText,
  cart_token: maybeText,
  checkout_token: maybeText,
  created_at: instant,
  updated_at: instant,
  cancelled_at: maybeInstant,
  financial_status: maybeText,
  fulfillment_status: maybeText,
  fulfillments: z
    .array(z.object({ created_at: maybeInstant }))
    .nullish()
    .catch(undefined),
  current_total_price: maybeAmount,
  total_price: maybeAmount,
  currency: maybeText,
  discount_codes: z
    .array(z.object({ code: maybeText }))
    .nullish()
    .catch(undefined),
  line_items: z.array(item),
  test: z.boolean().nullish().catch(undefined),
});

type ShopifyOrder = z.infer<typeof orderShape>;

function readOrder(body: unknown, { topic, country, triggeredAt }: ShopifyDelivery): readonly ShopReport[] {
  const order = readBody(orderShape, body);
  const { cart_token: cart, checkout_token: checkout, cancelled_at: cancelledAt, name: number } = order;
  const total = money(order.current_total_price ?? order.total_price, order.currency);
  return [
    {
      kind: 'order',
      order: orderId(order),
      person: readBuyer(order, country),
      items: order.line_items.map(readItem),
      codes: (order.discount_codes ?? []).flatMap(({ code }) => (code ? [code] : [])),
      createdAt: order.created_at,
      whole: true,
      test: order.test ?? false,
      at: order.updated_at,
      ...known({
        number,
        cart: cart && cartToken(cart),
        checkout,
        total,
        paidAt: paidAt(order, topic, triggeredAt),
        completedAt: fulfilledAt(order, triggeredAt),
        cancelledAt,
      }),
    },
  ];
}

/** The id in Shopify's own text form, because as a number it may be too large. */
function orderId({ admin_graphql_api_id: global }: Pick<ShopifyOrder, 'admin_graphql_api_id'>): string {
  return global.slice(global.lastIndexOf('/') + 1);
}

/** When it was paid is in no body: the time of the delivery that says so first is the nearest. */
function paidAt({ financial_status: status }: ShopifyOrder, topic: string, triggeredAt: Date): Date | undefined {
  const isPaid = topic === 'orders/paid' || /^(?:paid|partially_refunded|refunded)$/.test(status ?? '');
  return isPaid ? triggeredAt : undefined;
}

function fulfilledAt({ fulfillment_status: status, fulfillments }: ShopifyOrder, triggeredAt: Date): Date | undefined {
  if (status !== 'fulfilled') {
    return undefined;
  }
  const instants = (fulfillments ?? []).flatMap(({ created_at: at }) => (at ? [at] : []));
  return instants.toSorted((one, other) => Number(other) - Number(one))[0] ?? triggeredAt;
}

const refundShape = z.object({
  id,
  order_id: id,
  created_at: instant,
  transactions: z.array(z.object({ kind: maybeText, status: maybeText, amount: maybeAmount, currency: maybeText })),
});

/** What went back is the sum of its successful transactions, not of its lines (facts/commerce §1.5). */
function readRefund(body: unknown): readonly ShopReport[] {
  const refund = readBody(refundShape, body);
  const paidBack = refund.transactions.filter(({ kind, status }) => kind === 'refund' && status === 'success');
  return paidBack.flatMap(({ amount, currency }, index) => {
    const value = money(amount, currency);
    const report = {
      kind: 'refund',
      refund: `${refund.id}.${index}`,
      order: refund.order_id,
      at: refund.created_at,
    } as const;
    return value ? [{ ...report, money: value }] : [];
  });
}

const customerShape = z.object({
  id,
  updated_at: instant,
  first_name: maybeText,
  last_name: maybeText,
  email: maybeText,
  phone: maybeText,
  default_address: address,
});

function readCustomer(body: unknown, { country }: ShopifyDelivery): readonly ShopReport[] {
  const { updated_at: at, ...person } = readBody(customerShape, body);
  const nobodyElse = buyerShape.parse({});
  return [{ kind: 'person', person: readBuyer({ ...nobodyElse, customer: person }, country), at }];
}

const consentShape = z.object({
  customer_id: id,
  phone_number: maybeText,
  whats_app_marketing_consent: z.object({
    state: z.string(),
    updated_at: maybeInstant,
    collected_from: maybeText,
  }),
});

function readConsent(body: unknown, { country, triggeredAt }: ShopifyDelivery): readonly ShopReport[] {
  const {
    customer_id: customerId,
    phone_number: phone,
    whats_app_marketing_consent: consent,
  } = readBody(consentShape, body);
  const states = { subscribed: 'granted', unsubscribed: 'withdrawn' } as const;
  const state = states[consent.state.toLowerCase() as keyof typeof states] ?? 'not-granted';
  const number = phone ? readShopPhone(phone, country) : undefined;
  return [
    {
      kind: 'consent',
      person: { customerId, ...known({ phone: number, phoneFrom: number ? ('account' as const) : undefined }) },
      state,
      act: consent.updated_at !== undefined,
      source: consent.collected_from?.toUpperCase() === 'OTHER' ? 'Shopify, by another app' : 'Shopify',
      at: consent.updated_at ?? triggeredAt,
    },
  ];
}

const redactionShape = z.object({
  customer: z.object({ id: maybeId, email: maybeText, phone: maybeText }),
  orders_to_redact: z.array(id).nullish(),
});

function readRedaction(body: unknown, { country, triggeredAt }: ShopifyDelivery): readonly ShopReport[] {
  const { customer: who, orders_to_redact: orders } = readBody(redactionShape, body);
  const phone = who.phone ? readShopPhone(who.phone, country) : undefined;
  return [
    {
      kind: 'erase',
      person: known({ customerId: who.id, email: who.email, phone }),
      orders: orders ?? [],
      at: triggeredAt,
    },
  ];
}

function readItem(one: z.infer<typeof item>): ShopItem {
  const name = [one.title, one.variant_title].filter(Boolean).join(' - ');
  return {
    name: name || 'Unnamed',
    quantity: one.quantity,
    ...known({ productId: one.product_id, variantId: one.variant_id, sku: one.sku, price: one.price }),
  };
}

function money(amount: string | undefined, currency: string | undefined): ShopMoney | undefined {
  return amount && currency ? { amount, currency } : undefined;
}

/** Carts have no total of their own: the sum, with as many decimals as the prices have. */
function totalOf(items: readonly ShopItem[], currency: string | undefined): ShopMoney | undefined {
  const decimals = Math.max(0, ...items.map(({ price = '' }) => price.split('.')[1]?.length ?? 0));
  const units = items.reduce(
    (sum, { price = '0', quantity }) => sum + Math.round(Number(price) * 10 ** decimals) * quantity,
    0,
  );
  return items.length > 0 ? money((units / 10 ** decimals).toFixed(decimals), currency) : undefined;
}

/** The first number that could ring, in the order in which they are likely to be the buyer's own (facts/commerce §1.5). */
function readBuyer(from: z.infer<typeof buyerShape>, shopCountry: string | undefined): ShopPerson {
  const { customer: account, billing_address: billing, shipping_address: shipping } = from;
  const told = account?.default_address?.country_code ?? billing?.country_code ?? shipping?.country_code;
  const country = told ?? shopCountry;
  const firstName = account?.first_name ?? billing?.first_name;
  const lastName = account?.last_name ?? billing?.last_name;
  const isGift = Boolean(
    shipping?.last_name && lastName && shipping.last_name.toLowerCase() !== lastName.toLowerCase(),
  );
  const candidates: readonly (readonly [string | undefined, string | undefined, PhoneSource])[] = [
    [from.phone, country, 'account'],
    [from.sms_marketing_phone, country, 'account'],
    [account?.phone, country, 'account'],
    [billing?.phone, billing?.country_code ?? country, 'billing'],
    [shipping?.phone, shipping?.country_code ?? country, isGift ? 'gift' : 'shipping'],
    [account?.default_address?.phone, country, 'account'],
  ];
  const readings = candidates.flatMap(([text, where, phoneFrom]) => {
    const phone = text && readShopPhone(text, where);
    return phone ? [{ phone, phoneFrom }] : [];
  });
  return {
    ...readings[0],
    ...known({
      email: from.email ?? from.contact_email ?? account?.email,
      customerId: account?.id,
      firstName,
      lastName,
      country: told,
      locale: from.customer_locale,
    }),
  };
}
