import { formatPhoneNumber } from '../../contacts/phone.ts';
import type { DeliveryDesk, Posting } from '../shop/delivery-desk.ts';
import { nameOf } from '../shop/goods.ts';
import {
  type CartLine,
  type Checkout,
  type Customer,
  currentMoney,
  type Order,
  refundedOf,
  SHIPPING,
  sumOf,
  totalOf,
} from '../shop/records.ts';
import type { SimulatedShop } from '../shop/simulated-shop.ts';
import type { StoreCart, StoreCheckout, StoreDelivery, StoreOrder, StorePerson, StoreState } from './page-store.ts';

/** Whoever is in the shop just now, by the shop's own tokens. */
export interface Visit {
  readonly cart: string | undefined;
  readonly checkout: string | undefined;
  /** The order of whoever has just paid. */
  readonly bought: number | undefined;
}

/** Nobody looks at more. */
const SHOWN = 40;

type Price = (units: number) => string;

/** As people read it: `€24.00`. */
export function priceWriter(currency: string): Price {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return (units) => format.format(units / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What the page is told of the online shop: all of it is read from the shop's own books. */
export function readStore(
  { shop, desk }: { readonly shop: SimulatedShop; readonly desk: DeliveryDesk },
  visit: Visit,
): StoreState {
  const price = priceWriter(shop.profile.currency);
  const cart = visit.cart === undefined ? undefined : shop.carts.get(visit.cart);
  const checkout = visit.checkout === undefined ? undefined : shop.checkouts.get(visit.checkout);
  const bought = visit.bought === undefined ? undefined : shop.orders.get(visit.bought);
  return {
    address: new URL(shop.profile.url).host,
    goods: shop.goods.map(({ id, title, kind, slug, price: units }) => ({
      ...{ variant: id, title, kind, slug },
      price: price(units),
    })),
    cart: cart && readCart(cart.lines, price),
    checkout: checkout && readCheckout(checkout, price),
    bought: bought && readOrder(bought, price),
    orders: latest([...shop.orders.values()]).map((order) => readOrder(order, price)),
    people: latest([...shop.customers.values()]).map(readPerson),
    deliveries: latest(desk.postings).map(readDelivery),
    installed: shop.isInstalled,
    subscriptions: desk.subscriptions.length,
  };
}

function latest<Thing>(things: readonly Thing[]): readonly Thing[] {
  return things.slice(-SHOWN).toReversed();
}

function readCart(lines: readonly CartLine[], price: Price): StoreCart {
  return {
    lines: lines.map(({ variant, quantity }) => ({
      variant: variant.id,
      name: nameOf(variant),
      quantity,
      price: price(variant.price * quantity),
    })),
    pieces: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    total: price(sumOf(lines)),
  };
}

function readCheckout({ contact, lines }: Checkout, price: Price): StoreCheckout {
  return {
    name: `${contact.firstName} ${contact.lastName}`.trim(),
    phone: formatPhoneNumber(contact.phone ?? ''),
    consents: contact.consents ?? false,
    shipping: price(SHIPPING),
    total: price(sumOf(lines) + SHIPPING),
  };
}

function readOrder(order: Order, price: Price): StoreOrder {
  const { id, number, contact, lines } = order;
  const back = refundedOf(order);
  const isOpen = order.cancelledAt === undefined;
  return {
    id,
    number: `#${number}`,
    name: contact.firstName,
    items: lines.map(({ variant, quantity }) => `${quantity} × ${nameOf(variant)}`).join(', '),
    total: price(totalOf(order)),
    refunded: back > 0 ? price(back) : undefined,
    time: order.createdAt.toISOString(),
    state: isOpen ? (order.fulfilledAt ? 'complete' : 'paid') : 'cancelled',
    can: [
      ...(isOpen && !order.fulfilledAt ? (['complete'] as const) : []),
      ...(isOpen && order.paidAt && currentMoney(order) > 0 ? (['refund'] as const) : []),
      ...(isOpen && !order.fulfilledAt ? (['cancel'] as const) : []),
    ],
  };
}

function readPerson({ id, firstName, lastName, phone, consent }: Customer): StorePerson {
  return {
    id,
    name: `${firstName} ${lastName}`.trim(),
    phone: formatPhoneNumber(phone ?? ''),
    consent:
      consent.state === 'subscribed' ? 'agreed' : consent.state === 'unsubscribed' ? 'withdrawn' : 'never-agreed',
  };
}

function readDelivery({ message, subscription, happenedAt, attempts, state, nextAt }: Posting): StoreDelivery {
  return {
    id: `${message.id} ${subscription.id}`,
    topic: message.topic,
    time: happenedAt.toISOString(),
    tries: attempts.length,
    state: state === 'dropped' ? 'given-up' : state,
    status: attempts.at(-1)?.status,
    nextAt: nextAt?.toISOString(),
  };
}
