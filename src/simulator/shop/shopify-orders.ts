import { nameOf } from './goods.ts';
import {
  type Customer,
  currentMoney,
  type Order,
  type OrderLine,
  type Refund,
  refundedOf,
  SHIPPING,
  type ShopProfile,
  sumOf,
  totalOf,
} from './records.ts';
import { writeBillingAddress, writeCustomer, writeShippingAddress } from './shopify-people.ts';
import { moneyWriter, zoned } from './shopify-values.ts';

// The bodies of `orders/*` and `refunds/create`: field sets of API version 2026-07.

export type FinancialStatus = 'pending' | 'paid' | 'partially_refunded' | 'refunded' | 'voided';

export function financialStatus(order: Order): FinancialStatus {
  if (!order.paidAt) {
    return order.cancelledAt ? 'voided' : 'pending';
  }
  const back = refundedOf(order);
  return back === 0 ? 'paid' : back < totalOf(order) ? 'partially_refunded' : 'refunded';
}

export function writeOrder(order: Order, customer: Customer | undefined, profile: ShopProfile) {
  return {
    ...writeHead(order, profile),
    ...writeCurrentSums(order, profile),
    ...writeFirstSums(order, profile),
    ...writePlacing(order, profile),
    billing_address: writeBillingAddress(order.contact, profile),
    customer: customer ? writeCustomer(customer, profile) : null,
    discount_applications: [],
    fulfillments: writeFulfilments(order, profile),
    line_items: order.lines.map((line) => writeLine(line, order, profile)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => writeRefund(refund, order, profile)),
    shipping_address: writeShippingAddress(order.contact, profile),
    shipping_lines: [writeShipping(order, profile)],
    returns: [],
    line_item_groups: [],
  };
}

function writeHead(order: Order, { timeZone, locale, currency }: ShopProfile) {
  const { id, contact, cancelledAt } = order;
  const closed = cancelledAt ? zoned(cancelledAt, timeZone) : null;
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    app_id: 580_111,
    browser_ip: '203.0.113.24',
    buyer_accepts_marketing: false,
    cancel_reason: cancelledAt ? 'customer' : null,
    cancelled_at: closed,
    cart_token: order.cart,
    checkout_token: order.checkout,
    client_details: {
      accept_language: locale,
      browser_height: null,
      browser_ip: '203.0.113.24',
      browser_width: null,
      session_hash: null,
      user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)',
    },
    closed_at: closed,
    confirmation_number: `XJ${order.number}`,
    confirmed: true,
    contact_email: contact.email ?? null,
    created_at: zoned(order.createdAt, timeZone),
    currency,
    customer_locale: locale,
    device_id: null,
    email: contact.email ?? '',
    financial_status: financialStatus(order),
    fulfillment_status: order.fulfilledAt ? 'fulfilled' : null,
    name: `#${order.number}`,
    number: order.number - 1000,
    order_number: order.number,
    phone: contact.phone ?? null,
    processed_at: zoned(order.createdAt, timeZone),
    updated_at: zoned(order.updatedAt, timeZone),
    test: false,
  };
}

function writeCurrentSums(order: Order, { currency }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  const total = currentMoney(order);
  const goods = Math.max(0, Math.min(total, sumOf(order.lines) - order.discount));
  return {
    current_shipping_price_set: set(total - goods),
    current_subtotal_price: text(goods),
    current_subtotal_price_set: set(goods),
    current_total_additional_fees_set: null,
    current_total_discounts: text(order.discount),
    current_total_discounts_set: set(order.discount),
    current_total_duties_set: null,
    current_total_price: text(total),
    current_total_price_set: set(total),
    current_total_tax: text(0),
    current_total_tax_set: set(0),
  };
}

function writeFirstSums(order: Order, { currency }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  const goods = sumOf(order.lines);
  const total = totalOf(order);
  return {
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    presentment_currency: currency,
    subtotal_price: text(goods - order.discount),
    subtotal_price_set: set(goods - order.discount),
    total_cash_rounding_payment_adjustment_set: set(0),
    total_cash_rounding_refund_adjustment_set: set(0),
    total_discounts: text(order.discount),
    total_discounts_set: set(order.discount),
    total_line_items_price: text(goods),
    total_line_items_price_set: set(goods),
    total_outstanding: text(order.paidAt || order.cancelledAt ? 0 : total),
    total_price: text(total),
    total_price_set: set(total),
    total_shipping_price_set: set(SHIPPING),
    total_tax: text(0),
    total_tax_set: set(0),
    total_tip_received: text(0),
    total_weight: order.lines.reduce((sum, { variant, quantity }) => sum + variant.grams * quantity, 0),
  };
}

