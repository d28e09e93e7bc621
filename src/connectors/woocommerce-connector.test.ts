import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneNumber } from '../contacts/phone.ts';
import { hours, later, minutes, seconds } from '../lib/time.ts';
import type { Connector, OrderPage, ShopCustomer } from '../shop/connector.ts';
import type { OrderReport, ShopReport } from '../shop/report.ts';
import { HastyClock } from '../simulator/hasty-clock.ts';
import type { Trouble } from '../simulator/shop/api-trouble.ts';
import { openWooCommerce, WOOCOMMERCE_KEYS } from '../simulator/shop/open-shop.ts';
import type { Contact } from '../simulator/shop/records.ts';
import { makeWooCommerceClient } from './woocommerce-client.ts';
import { makeWooCommerceConnector } from './woocommerce-connector.ts';

const START = new Date('2026-11-22T10:00:00Z');
const never = new AbortController().signal;
const phone = (number: string) => number as PhoneNumber;
const nobody: ShopCustomer = { phones: [], emails: [], customerIds: [] };

let clock: HastyClock;
let open: Awaited<ReturnType<typeof openWooCommerce>>;
let lines: string[];

beforeEach(async () => {
  clock = new HastyClock(START);
  lines = [];
  open = await openWooCommerce({ clock, seed: 1 });
});

afterEach(() => open.close());

function connect(url = open.url, login: { key: string; secret: string } = WOOCOMMERCE_KEYS): Connector {
  const log = pino({ base: null }, { write: (line) => lines.push(line) });
  const client = makeWooCommerceClient({ url, login, clock, log, chance: () => 0 });
  const country = () => Promise.resolve('ES');
  return makeWooCommerceConnector({ client, host: 'shop.example', webhookSecret: 'signing-secret', country, log });
}

const ana: Contact = { firstName: 'Ana', lastName: 'Ruiz', email: 'ana@example.com', phone: '600 00 00 01' };

function buy(contact: Contact = ana) {
  const { shop } = open;
  const { token } = shop.addToCart(shop.goods[0]?.id ?? 0, { quantity: 2 });
  return shop.pay(shop.startCheckout(token, contact).token);
}

/** So many orders, ten seconds apart. */
const buyMany = (count: number) =>
  Array.from({ length: count }, () => {
    clock.advance(seconds(10));
    return buy();
  });

const isOrder = (report: ShopReport): report is OrderReport => report.kind === 'order';

async function page(connector: Connector, after?: string, since = later(START, -hours(1))): Promise<OrderPage> {
  const answer = await connector.changedOrders(since, after, never);
  if (!answer.ok) {
    throw new Error(answer.trouble.kind);
  }
  return answer.value;
}

async function allPages(connector: Connector, between: () => void = () => undefined) {
  const pages = [await page(connector)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    between();
    pages.push(await page(connector, next));
  }
  return pages;
}

const idsOf = (pages: readonly OrderPage[]) =>
  pages.flatMap(({ reports }) => reports.filter(isOrder).map(({ order }) => order));

describe('Orders that WooCommerce is asked for', () => {
  it('are in our words', async () => {
    const order = open.shop.fulfil(buy().id);

    expect((await page(connect())).reports).toMatchObject([
      {
        kind: 'order',
        order: String(order.id),
        person: { phone: '+34600000001', email: 'ana@example.com', firstName: 'Ana' },
        items: [{ name: expect.stringContaining('Stoneware Mug'), quantity: 2 }],
        completedAt: order.fulfilledAt,
        at: order.updatedAt,
      },
    ]);
  });

  it('come page by page, each once; only the last page says up to when all is told', async () => {
    const orders = buyMany(130);

    const pages = await allPages(connect());

    expect(idsOf(pages)).toEqual(orders.map(({ id }) => String(id)));
    expect(pages.map(({ toldUntil }) => toldUntil)).toEqual([undefined, orders.at(-1)?.updatedAt]);
  });

  it('are all told when one of them changes between two pages', async () => {
    const orders = buyMany(130);

    const pages = await allPages(connect(), () => {
      clock.advance(minutes(1));
      open.shop.fulfil(orders[3]?.id ?? 0);
    });

    expect(new Set(idsOf(pages)).size).toBe(130);
    // That it changed is told the next time: it changed after the mark.
    expect(pages.at(-1)?.toldUntil).toEqual(orders.at(-1)?.updatedAt);
  });

  it('are all told when one of them is deleted between two pages: then the pages begin anew', async () => {
    const orders = buyMany(130);
    let deleted = false;

    const pages = await allPages(connect(), () => {
      if (!deleted) {
        deleted = true;
        open.shop.orders.delete(orders[3]?.id ?? 0);
      }
    });

    const ids = new Set(idsOf(pages));
    expect(orders.filter(({ id }) => !ids.has(String(id)))).toEqual([]);
    expect(pages).toHaveLength(4);
  });

  it('are those that changed since then, the very second too', async () => {
    const order = buy();
    clock.advance(hours(5));
    buy();

    expect((await page(connect(), undefined, clock.now())).reports).toHaveLength(1);
    expect((await page(connect(), undefined, order.updatedAt)).reports).toHaveLength(2);
  });
});

