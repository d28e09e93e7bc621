import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { shopDeliveries } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { addWebhooks } from '../http/webhooks.ts';
import { silentLog } from '../lib/log.ts';
import { days, later, minutes, seconds } from '../lib/time.ts';
import { noAccess, type OutsideAccess } from '../shop/outside-access.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { sign } from './signature.ts';
import { LARGEST_EVENTS, LARGEST_WEBHOOK, makeWebhookDesk } from './webhook-desk.ts';

const now = new Date('2026-11-11T12:00:00Z');
const SECRET = 'shpss_first_secret';
const EVENTS_SECRET = `whsec_${Buffer.from('a secret of the event API').toString('base64')}`;

const access: OutsideAccess = {
  ...noAccess,
  shopify: {
    shop: 'lumen-ceramics.myshopify.com',
    apiUrl: undefined,
    apiVersion: '2026-07',
    login: undefined,
    webhookSecrets: ['shpss_second_secret', SECRET],
  },
  woocommerce: { url: 'https://lumen.example.com', login: undefined, webhookSecrets: [SECRET] },
  eventSecrets: [EVENTS_SECRET, 'simple-bearer-token'],
};

let database: Database;
let clock: SimulatedClock;
let wakes: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(now);
  wakes = 0;
});

function routes(known: OutsideAccess = access, on = database): Hono {
  const web = new Hono();
  const desk = makeWebhookDesk({ database: on, clock, log: silentLog, access: known, onStored: () => (wakes += 1) });
  addWebhooks(web, { ...desk, largestWebhook: LARGEST_WEBHOOK, largestEvents: LARGEST_EVENTS });
  return web;
}

function sample(name: string): Buffer {
  return readFileSync(new URL(`samples/${name}`, import.meta.url));
}

interface Posting {
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly web?: Hono;
}

async function post(path: string, { body = '{}', headers = {}, web = routes() }: Posting) {
  const sent = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  const answer = await web.request(path, { method: 'POST', body, headers: Object.fromEntries(sent) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

function shopify({ body = sample('shopify/orders_create.json'), headers = {}, ...rest }: Posting = {}) {
  const bytes = Buffer.from(body);
  return post('/webhooks/shopify', {
    body: bytes,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-hmac-sha256': sign(bytes, SECRET),
      'x-shopify-shop-domain': 'lumen-ceramics.myshopify.com',
      'x-shopify-webhook-id': 'delivery-1',
      'x-shopify-triggered-at': '2026-11-11T11:59:00.123Z',
      ...headers,
    },
    ...rest,
  });
}

function woo({ body = sample('woocommerce/order_created.json'), headers = {}, ...rest }: Posting = {}) {
  const bytes = Buffer.from(body);
  return post('/webhooks/woocommerce', {
    body: bytes,
    headers: {
      'content-type': 'application/json',
      'x-wc-webhook-topic': 'order.created',
      'x-wc-webhook-signature': sign(bytes, SECRET),
      'x-wc-webhook-source': 'https://lumen.example.com/',
      'x-wc-webhook-id': '7',
      'x-wc-delivery-id': 'not unique',
      ...headers,
    },
    ...rest,
  });
}

const event = {
  id: 'evt_1',
  type: 'contact.updated',
  occurred_at: '2026-11-11T11:00:00Z',
  contact: { phone: '+12025550143', first_name: 'Camille' },
};

function events(body: unknown, { headers = {}, source = 'my-shop', ...rest }: Posting & { source?: string } = {}) {
  return post(`/v1/events/${source}`, {
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: 'Bearer simple-bearer-token', ...headers },
    ...rest,
  });
}

function standardHeaders(body: string, at: Date, id = 'msg_1') {
  const stamp = new Date(at);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(stamp.getTime() / 1000),
    'webhook-signature': new Webhook(EVENTS_SECRET).sign(id, stamp, body),
  };
}

/** The library that checks signatures goes by the machine's clock. */
const systemNow = () => new Date(Math.floor(Date.now() / 1000) * 1000);

async function stored() {
  return database.select().from(shopDeliveries).orderBy(shopDeliveries.id);
}

