import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unfoldAlias } from './event-alias.ts';
import { genericEvent, readGenericEvent } from './generic-event.ts';
import { readShopifyWebhook } from './shopify-webhook.ts';
import { parseBody, readBody, UnreadableBody } from './webhook-body.ts';
import { readWooCommerceWebhook } from './woocommerce-webhook.ts';

// What the shops' own words mean in ours: the bodies are samples of what Shopify, WooCommerce and the event API send.

const read = (file: string) => parseBody(readFileSync(new URL(`./samples/${file}`, import.meta.url)));
const triggeredAt = new Date('2026-11-21T14:00:00Z');
const shopify = (topic: string, file: string) =>
  readShopifyWebhook(read(`shopify/${file}.json`), { topic, triggeredAt, country: 'US' });
const woo = (topic: string, file: string) =>
  readWooCommerceWebhook(read(`woocommerce/${file}.json`), { topic, country: 'US' });
const generic = (file: string) => readGenericEvent(readBody(genericEvent, read(`generic/${file}.json`)), 'US');

const CART = 'hWN8kQ3exampleCartToken000001';
const CHECKOUT = '9f3c1d7a5b2e4c6f8a0b1c2d3e4f5a6b';
const camille = {
  phone: '+12025550143',
  email: 'camille.durand@example.com',
  firstName: 'Camille',
  lastName: 'Durand',
};

describe('Shopify tells of', () => {
  it('a cart: what is in it and what it costs, and nobody', () => {
    expect(shopify('carts/create', 'carts_create')).toEqual([
      {
        kind: 'cart',
        cart: CART,
        person: {},
        items: [
          expect.objectContaining({
            name: 'Stoneware Mug - Moss',
            quantity: 2,
            price: '24.00',
            variantId: '44556677889901',
          }),
        ],
        total: { amount: '48.00', currency: 'USD' },
        added: undefined,
        at: new Date('2026-11-10T15:02:07.120Z'),
      },
    ]);
  });

  it('a cart in a currency with no decimals, or with three', () => {
    const inCart = (price: string, currency: string) => ({
      ...(read('shopify/carts_create.json') as object),
      line_items: [{ title: 'Mug', quantity: 3, price, price_set: { presentment_money: { currency_code: currency } } }],
    });
    const total = (price: string, currency: string) =>
      readShopifyWebhook(inCart(price, currency), { topic: 'carts/create', triggeredAt, country: 'US' })[0];

    expect(total('1280', 'JPY')).toMatchObject({ total: { amount: '3840', currency: 'JPY' } });
    expect(total('1.255', 'KWD')).toMatchObject({ total: { amount: '3.765', currency: 'KWD' } });
  });

  it('an emptied cart, which has no items and no total', () => {
    const [report] = shopify('carts/update', 'carts_update_emptied');

    expect(report).toMatchObject({ kind: 'cart', items: [] });
    expect(report).not.toHaveProperty('total');
  });

  it('a checkout: whose it is, of which cart, and the way back to it', () => {
    expect(shopify('checkouts/update', 'checkouts_update')).toMatchObject([
      {
        kind: 'checkout',
        checkout: CHECKOUT,
        cart: CART,
        person: { ...camille, phoneFrom: 'account', customerId: '7890123456789', country: 'US', locale: 'en-US' },
        total: { amount: '98.98', currency: 'USD' },
        url: expect.stringContaining('/recover?key='),
        startedAt: new Date('2026-11-10T15:09:12Z'),
        at: new Date('2026-11-10T15:11:47Z'),
      },
    ]);
    expect(shopify('checkouts/update', 'checkouts_update')[0]).not.toHaveProperty('completedAt');
    expect(shopify('checkouts/update', 'checkouts_update_completed')[0]).toHaveProperty('completedAt');
  });

  it('an order, its payment, its fulfilment and its end', () => {
    const [created] = shopify('orders/create', 'orders_create');
    expect(created).toMatchObject({
      kind: 'order',
      order: '6120345678901',
      cart: CART,
      checkout: CHECKOUT,
      person: camille,
      total: { amount: '98.98', currency: 'USD' },
      codes: [],
      test: false,
    });
    expect(created).not.toHaveProperty('paidAt');
    expect(shopify('orders/paid', 'orders_paid')).toMatchObject([{ order: '6120345678901', paidAt: triggeredAt }]);
    const [fulfilled] = shopify('orders/fulfilled', 'orders_fulfilled');
    expect(fulfilled).toMatchObject({ order: '6120345678901', completedAt: expect.any(Date) });
    expect(shopify('orders/cancelled', 'orders_cancelled')).toMatchObject([{ cancelledAt: expect.any(Date) }]);
  });

  it('the codes of an order', () => {
    const [order] = shopify('orders/create', 'orders_create_with_coupon');

    expect(order).toMatchObject({ codes: [expect.stringMatching(/^\S+$/)] });
  });

  it('money that went back, as its transactions say', () => {
    expect(shopify('refunds/create', 'refunds_create')).toEqual([
      {
        kind: 'refund',
        refund: '970011223344.0',
        order: '6120345678955',
        money: { amount: '30.90', currency: 'USD' },
        at: new Date('2026-11-13T21:01:20Z'),
      },
    ]);
  });

  it('an order without any phone, and a test whose ids are larger than a number', () => {
    const [nobody] = shopify('orders/create', 'variant_orders_create_no_phone');
    const [test] = shopify('orders/create', 'variant_orders_create_test_bigint_ids');

    expect(nobody?.kind === 'order' && nobody.person.phone).toBeUndefined();
    expect(test).toMatchObject({ order: '820982911946154508' });
  });

  it('a withdrawn consent, with when and where it was said', () => {
    expect(
      shopify('customers_whats_app_marketing_consent/update', 'customers_whats_app_marketing_consent_update'),
    ).toEqual([
      {
        kind: 'consent',
        person: { customerId: '7890123456789', phone: '+12025550143', phoneFrom: 'account' },
        state: 'withdrawn',
        act: true,
        source: 'Shopify, by another app',
        at: new Date('2026-11-15T13:00:00Z'),
      },
    ]);
  });

  it('a customer, an erasure, and its own end', () => {
    expect(shopify('customers/update', 'customers_update')).toMatchObject([{ kind: 'person', person: camille }]);
    expect(shopify('customers/redact', 'customers_redact')).toMatchObject([
      { kind: 'erase', person: { phone: '+12025550143' }, orders: ['6120345678901', '6120345678955'] },
    ]);
    expect(shopify('app/uninstalled', 'app_uninstalled')).toEqual([{ kind: 'uninstalled', at: triggeredAt }]);
  });

  it.each([
    [
      'consent to SMS, which is none to WhatsApp',
      'customers_marketing_consent/update',
      'customers_marketing_consent_update',
    ],
    ['a request for data', 'customers/data_request', 'customers_data_request'],
    ['something we know nothing of', 'products/update', 'carts_create'],
  ])('%s: nothing follows from it', (_what, topic, file) => {
    expect(shopify(topic, file)).toEqual([]);
  });

  it('something in another shape than its topic says, which is refused and not guessed at', () => {
    expect(() => shopify('orders/create', 'carts_create')).toThrow(UnreadableBody);
    expect(() => shopify('carts/create', 'orders_create')).toThrow('The body has another shape: id');
  });
});

