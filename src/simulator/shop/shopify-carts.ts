import { nameOf } from './goods.ts';
import {
  type Cart,
  type CartLine,
  type Checkout,
  type Customer,
  SHIPPING,
  type ShopProfile,
  sumOf,
} from './records.ts';
import { writeBillingAddress, writeCustomer, writeShippingAddress } from './shopify-people.ts';
import { moneyWriter, zoned } from './shopify-values.ts';

// The bodies of `carts/*` and `checkouts/*`: field sets of API version 2026-07.

/** A cart says nothing of whose it is. */
export function writeCart({ token, lines, createdAt, updatedAt }: Cart, profile: ShopProfile) {
  return {
    id: token,
    token,
    line_items: lines.map((line) => writeCartLine(line, profile)),
    note: null,
    updated_at: updatedAt.toISOString(),
    created_at: createdAt.toISOString(),
  };
}

function writeCartLine({ variant, quantity }: CartLine, { currency, name }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  const { id, price } = variant;
  return {
    id,
    properties: null,
    quantity,
    variant_id: id,
    key: `${id}:3abdf474dce81d0025dd15b9a02ef6bf`,
    discounted_price: text(price),
    discounts: [],
    gift_card: false,
    grams: variant.grams,
    line_price: text(price * quantity),
    original_line_price: text(price * quantity),
    original_price: text(price),
    price: text(price),
    product_id: variant.productId,
    sku: variant.sku,
    taxable: true,
    title: nameOf(variant),
    total_discount: text(0),
    vendor: name,
    discounted_price_set: set(price),
    line_price_set: set(price * quantity),
    original_line_price_set: set(price * quantity),
    price_set: set(price),
    total_discount_set: set(0),
    parent_relationship: null,
  };
}

/** Addresses are there once the buyer has typed a name. */
export function writeCheckout(checkout: Checkout, customer: Customer | undefined, profile: ShopProfile) {
  const { contact, lines } = checkout;
  return {
    ...writeHead(checkout, profile),
    line_items: lines.map((line) => writeCheckoutLine(line, profile)),
    ...writeSums(checkout, profile),
    ...(customer ? { customer: writeCustomer(customer, profile) } : {}),
    ...(contact.firstName === ''
      ? {}
      : {
          billing_address: writeBillingAddress(contact, profile),
          shipping_address: writeShippingAddress(contact, profile),
        }),
  };
}

function writeHead(checkout: Checkout, { currency, timeZone, locale }: ShopProfile) {
  const { token, cart, contact, startedAt, updatedAt, completedAt, lines } = checkout;
  return {
    token,
    cart_token: cart,
    email: contact.email ?? null,
    gateway: null,
    buyer_accepts_marketing: false,
    created_at: zoned(startedAt, timeZone),
    updated_at: zoned(updatedAt, timeZone),
    landing_site: '/',
    note: null,
    note_attributes: [],
    referring_site: '',
    shipping_lines: [],
    taxes_included: false,
    total_weight: lines.reduce((sum, { variant, quantity }) => sum + variant.grams * quantity, 0),
    currency,
    completed_at: completedAt ? zoned(completedAt, timeZone) : null,
    closed_at: null,
    user_id: null,
    location_id: null,
    source_identifier: null,
    source_url: null,
    device_id: null,
    phone: contact.phone ?? null,
    customer_locale: locale,
  };
}

function writeSums({ lines, orderId, cart, token, contact }: Checkout, { currency, url, locale }: ShopProfile) {
  const { text } = moneyWriter(currency);
  const sum = sumOf(lines);
  return {
    name: `#${orderId}`,
    source: null,
    abandoned_checkout_url: `${url}/66554433221/checkouts/ac/${cart}/recover?key=${token}&locale=${locale}`,
    discount_codes: [],
    tax_lines: [],
    source_name: 'web',
    presentment_currency: currency,
    buyer_accepts_sms_marketing: false,
    sms_marketing_phone: null,
    total_discounts: text(0),
    total_line_items_price: text(sum),
    total_price: text(contact.firstName === '' ? sum : sum + SHIPPING),
    total_tax: text(0),
    subtotal_price: text(sum),
    total_duties: null,
    reservation_token: null,
  };
}

function writeCheckoutLine({ variant, quantity }: CartLine, { currency, name }: ShopProfile) {
  const { text } = moneyWriter(currency);
  return {
    applied_discounts: [],
    discount_allocations: [],
    key: String(variant.id),
    destination_location_id: null,
    fulfillment_service: 'manual',
    gift_card: false,
    grams: variant.grams,
    origin_location_id: 4_400_112_233_445,
    presentment_title: variant.title,
    presentment_variant_title: variant.kind ?? '',
    product_id: variant.productId,
    properties: null,
    quantity,
    requires_shipping: true,
    sku: variant.sku,
    tax_lines: [],
    taxable: true,
    title: variant.title,
    variant_id: variant.id,
    variant_title: variant.kind ?? '',
    variant_price: text(variant.price),
    vendor: name,
    user_id: null,
    unit_price_measurement: {
      measured_type: null,
      quantity_value: null,
      quantity_unit: null,
      reference_value: null,
      reference_unit: null,
    },
    rank: null,
    compare_at_price: null,
    line_price: text(variant.price * quantity),
    price: text(variant.price),
  };
}
