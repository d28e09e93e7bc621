import { days, later } from '../../lib/time.ts';
import { type ListArguments, type Listed, listPage } from './listed-page.ts';
import {
  type Checkout,
  type Contact,
  type Customer,
  currentMoney,
  type Order,
  type OrderLine,
  sumOf,
  writeAmount,
} from './records.ts';
import { type Asking, inUtc, needScope, shown } from './shopify-asking.ts';
import { financialStatus } from './shopify-orders.ts';
import type { SimulatedShop } from './simulated-shop.ts';

// Orders, people and checkouts as the Admin API answers them.

export const orderFilters: ReadonlySet<string> = new Set([
  ...['id', 'name', 'status', 'financial_status', 'fulfillment_status', 'created_at', 'updated_at', 'processed_at'],
  ...['email', 'customer_id', 'cart_token', 'checkout_token', 'discount_code', 'test', 'source_name', 'tag'],
]);
/** Without a right that Shopify has to approve, only those of the last 60 days. */
export function recentOrders(asking: Asking): readonly Listed[] {
  const { shop, scopes } = asking;
  const since = scopes.includes('read_all_orders') ? new Date(0) : later(shop.clock.now(), -days(60));
  return [...shop.orders.values()]
    .filter(({ createdAt }) => createdAt >= since)
    .map((order) => listOrder(order, asking));
}

function listOrder(order: Order, asking: Asking): Listed {
  const { contact } = order;
  return {
    id: order.id,
    node: answerOrder(order, asking),
    found: {
      id: order.id,
      name: `#${order.number}`,
      created_at: order.createdAt,
      updated_at: order.updatedAt,
      processed_at: order.createdAt,
      status: order.cancelledAt ? 'cancelled' : 'open',
      financial_status: financialStatus(order),
      fulfillment_status: order.fulfilledAt ? 'shipped' : 'unshipped',
      email: contact.email,
      customer_id: order.customerId,
      cart_token: order.cart,
      checkout_token: order.checkout,
      discount_code: order.codes.slice(0, 1),
      test: false,
      source_name: 'web',
    },
  };
}

function answerOrder(order: Order, asking: Asking) {
  const { contact, cancelledAt } = order;
  return {
    id: `gid://shopify/Order/${order.id}`,
    name: `#${order.number}`,
    createdAt: inUtc(order.createdAt),
    processedAt: inUtc(order.createdAt),
    updatedAt: inUtc(order.updatedAt),
    cancelledAt: cancelledAt ? inUtc(cancelledAt) : null,
    test: false,
    displayFinancialStatus: financialStatus(order).toUpperCase(),
    displayFulfillmentStatus: order.fulfilledAt ? 'FULFILLED' : 'UNFULFILLED',
    fulfillments: order.fulfilledAt ? [{ createdAt: inUtc(order.fulfilledAt) }] : [],
    email: shown(contact.email, asking),
    phone: shown(contact.phone, asking),
    customerLocale: asking.shop.profile.locale,
    cartToken: order.cart,
    checkoutToken: order.checkout,
    discountCodes: order.codes,
    currentTotalPriceSet: answerMoney(currentMoney(order), asking.shop),
    customer: () => answerOwner(order.customerId, asking),
    ...answerAddresses(contact, asking),
    lineItems: ({ first = order.lines.length }: ListArguments) => ({
      nodes: order.lines.slice(0, first).map(answerLine),
    }),
  };
}

function answerLine({ variant, quantity }: OrderLine) {
  return {
    title: variant.title,
    variantTitle: variant.kind ?? null,
    quantity,
    sku: variant.sku,
    product: { id: `gid://shopify/Product/${variant.productId}` },
    variant: { id: `gid://shopify/ProductVariant/${variant.id}` },
  };
}

export function listCustomer(customer: Customer, asking: Asking): Listed {
  const { id, phone, email, createdAt, updatedAt } = customer;
  return {
    id,
    node: answerCustomer(customer, asking),
    found: { id, phone, email, created_at: createdAt, updated_at: updatedAt },
  };
}

