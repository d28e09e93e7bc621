import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneNumber } from '../contacts/phone.ts';
import { hours, later, minutes, seconds } from '../lib/time.ts';
import type { Connector, OrderPage, ShopCustomer } from '../shop/connector.ts';
import type { ShopifyLogin } from '../shop/outside-access.ts';
import type { OrderReport, ShopReport } from '../shop/report.ts';
import { HastyClock } from '../simulator/hasty-clock.ts';
import type { Trouble } from '../simulator/shop/api-trouble.ts';
import { openShopify, SHOPIFY_TOKEN } from '../simulator/shop/open-shop.ts';
import type { Contact } from '../simulator/shop/records.ts';
import { writeOrder } from '../simulator/shop/shopify-orders.ts';
import { makeShopifyClient } from './shopify-client.ts';
import { makeShopifyConnector, shopifyTopics } from './shopify-connector.ts';
import { readShopifyWebhook } from './shopify-webhook.ts';
import { parseBody } from './webhook-body.ts';

const START = new Date('2026-11-22T10:00:00Z');
const never = new AbortController().signal;
const token: ShopifyLogin = { kind: 'token', token: SHOPIFY_TOKEN };
const client: ShopifyLogin = { kind: 'client', id: 'id', secret: 'secret' };
const phone = (number: string) => number as PhoneNumber;
const nobody: ShopCustomer = { phones: [], emails: [], customerIds: [] };

let clock: HastyClock;
let open: Awaited<ReturnType<typeof openShopify>>;
let lines: string[];

beforeEach(async () => {
  clock = new HastyClock(START);
  lines = [];
  const access = { token: SHOPIFY_TOKEN, clientId: 'id', clientSecret: 'secret' };
  open = await openShopify({ clock, seed: 1, access });
});

afterEach(() => open.close());

function connect(login: ShopifyLogin = token, apiVersion = '2026-07'): Connector {
  const log = pino({ base: null }, { write: (line) => lines.push(line) });
  const access = { shop: 'lumen.myshopify.com', apiUrl: open.url, apiVersion, login, webhookSecrets: [] };
  const shopify = makeShopifyClient({ access, login, clock, log, chance: () => 0 });
  return makeShopifyConnector({ client: shopify, country: () => Promise.resolve('ES'), log });
}

const ana: Contact = { firstName: 'Ana', lastName: 'Ruiz', email: 'ana@example.com', phone: '+34600000001' };

function buy(contact: Contact = ana) {
  const { shop } = open;
  const { token: cart } = shop.addToCart(shop.goods[0]?.id ?? 0, { quantity: 2 });
  return shop.pay(shop.startCheckout(cart, contact).token);
}

const isOrder = (report: ShopReport): report is OrderReport => report.kind === 'order';

async function page(connector: Connector, after?: string, since = later(START, -hours(1))): Promise<OrderPage> {
  const answer = await connector.changedOrders(since, after, never);
  if (!answer.ok) {
    throw new Error(answer.trouble.kind);
  }
  return answer.value;
}

async function numbersOf(connector: Connector, person: Partial<ShopCustomer>, since = later(START, -hours(1))) {
  const answer = await connector.ordersOf({ ...nobody, ...person }, { since, knownFrom: undefined }, never);
  return answer.ok ? answer.value.filter(isOrder).map(({ number }) => number) : answer.trouble;
}