function writePlacing({ codes, discount, checkout }: Order, { currency, url }: ShopProfile) {
  const { text } = moneyWriter(currency);
  return {
    discount_codes: codes.map((code) => ({ code, amount: text(discount), type: 'percentage' })),
    duties_included: false,
    estimated_taxes: false,
    landing_site: '/',
    landing_site_ref: null,
    location_id: null,
    merchant_business_entity_id: 'NjY1NTQ0MzMyMjE',
    merchant_of_record_app_id: null,
    note: null,
    note_attributes: [],
    order_status_url: `${url}/66554433221/orders/${checkout}/authenticate?key=fedcba9876543210`,
    payment_gateway_names: ['shopify_payments'],
    po_number: null,
    reference: null,
    referring_site: '',
    source_identifier: null,
    source_name: 'web',
    source_url: null,
    tags: '',
    tax_exempt: false,
    tax_lines: [],
    taxes_included: false,
    token: checkout,
    user_id: null,
  };
}

function writeLine({ id, variant, quantity }: OrderLine, order: Order, { currency, name }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  const left = order.cancelledAt ? 0 : quantity;
  return {
    id,
    admin_graphql_api_id: `gid://shopify/LineItem/${id}`,
    attributed_staffs: [],
    current_quantity: left,
    fulfillable_quantity: order.fulfilledAt ? 0 : left,
    fulfillment_service: 'manual',
    fulfillment_status: order.fulfilledAt ? 'fulfilled' : null,
    gift_card: false,
    grams: variant.grams,
    name: nameOf(variant),
    price: text(variant.price),
    price_set: set(variant.price),
    product_exists: true,
    product_id: variant.productId,
    properties: [],
    quantity,
    requires_shipping: true,
    sales_line_item_group_id: null,
    sku: variant.sku,
    taxable: true,
    title: variant.title,
    total_discount: text(0),
    total_discount_set: set(0),
    variant_id: variant.id,
    variant_inventory_management: 'shopify',
    variant_title: variant.kind ?? null,
    vendor: name,
    tax_lines: [],
    duties: [],
    discount_allocations: [],
  };
}

function writeShipping({ id }: Order, { currency }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  return {
    id: id + 1,
    carrier_identifier: null,
    code: 'Standard',
    current_discounted_price_set: set(SHIPPING),
    discounted_price: text(SHIPPING),
    discounted_price_set: set(SHIPPING),
    is_removed: false,
    phone: null,
    price: text(SHIPPING),
    price_set: set(SHIPPING),
    requested_fulfillment_service_id: null,
    source: 'shopify',
    title: 'Standard',
    tax_lines: [],
    discount_allocations: [],
  };
}

function writeFulfilments({ id, number, fulfilledAt }: Order, { timeZone }: ShopProfile) {
  if (!fulfilledAt) {
    return [];
  }
  const at = zoned(fulfilledAt, timeZone);
  return [
    {
      id: id + 2,
      admin_graphql_api_id: `gid://shopify/Fulfillment/${id + 2}`,
      created_at: at,
      location_id: 66_554_433_001,
      name: `#${number}.1`,
      order_id: id,
      origin_address: {},
      receipt: {},
      service: 'manual',
      shipment_status: null,
      status: 'success',
      tracking_company: null,
      tracking_number: null,
      tracking_numbers: [],
      tracking_url: null,
      tracking_urls: [],
      updated_at: at,
      line_items: [],
    },
  ];
}

/** What was paid back stands in its transactions; a part of the price is of no line. */
export function writeRefund({ id, at, amount, note }: Refund, order: Order, { currency, timeZone }: ShopProfile) {
  const { text, set } = moneyWriter(currency);
  const when = zoned(at, timeZone);
  const nothing = { amount: text(0), currency };
  return {
    id,
    order_id: order.id,
    created_at: when,
    note,
    user_id: 88_990_011_223,
    processed_at: when,
    duties: [],
    total_duties_set: set(0),
    return: null,
    refund_shipping_lines: [],
    restock: true,
    admin_graphql_api_id: `gid://shopify/Refund/${id}`,
    order_adjustments: [],
    refund_line_items: [],
    transactions: [
      {
        id: id + 1,
        order_id: order.id,
        kind: 'refund',
        gateway: 'shopify_payments',
        status: 'success',
        message: 'Transaction approved',
        created_at: when,
        test: false,
        authorization: null,
        location_id: null,
        user_id: null,
        parent_id: id - 1,
        processed_at: when,
        device_id: null,
        error_code: null,
        source_name: 'web',
        receipt: {},
        amount: text(amount),
        currency,
        payment_id: `#${order.number}.1`,
        total_unsettled_set: { presentment_money: nothing, shop_money: nothing },
        manual_payment_gateway: false,
        amount_rounding: null,
        admin_graphql_api_id: `gid://shopify/OrderTransaction/${id + 1}`,
      },
    ],
  };
}
