import { readAmount, type WhatsAppConsent } from './records.ts';
import { type Asking, needScope } from './shopify-asking.ts';
import { answerDiscount, answerSubscription } from './shopify-discounts.ts';
import { answerPhone } from './shopify-nodes.ts';

interface DiscountInput {
  readonly title?: string;
  readonly code?: string;
  readonly startsAt?: string;
  readonly endsAt?: string | null;
  readonly usageLimit?: number;
  readonly appliesOncePerCustomer?: boolean;
  readonly customerGets?: {
    readonly value?: { readonly percentage?: number; readonly discountAmount?: { readonly amount?: string } };
  };
}

interface ConsentInput {
  readonly customerId: string;
  readonly whatsAppMarketingConsent: { readonly state: string };
}

/** More codes in one question are refused (facts/commerce §1.6). */
const MOST_CODES = 250;

/** What an app may change at a Shopify shop. */
export function changeShop(asking: Asking) {
  return {
    discountCodeBasicCreate: ({ basicCodeDiscount }: { basicCodeDiscount: DiscountInput }) =>
      createDiscount(basicCodeDiscount, asking),
    discountRedeemCodeBulkAdd: (input: { discountId: string; codes: readonly { code: string }[] }) =>
      addCodes(input.discountId, input.codes, asking),
    customerWhatsAppMarketingConsentUpdate: ({ input }: { input: ConsentInput }) => updateConsent(input, asking),
    webhookSubscriptionCreate: (input: {
      topic: string;
      webhookSubscription: { uri?: string; callbackUrl?: string };
    }) =>
      createSubscription(input.topic, input.webhookSubscription.uri ?? input.webhookSubscription.callbackUrl, asking),
  };
}

function createDiscount(input: DiscountInput, asking: Asking) {
  needScope(asking, 'write_discounts', 'discountCodeBasicCreate');
  const { shop } = asking;
  const { code = '', title = '', startsAt, endsAt, customerGets } = input;
  if (code === '' || title === '' || startsAt === undefined) {
    const field = code === '' ? 'code' : title === '' ? 'title' : 'startsAt';
    return {
      codeDiscountNode: null,
      userErrors: [problem(['basicCodeDiscount', field], 'BLANK', `${field} can't be blank`)],
    };
  }
  if (shop.discounts.has(code.toUpperCase())) {
    const taken = problem(['basicCodeDiscount', 'code'], 'TAKEN', 'Code must be unique. Please try a different code.');
    return { codeDiscountNode: null, userErrors: [taken] };
  }
  const { percentage, discountAmount } = customerGets?.value ?? {};
  const amount = discountAmount?.amount;
  shop.discounts.set(code.toUpperCase(), {
    id: shop.ids.number(),
    title,
    code,
    share: percentage,
    amount: amount === undefined ? undefined : readAmount(amount, shop.profile.currency),
    startsAt: new Date(startsAt),
    endsAt: endsAt ? new Date(endsAt) : undefined,
    usageLimit: input.usageLimit,
    oncePerCustomer: input.appliesOncePerCustomer ?? false,
  });
  return { codeDiscountNode: answerDiscount(code, shop), userErrors: [] };
}

function addCodes(discountId: string, codes: readonly { readonly code: string }[], asking: Asking) {
  needScope(asking, 'write_discounts', 'discountRedeemCodeBulkAdd');
  const { discounts, ids } = asking.shop;
  const parent = [...discounts.values()].find(({ id }) => discountId === `gid://shopify/DiscountCodeNode/${id}`);
  if (!parent || codes.length > MOST_CODES) {
    const error = parent
      ? problem(['codes'], 'TOO_MANY_ARGUMENTS', `The maximum number of codes is ${MOST_CODES}`)
      : problem(['discountId'], 'INVALID', 'Code discount does not exist.');
    return { bulkCreation: null, userErrors: [error] };
  }
  const fresh = codes.filter(({ code }) => !discounts.has(code.toUpperCase()));
  for (const { code } of fresh) {
    discounts.set(code.toUpperCase(), { ...parent, code });
  }
  return {
    bulkCreation: {
      id: `gid://shopify/DiscountRedeemCodeBulkCreation/${ids.number()}`,
      done: true,
      codesCount: codes.length,
      failedCount: codes.length - fresh.length,
    },
    userErrors: [],
  };
}

const mayBeSet: Readonly<Record<string, WhatsAppConsent['state']>> = {
  SUBSCRIBED: 'subscribed',
  UNSUBSCRIBED: 'unsubscribed',
  PENDING: 'pending',
};

function updateConsent({ customerId, whatsAppMarketingConsent }: ConsentInput, asking: Asking) {
  needScope(asking, 'write_customers', 'customerWhatsAppMarketingConsentUpdate');
  const { shop } = asking;
  const customer = [...shop.customers.values()].find(({ id }) => customerId === `gid://shopify/Customer/${id}`);
  const state = mayBeSet[whatsAppMarketingConsent.state];
  if (!customer?.phone || !state) {
    const field = customer?.phone ? 'whatsAppMarketingConsent' : 'customerId';
    return { customerPhoneNumber: null, userErrors: [problem(['input', field], 'INVALID', `${field} is invalid`)] };
  }
  const changed = shop.setConsent(customer.id, state, 'OTHER');
  return { customerPhoneNumber: answerPhone(changed, asking), userErrors: [] };
}

function createSubscription(topic: string, target: string | undefined, { shop, desk }: Asking) {
  if (!target || !/^https:|^http:\/\/127\.0\.0\.1[:/]/.test(target)) {
    return {
      webhookSubscription: null,
      userErrors: [{ field: ['webhookSubscription', 'uri'], message: 'Address is invalid' }],
    };
  }
  const name = topicName(topic);
  if (desk.subscriptions.some((one) => one.madeBy === 'api' && one.topic === name && one.target === target)) {
    const message = 'Address for this topic has already been taken';
    return { webhookSubscription: null, userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }] };
  }
  const secret = shop.profile.webhookSecret;
  const subscription = { id: shop.ids.number(), topic: name, target, secret, madeBy: 'api' } as const;
  desk.subscribe(subscription);
  return { webhookSubscription: answerSubscription(subscription), userErrors: [] };
}

/** `ORDERS_PARTIALLY_FULFILLED` → `orders/partially_fulfilled`: the thing, which may have several words, and what happened to it. */
function topicName(topic: string): string {
  const words = topic.toLowerCase();
  const things = ['customers_whats_app_marketing_consent', 'customers_marketing_consent'];
  const thing = things.find((one) => words.startsWith(`${one}_`)) ?? words.split('_')[0] ?? '';
  return `${thing}/${words.slice(thing.length + 1)}`;
}

function problem(field: readonly string[], code: string, message: string) {
  return { field, code, message, extraInfo: null };
}