describe('Orders that Shopify is asked for', () => {
  it('say the same as its webhooks', async () => {
    const order = open.shop.fulfil(buy().id);
    const customer = open.shop.customer(order.customerId ?? 0);
    const body = parseBody(Buffer.from(JSON.stringify(writeOrder(order, customer, open.shop.profile))));
    const delivery = { topic: 'orders/updated', triggeredAt: order.updatedAt, country: 'ES' };
    const [told] = readShopifyWebhook(body, delivery);

    const [asked] = (await page(connect())).reports;

    expect(told?.kind === 'order' && told.items).toHaveLength(1);
    const withoutPrices = told?.kind === 'order' && { ...told, items: told.items.map(({ price: _, ...item }) => item) };
    expect(asked).toEqual(withoutPrices);
  });

  it('come page by page, each once, and up to the last change all is told', async () => {
    const orders = Array.from({ length: 45 }, () => {
      clock.advance(seconds(10));
      return buy();
    });
    const connector = connect();

    const first = await page(connector);
    const second = await page(connector, first.next);
    const third = await page(connector, second.next);

    expect(third.next).toBeUndefined();
    const told = [first, second, third].flatMap(({ reports }) => reports.filter(isOrder));
    expect(told.map(({ order }) => order)).toEqual(orders.map(({ id }) => String(id)));
    expect(first.toldUntil).toEqual(orders[19]?.updatedAt);
    expect(third.toldUntil).toEqual(orders[44]?.updatedAt);
  });

  it('are all told when one of them changes between two pages', async () => {
    const orders = Array.from({ length: 25 }, () => {
      clock.advance(seconds(10));
      return buy();
    });
    const connector = connect();
    const first = await page(connector);
    clock.advance(minutes(1));
    // The last of the page, which is where the next one goes on.
    open.shop.fulfil(orders[19]?.id ?? 0);

    const second = await page(connector, first.next);

    const told = [first, second].flatMap(({ reports }) => reports.filter(isOrder));
    expect(new Set(told.map(({ order }) => order)).size).toBe(25);
    expect(told.at(-1)).toMatchObject({ order: String(orders[19]?.id), completedAt: clock.now() });
    expect(second.toldUntil).toEqual(clock.now());
  });

  it('are those that changed since then, however old', async () => {
    const old = buy();
    clock.advance(hours(5));
    buy();
    open.shop.cancel(old.id);

    const { reports } = await page(connect(), undefined, clock.now());

    expect(reports.filter(isOrder)).toHaveLength(2);
    expect(reports).toContainEqual(expect.objectContaining({ order: String(old.id), cancelledAt: clock.now() }));
  });

  it('are told without their people where Shopify hides these', async () => {
    buy();
    open.api.hidesPeople = true;

    const [order] = (await page(connect())).reports;

    expect(order).toMatchObject({ kind: 'order', number: '#1001' });
    expect(order?.kind === 'order' && order.person).not.toHaveProperty('phone');
    expect(order?.kind === 'order' && order.person).not.toHaveProperty('email');
    expect(order?.kind === 'order' && order.person).not.toHaveProperty('firstName');
  });
});

describe('Somebody’s orders at Shopify', () => {
  it('are found by the number of the account, in any writing', async () => {
    buy({ ...ana, phone: '+5511987654321' });
    buy({ ...ana, phone: '+34600000009', email: 'other@example.com' });

    const phones = [phone('+551187654321'), phone('+5511987654321')];
    expect(await numbersOf(connect(), { phones })).toEqual(['#1001']);
  });

  it('are found by the mail address, and by the shop’s own name of the customer', async () => {
    const order = buy();
    buy({ ...ana, phone: '+34600000009', email: 'other@example.com' });

    expect(await numbersOf(connect(), { emails: ['ana@example.com'] })).toEqual(['#1001']);
    expect(await numbersOf(connect(), { customerIds: [String(order.customerId)] })).toEqual(['#1001']);
  });

  it('come once each, however many ways lead to them', async () => {
    const order = buy();
    const person = {
      phones: [phone('+34600000001')],
      emails: ['ana@example.com'],
      customerIds: [String(order.customerId)],
    };

    expect(await numbersOf(connect(), person)).toEqual(['#1001']);
  });

  it('are those since then', async () => {
    buy();
    clock.advance(hours(2));
    buy();

    expect(await numbersOf(connect(), { phones: [phone('+34600000001')] }, later(clock.now(), -hours(1)))).toEqual([
      '#1002',
    ]);
  });

  it('are not found by a number that stands only on a parcel: those come with all other orders', async () => {
    buy({ firstName: 'Ana', lastName: 'Ruiz', addressPhone: '600 000 001' });

    expect(await numbersOf(connect(), { phones: [phone('+34600000001')] })).toEqual([]);
    const [order] = (await page(connect())).reports;
    expect(order?.kind === 'order' && order.person.phone).toBe('+34600000001');
  });

  it('are unknown when one of the questions has no answer', async () => {
    buy();
    open.api.troubles.failNext(4, 500);

    expect(await numbersOf(connect(), { phones: [phone('+34600000001')] })).toMatchObject({ kind: 'failing' });
  });
});