describe('Somebody’s orders at WooCommerce', () => {
  const find = async (person: Partial<ShopCustomer>, knownFrom?: Date) => {
    const answer = await connect().ordersOf({ ...nobody, ...person }, { since: START, knownFrom }, never);
    return answer.ok ? answer.value.filter(isOrder).map(({ order }) => order) : answer.trouble;
  };

  it('are found by the phone, however it was typed', async () => {
    const order = buy();
    buy({ ...ana, phone: '600 00 00 02', email: 'ben@example.com' });

    expect(await find({ phones: [phone('+34600000001')] })).toEqual([String(order.id)]);
  });

  it('are found by the mail address', async () => {
    const order = buy({ ...ana, phone: '600 00 00 09' });

    expect(await find({ emails: ['ana@example.com'] })).toEqual([String(order.id)]);
  });

  it('are not looked for among those that were told to us', async () => {
    buyMany(130);
    const asked = open.api.troubles.asked.length;

    expect(await find({ phones: [phone('+34600000001')] }, START)).toEqual([]);

    expect(open.api.troubles.asked).toHaveLength(asked);
  });

  it('are unknown where one of its orders cannot be read: it may be theirs', async () => {
    const odd = createServer((_request, response) => {
      response.writeHead(200, { 'x-wp-total': '1', 'x-wp-totalpages': '1' }).end('[{"surprise":true}]');
    });
    odd.listen(0, '127.0.0.1');
    await once(odd, 'listening');
    const connector = connect(`http://127.0.0.1:${(odd.address() as AddressInfo).port}`);

    const answer = await connector.ordersOf(nobody, { since: START, knownFrom: undefined }, never);

    odd.closeAllConnections();
    odd.close();
    expect(answer).toMatchObject({ ok: false, trouble: { kind: 'failing' } });
  });

  it('are unknown where a shop has more orders than can be looked through', async () => {
    const endless = createServer((_request, response) => {
      response.writeHead(200, { 'x-wp-total': '99999', 'x-wp-totalpages': '1000' }).end('[]');
    });
    endless.listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const connector = connect(`http://127.0.0.1:${(endless.address() as AddressInfo).port}`);

    const answer = await connector.ordersOf(nobody, { since: START, knownFrom: undefined }, never);

    endless.closeAllConnections();
    endless.close();
    expect(answer).toMatchObject({ ok: false, trouble: { kind: 'busy' } });
  });
});

describe('Trouble with WooCommerce', () => {
  it.each<[title: string, fault: Trouble, times: number, kind: string]>([
    ['a key that is not accepted', 401, 1, 'refused'],
    ['a firewall', 403, 1, 'forbidden'],
    ['a site without WooCommerce', 404, 1, 'not-found'],
    ['too many questions, for as long as we try', 429, 4, 'busy'],
    ['a site that fails by itself', 500, 4, 'failing'],
    ['connections that break', 'cut', 4, 'unreachable'],
  ])('is named for %s', async (_title, fault, times, kind) => {
    open.api.troubles.failNext(times, fault);

    expect(await connect().inspect(never)).toMatchObject({ ok: false, trouble: { kind } });
    expect(await connect().inspect(never)).toMatchObject({ ok: true });
  });

  it('is named for a wrong key, which stands in no line of the log', async () => {
    const answer = await connect(open.url, { key: 'ck_wrong', secret: 'cs_wrong' }).inspect(never);

    expect(answer).toMatchObject({ ok: false, trouble: { kind: 'refused' } });
    expect(lines.join()).not.toMatch(/c[ks]_wrong/);
  });
});

describe('Subscribing at WooCommerce', () => {
  it('adds what is missing with our secret, and nothing twice', async () => {
    const heard: string[] = [];
    const bot = createServer((_request, response) => {
      heard.push('ping');
      response.end();
    });
    bot.listen(0, '127.0.0.1');
    await once(bot, 'listening');
    const address = `http://127.0.0.1:${(bot.address() as AddressInfo).port}/webhooks/woocommerce`;

    expect(await connect().subscribe(address, never)).toEqual({ ok: true, value: ['order.created', 'order.updated'] });
    expect(await connect().subscribe(address, never)).toEqual({ ok: true, value: [] });

    bot.closeAllConnections();
    bot.close();
    expect(open.desk.subscriptions.map(({ secret }) => secret)).toEqual(['signing-secret', 'signing-secret']);
  });

  /** A site that has these webhooks, and answers changes like this. */
  async function subscribeAt(webhooks: readonly object[], status = 200) {
    const changes: string[] = [];
    const site = createServer((request, response) => {
      if (request.method === 'GET') {
        response.end(JSON.stringify(webhooks));
        return;
      }
      request.on('data', (piece) => changes.push(`${request.method} ${request.url} ${piece}`));
      request.on('end', () => response.writeHead(status).end('{}'));
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const connector = connect(`http://127.0.0.1:${(site.address() as AddressInfo).port}`);
    const answer = await connector.subscribe('https://bot.example.com/webhooks/woocommerce', never);
    site.closeAllConnections();
    site.close();
    return { answer, changes };
  }

  const webhook = (topic: string, status: string) => ({
    ...{ id: 7, topic, status, delivery_url: 'https://bot.example.com/webhooks/woocommerce' },
  });

  it('switches on again what WooCommerce has switched off after too many failures', async () => {
    const there = [webhook('order.created', 'active'), webhook('order.updated', 'disabled')];

    const { answer, changes } = await subscribeAt(there);

    expect(answer).toEqual({ ok: true, value: ['order.updated'] });
    expect(changes).toEqual(['PUT /wp-json/wc/v3/webhooks/7 {"status":"active","secret":"signing-secret"}']);
  });

  it('names the permission that a key needs which may only read', async () => {
    expect((await subscribeAt([], 401)).answer).toEqual({
      ok: false,
      trouble: { kind: 'forbidden', detail: 'Read/Write' },
    });
  });
});
