import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { later, minutes } from '../../lib/time.ts';
import { perform, readAct } from './acts.ts';
import type { StoreState, StoreStep } from './page-store.ts';
import { Refusal } from './refusal.ts';
import { World } from './world.ts';

// The online shop of the demo, without a bot: what is done there, and that nothing of it is lost while nobody listens.

let world: World;

beforeEach(async () => {
  world = await World.open({
    spawn: () => {
      throw new Refusal('There is no bot in this test.');
    },
    timeZone: 'Europe/Madrid',
    language: undefined,
    logLevel: 'silent',
  });
});

afterEach(() => world.close());

const act = (step: StoreStep) => perform(world, { act: 'store', step });
const store = (): StoreState => world.state.store;
const told = () => world.state.happenings.map(({ text }) => text);
const variant = (title: string, kind?: string) =>
  store().goods.find((good) => good.title === title && good.kind === kind)?.variant ?? 0;
const ana = { do: 'checkout', name: 'Ana Ruiz', phone: '+34 600 00 00 03', consents: false } as const;

async function buy(who: StoreStep = ana): Promise<number> {
  await act({ do: 'add', variant: variant('Teapot') });
  await act(who);
  await act({ do: 'pay' });
  return store().bought?.id ?? 0;
}

describe('What is done in the online shop is read', () => {
  it.each<[what: string, step: object, sentence: RegExp]>([
    ['nothing known', { do: 'steal' }, /^Not done: “do”/],
    [
      'too many pieces',
      { do: 'quantity', variant: 1, quantity: 100 },
      /“quantity” is out of range; there can be 0 to 99/,
    ],
    ['less than nothing', { do: 'quantity', variant: 1, quantity: -1 }, /“quantity” is out of range/],
    ['a checkout of nobody', { ...ana, name: '  ' }, /“name” is empty; write something/],
    ['a checkout without a phone', { ...ana, phone: '' }, /“phone” is empty; write something/],
    ['consent that nobody gave', { do: 'checkout', name: 'Ana', phone: '1' }, /“consents”/],
    ['no order', { do: 'refund', order: 'all' }, /“order”/],
  ])('%s is refused with what would be right', (_what, step, sentence) => {
    expect(() => readAct({ act: 'store', step })).toThrow(Refusal);
    expect(() => readAct({ act: 'store', step })).toThrow(sentence);
  });

  it('a proper step comes through as it is', () => {
    expect(readAct({ act: 'store', step: { ...ana, role: 'owner' } })).toEqual({ act: 'store', step: ana });
  });
});

describe('In the online shop', () => {
  it('somebody fills a cart, says who they are, and pays', async () => {
    expect(store()).toMatchObject({ address: 'mug-shop.example', cart: undefined, orders: [], installed: true });
    expect(store().goods).toHaveLength(11);
    const mug = variant('Stoneware Mug', 'Moss');
    await act({ do: 'add', variant: mug });
    await act({ do: 'add', variant: mug });
    await act({ do: 'add', variant: variant('Teapot') });
    await act({ do: 'quantity', variant: mug, quantity: 1 });
    expect(store().cart).toEqual({
      lines: [
        { variant: mug, name: 'Stoneware Mug - Moss', quantity: 1, price: '€24.00' },
        { variant: variant('Teapot'), name: 'Teapot', quantity: 1, price: '€79.00' },
      ],
      pieces: 2,
      total: '€103.00',
    });

    await act(ana);
    expect(store().checkout).toEqual({
      name: 'Ana Ruiz',
      phone: '+34 600 00 00 03',
      consents: false,
      shipping: '€6.90',
      total: '€109.90',
    });
    await act({ do: 'pay' });

    expect(store()).toMatchObject({
      cart: undefined,
      checkout: undefined,
      bought: { number: '#1001', name: 'Ana' },
      orders: [{ number: '#1001', items: '1 × Stoneware Mug - Moss, 1 × Teapot', total: '€109.90', state: 'paid' }],
      people: [{ name: 'Ana Ruiz', phone: '+34 600 00 00 03', consent: 'never-agreed' }],
    });
    expect(told()).toEqual([
      'Somebody put “Stoneware Mug - Moss” into the cart of the online shop.',
      'Somebody put “Stoneware Mug - Moss” into the cart of the online shop.',
      'Somebody put “Teapot” into the cart of the online shop.',
      'Somebody changed the cart in the online shop.',
      'Ana Ruiz went to the checkout, without agreeing to messages on WhatsApp.',
      'Ana paid €109.90 in the online shop: order #1001.',
    ]);
  });

  it('a ticked box is consent, which stays when somebody comes again and leaves it alone', async () => {
    await buy({ ...ana, consents: true });
    await buy();

    expect(store().people).toMatchObject([{ consent: 'agreed' }]);
    const [person] = store().people;
    await act({ do: 'consent', customer: person?.id ?? 0, agrees: false });
    expect(store().people).toMatchObject([{ consent: 'withdrawn' }]);
    expect(told().at(-1)).toBe('Ana wants no more messages on WhatsApp, and said so in the online shop.');
  });

  it('whoever leaves leaves the cart behind, and the next one begins with none', async () => {
    await act({ do: 'add', variant: variant('Teapot') });
    await act(ana);
    await act({ do: 'leave' });

    expect(store()).toMatchObject({ cart: undefined, checkout: undefined, bought: undefined, orders: [] });
    await act({ do: 'add', variant: variant('Dinner Plate') });
    expect(store().cart?.lines).toMatchObject([{ name: 'Dinner Plate' }]);
  });

  it('a cart that changes has to be checked out again', async () => {
    await act({ do: 'add', variant: variant('Teapot') });
    await act(ana);
    await act({ do: 'add', variant: variant('Dinner Plate') });

    expect(store().checkout).toBeUndefined();
    await act(ana);
    expect(store().checkout?.total).toBe('€114.90');
    await act({ do: 'empty' });
    expect(store().cart).toBeUndefined();
  });

  it('the staff complete an order, pay it back, or cancel it, each as long as that can be done', async () => {
    const order = await buy();
    expect(store().orders[0]?.can).toEqual(['complete', 'refund', 'cancel']);
    await act({ do: 'complete', order });
    expect(store().orders[0]).toMatchObject({ state: 'complete', can: ['refund'] });
    await act({ do: 'refund', order });
    expect(store().orders[0]).toMatchObject({ state: 'complete', refunded: '€85.90', can: [] });
    const other = await buy();
    await act({ do: 'cancel', order: other });
    expect(store().orders[0]).toMatchObject({ state: 'cancelled', can: [] });
    expect(told().filter((text) => /order #/i.test(text))).toEqual([
      'Ana paid €85.90 in the online shop: order #1001.',
      'Order #1001 was sent to Ana, and is complete.',
      '€85.90 of order #1001 went back to Ana.',
      'Ana paid €85.90 in the online shop: order #1002.',
      'Order #1002 of Ana was cancelled.',
    ]);
  });

  it.each<[what: string, step: StoreStep, sentence: string]>([
    ['paying for nothing', { do: 'pay' }, 'Nobody is at the checkout. Say who buys first.'],
    ['a checkout without a cart', ana, 'The cart is empty. Put something into it first.'],
    ['leaving an empty cart', { do: 'leave' }, 'The cart is empty. Put something into it first.'],
    ['something that is not sold', { do: 'add', variant: 1 }, 'The shop does not sell that.'],
    ['an order that never was', { do: 'complete', order: 1 }, 'There is no such order.'],
  ])('%s is refused with a sentence', async (_what, step, sentence) => {
    await expect(act(step)).rejects.toThrow(new Refusal(sentence));
    expect(told()).toEqual([]);
  });

  it('a phone that is none is refused, and the cart stays', async () => {
    await act({ do: 'add', variant: variant('Teapot') });

    await expect(act({ ...ana, phone: 'call me' })).rejects.toThrow('This is no phone number.');
    expect(store()).toMatchObject({ cart: { pieces: 1 }, checkout: undefined });
  });
});