describe('Trouble with Shopify', () => {
  it.each<[title: string, fault: Trouble, times: number, kind: string]>([
    ['a permanent token that is not accepted', 401, 1, 'refused'],
    ['a plan without API', 403, 1, 'forbidden'],
    ['no such shop', 404, 1, 'not-found'],
    ['too many questions, for as long as we try', 429, 4, 'busy'],
    ['a shop that fails by itself', 500, 4, 'failing'],
    ['connections that break', 'cut', 4, 'unreachable'],
    ['a budget that is always used up', 'throttled', 4, 'busy'],
    ['a permission that is missing', 'access-denied', 1, 'forbidden'],
  ])('is named for %s', async (_title, fault, times, kind) => {
    open.api.troubles.failNext(times, fault);

    const answer = await connect().changedOrders(START, undefined, never);

    expect(answer).toMatchObject({ ok: false, trouble: { kind } });
    expect(await connect().changedOrders(START, undefined, never)).toMatchObject({ ok: true });
  });

  it('names the permission', async () => {
    open.api.scopes = ['read_orders'];
    expect(await connect().inspect(never)).toEqual({
      ok: false,
      trouble: { kind: 'forbidden', detail: 'read_customers' },
    });

    open.api.scopes = ['write_customers'];
    expect(await connect().changedOrders(START, undefined, never)).toEqual({
      ok: false,
      trouble: { kind: 'forbidden', detail: 'read_orders' },
    });
  });

  it('is none where the app may write what it has to read', async () => {
    open.api.scopes = ['write_orders', 'write_customers'];

    expect(await connect().inspect(never)).toMatchObject({ ok: true });
  });

  it('is unreachable for who does not answer within 15 seconds', async () => {
    open.api.troubles.failNext(1, 'hang');
    const stop = new AbortController();
    const asking = connect().changedOrders(START, undefined, stop.signal);
    await expect.poll(() => open.api.troubles.asked).toHaveLength(1);
    // It is asked again at once then, by a clock that makes no pauses; the second answer comes.
    clock.advance(seconds(15));

    expect(await asking).toMatchObject({ ok: true });
    expect(lines.join()).toContain('unreachable');
  });

  it('waits for the budget, exactly as long as it takes to come back', async () => {
    buy();
    open.api.bucket.drain(100);

    expect((await page(connect())).reports).toHaveLength(1);

    // A page of orders costs 800 points or so, and 100 come back each second.
    expect(clock.pauses).toHaveLength(1);
    expect(clock.pauses[0]).toBeGreaterThan(seconds(6));
    expect(clock.pauses[0]).toBeLessThan(seconds(9));
  });

  it('is told to the operator when another version answers than was asked, once', async () => {
    const connector = connect(token, '2025-01');

    await connector.inspect(never);
    await connector.inspect(never);

    expect(lines.filter((line) => line.includes('another version'))).toHaveLength(1);
  });
});

describe('The login at Shopify', () => {
  const logins = () => open.api.troubles.asked.filter((question) => question.includes('access_token')).length;

  it('is one for many questions, and also for questions at the same time', async () => {
    const connector = connect(client);

    await Promise.all([connector.inspect(never), connector.inspect(never)]);
    await connector.inspect(never);

    expect(logins()).toBe(1);
  });

  it('is renewed an hour before its end', async () => {
    const connector = connect(client);
    await connector.inspect(never);

    clock.advance(hours(22.9));
    await connector.inspect(never);
    expect(logins()).toBe(1);

    clock.advance(hours(0.2));
    expect(await connector.inspect(never)).toMatchObject({ ok: true });
    expect(logins()).toBe(2);
  });

  it('is renewed once when it is taken back before its time', async () => {
    const connector = connect(client);
    await connector.inspect(never);
    open.api.revokeTokens();

    expect(await connector.inspect(never)).toMatchObject({ ok: true });
    expect(logins()).toBe(2);
  });

  it('is refused when the app was removed, or its secret is another', async () => {
    const wrong: ShopifyLogin = { kind: 'client', id: 'id', secret: 'old' };
    expect(await connect(wrong).inspect(never)).toMatchObject({ trouble: { kind: 'refused' } });

    const connector = connect(client);
    await connector.inspect(never);
    open.shop.uninstall();
    expect(await connector.inspect(never)).toMatchObject({ trouble: { kind: 'refused' } });
  });

  it('stands in no line of the log', async () => {
    open.api.troubles.failNext(4, 500);

    await connect(client).inspect(never);
    await connect().inspect(never);

    expect(lines.join()).not.toMatch(/shpat|secret/);
  });
});

describe('Subscribing at Shopify', () => {
  const address = 'https://bot.example.com/webhooks/shopify';

  it('adds what is missing, and nothing twice', async () => {
    const connector = connect();

    expect(await connector.subscribe(address, never)).toEqual({ ok: true, value: shopifyTopics });
    expect(await connector.subscribe(address, never)).toEqual({ ok: true, value: [] });

    expect(open.desk.subscriptions).toHaveLength(shopifyTopics.length);
  });

  it('restores what Shopify has taken away', async () => {
    const connector = connect();
    await connector.subscribe(address, never);
    const orders = open.desk.subscriptions.find(({ topic }) => topic === 'orders/create');
    open.desk.unsubscribe(orders?.id ?? 0);

    expect(await connector.subscribe(address, never)).toEqual({ ok: true, value: ['ORDERS_CREATE'] });
  });

  it('says in Shopify’s words why it does not want to', async () => {
    const answer = await connect().subscribe('http://bot.example.com/webhooks/shopify', never);

    expect(answer).toEqual({ ok: false, trouble: { kind: 'unsubscribed', detail: 'Address is invalid' } });
  });
});

it('tells what Shopify says of the shop', async () => {
  expect(await connect().inspect(never)).toEqual({
    ok: true,
    value: { name: 'Lumen Ceramics', timeZone: 'Europe/Madrid', currency: 'EUR', country: 'ES' },
  });
});
