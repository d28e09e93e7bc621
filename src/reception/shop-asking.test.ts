import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeDeliveries } from '../connectors/deliveries.store.ts';
import { makeShopConnectors } from '../connectors/shop-connectors.ts';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { ensureOwners } from '../contacts/members.store.ts';
import type { PhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { orders, outbox } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { days, hours, later, type Milliseconds, minutes } from '../lib/time.ts';
import { readConnection } from '../shop/connections.store.ts';
import type { AskCrm, CrmVerdict } from '../shop/crm.ts';
import { noAccess, type OutsideAccess } from '../shop/outside-access.ts';
import { HastyClock } from '../simulator/hasty-clock.ts';
import { openShopify, openWooCommerce, SHOPIFY_TOKEN, WOOCOMMERCE_KEYS } from '../simulator/shop/open-shop.ts';
import type { Contact } from '../simulator/shop/records.ts';
import { makeShopAsking, type ShopAsking } from './shop-asking.flow.ts';
import { makeTakeReports, type TakeReports } from './shop-events.flow.ts';

const START = new Date('2026-11-22T10:00:00Z');
const never = new AbortController().signal;
const OWNER = '+34600000100' as PhoneNumber;

let database: Database;
let clock: HastyClock;
let shopify: Awaited<ReturnType<typeof openShopify>>;
let woo: Awaited<ReturnType<typeof openWooCommerce>>;
let asking: ShopAsking;
let takeReports: TakeReports;
let verdict: CrmVerdict | undefined;
let crmQuestions: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new HastyClock(START);
  shopify = await openShopify({ clock, seed: 1 });
  woo = await openWooCommerce({ clock, seed: 2 });
  verdict = undefined;
  crmQuestions = 0;
  takeReports = makeTakeReports({
    onUninstalled: (transaction, source, at, now) => asking.onUninstalled(transaction, source, at, now),
  });
  await ensureOwners(database, [OWNER], clock.now());
  connect({ shopify: true });
});

afterEach(async () => {
  await shopify.close();
  await woo.close();
});

/** Nobody listens there; only that it is an address matters. */
const PUBLIC_URL = 'http://127.0.0.1:9';

function shopifyAccess(canBeAsked: boolean): NonNullable<OutsideAccess['shopify']> {
  const login = canBeAsked ? ({ kind: 'token', token: SHOPIFY_TOKEN } as const) : undefined;
  return {
    shop: 'lumen.myshopify.com',
    apiUrl: shopify.url,
    apiVersion: '2026-07',
    login,
    webhookSecrets: ['secret-1'],
  };
}

/** Starts the part of the bot that asks, connected to these. */
function connect(to: {
  shopify?: boolean | 'reports only';
  woocommerce?: boolean;
  events?: boolean;
  publicUrl?: string | undefined;
}): void {
  const access: OutsideAccess = {
    ...noAccess,
    publicUrl: 'publicUrl' in to ? to.publicUrl : PUBLIC_URL,
    shopify: to.shopify ? shopifyAccess(to.shopify === true) : undefined,
    woocommerce: to.woocommerce ? { url: woo.url, login: WOOCOMMERCE_KEYS, webhookSecrets: ['secret-2'] } : undefined,
    eventSecrets: to.events ? ['secret-3'] : [],
  };
  const askCrm: AskCrm = () => {
    crmQuestions += 1;
    return Promise.resolve(verdict);
  };
  let messages = 0;
  const connectors = makeShopConnectors(access, {
    ...{ clock, log: silentLog, chance: () => 0 },
    country: () => Promise.resolve('ES'),
  });
  asking = makeShopAsking({
    ...{ database, clock, log: silentLog, access, connectors, askCrm },
    takeReports: (transaction, told, now) => takeReports(transaction, told, now),
    chooseMessageId: () => `ID${++messages}${clock.now().getTime()}`,
    onQueued: () => undefined,
  });
}

const ana: Contact = { firstName: 'Ana', lastName: 'Ruiz', email: 'ana@example.com', phone: '+34600000001' };

function buy(contact: Contact = ana, { shop }: Pick<typeof shopify, 'shop'> = shopify) {
  const { token } = shop.addToCart(shop.goods[0]?.id ?? 0);
  return shop.pay(shop.startCheckout(token, contact).token);
}

const poll = () => asking.orderPoll.pollAll(never);
const recheck = () => asking.orderPoll.recheckAll(never);
const shopifyNow = async () => readConnection(database, 'shopify');
const troubleNow = async () => (await shopifyNow())?.trouble?.kind;

