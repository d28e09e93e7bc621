import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../lib/time.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import type { Trouble } from './api-trouble.ts';
import { openShopify, SHOPIFY_TOKEN } from './open-shop.ts';

const START = new Date('2026-11-22T10:00:00Z');
const samples = new URL('../../connectors/samples/shopify-operations/', import.meta.url);
const operation = (name: string) => readFileSync(new URL(`${name}.graphql`, samples), 'utf8');
const variablesOf = (name: string) => JSON.parse(readFileSync(new URL(`${name}.variables.json`, samples), 'utf8'));

let clock: SimulatedClock;
let open: Awaited<ReturnType<typeof openShopify>>;

beforeEach(async () => {
  clock = new SimulatedClock(START);
  const access = { token: SHOPIFY_TOKEN, clientId: 'id', clientSecret: 'secret' };
  open = await openShopify({ clock, seed: 1, access });
});

afterEach(() => open.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its own answer
  readonly body: any;
}

async function ask(query: string, variables: object = {}, token = SHOPIFY_TOKEN, version = '2026-07'): Promise<Answer> {
  const response = await fetch(`${open.url}/admin/api/${version}/graphql.json`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Shopify-Access-Token': token },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json().catch(() => undefined) };
}

const ana = { firstName: 'Ana', lastName: 'Ruiz', email: 'ana@example.com', phone: '+12025550143' };

/** An order of hers, or of a guest without account. */
function order(contact: object = ana) {
  const { shop } = open;
  const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
  return shop.pay(shop.startCheckout(token, { ...ana, ...contact }).token);
}

describe('The Admin API of a simulated shop', () => {
  const operations = readdirSync(samples).filter((file) => file.endsWith('.graphql'));

  it.each(operations.map((file) => file.replace('.graphql', '')))('answers the operation %s', async (name) => {
    order();
    const files = readdirSync(samples).filter((file) => file.startsWith(`${name}.`) && file.endsWith('.json'));
    for (const file of files.length > 0 ? files : ['none']) {
      const variables = file === 'none' ? {} : variablesOf(file.replace('.variables.json', ''));
      const { status, body } = await ask(operation(name), variables);

      expect(status).toBe(200);
      expect(body.errors).toBeUndefined();
      expect(body.extensions.cost.actualQueryCost).toBeGreaterThan(0);
      expect(body.extensions.search).toBeUndefined();
    }
  });

  it('knows what somebody has bought since', async () => {
    order();
    clock.advance(days(1));
    const { number } = order();
    const since = (instant: string) =>
      ask(operation('ordersByPhone'), { phone: ana.phone, ordersQuery: `created_at:>='${instant}'` });

    const { body } = await since('2026-11-23T00:00:00Z');
    expect(body.data.customerByIdentifier).toMatchObject({ numberOfOrders: '2', displayName: 'Ana Ruiz' });
    expect(body.data.customerByIdentifier.orders.nodes).toMatchObject([
      {
        name: `#${number}`,
        createdAt: '2026-11-23T10:00:00Z',
        displayFinancialStatus: 'PAID',
        currentTotalPriceSet: { shopMoney: { amount: '30.90', currencyCode: 'EUR' } },
        customer: { defaultPhoneNumber: { phoneNumber: ana.phone } },
      },
    ]);
    expect((await since('2026-11-22T00:00:00Z')).body.data.customerByIdentifier.orders.nodes).toHaveLength(2);
  });

  it('does not know a guest by phone, but has the order', async () => {
    const { id } = order({ email: undefined, phone: undefined, addressPhone: '(202) 555-0143' });
    const byPhone = await ask(operation('ordersByPhone'), { phone: ana.phone, ordersQuery: '' });
    const since = await ask(operation('ordersSince'), { q: "updated_at:>='2026-11-22T00:00:00Z'" });

    expect(byPhone.body.data.customerByIdentifier).toBeNull();
    expect(since.body.data.orders.nodes).toMatchObject([
      { id: `gid://shopify/Order/${id}`, phone: null, customer: null, billingAddress: { phone: '(202) 555-0143' } },
    ]);
  });

  it('gives a long list in pages, none twice and none left out', async () => {
    const ids = Array.from({ length: 5 }, () => `gid://shopify/Order/${order().id}`);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { body } = await ask(operation('ordersSince'), { q: '', first: 2, after });
      seen.push(...body.data.orders.nodes.map(({ id }: { id: string }) => id));
      ({ hasNextPage: more, endCursor: after } = body.data.orders.pageInfo);
    }

    expect(seen).toEqual(ids);
  });

  it('passes over a filter that does not exist, says so in passing, and gives everything', async () => {
    order();
    order({ email: 'other@example.com', phone: '+12025550199' });
    const { body } = await ask(operation('ordersSince'), { q: `phone:${ana.phone}` });

    expect(body.data.orders.nodes).toHaveLength(2);
    expect(body.extensions.search).toMatchObject([{ warnings: [{ field: 'phone', code: 'invalid_field' }] }]);
  });

  it('knows abandoned checkouts until they are paid for', async () => {
    const { shop } = open;
    const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
    const checkout = shop.startCheckout(token, ana);
    const abandoned = async () =>
      (await ask(operation('abandoned'), { q: "created_at:>='2026-11-10T00:00:00Z' AND status:open" })).body.data
        .abandonedCheckouts.nodes;

    expect(await abandoned()).toMatchObject([
      { completedAt: null, customer: { firstName: 'Ana' }, lineItems: { nodes: [{ title: 'Stoneware Mug' }] } },
    ]);
    shop.pay(checkout.token);
    expect(await abandoned()).toEqual([]);
  });

  it('keeps orders older than 60 days to itself, but for those who may see all', async () => {
    order();
    clock.advance(days(61));
    const count = async () => (await ask(operation('ordersSince'), { q: '' })).body.data.orders.nodes.length;

    expect(await count()).toBe(0);
    open.api.scopes = ['read_orders', 'read_all_orders', 'read_customers'];
    expect(await count()).toBe(1);
  });

  it('takes a withdrawal from the app, and tells everybody of it', async () => {
    const { customerId } = order();
    const heard: string[] = [];
    open.shop.watch((news) => heard.push(news.kind));
    const input = { ...variablesOf('waConsentUpdate').input, customerId: `gid://shopify/Customer/${customerId}` };
    const { body } = await ask(operation('waConsentUpdate'), { input });

    expect(body.data.customerWhatsAppMarketingConsentUpdate).toMatchObject({
      userErrors: [],
      customerPhoneNumber: { whatsAppMarketingConsent: { state: 'UNSUBSCRIBED', collectedFrom: 'OTHER' } },
    });
    expect(heard).toEqual(['consent']);
    const consent = await ask(operation('customerConsent'), { phone: ana.phone });
    expect(consent.body.data.customerByIdentifier.defaultPhoneNumber).toMatchObject({
      whatsAppMarketingConsent: { state: 'UNSUBSCRIBED', updatedAt: '2026-11-22T10:00:00Z' },
    });
  });

  it('makes a coupon once, which an order can use', async () => {
    const create = () => ask(operation('discountCreate'), variablesOf('discountCreate'));

    expect((await create()).body.data.discountCodeBasicCreate.userErrors).toEqual([]);
    expect((await create()).body.data.discountCodeBasicCreate.userErrors).toMatchObject([{ code: 'TAKEN' }]);
    expect(order({ code: 'thx-7k4m-q9xd' })).toMatchObject({ discount: 240, codes: ['thx-7k4m-q9xd'] });
    const { body } = await ask(operation('codeLookup'), variablesOf('codeLookup'));
    expect(body.data.codeDiscountNodeByCode.codeDiscount).toMatchObject({ status: 'ACTIVE', asyncUsageCount: 1 });
  });

  it('subscribes to a topic once, and lists what there is', async () => {
    const create = () => ask(operation('webhookCreate'), variablesOf('webhookCreate'));

    expect((await create()).body.data.webhookSubscriptionCreate).toMatchObject({ userErrors: [] });
    expect((await create()).body.data.webhookSubscriptionCreate.userErrors).toMatchObject([
      { message: 'Address for this topic has already been taken' },
    ]);
    const { body } = await ask(operation('webhookList'));
    expect(body.data.webhookSubscriptions.nodes).toMatchObject([
      { topic: 'ORDERS_CREATE', uri: 'https://bot.example/hooks/shopify' },
    ]);
    expect(open.desk.subscriptions).toMatchObject([{ topic: 'orders/create', madeBy: 'api' }]);
  });

  it.each([
    ['CUSTOMERS_WHATS_APP_MARKETING_CONSENT_UPDATE', 'customers_whats_app_marketing_consent/update'],
    ['ORDERS_PARTIALLY_FULFILLED', 'orders/partially_fulfilled'],
    ['APP_UNINSTALLED', 'app/uninstalled'],
  ])('means by %s the topic %s', async (topic, name) => {
    await ask(operation('webhookCreate'), { topic, sub: { uri: 'https://bot.example/' } });
    const { body } = await ask(operation('webhookList'));

    expect(open.desk.subscriptions).toMatchObject([{ topic: name }]);
    expect(body.data.webhookSubscriptions.nodes).toMatchObject([{ topic }]);
  });
});

