import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSigned } from '../../connectors/signature.ts';
import { elapsed, hours, minutes, seconds } from '../../lib/time.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import type { DeliveryDesk, Mishap } from './delivery-desk.ts';
import { EventReceiver } from './event-receiver.ts';
import { openGeneric, openShopify, openWooCommerce } from './open-shop.ts';
import type { SimulatedShop } from './simulated-shop.ts';

const START = new Date('2026-11-22T10:00:00Z');
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

let clock: SimulatedClock;
let receiver: EventReceiver;
let closing: (() => Promise<void>)[];

beforeEach(async () => {
  clock = new SimulatedClock(START);
  receiver = new EventReceiver(SECRET);
  await receiver.open();
  closing = [() => receiver.close()];
});

afterEach(async () => {
  for (const close of closing.toReversed()) {
    await close();
  }
});

interface Open {
  readonly shop: SimulatedShop;
  readonly desk: DeliveryDesk;
  close(): Promise<void>;
}

function listen<Shop extends Open>(open: Shop, madeBy: 'api' | 'config' = 'config'): Shop {
  closing.push(() => open.close());
  open.desk.subscribe({ id: 1, topic: '*', target: receiver.url, secret: open.shop.profile.webhookSecret, madeBy });
  return open;
}

const shopify = async (madeBy?: 'api' | 'config') => listen(await openShopify({ clock, seed: 1 }), madeBy);
const woo = async () => {
  const open = listen(await openWooCommerce({ clock, seed: 1 }), 'api');
  const { token } = open.shop.addToCart(open.shop.goods[0]?.id ?? 0);
  const typing = { firstName: 'Ana', lastName: 'Ruiz', phone: '+34600000003' };
  const checkout = open.shop.startCheckout(token, typing);
  await open.desk.settled();
  receiver.received.length = 0;
  return { ...open, type: () => open.shop.changeCheckout(checkout.token, typing) };
};

/** Something to tell of: another piece in a new cart. */
const addSomething = ({ shop }: Open) => shop.addToCart(shop.goods[0]?.id ?? 0);
const refusals = (count: number) => Array.from({ length: count }, () => ({ status: 503 }));
const webhookIds = () => receiver.received.map(({ headers }) => headers['x-shopify-webhook-id']);

