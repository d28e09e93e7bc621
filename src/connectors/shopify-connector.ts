import type { z } from 'zod';
import type { Log } from '../lib/log.ts';
import type { Answer, Connector, ShopCustomer, Trouble } from '../shop/connector.ts';
import type { ShopReport } from '../shop/report.ts';
import type { ShopifyClient } from './shopify-client.ts';
import {
  createWebhook,
  customersByPhone,
  findOrders,
  listWebhooks,
  ordersByPhone,
  shopAndScopes,
  shopifyOrder,
} from './shopify-operations.ts';
import { readShopifyWebhook } from './shopify-webhook.ts';

/** Points for the dearest page: about 40 an order, 1,000 at most. */
const PAGE = 20;
/** So many newest orders of one person are enough to know whether one of them counts. */
const NEWEST = 5;
/** More subscriptions than one app can have. */
const WEBHOOKS = 250;

const neededScopes: readonly string[] = ['read_orders', 'read_customers'];

/** What is subscribed to (facts/commerce §1.3), the most important first. */
export const shopifyTopics: readonly string[] = [
  'ORDERS_CREATE',
  'ORDERS_PAID',
  'ORDERS_FULFILLED',
  'ORDERS_CANCELLED',
  'REFUNDS_CREATE',
  'CHECKOUTS_CREATE',
  'CHECKOUTS_UPDATE',
  'CARTS_CREATE',
  'CARTS_UPDATE',
  'CUSTOMERS_UPDATE',
  'CUSTOMERS_WHATS_APP_MARKETING_CONSENT_UPDATE',
  'APP_UNINSTALLED',
];

export function makeShopifyConnector({
  client,
  country,
  log,
}: {
  readonly client: ShopifyClient;
  /** ISO code of the shop's country, for numbers without a country code. */
  readonly country: () => Promise<string | undefined>;
  readonly log: Log;
}): Connector {
  return {
    source: 'shopify',
    inspect: (stop) => inspect(client, stop),
    async changedOrders(since, page, stop) {
      const search = `updated_at:>='${since.toISOString()}'`;
      const answer = await client.run(findOrders, { search, first: PAGE, after: page ?? null }, stop);
      if (!answer.ok) {
        return answer;
      }
      const { nodes, pageInfo } = answer.value.orders;
      const { reports, unreadable } = readOrders(nodes, await country());
      if (unreadable > 0) {
        log.warn({ unreadable }, 'Orders of Shopify could not be read and are left out');
      }
      const instants = reports.map(({ at }) => Number(at));
      const toldUntil = instants.length > 0 ? new Date(Math.max(...instants)) : undefined;
      return {
        ok: true,
        value: { reports, toldUntil, next: (pageInfo.hasNextPage && pageInfo.endCursor) || undefined },
      };
    },
    async ordersOf(person, { since }, stop) {
      const found = await findOrdersOf(client, person, since, stop);
      if (!found.ok) {
        return found;
      }
      const { reports, unreadable } = readOrders(found.value, await country());
      return unreadable > 0
        ? { ok: false, trouble: { kind: 'failing', detail: 'an order that cannot be read' } }
        : { ok: true, value: reports };
    },
    subscribe: (address, stop) => subscribe(client, address, stop),
  };
}

async function inspect(client: ShopifyClient, stop: AbortSignal) {
  const answer = await client.run(shopAndScopes, {}, stop);
  if (!answer.ok) {
    return answer;
  }
  const { shop, currentAppInstallation } = answer.value;
  const scopes = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  // Who may write may read as well.
  const missing = neededScopes.find(
    (scope) => !scopes.includes(scope) && !scopes.includes(scope.replace('read_', 'write_')),
  );
  if (missing) {
    return { ok: false, trouble: { kind: 'forbidden', detail: missing } } as const;
  }
  const profile = {
    name: shop.name,
    timeZone: shop.ianaTimezone ?? undefined,
    currency: shop.currencyCode ?? undefined,
    country: shop.shopAddress?.countryCodeV2 ?? undefined,
  };
  return { ok: true, value: profile } as const;
}

/** All ways to a person's orders; each finds what the others do not (facts/commerce §1.6). An order may come more than once. */
async function findOrdersOf(
  client: ShopifyClient,
  { phones, emails, customerIds }: ShopCustomer,
  since: Date,
  stop: AbortSignal,
): Promise<Answer<readonly unknown[]>> {
  const search = `created_at:>='${since.toISOString()}'`;
  const found: unknown[] = [];
  for (const phone of phones) {
    const own = await client.run(ordersByPhone, { phone, search, first: NEWEST }, stop);
    if (!own.ok) {
      return own;
    }
    const any = await client.run(customersByPhone, { customers: `phone:${phone}`, search, first: NEWEST }, stop);
    if (!any.ok) {
      return any;
    }
    found.push(...(own.value.customerByIdentifier?.orders.nodes ?? []));
    found.push(...any.value.customers.nodes.flatMap(({ orders }) => orders.nodes));
  }
  for (const name of [
    ...customerIds.filter(isPlain).map((id) => `customer_id:${id}`),
    ...emails.filter(isPlain).map((email) => `email:'${email}'`),
  ]) {
    const named = await client.run(findOrders, { search: `${search} AND ${name}`, first: NEWEST, after: null }, stop);
    if (!named.ok) {
      return named;
    }
    found.push(...named.value.orders.nodes);
  }
  return { ok: true, value: found };
}