describe('The Admin API lets in', () => {
  const shopName = async (token: string) => (await ask('{ shop { name } }', {}, token)).status;
  const grant = async (secret: string) => {
    const response = await fetch(`${open.url}/admin/oauth/access_token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'id', client_secret: secret }),
    });
    return { status: response.status, ...((await response.json()) as { access_token: string; expires_in: number }) };
  };

  it('who has the token, and nobody else', async () => {
    expect(await shopName(SHOPIFY_TOKEN)).toBe(200);
    expect(await shopName('shpat_guessed')).toBe(401);
  });

  it('for 24 hours who got a token for id and secret', async () => {
    const { access_token: token, expires_in: lives } = await grant('secret');

    expect(lives).toBe(86_400);
    expect(await shopName(token)).toBe(200);
    clock.advance(hours(24) - 1);
    expect(await shopName(token)).toBe(200);
    clock.advance(1);
    expect(await shopName(token)).toBe(401);
    expect((await grant('guessed')).status).toBe(400);
  });

  it('nobody once the app was taken away', async () => {
    open.shop.uninstall();

    expect(await shopName(SHOPIFY_TOKEN)).toBe(401);
  });
});

describe('The Admin API refuses', () => {
  it('a field whose right is missing, and names the right', async () => {
    open.api.scopes = ['read_customers'];
    const { status, body } = await ask(operation('ordersSince'), { q: '' });

    expect(status).toBe(200);
    expect(body.errors).toMatchObject([
      { message: expect.stringContaining('`read_orders` access scope'), extensions: { code: 'ACCESS_DENIED' } },
    ]);
    expect(body.data).toBeNull();
  });

  it('questions when the budget is used up, until it has come back', async () => {
    open.api.bucket.drain(10);
    const { status, body } = await ask(operation('ordersSince'), { q: '' });
    const { requestedQueryCost: cost, throttleStatus } = body.extensions.cost;

    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ extensions: { code: 'THROTTLED' } }]);
    expect(throttleStatus).toEqual({ maximumAvailable: 2000, currentlyAvailable: 10, restoreRate: 100 });
    clock.advance(seconds((cost - 10) / 100));
    expect((await ask(operation('ordersSince'), { q: '' })).body.data.orders.nodes).toEqual([]);
  });

  it('a question that is too dear by itself', async () => {
    const { body } = await ask(operation('ordersSince'), { q: '', first: 250 });

    expect(body.errors).toMatchObject([{ extensions: { code: 'MAX_COST_EXCEEDED' } }]);
  });

  it('what the schema does not have', async () => {
    const { body } = await ask('{ orders(first: 1, phone: "+1") { nodes { id } } }');

    expect(body.errors).toMatchObject([{ message: expect.stringContaining('phone') }]);
    expect(body.data).toBeUndefined();
  });
});

describe('On demand the Admin API', () => {
  it.each<Trouble>([401, 403, 404, 429, 500, 503])('answers with %s, as often as it was told', async (trouble) => {
    open.api.troubles.failNext(2, trouble);
    const statuses = [];
    for (let time = 0; time < 3; time += 1) {
      statuses.push((await ask('{ shop { name } }')).status);
    }

    expect(statuses).toEqual([trouble, trouble, 200]);
  });

  it('says after how many seconds somebody who asks too often may come again', async () => {
    open.api.troubles.failNext(1, 429);

    expect((await ask('{ shop { name } }')).headers.get('Retry-After')).toBe('2');
  });

  it('ends the connection, or never answers', async () => {
    open.api.troubles.failNext(1, 'cut');
    await expect(ask('{ shop { name } }')).rejects.toThrow('fetch failed');

    open.api.troubles.failNext(1, 'hang');
    const question = fetch(`${open.url}/admin/api/2026-07/graphql.json`, {
      method: 'POST',
      signal: AbortSignal.timeout(50),
    });
    await expect(question).rejects.toThrow('timeout');
  });

  it.each([
    ['throttled', 'THROTTLED'],
    ['access-denied', 'ACCESS_DENIED'],
  ] as const)('is %s', async (trouble, code) => {
    open.api.troubles.failNext(1, trouble);

    expect((await ask('{ shop { name } }')).body.errors).toMatchObject([{ extensions: { code } }]);
    expect((await ask('{ shop { name } }')).body.errors).toBeUndefined();
  });

  it('does not say who people are', async () => {
    order();
    open.api.troubles.failNext(1, 'hidden');
    const { body } = await ask(operation('ordersSince'), { q: '' });

    expect(body.data.orders.nodes).toMatchObject([
      {
        phone: null,
        customer: { firstName: null, defaultPhoneNumber: null },
        billingAddress: { phone: null, countryCodeV2: 'ES' },
      },
    ]);
  });

  it('answers in another version than was asked, and says in which', async () => {
    open.api.troubles.failNext(1, 'other-version');
    const version = async (asked?: string) =>
      (await ask('{ shop { name } }', {}, SHOPIFY_TOKEN, asked)).headers.get('X-Shopify-API-Version');

    expect(await version()).toBe('2026-10');
    expect(await version()).toBe('2026-07');
    expect(await version('2026-10')).toBe('2026-10');
    // One that has expired falls forward.
    expect(await version('2025-01')).toBe('2026-07');
  });

  it('keeps a list of everything that was asked', async () => {
    await ask(operation('shop'));

    expect(open.api.troubles.asked).toEqual(['POST /admin/api/2026-07/graphql.json', 'ShopInfo']);
    clock.advance(minutes(1));
  });
});
