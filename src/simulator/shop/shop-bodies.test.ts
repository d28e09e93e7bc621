import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { genericEvent, readGenericEvent } from '../../connectors/generic-event.ts';
import { readShopifyWebhook } from '../../connectors/shopify-webhook.ts';
import { isSigned, isStandardSigned } from '../../connectors/signature.ts';
import { parseBody, readBody } from '../../connectors/webhook-body.ts';
import { readWooCommerceWebhook } from '../../connectors/woocommerce-webhook.ts';
import { minutes } from '../../lib/time.ts';
import type { ShopReport } from '../../shop/report.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import { EventReceiver } from './event-receiver.ts';
import { openGeneric, openShopify, openWooCommerce } from './open-shop.ts';
import type { SimulatedShop } from './simulated-shop.ts';

// What the simulated shop sends has to be what real shops send: the samples say how that looks, the readers what it means.

const START = new Date('2026-11-22T10:00:00Z');
const sample = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../connectors/samples/${file}.json`, import.meta.url), 'utf8'));

/** Every place in a body, without numbers of items: `line_items[].price_set.shop_money.amount`. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((one) => pathsOf(one, `${path}[]`));
  }
  if (value === null || typeof value !== 'object') {
    return [path];
  }
  return Object.entries(value).flatMap(([key, one]) => [`${path}.${key}`, ...pathsOf(one, `${path}.${key}`)]);
}

/** In some samples an object is null, or a list empty: what is inside stands in another. */
const places = (...bodies: readonly unknown[]) => new Set(bodies.flatMap((body) => pathsOf(body)));

const contact = {
  firstName: 'Camille',
  lastName: 'Durand',
  email: 'camille@example.com',
  phone: '+34600000003',
  addressPhone: '600 000 003',
};

let clock: SimulatedClock;
let receiver: EventReceiver;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  clock = new SimulatedClock(START);
  receiver = new EventReceiver('whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=');
  await receiver.open();
  closing = [() => receiver.close()];
});

afterEach(async () => {
  for (const close of closing.toReversed()) {
    await close();
  }
});

function subscribe({ shop, desk, close }: { shop: SimulatedShop; desk: DeliveryDesk; close(): Promise<void> }): void {
  desk.subscribe({ id: 1, topic: '*', target: receiver.url, secret: shop.profile.webhookSecret, madeBy: 'config' });
  closing.push(close);
}

/** Everything that can happen to a cart and an order. */
function shopAround(shop: SimulatedShop): void {
  const [mug, , , bowl] = shop.goods;
  if (!mug || !bowl) {
    throw new Error('The shelves are empty');
  }
  const { token } = shop.addToCart(mug.id);
  shop.addToCart(bowl.id, { cart: token, quantity: 2 });
  shop.setQuantity(token, bowl.id, 1);
  clock.advance(minutes(1));
  const checkout = shop.startCheckout(token, contact);
  clock.advance(minutes(1));
  shop.changeCheckout(checkout.token, { ...contact, consents: true });
  const order = shop.placeOrder(checkout.token);
  clock.advance(minutes(1));
  shop.markPaid(order.id);
  clock.advance(minutes(1));
  shop.refund(order.id, 1000);
  shop.fulfil(order.id);
  const again = shop.addToCart(mug.id);
  const other = shop.pay(shop.startCheckout(again.token, contact).token);
  clock.advance(minutes(1));
  shop.refund(other.id);
  shop.cancel(other.id);
  const left = shop.addToCart(mug.id);
  shop.emptyCart(left.token);
}

describe('A simulated Shopify shop', () => {
  async function tell() {
    const open = await openShopify({ clock, seed: 1 });
    subscribe(open);
    shopAround(open.shop);
    await open.desk.settled();
    const deliveries = receiver.received.map(({ headers, body }) => ({
      topic: headers['x-shopify-topic'] ?? '',
      headers,
      text: body,
      body: JSON.parse(body),
    }));
    return { ...open, deliveries };
  }

  it.each([
    ['carts', 'line_items', ['carts_create', 'carts_update']],
    ['checkouts', 'billing_address', ['checkouts_create', 'checkouts_update', 'checkouts_update_completed']],
    [
      'orders',
      'fulfillments',
      ['orders_create', 'orders_create_with_coupon', 'orders_paid', 'orders_fulfilled', 'orders_cancelled'],
    ],
    ['refunds', 'transactions', ['refunds_create']],
  ])('tells of %s with the fields of the samples, no more', async (noun, proof, files) => {
    const { deliveries } = await tell();
    const told = deliveries.filter(({ topic }) => topic.startsWith(`${noun}/`));
    // A refund of an order has the fields of one that is told of by itself.
    const refund = { refunds: [sample('shopify/refunds_create')] };
    const known = places(...files.map((file) => sample(`shopify/${file}`)), noun === 'orders' ? refund : {});
    const missing = [...places(...told.map(({ body }) => body))].filter((path) => !known.has(path));

    expect(told.some(({ body }) => body[proof]?.length !== 0)).toBe(true);
    expect(missing).toEqual([]);
  });

  /** What nothing of ours looks at, and the shop has not got: taxes, discounts of lines, options of delivery. */
  const notSold =
    /tax_lines\[\]|\.shipping_lines\[\]|discount_applications\[\]|refund_line_items\[\]|order_adjustments\[\]|note_attributes\[\]|tracking_/;

  it.each([
    ['carts/create', 'carts_create'],
    ['carts/update', 'carts_update'],
    ['checkouts/create', 'checkouts_create'],
    ['checkouts/update', 'checkouts_update_completed'],
    ['orders/create', 'orders_create'],
    ['orders/paid', 'orders_paid'],
    ['orders/fulfilled', 'orders_fulfilled'],
    ['orders/cancelled', 'orders_cancelled'],
    ['refunds/create', 'refunds_create'],
    ['customers_whats_app_marketing_consent/update', 'customers_whats_app_marketing_consent_update'],
  ])('leaves out nothing that %s has', async (topic, file) => {
    const { deliveries } = await tell();
    const told = places(...deliveries.filter((one) => one.topic === topic).map(({ body }) => body));
    const missing = [...places(sample(`shopify/${file}`))].filter((path) => !told.has(path) && !notSold.test(path));

    expect(missing).toEqual([]);
  });

  it('signs every body, and says around it all that Shopify says', async () => {
    const { deliveries, shop } = await tell();

    expect(deliveries.length).toBeGreaterThan(15);
    for (const { headers, text } of deliveries) {
      const signature = headers['x-shopify-hmac-sha256'];
      expect(isSigned(Buffer.from(text), signature, [shop.profile.webhookSecret])).toBe(true);
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-shopify-shop-domain': 'lumen-ceramics.myshopify.com',
        'x-shopify-api-version': '2026-07',
        'x-shopify-webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'x-shopify-event-id': expect.any(String),
        'x-shopify-triggered-at': expect.stringMatching(/^2026-11-22T10:0\d:00.000Z$/),
      });
    }
    expect(new Set(deliveries.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(deliveries.length);
  });

  it('is read as what happened', async () => {
    const { deliveries, shop } = await tell();
    const reports = deliveries.flatMap(({ topic, headers, text }) =>
      readShopifyWebhook(parseBody(Buffer.from(text)), {
        topic,
        triggeredAt: new Date(headers['x-shopify-triggered-at'] ?? ''),
        country: 'ES',
      }),
    );
    const [first, second] = [...shop.orders.values()];

    expect(reports.filter(({ kind }) => kind === 'cart').map(itemsOf)).toEqual([
      ['1 Stoneware Mug - Moss'],
      ['1 Stoneware Mug - Moss', '2 Ramen Bowl - Ash'],
      ['1 Stoneware Mug - Moss', '1 Ramen Bowl - Ash'],
      ['1 Stoneware Mug - Moss'],
      ['1 Stoneware Mug - Moss'],
      [],
    ]);
    expect(reports.find(({ kind }) => kind === 'checkout')).toMatchObject({
      person: { phone: '+34600000003', phoneFrom: 'account', email: 'camille@example.com', firstName: 'Camille' },
      total: { amount: '69.40', currency: 'EUR' },
      startedAt: new Date('2026-11-22T10:01:00Z'),
    });
    expect(reports.findLast((one) => one.kind === 'order' && one.order === String(first?.id))).toMatchObject({
      number: '#1001',
      total: { amount: '59.40', currency: 'EUR' },
      createdAt: new Date('2026-11-22T10:02:00Z'),
      completedAt: new Date('2026-11-22T10:04:00Z'),
    });
    expect(reports.findLast((one) => one.kind === 'order' && one.order === String(second?.id))).toMatchObject({
      total: { amount: '0.00', currency: 'EUR' },
      cancelledAt: new Date('2026-11-22T10:05:00Z'),
    });
    expect(reports.filter(({ kind }) => kind === 'refund')).toMatchObject([
      { order: String(first?.id), money: { amount: '10.00', currency: 'EUR' } },
      { order: String(second?.id), money: { amount: '30.90', currency: 'EUR' } },
    ]);
    expect(reports.filter(({ kind }) => kind === 'consent')).toMatchObject([
      { state: 'granted', act: true, source: 'Shopify', at: new Date('2026-11-22T10:02:00Z') },
    ]);
  });

  it('says nothing of consent when the box is left alone', async () => {
    const open = await openShopify({ clock, seed: 1 });
    subscribe(open);
    const { token } = open.shop.addToCart(open.shop.goods[0]?.id ?? 0);
    open.shop.startCheckout(token, contact);
    await open.desk.settled();

    expect(receiver.received.map(({ headers }) => headers['x-shopify-topic'])).toEqual([
      'carts/create',
      'checkouts/create',
    ]);
    expect([...open.shop.customers.values()]).toMatchObject([{ consent: { state: 'never_subscribed' } }]);
  });

  it('tells of a changed account, of a change of mind, of erasure by law and of its leaving', async () => {
    const open = await openShopify({ clock, seed: 1 });
    const { shop } = open;
    const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
    const order = shop.pay(shop.startCheckout(token, { ...contact, consents: true }).token);
    const id = order.customerId ?? 0;
    subscribe(open);
    shop.editCustomer(id, { firstName: 'Kamila' });
    shop.setConsent(id, 'unsubscribed');
    shop.redact(id);
    shop.uninstall();
    await open.desk.settled();
    const reports = receiver.received.flatMap(({ headers, body }) =>
      readShopifyWebhook(parseBody(Buffer.from(body)), {
        topic: headers['x-shopify-topic'] ?? '',
        triggeredAt: START,
        country: 'ES',
      }),
    );

    expect(reports).toMatchObject([
      { kind: 'person', person: { firstName: 'Kamila', phone: '+34600000003' } },
      { kind: 'consent', state: 'withdrawn', act: true },
      { kind: 'erase', person: { phone: '+34600000003', customerId: String(id) }, orders: [String(order.id)] },
      { kind: 'uninstalled' },
    ]);
  });

  it('sends a test notification with ids too large for a number, signed by the store and not for the app', async () => {
    const open = await openShopify({ clock, seed: 1 });
    subscribe(open);
    open.sendTestNotification();
    await open.desk.settled();
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const signature = (headers as Record<string, string>)['x-shopify-hmac-sha256'];

    expect(body).toContain('"id":820982911946154508,');
    expect(isSigned(Buffer.from(body), signature, [open.shop.profile.webhookSecret])).toBe(false);
    expect(
      readShopifyWebhook(parseBody(Buffer.from(body)), { topic: 'orders/create', triggeredAt: START, country: 'ES' }),
    ).toMatchObject([{ kind: 'order', order: '820982911946154508', test: true }]);
  });

  it('is the same shop again from the same seed, and another from another', async () => {
    const ids = async (seed: number) => {
      const { shop, close } = await openShopify({ clock, seed });
      const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
      const order = shop.pay(shop.startCheckout(token, contact).token);
      await close();
      return [order.id, token, order.customerId];
    };

    expect(await ids(1)).toEqual(await ids(1));
    expect(await ids(1)).not.toEqual(await ids(2));
  });
});

describe('A simulated WooCommerce shop', () => {
  it('tells of orders and of drafts, with the fields of the samples, signed, as they are when it goes out', async () => {
    const open = await openWooCommerce({ clock, seed: 1 });
    subscribe(open);
    shopAround(open.shop);
    await open.desk.settled();
    const bodies = receiver.received.map(({ body }) => JSON.parse(body));
    const known = places(
      ...['order_created', 'order_created_with_coupon', 'order_updated_completed'].map((file) =>
        sample(`woocommerce/${file}`),
      ),
      { refunds: [{ id: 1, reason: '', total: '' }] },
    );

    expect([...places(...bodies)].filter((path) => !known.has(path))).toEqual([]);
    for (const { headers, body } of receiver.received) {
      const signature = headers['x-wc-webhook-signature'];
      expect(isSigned(Buffer.from(body), signature, [open.shop.profile.webhookSecret])).toBe(true);
      expect(headers).toMatchObject({
        'x-wc-webhook-source': 'https://lumen-ceramics.example/',
        'x-wc-webhook-resource': 'order',
        'x-wc-webhook-id': '1',
        'x-wc-webhook-delivery-id': expect.stringMatching(/^[0-9a-f]{32}$/),
      });
    }
    const statuses = receiver.received.map(({ headers, body }) => [
      headers['x-wc-webhook-topic'],
      JSON.parse(body).status,
    ]);
    // The first order was completed, and the second cancelled, before anything went out.
    expect(statuses).toContainEqual(['order.created', 'completed']);
    expect(statuses).toContainEqual(['order.created', 'cancelled']);
  });

  it('is read as what happened', async () => {
    const open = await openWooCommerce({ clock, seed: 1 });
    const { shop, desk } = open;
    subscribe(open);
    const reports: ShopReport[] = [];
    const hear = async () => {
      await desk.settled();
      for (const { headers, body } of receiver.received.splice(0)) {
        const topic = headers['x-wc-webhook-topic'] ?? '';
        reports.push(...readWooCommerceWebhook(parseBody(Buffer.from(body)), { topic, country: 'ES' }));
      }
      return reports.splice(0);
    };
    const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
    expect(await hear()).toEqual([]);

    const checkout = shop.startCheckout(token, contact);
    expect(await hear()).toMatchObject([{ kind: 'checkout', person: { phone: '+34600000003' } }]);

    const order = shop.placeOrder(checkout.token);
    expect(await hear()).toMatchObject([{ kind: 'checkout' }, { kind: 'checkout' }]);

    shop.markPaid(order.id);
    expect(await hear()).toMatchObject([{ kind: 'order', order: String(order.id), paidAt: START }]);

    shop.fulfil(order.id);
    expect(await hear()).toMatchObject([{ kind: 'order', completedAt: START }]);

    shop.refund(order.id);
    expect(await hear()).toMatchObject([
      { kind: 'order' },
      { kind: 'refund', money: { amount: '30.90', currency: 'EUR' } },
    ]);
  });
});

describe('A shop of another kind', () => {
  it('tells all of it by signed events, each with whose it is', async () => {
    const open = openGeneric({ clock, seed: 1 });
    subscribe(open);
    shopAround(open.shop);
    await open.desk.settled();
    const events = receiver.received.map(({ body }) => readBody(genericEvent, parseBody(Buffer.from(body))));

    expect(receiver.received.every(({ isSigned: right }) => right)).toBe(true);
    expect(
      receiver.received.every(({ headers, body }) =>
        isStandardSigned(Buffer.from(body), standardOf(headers), [open.shop.profile.webhookSecret]),
      ),
    ).toBe(true);
    expect(events.map(({ type }) => type)).toEqual([
      'cart.added',
      'cart.added',
      'cart.updated',
      'checkout.started',
      'contact.updated',
      'checkout.started',
      'order.created',
      'order.paid',
      'order.refunded',
      'order.completed',
      'cart.added',
      'checkout.started',
      'order.created',
      'order.paid',
      'order.refunded',
      'order.cancelled',
      'cart.added',
      'cart.emptied',
    ]);
    expect(
      events.flatMap((event) => readGenericEvent(event, 'ES')).filter(({ kind }) => kind === 'consent'),
    ).toContainEqual(expect.objectContaining({ state: 'granted', act: true, source: 'checkout box' }));
  });

  it('sends several in one request', async () => {
    const open = openGeneric({ clock, seed: 1 });
    subscribe(open);
    open.desk.hold();
    shopAround(open.shop);
    open.releaseAsBatch();
    await open.desk.settled();

    expect(receiver.received.map(({ body }) => JSON.parse(body).events.length)).toEqual([18]);
    expect(receiver.received[0]?.isSigned).toBe(true);
  });
});

function itemsOf(report: ShopReport): readonly string[] {
  return report.kind === 'cart' ? report.items.map(({ quantity, name }) => `${quantity} ${name}`) : [];
}

function standardOf(headers: Readonly<Record<string, string>>) {
  return {
    id: headers['webhook-id'],
    timestamp: headers['webhook-timestamp'],
    signature: headers['webhook-signature'],
  };
}