describe('A delivery of Shopify', () => {
  it('is stored as it came, and answered', async () => {
    expect(await shopify()).toMatchObject({ status: 200, body: { stored: true } });
    const [row] = await stored();
    expect(row).toMatchObject({
      source: 'shopify',
      key: 'delivery-1',
      topic: 'orders/create',
      triggeredAt: new Date('2026-11-11T11:59:00.123Z'),
      receivedAt: now,
      state: 'pending',
    });
    expect(Buffer.from(row?.body ?? []).equals(sample('shopify/orders_create.json'))).toBe(true);
    expect(wakes).toBe(1);
  });

  it('is stored once, however often it comes', async () => {
    const web = routes();
    await shopify({ web });
    expect(await shopify({ web })).toMatchObject({ status: 200, body: { duplicate: true } });
    expect(await stored()).toHaveLength(1);
    expect(wakes).toBe(1);
  });

  it.each([
    ['a wrong signature', { 'x-shopify-hmac-sha256': sign(Buffer.from('another body'), SECRET) }, 401],
    [
      'a signature by a secret that is none of ours',
      { 'x-shopify-hmac-sha256': sign(sample('shopify/orders_create.json'), 'wrong') },
      401,
    ],
    ['no signature', { 'x-shopify-hmac-sha256': undefined }, 401],
    ['a signature that is not base64', { 'x-shopify-hmac-sha256': '?!' }, 401],
    ['the name of another shop', { 'x-shopify-shop-domain': 'other.myshopify.com' }, 403],
    ['no shop', { 'x-shopify-shop-domain': undefined }, 403],
    ['no topic', { 'x-shopify-topic': undefined }, 400],
    ['another type', { 'content-type': 'text/plain' }, 415],
    ['no type', { 'content-type': undefined }, 415],
  ])('with %s is refused and not stored', async (_what, headers, status) => {
    const answer = await shopify({ headers });
    expect(answer.status).toBe(status);
    expect(answer.body['error']).toEqual(expect.any(String));
    expect(await stored()).toEqual([]);
    expect(wakes).toBe(0);
  });

  it.each([
    'products/update',
    'customers_marketing_consent/update',
    'customers/data_request',
    'shop/redact',
    '__proto__',
    'constructor',
  ])('about %s, which tells us nothing, is taken and not stored', async (topic) => {
    expect(await shopify({ headers: { 'x-shopify-topic': topic } })).toMatchObject({
      status: 200,
      body: { ignored: topic },
    });
    expect(await stored()).toEqual([]);
  });

  it('that is no JSON is refused', async () => {
    expect(await shopify({ body: '{"id": 1,' })).toMatchObject({ status: 400, body: { error: 'The body is no JSON' } });
    expect(await stored()).toEqual([]);
  });

  it('that is too large is refused before it is read', async () => {
    expect((await shopify({ body: Buffer.alloc(LARGEST_WEBHOOK + 1, ' ') })).status).toBe(413);
    expect(await stored()).toEqual([]);
  });

  it('is refused where no Shopify shop is connected', async () => {
    expect((await shopify({ web: routes(noAccess) })).status).toBe(404);
    const noSecret = { ...access, shopify: access.shopify && { ...access.shopify, webhookSecrets: [] } };
    expect(
      (
        await shopify({
          web: routes(noSecret),
          headers: { 'x-shopify-hmac-sha256': sign(sample('shopify/orders_create.json'), '') },
        })
      ).status,
    ).toBe(404);
  });

  it('is signed over its bytes: the same JSON in other bytes is refused', async () => {
    const body = sample('shopify/orders_create.json');
    const signature = sign(body, SECRET);
    const sameJson = JSON.stringify(JSON.parse(body.toString()));
    expect((await shopify({ body: sameJson, headers: { 'x-shopify-hmac-sha256': signature } })).status).toBe(401);
  });

  it('is asked for again while the database is away', async () => {
    const away = {
      insert: () => {
        throw new Error('connection lost');
      },
    } as unknown as Database;
    const answer = await shopify({ web: routes(access, away) });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
  });
});

describe('A delivery of WooCommerce', () => {
  it('is stored by its body, because its delivery id is not unique', async () => {
    const web = routes();
    expect((await woo({ web })).status).toBe(200);
    expect((await woo({ web })).body).toEqual({ duplicate: true });
    expect(
      (
        await woo({
          web,
          body: sample('woocommerce/order_updated_completed.json'),
          headers: { 'x-wc-webhook-topic': 'order.updated' },
        })
      ).body,
    ).toEqual({ stored: true });
    expect(await stored()).toMatchObject([
      { source: 'woocommerce', topic: 'order.created' },
      { topic: 'order.updated' },
    ]);
  });

  it('that is the ping of a new webhook is answered with exactly 200, unsigned, and says nothing', async () => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-wc-webhook-signature': undefined,
      'x-wc-webhook-topic': undefined,
    };
    expect((await woo({ body: sample('woocommerce/ping.txt'), headers })).status).toBe(200);
    expect((await woo({ body: 'webhook_id=1&order=5', headers })).status).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it.each([
    ['a wrong signature', { 'x-wc-webhook-signature': sign(Buffer.from('x'), SECRET) }, 401],
    ['no signature', { 'x-wc-webhook-signature': undefined }, 401],
    ['the name of another site', { 'x-wc-webhook-source': 'https://evil.example.com/' }, 403],
    ['no site', { 'x-wc-webhook-source': undefined }, 403],
    ['no topic', { 'x-wc-webhook-topic': undefined }, 400],
    ['another type', { 'content-type': 'text/html' }, 415],
  ])('with %s is refused and not stored', async (_what, headers, status) => {
    expect((await woo({ headers })).status).toBe(status);
    expect(await stored()).toEqual([]);
  });

  it('about something that tells us nothing is taken and not stored', async () => {
    expect(await woo({ headers: { 'x-wc-webhook-topic': 'product.updated' } })).toMatchObject({
      status: 200,
      body: { ignored: 'product.updated' },
    });
    expect(await stored()).toEqual([]);
  });

  it('is refused where no WooCommerce shop is connected, signed with an empty secret too', async () => {
    const web = routes({ ...access, woocommerce: access.woocommerce && { ...access.woocommerce, webhookSecrets: [] } });
    expect(
      (await woo({ web, headers: { 'x-wc-webhook-signature': sign(sample('woocommerce/order_created.json'), '') } }))
        .status,
    ).toBe(404);
  });
});