async function knownOrders(): Promise<string[]> {
  const rows = await database
    .select({ id: orders.externalId })
    .from(orders)
    .orderBy(orders.createdAt, orders.source, orders.id);
  return rows.map(({ id }) => id);
}

async function notices(): Promise<string[]> {
  const rows = await database.select({ content: outbox.content }).from(outbox).orderBy(outbox.id);
  return rows.map(({ content }) => (content as { text: string }).text);
}

/** A shop delivers a webhook that says nothing. */
async function deliver(source: string, topic: string): Promise<void> {
  const delivery = {
    key: `${topic} ${clock.now().toISOString()}`,
    topic,
    body: Buffer.from('{}'),
    triggeredAt: clock.now(),
  };
  await storeDeliveries(database, source, [delivery], clock.now());
}

/** Polls every ten minutes, as the list of jobs does. */
async function pollFor(span: Milliseconds): Promise<void> {
  for (let passed = 0; passed < span; passed += minutes(10)) {
    clock.advance(minutes(10));
    await poll();
  }
}

describe('Missed orders', () => {
  it('of the last 24 hours are fetched the first time, from every shop', async () => {
    connect({ shopify: true, woocommerce: true });
    const tooOld = buy();
    clock.advance(hours(25));
    const one = buy();
    const other = buy(ana, woo);

    await poll();

    expect(await knownOrders()).toEqual([String(one.id), String(other.id)]);
    expect(await knownOrders()).not.toContain(String(tooOld.id));
  });

  it('are fetched after any downtime, with what has become of those that were known', async () => {
    const first = buy();
    await poll();
    clock.advance(days(3));
    shopify.shop.cancel(first.id);
    const second = buy();

    await poll();

    const rows = await database.select().from(orders).orderBy(orders.createdAt);
    expect(rows.map(({ externalId }) => externalId)).toEqual([String(first.id), String(second.id)]);
    expect(rows[0]?.cancelledAt).toEqual(clock.now());
  });

  it('are fetched after a downtime that began before there was any order', async () => {
    await poll();
    clock.advance(hours(1));
    const order = buy();
    clock.advance(days(3));

    await poll();

    expect(await knownOrders()).toEqual([String(order.id)]);
  });

  it('belong to whoever they name', async () => {
    buy();

    await poll();

    const contactId = await contactOfPhone(database, '+34600000001', clock.now());
    expect(await database.select({ contactId: orders.contactId }).from(orders)).toEqual([{ contactId }]);
  });

  it('are fetched again when the process ends between what a page says and the mark behind it', async () => {
    for (let count = 0; count < 45; count += 1) {
      clock.advance(minutes(1));
      buy();
    }
    const real = takeReports;
    let pages = 0;
    takeReports = async (transaction, told, now) => {
      await real(transaction, told, now);
      pages += 1;
      if (pages >= 2) {
        throw new Error('killed');
      }
    };
    await expect(poll()).rejects.toThrow('killed');
    expect(await knownOrders()).toHaveLength(20);
    takeReports = real;

    connect({ shopify: true });
    await poll();

    expect(await knownOrders()).toHaveLength(45);
  });

  it('are not all known before the last page has come', async () => {
    for (let count = 0; count < 25; count += 1) {
      buy();
    }
    const real = takeReports;
    takeReports = async (transaction, told, now) => {
      await real(transaction, told, now);
      shopify.api.troubles.failNext(4, 500);
    };

    await poll();

    expect((await knownOrders()).length).toBeLessThan(25);
    expect((await shopifyNow())?.knownFrom).toBeUndefined();
  });

  it('are fetched although the shop finds one only minutes after others that are newer', async () => {
    buy();
    await poll();
    clock.advance(-minutes(4));
    buy();
    clock.advance(minutes(10));

    await poll();

    expect(await knownOrders()).toHaveLength(2);
  });

  it('are fetched although the clock of the shop was ahead of ours', async () => {
    clock.advance(hours(2));
    buy();
    clock.advance(-hours(2));
    await poll();
    clock.advance(minutes(10));
    buy();

    await poll();

    expect(await knownOrders()).toHaveLength(2);
  });

  it('of one shop are fetched although what another one says cannot be taken in', async () => {
    connect({ shopify: true, woocommerce: true });
    buy();
    const other = buy({ ...ana, phone: '+34600000002' }, woo);
    const real = takeReports;
    takeReports = async (transaction, told, now) => {
      await real(transaction, told, now);
      if (told.some(({ source }) => source === 'shopify')) {
        throw new Error('A bug of ours');
      }
    };

    await expect(poll()).rejects.toThrow('A bug of ours');

    expect(await knownOrders()).toEqual([String(other.id)]);
  });

  it('are fetched although one of them cannot be taken in', async () => {
    const [bad, ...good] = [buy(), buy(), buy()];
    const real = takeReports;
    takeReports = async (transaction, told, now) => {
      await real(transaction, told, now);
      if (told.some(({ report }) => report.kind === 'order' && report.order === String(bad?.id))) {
        throw new Error('A bug of ours');
      }
    };

    await poll();

    expect(await knownOrders()).toEqual(good.map(({ id }) => String(id)));
    expect((await shopifyNow())?.polledUntil).toEqual(good.at(-1)?.updatedAt);
  });

  it('wait for the next time when a shop does not answer; the mark stays, and the other shop is asked all the same', async () => {
    connect({ shopify: true, woocommerce: true });
    await poll();
    const before = (await shopifyNow())?.polledUntil;
    clock.advance(minutes(10));
    const [one, other] = [buy(), buy(ana, woo)];
    shopify.api.troubles.failNext(4, 500);

    await poll();

    expect(await shopifyNow()).toMatchObject({ polledUntil: before, trouble: { kind: 'failing' } });
    expect(await knownOrders()).toEqual([String(other.id)]);

    await poll();
    expect(await knownOrders()).toHaveLength(2);
    expect(await knownOrders()).toContain(String(one.id));
    expect(await troubleNow()).toBeUndefined();
  });
});

