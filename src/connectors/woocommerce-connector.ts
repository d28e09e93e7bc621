import { z } from 'zod';
import { matchKey } from '../contacts/phone.ts';
import type { Log } from '../lib/log.ts';
import { later, seconds } from '../lib/time.ts';
import type { Answer, Connector, OrderPage, ShopCustomer } from '../shop/connector.ts';
import type { ShopPerson, ShopReport } from '../shop/report.ts';
import type { HttpOutcome } from './shop-http.ts';
import type { WooCommerceClient } from './woocommerce-client.ts';
import { readWooCommerceWebhook } from './woocommerce-webhook.ts';

/** As many as it gives at once. */
const PAGE = 100;
/** Who has more orders than on so many pages is not looked through for one person. */
const MOST_PAGES = 20;

/** No cart is ever reported (facts/commerce §2). */
const topics: readonly string[] = ['order.created', 'order.updated'];

export function makeWooCommerceConnector(parts: {
  readonly client: WooCommerceClient;
  /** How the shop is called as long as nobody has named it. */
  readonly host: string;
  /** Signs what it reports. */
  readonly webhookSecret: string | undefined;
  /** ISO code of the shop's country, for numbers without a country code. */
  readonly country: () => Promise<string | undefined>;
  readonly log: Log;
}): Connector {
  const { client, country, log } = parts;
  return {
    source: 'woocommerce',
    async inspect(stop) {
      const answer = await client.get('/orders', { per_page: '1' }, stop);
      const profile = { name: parts.host, timeZone: undefined, currency: undefined, country: undefined };
      return answer.ok ? { ok: true, value: profile } : refuse(answer);
    },
    changedOrders: async (since, page, stop) =>
      changedOrders(client, { since, page, country: await country(), log }, stop),
    ordersOf: async (person, span, stop) => ordersOf(client, { person, span, country: await country() }, stop),
    subscribe: (address, stop) => subscribe(client, { address, secret: parts.webhookSecret }, stop),
  };
}

function refuse({ trouble }: Extract<HttpOutcome, { ok: false }>): Extract<Answer<never>, { ok: false }> {
  return { ok: false, trouble };
}

/** One page of a list of orders. */
interface Listed {
  /** What each order tells. */
  readonly orders: readonly (readonly ShopReport[])[];
  readonly unreadable: number;
  /** Of all pages together, as far as it says so. */
  readonly total: number | undefined;
  readonly isLast: boolean;
}

interface List {
  readonly query: Readonly<Record<string, string>>;
  readonly page: number;
  readonly country: string | undefined;
}

async function listOrders(
  client: WooCommerceClient,
  { query, page, country }: List,
  stop: AbortSignal,
): Promise<Answer<Listed>> {
  // Sorted by creation, because not every version can sort by change.
  const sorted = { ...query, dates_are_gmt: 'true', orderby: 'date', order: 'asc' };
  const answer = await client.get('/orders', { ...sorted, per_page: String(PAGE), page: String(page) }, stop);
  if (!answer.ok) {
    return refuse(answer);
  }
  const { body, headers } = answer.value;
  if (!Array.isArray(body)) {
    return { ok: false, trouble: { kind: 'failing', detail: 'an answer of another shape' } };
  }
  const pages = readCount(headers.get('x-wp-totalpages'));
  const isLast = pages === undefined ? body.length < PAGE : page >= pages;
  return { ok: true, value: { ...readOrders(body, country), total: readCount(headers.get('x-wp-total')), isLast } };
}

function readCount(written: string | null): number | undefined {
  return written !== null && /^\d+$/.test(written) ? Number(written) : undefined;
}

/** In UTC, and without saying so. One second earlier: what it takes to be later than is not among the answers. */
function justBefore(instant: Date): string {
  return later(instant, -seconds(1)).toISOString().slice(0, 19);
}

/** Between two pages: how many orders there were at first, and the latest change so far. */
const bookmarkShape = z.object({ page: z.number(), total: z.number().optional(), latest: z.number() });

/**
 * An order that changes meanwhile stays among them. One that is deleted moves all behind it up, past the end of the page before: then the
 * pages begin anew.
 */
async function changedOrders(
  client: WooCommerceClient,
  { since, page: mark, country, log }: { since: Date; page: string | undefined; country: string | undefined; log: Log },
  stop: AbortSignal,
): Promise<Answer<OrderPage>> {
  const before = mark === undefined ? { page: 1, latest: 0 } : bookmarkShape.parse(JSON.parse(mark));
  const list = { query: { modified_after: justBefore(since) }, page: before.page, country };
  const answer = await listOrders(client, list, stop);
  if (!answer.ok) {
    return answer;
  }
  const { orders, unreadable, total, isLast } = answer.value;
  if (unreadable > 0) {
    log.warn({ unreadable }, 'Orders of WooCommerce could not be read and are left out');
  }
  const reports = orders.flat();
  const latest = Math.max(before.latest, ...reports.map(({ at }) => Number(at)));
  if (isLast && !hasShrunk(before.total, total)) {
    return { ok: true, value: { reports, toldUntil: latest > 0 ? new Date(latest) : undefined, next: undefined } };
  }
  const page = hasShrunk(before.total, total) ? 1 : before.page + 1;
  return { ok: true, value: { reports, toldUntil: undefined, next: JSON.stringify({ page, total, latest }) } };
}