describe('What the online shop tells the bot', () => {
  /** As the bot does; nobody listens there. */
  async function subscribe(...topics: readonly string[]): Promise<void> {
    const { apiUrl, login } = world.store.access;
    const query = `mutation Subscribe($topic: WebhookSubscriptionTopic!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: "http://127.0.0.1:1/webhooks/shopify" }) {
        userErrors { message }
      }
    }`;
    for (const topic of topics) {
      await fetch(`${apiUrl}/admin/api/2026-07/graphql.json`, {
        method: 'POST',
        headers: { 'X-Shopify-Access-Token': login?.kind === 'token' ? login.token : '' },
        body: JSON.stringify({ query, variables: { topic } }),
      });
    }
  }

  it('waits while nobody listens, and is tried again as time passes', async () => {
    await subscribe('CARTS_CREATE');
    await act({ do: 'add', variant: variant('Teapot') });
    await expect.poll(() => store().deliveries).toMatchObject([{ topic: 'carts/create', state: 'waiting', tries: 1 }]);
    expect(store().deliveries[0]?.status).toBeUndefined();
    const { nextAt = '' } = store().deliveries[0] ?? {};
    expect(new Date(nextAt) > later(world.clock.now(), minutes(0.9))).toBe(true);

    await perform(world, { act: 'forward', by: minutes(2) });
    await expect.poll(() => store().deliveries[0]?.tries).toBe(2);
  });

  it('is tried at once when the bot is there again', async () => {
    await subscribe('CARTS_CREATE');
    await act({ do: 'add', variant: variant('Teapot') });
    await expect.poll(() => store().deliveries[0]?.tries).toBe(1);

    world.store.botIsBack();
    await expect.poll(() => store().deliveries[0]?.tries).toBe(2);
  });

  it('ends with the word that the bot’s app was removed, until it is there again and asks to be told', async () => {
    await subscribe('CARTS_CREATE', 'APP_UNINSTALLED');
    expect(store().subscriptions).toBe(2);
    await act({ do: 'uninstall' });
    await act({ do: 'add', variant: variant('Teapot') });
    const topics = () => store().deliveries.map(({ topic }) => topic);
    expect(topics()).toEqual(['app/uninstalled']);
    expect(store()).toMatchObject({ installed: false, subscriptions: 0 });

    await act({ do: 'install' });
    await act({ do: 'leave' });
    await act({ do: 'add', variant: variant('Teapot') });
    expect(topics()).toEqual(['app/uninstalled']);
    await subscribe('CARTS_UPDATE');
    await act({ do: 'add', variant: variant('Teapot') });
    expect(topics()).toEqual(['carts/update', 'app/uninstalled']);
  });
});