describe('A shop', () => {
  it('is asked to report to our address, at the start and whenever it has forgotten to', async () => {
    connect({ shopify: true, woocommerce: true });
    await recheck();
    const addresses = new Set(shopify.desk.subscriptions.map(({ target }) => target));
    expect([...addresses]).toEqual([`${PUBLIC_URL}/webhooks/shopify`]);
    shopify.desk.unsubscribe(shopify.desk.subscriptions[0]?.id ?? 0);
    const left = shopify.desk.subscriptions.length;

    await recheck();

    expect(shopify.desk.subscriptions).toHaveLength(left + 1);
  });

  it('is not asked to while nobody has said where we are; owners hear what to do', async () => {
    connect({ shopify: true, publicUrl: undefined });

    await recheck();
    await poll();

    expect(shopify.desk.subscriptions).toEqual([]);
    expect(await shopifyNow()).toMatchObject({ trouble: { kind: 'no-address', detail: 'PUBLIC_URL' } });
    expect(await notices()).toEqual([expect.stringContaining('PUBLIC_URL')]);
  });

  it('that reports nothing of its orders for half an hour is silent; owners hear it once, and once that it is over', async () => {
    await recheck();
    buy();
    await pollFor(minutes(30));
    expect(await troubleNow()).toBeUndefined();

    await pollFor(hours(2));
    expect(await troubleNow()).toBe('silent');
    expect(await notices()).toEqual([expect.stringContaining('webhooks')]);

    await deliver('shopify', 'orders/create');
    await poll();
    expect(await troubleNow()).toBeUndefined();
    expect(await notices()).toHaveLength(2);
  });

  it('that has forgotten to report, and is reminded, is not silent', async () => {
    await recheck();
    shopify.desk.subscriptions.splice(0);
    buy();

    await pollFor(minutes(50));

    expect(shopify.desk.subscriptions.map(({ topic }) => topic)).toContain('orders/create');
    expect(await notices()).toEqual([]);
  });

  it('that could not be asked to report is asked again as soon as it answers', async () => {
    shopify.api.troubles.failNext(4, 500);
    await recheck();
    expect(shopify.desk.subscriptions).toEqual([]);

    await poll();

    expect(shopify.desk.subscriptions.map(({ topic }) => topic)).toContain('orders/create');
    expect(await troubleNow()).toBeUndefined();
  });

  it('that does not give us all we need reports what it may, and the missing permission stays named', async () => {
    shopify.api.scopes = ['read_orders'];

    await recheck();
    await pollFor(minutes(20));

    expect(shopify.desk.subscriptions.map(({ topic }) => topic)).toContain('orders/create');
    expect(await shopifyNow()).toMatchObject({ trouble: { kind: 'forbidden', detail: 'read_customers' } });
    expect(await notices()).toEqual([expect.stringContaining('read_customers')]);
    shopify.api.scopes = ['read_orders', 'read_customers'];
    await poll();
    expect(await troubleNow()).toBeUndefined();
  });

  it('is not silent while it reports, nor for the time before we listened', async () => {
    buy();
    clock.advance(hours(2));
    await recheck();
    await pollFor(hours(2));
    expect(await troubleNow()).toBeUndefined();

    await deliver('shopify', 'orders/create');
    buy();
    await pollFor(hours(2));
    expect(await troubleNow()).toBeUndefined();
  });

  it('that reports carts and no orders is silent too', async () => {
    await recheck();
    buy();
    await pollFor(minutes(40));
    await deliver('shopify', 'carts/update');
    await poll();

    expect(await troubleNow()).toBe('silent');
  });

  it('whose last ten orders say nothing of anybody hides its customers', async () => {
    shopify.api.hidesPeople = true;
    for (let count = 0; count < 9; count += 1) {
      buy();
    }
    await poll();
    expect(await troubleNow()).toBeUndefined();

    buy();
    await poll();
    expect(await troubleNow()).toBe('hidden-customers');

    shopify.api.hidesPeople = false;
    clock.advance(minutes(10));
    buy();
    await poll();
    expect(await troubleNow()).toBeUndefined();
  });

  it('that has removed the app is told of as such, although its API only refuses us; installed again, all is well', async () => {
    await poll();
    const uninstalled = { kind: 'uninstalled', at: clock.now() } as const;
    await database.transaction((transaction) =>
      takeReports(transaction, [{ source: 'shopify', report: uninstalled }], clock.now()),
    );
    shopify.shop.uninstall();

    await pollFor(minutes(30));
    expect(await troubleNow()).toBe('uninstalled');

    shopify.shop.install();
    await poll();
    expect(await troubleNow()).toBeUndefined();
    expect(shopify.desk.subscriptions).not.toEqual([]);
    expect(await notices()).toEqual([expect.stringContaining('removed'), expect.stringContaining('well again')]);
  });

  it('that does not answer for a moment is no news for the owners', async () => {
    await poll();
    shopify.api.troubles.failNext(8, 500);

    await pollFor(minutes(40));

    expect(await notices()).toEqual([]);
  });

  it('that does not answer for half an hour is, once, however its trouble changes', async () => {
    await poll();
    shopify.api.troubles.failNext(8, 500);
    shopify.api.troubles.failNext(8, 429);
    shopify.api.troubles.failNext(8, 'cut');

    await pollFor(minutes(60));
    expect(await notices()).toHaveLength(1);

    await pollFor(minutes(10));
    expect(await notices()).toHaveLength(2);
    expect((await notices())[1]).toContain('well again');
  });

  it('that does not accept our login is told of at once, in the language of the shop', async () => {
    await database.execute(sql`insert into settings (key, value, changed_at) values ('shop.language', 'es', now())`);
    shopify.api.troubles.failNext(1, 401);

    await poll();

    expect(await notices()).toEqual([expect.stringContaining('no acepta mi acceso')]);
  });

  it('that is no longer connected is forgotten', async () => {
    await poll();
    connect({ woocommerce: true });

    await poll();

    expect(await shopifyNow()).toBeUndefined();
  });

  it('that only reports is well again when it reports again', async () => {
    connect({ shopify: 'reports only' });
    await database.transaction((transaction) =>
      takeReports(transaction, [{ source: 'shopify', report: { kind: 'uninstalled', at: clock.now() } }], clock.now()),
    );
    await poll();
    expect(await troubleNow()).toBe('uninstalled');

    clock.advance(minutes(5));
    await deliver('shopify', 'orders/create');
    await poll();

    expect(await troubleNow()).toBeUndefined();
  });
});

