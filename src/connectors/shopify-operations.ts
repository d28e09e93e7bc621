import { z } from 'zod';

// What is asked of Shopify's Admin API, in its own language; checked against its schema in `shopify-operations.test.ts`.
// An order costs Shopify's points for each object in it, and a question may cost 1,000: hence the short pages and lists.

export interface ShopifyOperation<Shape extends z.ZodType = z.ZodType> {
  readonly text: string;
  readonly answer: Shape;
  /** Changes something: never asked twice where the first may have been carried out. */
  readonly changes: boolean;
}

const ORDER_FIELDS = `
fragment OrderFields on Order {
  id name createdAt updatedAt cancelledAt test
  displayFinancialStatus displayFulfillmentStatus
  fulfillments(first: 5) { createdAt }
  email phone customerLocale cartToken checkoutToken discountCodes
  currentTotalPriceSet { shopMoney { amount currencyCode } }
  customer { id firstName lastName defaultPhoneNumber { phoneNumber } defaultEmailAddress { emailAddress } }
  billingAddress { firstName lastName phone countryCodeV2 }
  shippingAddress { firstName lastName phone countryCodeV2 }
  lineItems(first: 10) { nodes { title variantTitle quantity sku product { id } variant { id } } }
}`;

const maybe = z.string().nullish();
const address = z.object({ firstName: maybe, lastName: maybe, phone: maybe, countryCodeV2: maybe }).nullish();
const thing = z.object({ id: z.string() }).nullish();

/** An order as `OrderFields` has it. What Shopify does not let this app see is null. */
export const shopifyOrder = z.object({
  id: z.string(),
  name: maybe,
  createdAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: maybe,
  test: z.boolean(),
  displayFinancialStatus: maybe,
  displayFulfillmentStatus: maybe,
  fulfillments: z.array(z.object({ createdAt: z.string() })).nullish(),
  email: maybe,
  phone: maybe,
  customerLocale: maybe,
  cartToken: maybe,
  checkoutToken: maybe,
  discountCodes: z.array(z.string()).nullish(),
  currentTotalPriceSet: z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) }).nullish(),
  customer: z
    .object({
      id: z.string(),
      firstName: maybe,
      lastName: maybe,
      defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullish(),
      defaultEmailAddress: z.object({ emailAddress: z.string() }).nullish(),
    })
    .nullish(),
  billingAddress: address,
  shippingAddress: address,
  lineItems: z
    .object({
      nodes: z.array(
        z.object({
          title: z.string(),
          variantTitle: maybe,
          quantity: z.number(),
          sku: maybe,
          product: thing,
          variant: thing,
        }),
      ),
    })
    .nullish(),
});

/** Each is read by itself, so that one that cannot be read does not hide the others. */
const orderNodes = z.object({ nodes: z.array(z.unknown()) });

const userErrors = z.array(z.object({ message: z.string() }));

function operation<Shape extends z.ZodType>(text: string, answer: Shape, changes = false): ShopifyOperation<Shape> {
  return { text: text.trim(), answer, changes };
}

/** Orders that fit a search (facts/commerce §1.6), the oldest change first. There is no filter by phone. */
export const findOrders = operation(
  `query FindOrders($search: String!, $first: Int!, $after: String) {
  orders(first: $first, after: $after, sortKey: UPDATED_AT, query: $search) {
    nodes { ...OrderFields }
    pageInfo { hasNextPage endCursor }
  }
}${ORDER_FIELDS}`,
  z.object({
    orders: orderNodes.extend({ pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: maybe }) }),
  }),
);

/** The newest orders of the customer whose own number this is. */
export const ordersByPhone = operation(
  `query OrdersByPhone($phone: String!, $search: String!, $first: Int!) {
  customerByIdentifier(identifier: { phoneNumber: $phone }) {
    orders(first: $first, sortKey: CREATED_AT, reverse: true, query: $search) { nodes { ...OrderFields } }
  }
}${ORDER_FIELDS}`,
  z.object({ customerByIdentifier: z.object({ orders: orderNodes }).nullish() }),
);

/** The newest orders of all customers that have this number anywhere. */
export const customersByPhone = operation(
  `query CustomersByPhone($customers: String!, $search: String!, $first: Int!) {
  customers(first: 3, query: $customers) {
    nodes {
      orders(first: $first, sortKey: CREATED_AT, reverse: true, query: $search) { nodes { ...OrderFields } }
    }
  }
}${ORDER_FIELDS}`,
  z.object({ customers: z.object({ nodes: z.array(z.object({ orders: orderNodes })) }) }),
);

export const shopAndScopes = operation(
  `query ShopAndScopes {
  shop { name currencyCode ianaTimezone shopAddress { countryCodeV2 } }
  currentAppInstallation { accessScopes { handle } }
}`,
  z.object({
    shop: z.object({
      name: z.string(),
      currencyCode: maybe,
      ianaTimezone: maybe,
      shopAddress: z.object({ countryCodeV2: maybe }).nullish(),
    }),
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
  }),
);

export const listWebhooks = operation(
  `query ListWebhooks($first: Int!) {
  webhookSubscriptions(first: $first) { nodes { topic uri } }
}`,
  z.object({ webhookSubscriptions: z.object({ nodes: z.array(z.object({ topic: z.string(), uri: z.string() })) }) }),
);

export const createWebhook = operation(
  `mutation CreateWebhook($topic: WebhookSubscriptionTopic!, $webhook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhook) {
    webhookSubscription { id }
    userErrors { message }
  }
}`,
  z.object({ webhookSubscriptionCreate: z.object({ userErrors }).nullish() }),
  true,
);