function answerOwner(id: number | undefined, asking: Asking) {
  const customer = id === undefined ? undefined : asking.shop.customers.get(id);
  return customer ? answerCustomer(customer, asking) : null;
}

export function answerCustomer(customer: Customer, asking: Asking): object {
  const { id, firstName, lastName, email } = customer;
  const orders = () => recentOrders(asking).filter(({ found }) => found['customer_id'] === id);
  return {
    id: `gid://shopify/Customer/${id}`,
    firstName: shown(firstName, asking),
    lastName: shown(lastName, asking),
    defaultEmailAddress: email && !asking.hidesPeople ? { emailAddress: email } : null,
    displayName: shown(`${firstName} ${lastName}`, asking) ?? '',
    locale: asking.shop.profile.locale,
    numberOfOrders: () => String(orders().length),
    defaultPhoneNumber: answerPhone(customer, asking),
    orders(list: ListArguments) {
      needScope(asking, 'read_orders', 'orders');
      return listPage(orders(), list, orderFilters, asking);
    },
  };
}

/** A customer's number and what they said about messages to it; null without one. */
export function answerPhone({ phone, consent }: Customer, asking: Asking) {
  const phoneNumber = shown(phone, asking);
  return phoneNumber === null
    ? null
    : {
        phoneNumber,
        whatsAppMarketingConsent: {
          state: consent.state.toUpperCase(),
          optInLevel: consent.at ? 'SINGLE_OPT_IN' : null,
          updatedAt: consent.at ? inUtc(consent.at) : null,
          collectedFrom: consent.at ? consent.from : null,
        },
      };
}

export function listCheckout(checkout: Checkout, asking: Asking): Listed {
  const { orderId: id, startedAt, updatedAt, completedAt } = checkout;
  return {
    id,
    node: answerCheckout(checkout, asking),
    found: {
      id,
      created_at: startedAt,
      updated_at: updatedAt,
      status: completedAt ? 'closed' : 'open',
      recovery_state: completedAt ? 'recovered' : 'not_recovered',
    },
  };
}

function answerCheckout(checkout: Checkout, asking: Asking) {
  const { orderId, token, cart, contact, lines, completedAt } = checkout;
  const { url } = asking.shop.profile;
  return {
    id: `gid://shopify/AbandonedCheckout/${orderId}`,
    name: `#${orderId}`,
    createdAt: inUtc(checkout.startedAt),
    updatedAt: inUtc(checkout.updatedAt),
    completedAt: completedAt ? inUtc(completedAt) : null,
    abandonedCheckoutUrl: `${url}/66554433221/checkouts/ac/${cart}/recover?key=${token}`,
    totalPriceSet: answerMoney(sumOf(lines), asking.shop),
    customer: () => answerOwner(checkout.customerId, asking),
    ...answerAddresses(contact, asking),
    lineItems: {
      nodes: lines.map(({ variant, quantity }) => ({
        title: variant.title,
        quantity,
        variantTitle: variant.kind ?? null,
      })),
    },
  };
}

function answerAddresses(contact: Contact, asking: Asking) {
  const countryCodeV2 = asking.shop.profile.country;
  const billing = contact.addressPhone ?? contact.phone;
  return {
    billingAddress: { ...answerName(contact, asking), phone: shown(billing, asking), countryCodeV2 },
    shippingAddress: {
      ...answerName(contact.giftFor ?? contact, asking),
      phone: shown(contact.giftFor?.phone ?? billing, asking),
      countryCodeV2,
    },
  };
}

function answerName({ firstName, lastName }: Pick<Contact, 'firstName' | 'lastName'>, asking: Asking) {
  return { firstName: shown(firstName, asking), lastName: shown(lastName, asking) };
}

function answerMoney(units: number, { profile }: SimulatedShop) {
  const money = { amount: writeAmount(units, profile.currency), currencyCode: profile.currency };
  return { shopMoney: money, presentmentMoney: money };
}