describe('The event API', () => {
  it('takes one event, and says so by its id', async () => {
    expect(await events(event)).toMatchObject({
      status: 202,
      body: { accepted: ['evt_1'], duplicates: [], rejected: [] },
    });
    expect(await stored()).toMatchObject([
      { source: 'my-shop', key: 'evt_1', topic: 'contact.updated', triggeredAt: new Date(event.occurred_at) },
    ]);
  });

  it('takes several at a time, each for itself', async () => {
    const answer = await events({
      events: [event, { ...event, id: 'evt_2', type: 'unheard.of' }, { ...event, id: 'evt_3' }],
    });
    expect(answer).toMatchObject({
      status: 202,
      body: { accepted: ['evt_1', 'evt_3'], rejected: [{ id: 'evt_2', code: 'invalid' }] },
    });
    expect(await stored()).toHaveLength(2);
  });

  it('knows an event that comes again, from the same source only', async () => {
    const web = routes();
    await events(event, { web });
    expect((await events({ events: [event] }, { web })).body).toEqual({
      accepted: [],
      duplicates: ['evt_1'],
      rejected: [],
    });
    expect((await events(event, { web, source: 'another-shop' })).body).toMatchObject({ accepted: ['evt_1'] });
  });

  it('refuses an id that came before with something else in it', async () => {
    const web = routes();
    await events(event, { web });
    await events({ ...event, contact: { phone: '+12025550199' } }, { web, source: 'another-shop' });
    expect((await events(event, { web })).body).toMatchObject({ duplicates: ['evt_1'] });
    const answer = await events({ ...event, contact: { phone: '+12025550199' } }, { web });
    expect(answer).toMatchObject({ status: 422, body: { rejected: [{ id: 'evt_1', code: 'id_reused' }] } });
  });

  it('takes what other tools call their things', async () => {
    const answer = await events(sample('generic/variant_user_com_style_alias.json'));
    expect(answer).toMatchObject({ status: 202, body: { rejected: [] } });
    expect(await stored()).toMatchObject([{ topic: 'cart.added' }]);
  });

  it('believes a signature by the Standard Webhooks rules', async () => {
    const body = JSON.stringify(event);
    const headers = { authorization: undefined, ...standardHeaders(body, systemNow()) };
    expect((await events(body, { headers })).status).toBe(202);
  });

  it.each([
    ['a wrong token', { authorization: 'Bearer guessed' }],
    ['no token and no signature', { authorization: undefined }],
    [
      'a signature that is six minutes old',
      { authorization: undefined, ...standardHeaders(JSON.stringify(event), later(systemNow(), -minutes(6))) },
    ],
    ['the signature of another body', { authorization: undefined, ...standardHeaders('{}', systemNow()) }],
    [
      'the token beside a right signature',
      { authorization: 'Bearer guessed', ...standardHeaders(JSON.stringify(event), systemNow()) },
    ],
  ])('refuses %s', async (_what, headers) => {
    expect((await events(event, { headers })).status).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('refuses what is no JSON, another type, too much, and too many', async () => {
    expect((await events('{')).status).toBe(400);
    expect((await events(event, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await events(Buffer.alloc(LARGEST_EVENTS + 1, ' '))).status).toBe(413);
    expect((await events({ events: Array.from({ length: 101 }, () => event) })).status).toBe(413);
    expect(await stored()).toEqual([]);
  });

  it.each(['shopify', 'woocommerce', 'My Shop', 'a/b', 'x'.repeat(41)])('knows no source called %s', async (source) => {
    expect(
      (
        await post(`/v1/events/${encodeURIComponent(source)}`, {
          body: JSON.stringify(event),
          headers: { 'content-type': 'application/json', authorization: 'Bearer simple-bearer-token' },
        })
      ).status,
    ).toBe(404);
  });

  it('takes nothing where no secret is set', async () => {
    expect((await events(event, { web: routes({ ...access, eventSecrets: [] }) })).status).toBe(404);
  });

  it('refuses what is yet to happen, and takes what happened long ago', async () => {
    const ahead = { ...event, occurred_at: later(now, minutes(5) + seconds(1)).toISOString() };
    expect(await events(ahead)).toMatchObject({ status: 422, body: { rejected: [{ code: 'in_the_future' }] } });
    const old = { ...event, occurred_at: later(now, -days(40)).toISOString() };
    expect((await events(old)).status).toBe(202);
  });

  it('names what is wrong with an event without repeating what is in it', async () => {
    const answer = await events({ ...event, contact: { phone: '+12025550143', favourite: 'secret words' } });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('contact');
    expect(JSON.stringify(answer.body)).not.toContain('secret words');
  });
});
