import { nameOf } from './goods.ts';
import {
  type Checkout,
  type Contact,
  type Order,
  type OrderLine,
  refundedOf,
  SHIPPING,
  type ShopProfile,
  totalOf,
  writeAmount,
} from './records.ts';
import { zoned } from './shopify-values.ts';
import type { SimulatedShop } from './simulated-shop.ts';

// Orders as WooCommerce's REST API v3 and its webhooks write them.

/** An order that nobody has placed yet is one already, in another status. */
export interface WooOrder extends Order {
  readonly isDraft?: true;
}

export type WooStatus = 'checkout-draft' | 'pending' | 'processing' | 'completed' | 'cancelled' | 'refunded';

export function statusOf(order: WooOrder): WooStatus {
  if (order.isDraft) {
    return 'checkout-draft';
  }
  if (order.cancelledAt) {
    return 'cancelled';
  }
  if (order.refunds.length > 0 && refundedOf(order) >= totalOf(order)) {
    return 'refunded';
  }
  if (order.fulfilledAt) {
    return 'completed';
  }
  return order.paidAt ? 'processing' : 'pending';
}

/** The draft that becomes an order when it is placed. */
export function findDraft(shop: SimulatedShop, orderId: number): WooOrder | undefined {
  const checkout = [...shop.checkouts.values()].find((one) => one.orderId === orderId && !one.completedAt);
  return checkout && draftOf(checkout);
}

function draftOf(checkout: Checkout): WooOrder {
  const { orderId, lines, contact, startedAt, updatedAt } = checkout;
  return {
    id: orderId,
    number: orderId,
    cart: checkout.cart,
    checkout: checkout.token,
    customerId: undefined,
    contact,
    lines: lines.map((line, place) => ({ ...line, id: place + 1 })),
    codes: [],
    discount: 0,
    createdAt: startedAt,
    updatedAt,
    paidAt: undefined,
    fulfilledAt: undefined,
    cancelledAt: undefined,
    refunds: [],
    isDraft: true,
  };
}

export function writeWooOrder(order: WooOrder, profile: ShopProfile) {
  const { currency, url } = profile;
  const text = (units: number) => writeAmount(units, currency);
  const status = statusOf(order);
  const key = `wc_order_${order.checkout.slice(0, 13)}`;
  const needsPayment = status === 'pending' || status === 'checkout-draft';
  return {
    ...writeHead(order, profile),
    status,
    discount_total: text(order.discount),
    discount_tax: text(0),
    shipping_total: text(SHIPPING),
    shipping_tax: text(0),
    cart_tax: text(0),
    total: text(totalOf(order)),
    total_tax: text(0),
    order_key: key,
    billing: writeBilling(order.contact, profile),
    shipping: writeShipping(order.contact, profile),
    ...writePayment(order),
    cart_hash: order.cart,
    meta_data: [{ id: order.id + 1, key: '_wc_order_attribution_source_type', value: 'typein' }],
    line_items: order.lines.map((line) => writeLine(line, profile)),
    tax_lines: [],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: order.codes.map((code) => writeCoupon(code, order, profile)),
    refunds: order.refunds.map(({ id, note, amount }) => ({ id, reason: note, total: `-${text(amount)}` })),
    payment_url: `${url}/checkout/order-pay/${order.id}/?pay_for_order=true&key=${key}`,
    is_editable: needsPayment,
    needs_payment: needsPayment,
    needs_processing: true,
    ...writeInstants(order, profile),
    currency_symbol: '€',
    _links: {
      self: [{ href: `${url}/wp-json/wc/v3/orders/${order.id}` }],
      collection: [{ href: `${url}/wp-json/wc/v3/orders` }],
    },
  };
}

function writeHead({ id }: WooOrder, { currency }: ShopProfile) {
  return {
    id,
    parent_id: 0,
    currency,
    version: '11.2.0',
    prices_include_tax: false,
    customer_id: 0,
    number: String(id),
  };
}

function writePayment({ paidAt, isDraft }: WooOrder) {
  return {
    payment_method: 'stripe',
    payment_method_title: 'Credit / Debit Card',
    transaction_id: paidAt ? 'pi_3ExAmPlE000000000000000' : '',
    customer_ip_address: '203.0.113.24',
    customer_user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)',
    created_via: isDraft ? 'store-api' : 'checkout',
    customer_note: '',
  };
}

/** Each twice: on the shop's clocks, and in UTC without saying so. */
function writeInstants(order: WooOrder, { timeZone }: ShopProfile) {
  const instants = {
    created: order.createdAt,
    modified: order.updatedAt,
    completed: order.fulfilledAt,
    paid: order.paidAt,
  };
  return Object.fromEntries(
    Object.entries(instants).flatMap(([name, at]) => [
      [`date_${name}`, at ? zoned(at, timeZone).slice(0, 19) : null],
      [`date_${name}_gmt`, at ? at.toISOString().slice(0, 19) : null],
    ]),
  );
}

function writeBilling(contact: Contact, profile: ShopProfile) {
  return {
    ...writePlace(contact, profile),
    email: contact.email ?? '',
    phone: contact.addressPhone ?? contact.phone ?? '',
  };
}

function writeShipping({ giftFor, ...contact }: Contact, profile: ShopProfile) {
  return { ...writePlace(giftFor ?? contact, profile), phone: giftFor?.phone ?? '' };
}

/** Nobody has typed an address while there is no name. */
function writePlace({ firstName, lastName }: Pick<Contact, 'firstName' | 'lastName'>, { country }: ShopProfile) {
  const isTyped = firstName !== '';
  return {
    first_name: firstName,
    last_name: lastName,
    company: '',
    address_1: isTyped ? 'Calle Mayor 12' : '',
    address_2: '',
    city: isTyped ? 'Madrid' : '',
    state: isTyped ? 'M' : '',
    postcode: isTyped ? '28013' : '',
    country,
  };
}

function writeLine({ id, variant, quantity }: OrderLine, { currency, url }: ShopProfile) {
  const text = (units: number) => writeAmount(units, currency);
  return {
    id,
    name: nameOf(variant),
    product_id: variant.productId,
    variation_id: variant.kind === undefined ? 0 : variant.id,
    quantity,
    tax_class: '',
    subtotal: text(variant.price * quantity),
    subtotal_tax: text(0),
    total: text(variant.price * quantity),
    total_tax: text(0),
    taxes: [],
    meta_data: [],
    sku: variant.sku,
    price: Number(text(variant.price)),
    image: { id: String(variant.productId), src: `${url}/wp-content/uploads/${variant.slug}.jpg` },
    parent_name: variant.kind === undefined ? null : variant.title,
  };
}

/** Codes come in small letters, whatever was typed. */
function writeCoupon(code: string, { id, discount }: WooOrder, { currency }: ShopProfile) {
  return {
    id: id + 3,
    code: code.toLowerCase(),
    discount: writeAmount(discount, currency),
    discount_tax: writeAmount(0, currency),
    meta_data: [],
    discount_type: 'percent',
    nominal_amount: 10,
    free_shipping: false,
  };
}