/** What means something in Shopify's language of searches stands in no id, and in hardly any mail address. */
function isPlain(name: string): boolean {
  return !/[\s'"\\:()]/.test(name);
}

async function subscribe(
  client: ShopifyClient,
  address: string,
  stop: AbortSignal,
): Promise<Answer<readonly string[]>> {
  const list = await client.run(listWebhooks, { first: WEBHOOKS }, stop);
  if (!list.ok) {
    return list;
  }
  const there = list.value.webhookSubscriptions.nodes.filter(({ uri }) => uri === address).map(({ topic }) => topic);
  const added: string[] = [];
  let trouble: Trouble | undefined;
  for (const topic of shopifyTopics.filter((one) => !there.includes(one))) {
    const answer = await client.run(createWebhook, { topic, webhook: { uri: address, format: 'JSON' } }, stop);
    const problem = answer.ok ? answer.value.webhookSubscriptionCreate?.userErrors[0]?.message : undefined;
    if (!answer.ok) {
      trouble ??= answer.trouble;
    } else if (problem !== undefined && !/already been taken/i.test(problem)) {
      trouble ??= { kind: 'unsubscribed', detail: problem.slice(0, 200) };
    } else {
      added.push(topic);
    }
  }
  return trouble ? { ok: false, trouble } : { ok: true, value: added };
}

/** Orders in the words of the webhooks, so that both are read by the same lines. Each once. */
function readOrders(
  nodes: readonly unknown[],
  country: string | undefined,
): { readonly reports: readonly ShopReport[]; readonly unreadable: number } {
  const byId = new Map<string, readonly ShopReport[]>();
  let unreadable = 0;
  for (const node of nodes) {
    try {
      const order = shopifyOrder.parse(node);
      const delivery = { topic: 'orders/updated', triggeredAt: new Date(order.updatedAt), country };
      byId.set(order.id, readShopifyWebhook(asWebhookBody(order), delivery));
    } catch {
      unreadable += 1;
    }
  }
  return { reports: [...byId.values()].flat(), unreadable };
}

function asWebhookBody(order: z.infer<typeof shopifyOrder>) {
  const { customer, currentTotalPriceSet: total } = order;
  return {
    admin_graphql_api_id: order.id,
    name: order.name,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    test: order.test,
    financial_status: order.displayFinancialStatus?.toLowerCase(),
    fulfillment_status: order.displayFulfillmentStatus?.toLowerCase(),
    fulfillments: order.fulfillments?.map(({ createdAt }) => ({ created_at: createdAt })),
    cart_token: order.cartToken,
    checkout_token: order.checkoutToken,
    discount_codes: order.discountCodes?.map((code) => ({ code })),
    current_total_price: total?.shopMoney.amount,
    currency: total?.shopMoney.currencyCode,
    email: order.email,
    phone: order.phone,
    customer_locale: order.customerLocale,
    customer: customer && {
      id: numberOf(customer.id),
      first_name: customer.firstName,
      last_name: customer.lastName,
      email: customer.defaultEmailAddress?.emailAddress,
      phone: customer.defaultPhoneNumber?.phoneNumber,
    },
    billing_address: asWebhookAddress(order.billingAddress),
    shipping_address: asWebhookAddress(order.shippingAddress),
    line_items: (order.lineItems?.nodes ?? []).map(({ title, variantTitle, quantity, sku, product, variant }) => ({
      title,
      // What has no variants has one of this name.
      variant_title: variantTitle === 'Default Title' ? undefined : variantTitle,
      quantity,
      sku,
      product_id: product && numberOf(product.id),
      variant_id: variant && numberOf(variant.id),
    })),
  };
}

function asWebhookAddress(address: z.infer<typeof shopifyOrder>['billingAddress']) {
  return (
    address && {
      first_name: address.firstName,
      last_name: address.lastName,
      country_code: address.countryCodeV2,
      phone: address.phone,
    }
  );
}

/** `gid://shopify/Customer/7890123456789` → `7890123456789` */
function numberOf(globalId: string): string {
  return globalId.slice(globalId.lastIndexOf('/') + 1);
}