describe('WooCommerce tells of', () => {
  it('an order that nobody has paid for yet, which is a checkout', () => {
    expect(woo('order.created', 'order_created')).toMatchObject([
      {
        kind: 'checkout',
        checkout: '3127',
        person: { phone: '+12025550143' },
        startedAt: new Date('2026-11-10T15:22:38Z'),
      },
    ]);
    expect(woo('order.updated', 'variant_order_updated_checkout_draft')).toMatchObject([{ kind: 'checkout' }]);
  });

  it('an order, its payment and its completion', () => {
    expect(woo('order.updated', 'order_updated_processing')).toMatchObject([
      {
        kind: 'order',
        order: '3127',
        checkout: '3127',
        total: { amount: '93.40', currency: 'USD' },
        paidAt: new Date('2026-11-10T15:23:05Z'),
      },
    ]);
    expect(woo('order.updated', 'order_updated_completed')).toMatchObject([
      { kind: 'order', completedAt: new Date('2026-11-13T16:05:00Z') },
    ]);
  });

  it('the codes of an order, and orders in other scripts and currencies', () => {
    const samples = readdirSync(new URL('./samples/woocommerce/', import.meta.url)).filter((name) =>
      name.endsWith('.json'),
    );
    for (const name of samples) {
      expect(woo('order.updated', name.replace('.json', '')).length, name).toBeGreaterThan(0);
    }
  });
});

