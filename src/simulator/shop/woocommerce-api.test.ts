import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWooCommerceWebhook } from '../../connectors/woocommerce-webhook.ts';
import { minutes } from '../../lib/time.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import { EventReceiver } from './event-receiver.ts';
import { openWooCommerce, WOOCOMMERCE_KEYS } from './open-shop.ts';

const START = new Date('2026-11-22T10:00:00Z');
const { key, secret } = WOOCOMMERCE_KEYS;

let clock: SimulatedClock;
let open: Awaited<ReturnType<typeof openWooCommerce>>;

beforeEach(async () => {
  clock = new SimulatedClock(START);
  open = await openWooCommerce({ clock, seed: 1 });
});

afterEach(() => open.close());

async function ask(path: string, body?: object, login = `${key}:${secret}`) {
  const response = await fetch(`${open.url}/wp-json/wc/v3/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'Content-Type': 'application/json', Authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    body: body ? JSON.stringify(body) : null,
  });
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its own answer
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const ana = { firstName: 'Ana', lastName: 'Ruiz', email: 'ana@example.com', phone: '(202) 555-0143' };

function checkout() {
  const { token } = open.shop.addToCart(open.shop.goods[0]?.id ?? 0);
  return open.shop.startCheckout(token, ana).token;
}

/** One a minute, oldest first. */
function orders(count: number): readonly number[] {
  return Array.from({ length: count }, () => {
    clock.advance(minutes(1));
    return open.shop.pay(checkout()).id;
  });
}

const found = async (query: string) => (await ask(`orders?${query}`)).body.map(({ id }: { id: number }) => id);

describe('The REST API of a simulated WooCommerce shop', () => {
  it('gives orders in pages, the newest first, and says how many there are', async () => {
    const ids = orders(5);
    const { headers, body } = await ask('orders?per_page=2&page=2');

    expect(body.map(({ id }: { id: number }) => id)).toEqual([ids[2], ids[1]]);
    expect(headers.get('X-WP-Total')).toBe('5');
    expect(headers.get('X-WP-TotalPages')).toBe('3');
    expect(readWooCommerceWebhook(body[0], { topic: 'order.updated', country: 'ES' })).toMatchObject([
      { kind: 'order', order: String(ids[2]), person: { firstName: 'Ana' }, total: { amount: '30.90' } },
    ]);
  });

  it('gives those that are newer, or were changed since, the oldest first', async () => {
    const [first, , third] = orders(3);
    clock.advance(minutes(1));
    open.shop.fulfil(first ?? 0);
    const utc = 'dates_are_gmt=true&orderby=modified&order=asc';

    expect(await found(`after=2026-11-22T10:02:30&${utc}`)).toEqual([third]);
    expect(await found(`modified_after=2026-11-22T10:02:30&${utc}`)).toEqual([third, first]);
    expect(await found(`status=completed,on-hold&${utc}`)).toEqual([first]);
  });

  it('gives drafts only to those who ask for them', async () => {
    checkout();

    expect(await found('')).toEqual([]);
    expect((await ask('orders?status=checkout-draft')).body).toMatchObject([
      { status: 'checkout-draft', date_paid: null },
    ]);
  });

  it.each([
    ['202', 1],
    ['(202) 555-0143', 1],
    ['+12025550143', 0],
    ['ana@example.com', 1],
  ])('finds %s only as it was typed: %i', async (words, count) => {
    orders(1);

    expect(await found(`search=${encodeURIComponent(words)}`)).toHaveLength(count);
  });

  it('refuses pages that are too long', async () => {
    expect(await ask('orders?per_page=101')).toMatchObject({ status: 400, body: { code: 'rest_invalid_param' } });
  });

  it('lets in who has the keys, while they are valid', async () => {
    expect((await ask('orders', undefined, `${key}:guessed`)).status).toBe(401);
    expect((await ask('orders')).status).toBe(200);
    open.shop.uninstall();
    expect((await ask('orders')).status).toBe(401);
  });

  it('makes a coupon once, which an order can use', async () => {
    const create = () => ask('coupons', { code: 'THX-1', discount_type: 'percent', amount: '10', usage_limit: 1 });

    expect(await create()).toMatchObject({ status: 201, body: { code: 'thx-1' } });
    expect(await create()).toMatchObject({
      status: 400,
      body: { code: 'woocommerce_rest_coupon_code_already_exists' },
    });
    const { token } = open.shop.addToCart(open.shop.goods[0]?.id ?? 0);
    open.shop.pay(open.shop.startCheckout(token, { ...ana, code: 'thx-1' }).token);
    expect((await ask('orders')).body).toMatchObject([
      { discount_total: '2.40', total: '28.50', coupon_lines: [{ code: 'thx-1' }] },
    ]);
  });

  it('fails on demand', async () => {
    open.api.troubles.failNext(1, 429);

    expect((await ask('orders')).status).toBe(429);
    expect((await ask('orders')).status).toBe(200);
  });
});

describe('A webhook made by the REST API', () => {
  let receiver: EventReceiver;

  beforeEach(async () => {
    receiver = new EventReceiver('whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=');
    await receiver.open();
  });

  afterEach(() => receiver.close());

  const create = () => ask('webhooks', { topic: 'order.updated', delivery_url: receiver.url, secret: 'typed' });

  it('is announced by an unsigned form, and listed once that was answered with 200', async () => {
    receiver.answerNext({ status: 200 });
    const { status, body } = await create();

    expect(status).toBe(201);
    expect(receiver.received).toMatchObject([
      { body: `webhook_id=${body.id}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-wc-webhook-topic');
    expect(receiver.received[0]?.headers).not.toHaveProperty('x-wc-webhook-signature');
    expect((await ask('webhooks')).body).toMatchObject([{ topic: 'order.updated', delivery_url: receiver.url }]);

    checkout();
    await open.desk.settled();
    expect(receiver.received[1]?.headers).toMatchObject({ 'x-wc-webhook-topic': 'order.updated' });
  });

  it('is switched off when the announcement is answered with anything else', async () => {
    receiver.answerNext({ status: 202 });

    expect((await create()).body).toMatchObject({ status: 'disabled' });
    expect((await ask('webhooks')).body).toEqual([]);
  });
});
