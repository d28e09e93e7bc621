import { minutes } from '../../lib/time.ts';
import { seededRandom } from '../seeded-random.ts';
import { SimulatedClock } from '../simulated-clock.ts';
import type { Message } from './delivery-desk.ts';
import type { Contact, ShopProfile } from './records.ts';
import { tellAsShopify } from './shopify-news.ts';
import { SimulatedShop } from './simulated-shop.ts';

/** A webhook as Shopify would send it, in the order in which things happened. */
export interface Webhook {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const start = new Date('2026-11-22T08:00:00Z');

/** What a shop at Shopify tells of its customers while they fill carts, pay, change their minds and get their parcels. */
export function shopifyJourneys(
  count: number,
  seed: number,
  seal: { readonly secret: string; readonly domain: string },
) {
  const clock = new SimulatedClock(start);
  const profile: ShopProfile = {
    platform: 'shopify',
    name: 'Lumen Ceramics',
    domain: seal.domain,
    url: 'https://lumen-ceramics.example',
    country: 'ES',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    locale: 'es-ES',
    webhookSecret: seal.secret,
  };
  const shop = new SimulatedShop(profile, { clock, seed });
  const messages: Message[] = [];
  shop.watch((news) => messages.push(...tellAsShopify(news, shop)));
  const chance = seededRandom(seed);
  for (let journey = 0; messages.length < count; journey++) {
    walk(shop, clock, chance, journey);
  }
  const subscription = { id: 1, topic: '*', target: '', secret: seal.secret, madeBy: 'config' } as const;
  return messages.slice(0, count).map((message): Webhook => {
    const body = message.body();
    return { body, headers: message.headers(body, { ...seal, subscription }) };
  });
}

/** One customer's way: nobody goes all of it, and some come back. */
function walk(shop: SimulatedShop, clock: SimulatedClock, chance: () => number, journey: number): void {
  const happens = (share: number) => chance() < share;
  const someGood = () => shop.goods[Math.floor(chance() * shop.goods.length)]?.id ?? 0;
  const rest = () => clock.advance(minutes(1 + Math.floor(chance() * 30)));
  const { token } = shop.addToCart(someGood());
  rest();
  while (happens(0.4)) {
    shop.addToCart(someGood(), { cart: token });
    rest();
  }
  if (happens(0.1)) {
    shop.emptyCart(token);
    return;
  }
  const checkout = shop.startCheckout(token, someone(chance, journey));
  rest();
  if (happens(0.3)) {
    shop.changeCheckout(checkout.token, { ...someone(chance, journey), consents: true });
    rest();
  }
  if (happens(0.4)) {
    return;
  }
  const order = shop.pay(checkout.token);
  rest();
  settle(shop, order.id, happens);
  clock.advance(minutes(1));
}

function settle(shop: SimulatedShop, order: number, happens: (share: number) => boolean): void {
  if (happens(0.7)) {
    shop.fulfil(order);
  }
  const change = happens(0.3);
  if (change && happens(0.5)) {
    shop.refund(order);
  } else if (change) {
    shop.cancel(order);
  }
}

/** Every third customer is one of few who come again and again; some type no phone. */
function someone(chance: () => number, journey: number): Contact {
  const number = journey % 3 === 0 ? journey % 40 : journey;
  const digits = String(100_000 + number).slice(-6);
  const phone = chance() < 0.85 ? { phone: `+34600${digits}` } : {};
  return {
    firstName: `Customer${number}`,
    lastName: 'Example',
    email: `customer${number}@example.com`,
    ...phone,
    consents: chance() < 0.5,
  };
}