describe('A delivery of Shopify', () => {
  it('that is refused is tried eight more times within four hours, always the same bytes under the same id', async () => {
    const open = await shopify();
    receiver.answerNext(...refusals(9));
    addSomething(open);
    await open.desk.settled();
    for (let minute = 0; minute < 5 * 60; minute += 1) {
      clock.advance(minutes(1));
      await open.desk.settled();
    }
    const [posting] = open.desk.postings;
    const times = posting?.attempts.map(({ at }) => elapsed(START, at)) ?? [];

    expect(times).toHaveLength(9);
    expect(times.at(-1)).toBe(hours(4));
    expect(new Set(webhookIds()).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(posting?.state).toBe('given-up');
  });

  it('ends with the first answer that says it was taken', async () => {
    const open = await shopify();
    receiver.answerNext({ status: 500 }, { status: 302 }, { status: 200 });
    addSomething(open);
    await open.desk.settled();
    clock.advance(hours(5));
    await open.desk.settled();
    clock.advance(hours(5));
    await open.desk.settled();

    expect(receiver.received.map(({ status }) => status)).toEqual([500, 302, 200]);
    expect(open.desk.postings).toMatchObject([{ state: 'taken' }]);
  });

  it('is tried again after nobody was there', async () => {
    const open = await shopify();
    open.desk.subscribe({ id: 2, topic: '*', target: 'http://127.0.0.1:1/', secret: 'x', madeBy: 'config' });
    addSomething(open);
    await open.desk.settled();

    expect(open.desk.postings[1]).toMatchObject({
      state: 'waiting',
      attempts: [{ status: undefined }],
      nextAt: new Date('2026-11-22T10:01:00Z'),
    });
  });

  it('that rests until its next try can be pulled forward', async () => {
    const open = await shopify();
    receiver.answerNext(...refusals(1));
    addSomething(open);
    await open.desk.settled();
    open.desk.retryNow();
    await open.desk.settled();

    expect(open.desk.postings).toMatchObject([{ state: 'taken', attempts: [{ status: 503 }, { status: 204 }] }]);
  });

  it.each([
    ['api', 0],
    ['config', 1],
  ] as const)('that nobody took ends a subscription made by the %s: %i left', async (madeBy, left) => {
    const open = await shopify(madeBy);
    receiver.answerNext(...refusals(9));
    addSomething(open);
    for (let retry = 0; retry < 9; retry += 1) {
      await open.desk.settled();
      clock.advance(hours(2));
    }

    expect(open.desk.subscriptions).toHaveLength(left);
  });

  it('comes from what one act set off under the same event id', async () => {
    const open = await shopify();
    const { token } = addSomething(open);
    open.shop.pay(open.shop.startCheckout(token, { firstName: 'Ana', lastName: 'R' }).token);
    await open.desk.settled();
    const events = new Map<string, string[]>();
    for (const { headers } of receiver.received) {
      const event = headers['x-shopify-event-id'] ?? '';
      events.set(event, [...(events.get(event) ?? []), headers['x-shopify-topic'] ?? '']);
    }

    expect([...events.values()]).toEqual([
      ['carts/create'],
      ['checkouts/create'],
      ['orders/create', 'checkouts/update', 'orders/paid', 'orders/updated'],
    ]);
  });
});

describe('On demand a delivery', () => {
  it.each<[what: string, mishap: Mishap, came: number]>([
    ['is dropped', { kind: 'drop' }, 1],
    ['comes twice', { kind: 'duplicate' }, 3],
    ['comes late', { kind: 'delay', by: minutes(30) }, 1],
  ])('%s', async (_what, mishap, came) => {
    const open = await shopify();
    open.desk.mishap(mishap);
    addSomething(open);
    addSomething(open);
    await open.desk.settled();

    expect(receiver.received).toHaveLength(came);

    clock.advance(minutes(30));
    await open.desk.settled();
    expect(receiver.received).toHaveLength(mishap.kind === 'delay' ? 2 : came);
  });

  it('comes twice under the same id', async () => {
    const open = await shopify();
    open.desk.mishap({ kind: 'duplicate' });
    addSomething(open);
    await open.desk.settled();

    expect(new Set(webhookIds()).size).toBe(1);
  });

  it('is signed wrongly, or comes in the name of another shop', async () => {
    const open = await shopify();
    open.desk.mishap({ kind: 'wrong-signature' }, { kind: 'other-shop' });
    addSomething(open);
    addSomething(open);
    await open.desk.settled();
    const signedRight = receiver.received.map(({ headers, body }) =>
      isSigned(Buffer.from(body), headers['x-shopify-hmac-sha256'], [open.shop.profile.webhookSecret]),
    );

    expect(signedRight).toEqual([false, true]);
    expect(receiver.received.map(({ headers }) => headers['x-shopify-shop-domain'])).toEqual([
      'lumen-ceramics.myshopify.com',
      'another-shop.myshopify.com',
    ]);
  });

  it.each([
    ['as-it-happened', [0, 1, 2, 3]],
    ['reversed', [3, 2, 1, 0]],
    // By the dice of the seed.
    ['shuffled', [1, 2, 0, 3]],
  ] as const)('is kept back with others, and all of them go out %s', async (order, expected) => {
    const open = await shopify();
    open.desk.hold();
    const tokens = Array.from({ length: 4 }, () => addSomething(open).token);
    await open.desk.settled();
    expect(receiver.received).toEqual([]);

    open.desk.release(order);
    await open.desk.settled();
    expect(receiver.received.map(({ body }) => tokens.indexOf(JSON.parse(body).token))).toEqual(expected);
  });
});

describe('A delivery of WooCommerce', () => {
  it('is never tried again, and the seventh failure in a row switches the webhook off', async () => {
    const open = await woo();
    receiver.answerNext(...refusals(7));
    for (let failure = 1; failure <= 7; failure += 1) {
      expect(open.desk.subscriptions).toHaveLength(1);
      open.type();
      await open.desk.settled();
      clock.advance(hours(1));
    }
    await open.desk.settled();

    expect(receiver.received).toHaveLength(7);
    expect(open.desk.subscriptions).toEqual([]);
  });

  it('that is taken forgives the failures before', async () => {
    const open = await woo();
    receiver.answerNext(...refusals(6), { status: 202 }, ...refusals(6));
    for (let delivery = 1; delivery <= 13; delivery += 1) {
      open.type();
      await open.desk.settled();
    }

    expect(open.desk.subscriptions).toHaveLength(1);
  });
});

describe('A delivery of another shop', () => {
  it('is tried again after five seconds with the same id', async () => {
    const open = listen(openGeneric({ clock, seed: 1 }));
    receiver.answerNext(...refusals(1));
    addSomething(open);
    await open.desk.settled();
    clock.advance(seconds(5));
    await open.desk.settled();

    expect(receiver.received.map(({ status }) => status)).toEqual([503, 204]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(receiver.received.every(({ isSigned: right }) => right)).toBe(true);
  });
});