function hasShrunk(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && now < before;
}

interface Span {
  readonly since: Date;
  readonly knownFrom: Date | undefined;
}

/** Customers and mail addresses can be searched for; phones stand there as they were typed, so all orders are looked through. */
async function ordersOf(
  client: WooCommerceClient,
  { person, span, country }: { person: ShopCustomer; span: Span; country: string | undefined },
  stop: AbortSignal,
): Promise<Answer<readonly ShopReport[]>> {
  const isMeant = makeRecognition(person);
  const found = new Map<string, readonly ShopReport[]>();
  for (const query of searchesFor(person, span)) {
    const orders = await listAll(client, { query, country }, stop);
    if (!orders.ok) {
      return orders;
    }
    for (const reports of orders.value) {
      const [order] = reports;
      if (order?.kind === 'order' && isMeant(order.person)) {
        found.set(order.order, reports);
      }
    }
  }
  return { ok: true, value: [...found.values()].flat() };
}

function searchesFor(
  { customerIds, emails }: ShopCustomer,
  { since, knownFrom }: Span,
): Readonly<Record<string, string>>[] {
  const created = { after: justBefore(since) };
  const named = [
    ...customerIds.map((customer) => ({ ...created, customer })),
    ...emails.map((search) => ({ ...created, search })),
  ];
  if (knownFrom === undefined) {
    return [...named, created];
  }
  return knownFrom > since ? [...named, { ...created, before: justBefore(later(knownFrom, seconds(2))) }] : named;
}

/** What each order of a list tells; trouble where one might be missing. */
async function listAll(
  client: WooCommerceClient,
  list: Omit<List, 'page'>,
  stop: AbortSignal,
): Promise<Answer<readonly (readonly ShopReport[])[]>> {
  const orders: (readonly ShopReport[])[] = [];
  let total: number | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await listOrders(client, { ...list, page }, stop);
    if (!answer.ok) {
      return answer;
    }
    if (answer.value.unreadable > 0 || hasShrunk(total, answer.value.total)) {
      return { ok: false, trouble: { kind: 'failing', detail: 'an order that cannot be read' } };
    }
    orders.push(...answer.value.orders);
    total = answer.value.total;
    if (answer.value.isLast) {
      return { ok: true, value: orders };
    }
  }
  return { ok: false, trouble: { kind: 'busy', detail: 'too many orders to look through' } };
}

function makeRecognition({ phones, emails, customerIds }: ShopCustomer): (person: ShopPerson) => boolean {
  const keys = new Set(phones.map(matchKey));
  const addresses = new Set(emails.map((email) => email.toLowerCase()));
  return ({ phone, email, customerId }) =>
    (phone !== undefined && keys.has(matchKey(phone))) ||
    (email !== undefined && addresses.has(email.toLowerCase())) ||
    (customerId !== undefined && customerIds.includes(customerId));
}

function readOrders(body: readonly unknown[], country: string | undefined): Pick<Listed, 'orders' | 'unreadable'> {
  const orders: (readonly ShopReport[])[] = [];
  let unreadable = 0;
  for (const order of body) {
    try {
      orders.push(readWooCommerceWebhook(order, { topic: 'order.updated', country }));
    } catch {
      unreadable += 1;
    }
  }
  return { orders, unreadable };
}

const webhooksShape = z.array(
  z.object({ id: z.union([z.number(), z.string()]), topic: z.string(), delivery_url: z.string(), status: z.string() }),
);

/** One that the shop has switched off, after too many failures in a row, is switched on again. */
async function subscribe(
  client: WooCommerceClient,
  { address, secret }: { readonly address: string; readonly secret: string | undefined },
  stop: AbortSignal,
): Promise<Answer<readonly string[]>> {
  const list = await client.get('/webhooks', { per_page: '100', status: 'all' }, stop);
  if (!list.ok) {
    return refuse(list);
  }
  const webhooks = webhooksShape.safeParse(list.value.body);
  if (!webhooks.success) {
    return { ok: false, trouble: { kind: 'failing', detail: 'an answer of another shape' } };
  }
  const added: string[] = [];
  for (const topic of topics) {
    const there = webhooks.data.filter((one) => one.topic === topic && one.delivery_url === address);
    if (there.some(({ status }) => status === 'active')) {
      continue;
    }
    const [sleeping] = there;
    const made = sleeping
      ? await client.send('PUT', `/webhooks/${sleeping.id}`, { status: 'active', secret }, stop)
      : await client.send(
          'POST',
          '/webhooks',
          { name: `Shopbell ${topic}`, topic, delivery_url: address, secret },
          stop,
        );
    if (!made.ok) {
      return refuseChange(made);
    }
    added.push(topic);
  }
  return { ok: true, value: added };
}

/** It says “not logged in” to a key that was let in a moment ago and only may not write. */
function refuseChange(outcome: Extract<HttpOutcome, { ok: false }>): Extract<Answer<never>, { ok: false }> {
  const { status } = outcome;
  return status === 401 || status === 403
    ? { ok: false, trouble: { kind: 'forbidden', detail: 'Read/Write' } }
    : refuse(outcome);
}