describe('The event API tells of', () => {
  it('a cart to which something was added, by whom, with consent', () => {
    expect(generic('cart_added')).toMatchObject([
      {
        kind: 'cart',
        cart: 'cart_5512',
        person: { ...camille, customerId: 'cust_778' },
        total: { amount: '48.00', currency: 'USD' },
        url: 'https://lumen-ceramics.example/cart?token=cart_5512',
        added: true,
      },
      { kind: 'consent', state: 'granted', source: 'event of the shop' },
    ]);
  });

  it('a checkout, orders in every state, an erasure, a campaign', () => {
    expect(generic('checkout_started')).toMatchObject([{ kind: 'checkout' }, { kind: 'consent' }]);
    expect(generic('order_created')[0]).toMatchObject({ kind: 'order' });
    expect(generic('order_completed')[0]).toMatchObject({ kind: 'order', completedAt: expect.any(Date) });
    expect(generic('order_cancelled')[0]).toMatchObject({ kind: 'order', cancelledAt: expect.any(Date) });
    expect(generic('order_refunded')).toMatchObject([
      { kind: 'order', order: 'ord_9002' },
      { kind: 'refund', refund: 'ord_9002/re_1', order: 'ord_9002', money: { amount: '30.90', currency: 'USD' } },
      { kind: 'consent' },
    ]);
    expect(generic('contact_deleted')).toMatchObject([{ kind: 'erase', person: { phone: '+12025550143' } }]);
    expect(generic('campaign_sent')).toMatchObject([{ kind: 'campaign', campaign: 'black-friday-2026' }]);
  });

  it('the same in the words of another tool', () => {
    const unfolded = unfoldAlias('user-com', read('generic/variant_user_com_style_alias.json'));

    expect(() => readBody(genericEvent, read('generic/variant_user_com_style_alias.json'))).toThrow(UnreadableBody);
    expect(readGenericEvent(readBody(genericEvent, unfolded), 'ES')).toMatchObject([
      {
        kind: 'cart',
        person: { phone: '+12025550143' },
        items: [{ name: 'Stoneware Mug - Moss', quantity: 1, price: '24' }],
        added: true,
        at: new Date(1_794_322_927_000),
      },
      { kind: 'consent', state: 'granted' },
    ]);
  });

  it.each([
    ['TRUE', 'granted'],
    [true, 'granted'],
    [1, 'granted'],
    ['FALSE', 'not-granted'],
    ['maybe', 'not-granted'],
    [0, 'not-granted'],
  ])('consent written as %s, which is %s', (written, state) => {
    const event = {
      event: 'checkout',
      timestamp: 1_794_322_927,
      phone_number: '+12025550143',
      'Consent WhatsApp': written,
    };

    expect(readGenericEvent(readBody(genericEvent, unfoldAlias('x', event)), undefined)).toMatchObject([
      { kind: 'checkout' },
      { kind: 'consent', state },
    ]);
  });

  it('two orders of one person that have no number, which stay two; and two people’s carts, which stay theirs', () => {
    const subject = (given: object) => readGenericEvent(readBody(genericEvent, unfoldAlias('x', given)), 'ES')[0];
    const purchase = { event: 'purchase', timestamp: 1_794_322_927, phone_number: '+34612345678' };
    const first = subject(purchase);
    const second = subject({ ...purchase, timestamp: 1_794_322_999 });
    expect(first?.kind === 'order' && second?.kind === 'order' && first.order !== second.order).toBe(true);

    const cart = { event: 'add to cart', timestamp: 1_794_322_927 };
    const ana = subject({ ...cart, email: 'ana@shop.example' });
    const ben = subject({ ...cart, email: 'ben@shop.example' });
    expect(ana?.kind === 'cart' && ben?.kind === 'cart' && ana.cart !== ben.cart).toBe(true);
  });

  it('an event without an id, which has the same one when it comes again and another one when it says something else', () => {
    const event = { event: 'purchase', timestamp: 1_794_322_927, phone_number: '+12025550143' };
    const idOf = (given: object) => (unfoldAlias('x', given) as { readonly id: string }).id;

    expect(idOf(event)).toBe(idOf({ ...event }));
    expect(idOf(event)).not.toBe(idOf({ ...event, timestamp: 1_794_322_928 }));
  });
});

describe('A body', () => {
  it('keeps ids that are larger than a number can be', () => {
    expect(parseBody(Buffer.from('{"id": 820982911946154508, "n": 12.5}'))).toEqual({
      id: '820982911946154508',
      n: 12.5,
    });
  });

  it.each([
    ['cut short', '{"id": 1'],
    ['empty', ''],
    ['a form', 'webhook_id=12'],
  ])('that is %s is no JSON', (_what, text) => {
    expect(() => parseBody(Buffer.from(text))).toThrow(new UnreadableBody('The body is no JSON'));
  });

  it('that is no text at all is no JSON', () => {
    expect(() => parseBody(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(UnreadableBody);
  });

  it('never repeats its values in what is wrong with it', () => {
    const body = { id: 'SECRET', token: 'SECRET', updated_at: 'SECRET', line_items: [] };

    expect(() => readShopifyWebhook(body, { topic: 'carts/update', triggeredAt, country: undefined })).toThrow(
      new UnreadableBody('The body has another shape: updated_at'),
    );
  });
});
