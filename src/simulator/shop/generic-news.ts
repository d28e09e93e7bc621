import { Webhook } from 'standardwebhooks';
import { hours, minutes, seconds, systemClock } from '../../lib/time.ts';
import type { DeliveryRule, Message } from './delivery-desk.ts';
import { nameOf } from './goods.ts';
import {
  type CartLine,
  type Checkout,
  type Contact,
  type Customer,
  currentMoney,
  type News,
  type Order,
  type ShopProfile,
  sumOf,
  writeAmount,
} from './records.ts';
import type { SimulatedShop } from './simulated-shop.ts';

/** A tool that follows the advice of Standard Webhooks. */
export const genericRule: DeliveryRule = {
  gaps: [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10)],
  answerWithin: seconds(15),
  isTaken: (status) => status >= 200 && status < 300,
  endsSubscription: () => false,
};

/** What a shop's own script tells by the event API, one event a message (facts/commerce §3). */
export function tellAsGeneric(news: News, shop: SimulatedShop): readonly Message[] {
  const event = eventOf(news, shop);
  return event === undefined ? [] : [makeMessage(event.type, event, shop)];
}

/** Several events in one request. */
export function combineEvents(messages: readonly Message[], shop: SimulatedShop): Message {
  const events = messages.map((message) => JSON.parse(Buffer.from(message.body()).toString()));
  return makeMessage('batch', { events }, shop);
}

function makeMessage(topic: string, content: object, shop: SimulatedShop): Message {
  const id = `msg_${shop.ids.token(20)}`;
  const body = Buffer.from(JSON.stringify(content));
  return {
    id,
    topic,
    body: () => body,
    // Each try is signed anew. The time is the machine's: who checks it goes by that.
    headers: (_bytes, { secret }) => {
      const now = systemClock.now();
      return {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      };
    },
  };
}

interface ShopEvent {
  readonly id: string;
  readonly type: string;
  readonly occurred_at: string;
  readonly contact: object;
  readonly data: object;
}

function eventOf(news: News, shop: SimulatedShop): ShopEvent | undefined {
  const about = subjectOf(news, shop);
  return about && { id: `evt_${shop.ids.token(20)}`, occurred_at: news.at.toISOString(), ...about };
}

function subjectOf(news: News, shop: SimulatedShop): Omit<ShopEvent, 'id' | 'occurred_at'> | undefined {
  const { profile } = shop;
  switch (news.kind) {
    case 'cart': {
      const { cart, change } = news;
      const type = { created: 'cart.added', added: 'cart.added', changed: 'cart.updated', emptied: 'cart.emptied' };
      const data = { cart: writeCart(cart.token, cart.lines, profile) };
      return { type: type[change], contact: ownerOfCart(shop, cart.token), data };
    }
    case 'checkout':
      return news.checkout.completedAt ? undefined : writeCheckout(news.checkout, shop);
    case 'order':
      return writeOrderEvent(news.order, `order.${news.change === 'fulfilled' ? 'completed' : news.change}`, shop);
    case 'refund': {
      const { id, amount } = news.refund;
      const event = writeOrderEvent(news.order, 'order.refunded', shop);
      const refund = { id: `re_${id}`, amount: writeAmount(amount, profile.currency), currency: profile.currency };
      return event && { ...event, data: { ...event.data, refund } };
    }
    case 'customer':
    case 'consent':
      return { type: 'contact.updated', contact: writePerson(news.customer, profile), data: {} };
    case 'erasure':
      return { type: 'contact.deleted', contact: writeIdentity(news.customer), data: { reason: 'erasure request' } };
    case 'uninstalled':
      return undefined;
  }
}

/** The script knows who has gone to the checkout with this cart before; else only the click. */
function ownerOfCart(shop: SimulatedShop, cart: string): object {
  const checkout = [...shop.checkouts.values()].findLast((one) => one.cart === cart);
  return checkout ? personOf(shop, checkout) : { external_id: `visitor_${cart}` };
}

function writeCheckout(checkout: Checkout, shop: SimulatedShop): Omit<ShopEvent, 'id' | 'occurred_at'> {
  const { cart, lines } = checkout;
  return {
    type: 'checkout.started',
    contact: personOf(shop, checkout),
    data: { cart: { ...writeCart(cart, lines, shop.profile), url: `${shop.profile.url}/checkout/${cart}` } },
  };
}

const orderTypes: ReadonlySet<string> = new Set([
  'order.created',
  'order.paid',
  'order.completed',
  'order.cancelled',
  'order.refunded',
]);

function writeOrderEvent(
  order: Order,
  type: string,
  shop: SimulatedShop,
): Omit<ShopEvent, 'id' | 'occurred_at'> | undefined {
  if (!orderTypes.has(type)) {
    return undefined;
  }
  const { profile } = shop;
  return {
    type,
    contact: personOf(shop, order),
    data: {
      order: {
        id: String(order.id),
        number: `#${order.number}`,
        cart_id: order.cart,
        status: type.slice('order.'.length),
        currency: profile.currency,
        total: writeAmount(currentMoney(order), profile.currency),
        created_at: order.createdAt.toISOString(),
        discount_codes: order.codes,
        items: order.lines.map((line) => writeItem(line, profile)),
      },
    },
  };
}

/** Whoever it is, as the shop knows them now; what was typed, when it has no account of theirs. */
function personOf(shop: SimulatedShop, { customerId, contact }: Pick<Order, 'customerId' | 'contact'>): object {
  const customer = customerId === undefined ? undefined : shop.customers.get(customerId);
  return customer ? writePerson(customer, shop.profile) : writeTyped(contact, shop.profile);
}

function writePerson(customer: Customer, { country, locale }: ShopProfile): object {
  const { firstName, lastName, consent } = customer;
  return {
    ...writeIdentity(customer),
    first_name: firstName,
    last_name: lastName,
    locale,
    country,
    ...(consent.at
      ? {
          whatsapp_consent: consent.state === 'subscribed',
          consent_at: consent.at.toISOString(),
          consent_source: 'checkout box',
        }
      : { whatsapp_consent: false }),
  };
}

function writeIdentity({ id, phone, email }: Customer): object {
  return { phone: phone ?? null, email: email ?? null, external_id: `cust_${id}` };
}

function writeTyped({ firstName, lastName, email, phone, addressPhone }: Contact, { country }: ShopProfile): object {
  return {
    phone: phone ?? addressPhone ?? null,
    email: email ?? null,
    first_name: firstName,
    last_name: lastName,
    country,
  };
}

function writeCart(token: string, lines: readonly CartLine[], profile: ShopProfile) {
  return {
    id: token,
    url: `${profile.url}/cart?token=${token}`,
    currency: profile.currency,
    total: writeAmount(sumOf(lines), profile.currency),
    items: lines.map((line) => writeItem(line, profile)),
  };
}

function writeItem({ variant, quantity }: CartLine, { currency, url }: ShopProfile) {
  return {
    product_id: String(variant.productId),
    variant_id: String(variant.id),
    sku: variant.sku,
    name: nameOf(variant),
    quantity,
    unit_price: writeAmount(variant.price, currency),
    url: `${url}/products/${variant.slug}`,
    image_url: `${url}/img/${variant.slug}.jpg`,
  };
}