describe('Purchased since?', () => {
  const since = later(START, -days(2));

  async function ask(phone = '+34600000001') {
    const contactId = await contactOfPhone(database, phone, clock.now());
    return asking.checkPurchase({ contactId, since, reason: 'pre-send', requestId: 'r1' }, never);
  }

  it('yes, by our own orders, without asking anybody', async () => {
    const order = buy();
    await poll();
    const asked = shopify.api.troubles.asked.length;

    expect(await ask()).toMatchObject({
      kind: 'yes',
      by: 'own-orders',
      purchase: { order: String(order.id), number: '#1001' },
    });
    expect(shopify.api.troubles.asked).toHaveLength(asked);
    expect(crmQuestions).toBe(0);
  });

  it('no, when every shop and the other system say so', async () => {
    connect({ shopify: true, woocommerce: true });
    verdict = { kind: 'not-converted', doNotContact: false };
    buy({ ...ana, phone: '+34600000002', email: 'ben@example.com' });

    expect(await ask()).toEqual({
      kind: 'no',
      asked: ['own-orders', 'shopify', 'woocommerce', 'crm'],
      doNotContact: false,
    });
  });

  it('yes, by an order of a guest that was never reported, with the phone only on the parcel', async () => {
    await poll();
    clock.advance(minutes(2));
    buy({ firstName: 'Ana', lastName: 'Ruiz', addressPhone: '600 000 001' });

    expect(await ask()).toMatchObject({ kind: 'yes', by: 'shopify' });
  });

  it('yes, by an order from before we listened, which only the shop knows; it is known here from then on', async () => {
    const order = buy();
    clock.advance(hours(30));

    expect(await ask()).toMatchObject({ kind: 'yes', by: 'shopify' });
    expect(await knownOrders()).toEqual([String(order.id)]);
    expect(await ask()).toMatchObject({ kind: 'yes', by: 'own-orders' });
  });

  it('yes, by an order at WooCommerce from before we listened, however the phone was typed there', async () => {
    connect({ woocommerce: true });
    buy({ ...ana, phone: '600 00 00 01', email: 'else@example.com' }, woo);
    clock.advance(hours(30));

    expect(await ask()).toMatchObject({ kind: 'yes', by: 'woocommerce' });
  });

  it('no, when the order was cancelled', async () => {
    const order = buy();
    shopify.shop.cancel(order.id);

    expect(await ask()).toMatchObject({ kind: 'no' });
  });

  it('unknown, when a shop does not answer, even if the other system says no', async () => {
    verdict = { kind: 'not-converted', doNotContact: false };
    shopify.api.troubles.failNext(4, 500);

    expect(await ask()).toMatchObject({ kind: 'unknown', by: 'shopify', doubt: { kind: 'failing' } });
  });

  it('unknown, when a shop hides whose its orders are', async () => {
    shopify.api.hidesPeople = true;
    for (let count = 0; count < 10; count += 1) {
      buy();
    }

    // Whom it finds all the same has bought; whom it does not find may be any of them.
    expect(await ask()).toMatchObject({ kind: 'yes' });
    expect(await ask('+34600000077')).toMatchObject({ kind: 'unknown', doubt: { kind: 'hidden-customers' } });
  });

  it('unknown, when the other system does not say; and it may ask to leave somebody alone', async () => {
    verdict = { kind: 'unknown', doNotContact: false };
    expect(await ask()).toMatchObject({ kind: 'unknown', by: 'crm', doubt: { kind: 'no-verdict' } });

    verdict = { kind: 'not-converted', doNotContact: true };
    expect(await ask()).toMatchObject({ kind: 'no', doNotContact: true });
  });

  it('unknown, when nothing is connected', async () => {
    connect({});

    expect(await ask()).toMatchObject({ kind: 'unknown', doubt: { kind: 'not-connected' } });
  });

  it('with a shop that only reports: unknown until it has, no after that, and unknown again while it is in trouble', async () => {
    connect({ shopify: 'reports only' });
    expect(await ask()).toMatchObject({ kind: 'unknown', doubt: { kind: 'nothing-heard' } });

    await deliver('shopify', 'orders/create');
    expect(await ask()).toMatchObject({ kind: 'no', asked: ['own-orders'] });

    await database.transaction((transaction) => asking.onUninstalled(transaction, 'shopify', clock.now(), clock.now()));
    expect(await ask()).toMatchObject({ kind: 'unknown', doubt: { kind: 'uninstalled' } });
  });

  it('with the event API alone: no, once anything has come by it', async () => {
    connect({ events: true });
    expect(await ask()).toMatchObject({ kind: 'unknown', doubt: { kind: 'nothing-heard' } });

    await deliver('my-shop', 'order.created');
    expect(await ask()).toMatchObject({ kind: 'no' });
  });

  it('with the other system alone: as it says', async () => {
    connect({});
    verdict = { kind: 'converted', doNotContact: false };
    expect(await ask()).toMatchObject({ kind: 'yes', by: 'crm' });

    verdict = { kind: 'not-converted', doNotContact: false };
    expect(await ask()).toMatchObject({ kind: 'no', asked: ['own-orders', 'crm'] });
  });
});
