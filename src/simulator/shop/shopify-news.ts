import { sign } from '../../connectors/signature.ts';
import { minutes, seconds } from '../../lib/time.ts';
import type { DeliveryRule, Message } from './delivery-desk.ts';
import type { Customer, News, Order, OrderChange, ShopProfile } from './records.ts';
import { writeCart, writeCheckout } from './shopify-carts.ts';
import { writeOrder, writeRefund } from './shopify-orders.ts';
import { writeConsent, writeWholeCustomer } from './shopify-people.ts';
import { zoned } from './shopify-values.ts';
import type { SimulatedShop } from './simulated-shop.ts';

const SHOPIFY_VERSION = '2026-07';
const SHOP_ID = 66_554_433_221;

/** Eight retries within four hours, each after a longer rest; then the subscription is gone (facts/commerce §1.4). */
export const shopifyRule: DeliveryRule = {
  gaps: [1, 2, 4, 8, 15, 30, 60, 120].map(minutes),
  answerWithin: seconds(5),
  isTaken: (status) => status >= 200 && status < 300,
  endsSubscription: () => true,
};

/** What Shopify's webhooks say of one piece of news. Bodies are as things stand now, not when they are delivered. */
export function tellAsShopify(news: News, shop: SimulatedShop): readonly Message[] {
  const eventId = `${shop.profile.domain}-act-${news.act}`;
  return topicsOf(news, shop).map(([topic, content]) =>
    makeMessage({ id: shop.ids.uuid(), topic, at: news.at, eventId, body: Buffer.from(JSON.stringify(content)) }),
  );
}

/**
 * “Send test notification” of the admin: an order that never was, with ids larger than a number can be. The admin signs it with the
 * store's own secret, which is not an app's (facts/commerce §1.2).
 */
export function writeTestNotification(shop: SimulatedShop): Message {
  const at = shop.clock.now();
  const content = {
    ...writeOrder(noOrder(shop, at), undefined, shop.profile),
    id: 'BIG',
    admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
    cart_token: null,
    checkout_token: null,
    test: true,
  };
  const body = Buffer.from(JSON.stringify(content).replace('"BIG"', '820982911946154508'));
  return makeMessage({ id: shop.ids.uuid(), topic: 'orders/create', at, eventId: shop.ids.uuid(), body });
}

function noOrder(shop: SimulatedShop, at: Date): Order {
  return {
    id: 1,
    number: 9999,
    cart: '',
    checkout: '',
    customerId: undefined,
    contact: { firstName: 'Steve', lastName: 'Shipper', email: 'jon@example.com', addressPhone: '555-555-SHIP' },
    lines: shop.goods.slice(0, 1).map((variant) => ({ id: 2, variant, quantity: 1 })),
    codes: [],
    discount: 0,
    createdAt: at,
    updatedAt: at,
    paidAt: at,
    fulfilledAt: undefined,
    cancelledAt: undefined,
    refunds: [],
  };
}

interface Written {
  readonly id: string;
  readonly topic: string;
  readonly at: Date;
  /** Shared by all that one act of somebody's sets off. */
  readonly eventId: string;
  readonly body: Buffer;
}

function makeMessage({ id, topic, at, eventId, body }: Written): Message {
  return {
    id,
    topic,
    body: () => body,
    headers: (bytes, { secret, domain }) => ({
      'Content-Type': 'application/json',
      'User-Agent': 'Shopify-Captain-Hook',
      'X-Shopify-Topic': topic,
      'X-Shopify-Hmac-Sha256': sign(bytes, secret),
      'X-Shopify-Shop-Domain': domain,
      'X-Shopify-API-Version': SHOPIFY_VERSION,
      'X-Shopify-Webhook-Id': id,
      'X-Shopify-Event-Id': eventId,
      'X-Shopify-Triggered-At': at.toISOString(),
    }),
  };
}

type Told = readonly [topic: string, content: object];

const orderTopics: Readonly<Record<OrderChange, readonly string[]>> = {
  created: ['orders/create'],
  paid: ['orders/paid', 'orders/updated'],
  fulfilled: ['orders/fulfilled', 'orders/updated'],
  cancelled: ['orders/cancelled', 'orders/updated'],
  updated: ['orders/updated'],
};

function topicsOf(news: News, shop: SimulatedShop): readonly Told[] {
  const { profile } = shop;
  switch (news.kind) {
    case 'cart':
      return [[news.change === 'created' ? 'carts/create' : 'carts/update', writeCart(news.cart, profile)]];
    case 'checkout': {
      const { checkout, change } = news;
      const customer = customerOf(shop, checkout.customerId);
      return [
        [change === 'created' ? 'checkouts/create' : 'checkouts/update', writeCheckout(checkout, customer, profile)],
      ];
    }
    case 'order': {
      const content = writeOrder(news.order, customerOf(shop, news.order.customerId), profile);
      return orderTopics[news.change].map((topic) => [topic, content] as const);
    }
    case 'refund':
      return [['refunds/create', writeRefund(news.refund, news.order, profile)]];
    case 'customer':
      return [['customers/update', writeWholeCustomer(news.customer, profile)]];
    case 'consent':
      return [['customers_whats_app_marketing_consent/update', writeConsent(news.customer, profile)]];
    case 'erasure':
      return [['customers/redact', writeErasure(news.customer, news.orders, profile)]];
    case 'uninstalled':
      return [['app/uninstalled', writeShop(profile, news.at)]];
  }
}

function customerOf(shop: SimulatedShop, id: number | undefined): Customer | undefined {
  return id === undefined ? undefined : shop.customers.get(id);
}

function writeErasure({ id, email, phone }: Customer, orders: readonly number[], { domain }: ShopProfile) {
  return {
    shop_id: SHOP_ID,
    shop_domain: domain,
    customer: { id, email: email ?? null, phone: phone ?? null },
    orders_to_redact: orders,
  };
}

/** The few fields of the shop that anybody could look at. */
function writeShop({ name, domain, url, country, currency, timeZone }: ShopProfile, at: Date) {
  return {
    id: SHOP_ID,
    name,
    domain: new URL(url).host,
    myshopify_domain: domain,
    country,
    country_code: country,
    currency,
    iana_timezone: timeZone,
    plan_name: 'basic',
    updated_at: zoned(at, timeZone),
  };
}
