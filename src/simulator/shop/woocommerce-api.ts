import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { ApiTroubles } from './api-trouble.ts';
import type { DeliveryDesk, Subscription } from './delivery-desk.ts';
import { post } from './post.ts';
import { readAmount } from './records.ts';
import type { SimulatedShop } from './simulated-shop.ts';
import { wooCommerceRule, writePing } from './woocommerce-news.ts';
import { findDraft, statusOf, type WooOrder, writeWooOrder } from './woocommerce-orders.ts';

interface WooCommerceApiParts {
  readonly shop: SimulatedShop;
  readonly desk: DeliveryDesk;
  readonly key: string;
  readonly secret: string;
}

const BASE = '/wp-json/wc/v3';

/** The REST API of a WooCommerce shop: orders, webhooks and coupons. */
export class WooCommerceApi {
  readonly app = new Hono<{ Bindings: HttpBindings }>();
  readonly troubles = new ApiTroubles();
  readonly #parts: WooCommerceApiParts;

  constructor(parts: WooCommerceApiParts) {
    this.#parts = parts;
    this.app.use(this.troubles.stand);
    this.app.use(async (context, next) => (this.#letsIn(context) ? next() : refuse(context)));
    this.app.get(`${BASE}/orders`, (context) => this.#listOrders(context));
    this.app.get(`${BASE}/webhooks`, (context) => context.json(this.#webhooks().map((one) => this.#write(one))));
    this.app.post(`${BASE}/webhooks`, (context) => this.#createWebhook(context));
    this.app.post(`${BASE}/coupons`, (context) => this.#createCoupon(context));
  }

  #letsIn(context: Context): boolean {
    const { key, secret, shop } = this.#parts;
    const right = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
    return shop.isInstalled && context.req.header('Authorization') === right;
  }

  #listOrders(context: Context): Response {
    const { shop } = this.#parts;
    const query = context.req.query();
    const perPage = Number(query['per_page'] ?? 10);
    if (!(perPage >= 1 && perPage <= 100)) {
      return context.json(
        { code: 'rest_invalid_param', message: 'Invalid parameter(s): per_page', data: { status: 400 } },
        400,
      );
    }
    const page = Number(query['page'] ?? 1);
    const drafts = [...shop.checkouts.values()].flatMap(({ orderId }) => findDraft(shop, orderId) ?? []);
    const found = sort(
      [...shop.orders.values(), ...drafts].filter((order) => isWanted(order, query)),
      query,
    );
    context.header('X-WP-Total', String(found.length));
    context.header('X-WP-TotalPages', String(Math.ceil(found.length / perPage)));
    const shown = found.slice((page - 1) * perPage, page * perPage);
    return context.json(shown.map((order) => writeWooOrder(order, shop.profile)));
  }

  #webhooks(): readonly Subscription[] {
    return this.#parts.desk.subscriptions.filter(({ madeBy }) => madeBy === 'api');
  }

  async #createWebhook(context: Context): Promise<Response> {
    const { shop, desk } = this.#parts;
    const given = (await context.req.json()) as { topic?: string; delivery_url?: string; secret?: string };
    if (!given.topic || !given.delivery_url) {
      return context.json(
        { code: 'woocommerce_rest_webhook_invalid', message: 'Webhook topic and delivery URL are required.' },
        400,
      );
    }
    const subscription: Subscription = {
      id: shop.ids.number(),
      topic: given.topic,
      target: given.delivery_url,
      secret: given.secret ?? '',
      madeBy: 'api',
    };
    const ping = writePing(subscription.id);
    const { answerWithin } = wooCommerceRule;
    // It has to be answered with this and nothing else (facts/commerce §2).
    const isHeard = (await post({ target: subscription.target, ...ping, answerWithin })) === 200;
    if (isHeard) {
      desk.subscribe(subscription);
    }
    return context.json({ ...this.#write(subscription), status: isHeard ? 'active' : 'disabled' }, 201);
  }

  #write({ id, topic, target }: Subscription) {
    const [resource, event] = topic.split('.');
    return { id, name: topic, status: 'active', topic, resource, event, delivery_url: target };
  }

  async #createCoupon(context: Context): Promise<Response> {
    const { shop } = this.#parts;
    const given = (await context.req.json()) as Readonly<Record<string, string | number | boolean | undefined>>;
    const code = String(given['code'] ?? '').toLowerCase();
    if (code === '' || shop.discounts.has(code.toUpperCase())) {
      return context.json(
        code === ''
          ? { code: 'rest_missing_callback_param', message: 'Missing parameter(s): code', data: { status: 400 } }
          : {
              code: 'woocommerce_rest_coupon_code_already_exists',
              message: 'The coupon code already exists',
              data: { status: 400 },
            },
        400,
      );
    }
    const amount = String(given['amount'] ?? '0');
    const isShare = given['discount_type'] === 'percent';
    const endsAt = given['date_expires_gmt'];
    const id = shop.ids.number();
    shop.discounts.set(code.toUpperCase(), {
      id,
      title: code,
      code,
      share: isShare ? Number(amount) / 100 : undefined,
      amount: isShare ? undefined : readAmount(amount, shop.profile.currency),
      startsAt: shop.clock.now(),
      endsAt: endsAt ? new Date(`${endsAt}Z`) : undefined,
      usageLimit: given['usage_limit'] === undefined ? undefined : Number(given['usage_limit']),
      oncePerCustomer: given['usage_limit_per_user'] === 1,
    });
    return context.json({ ...given, id, code, usage_count: 0 }, 201);
  }
}

function refuse(context: Context): Response {
  return context.json(
    {
      code: 'woocommerce_rest_cannot_view',
      message: 'Sorry, you cannot list resources.',
      data: { status: 401 },
    },
    401,
  );
}

type Query = Readonly<Record<string, string>>;

/** Drafts only for those who ask for them. */
function isWanted(order: WooOrder, query: Query): boolean {
  const status = statusOf(order);
  const statuses = query['status']?.split(',') ?? ['any'];
  const hasStatus = statuses.includes(status) || (statuses.includes('any') && status !== 'checkout-draft');
  return (
    hasStatus &&
    isLater(order.createdAt, query['after']) &&
    isLater(order.updatedAt, query['modified_after']) &&
    hasWords(order, query['search'])
  );
}

/** Instants are UTC, with or without a Z. */
function isLater(instant: Date, than: string | undefined): boolean {
  return than === undefined || instant > new Date(/Z$|[+-]\d\d:\d\d$/.test(than) ? than : `${than}Z`);
}

/** Looks for the words as they were typed: other spaces in a phone number, and it is not found (facts/commerce §2). */
function hasWords({ contact }: WooOrder, words: string | undefined): boolean {
  const { firstName, lastName, email, phone, addressPhone } = contact;
  const typed = [firstName, lastName, email, addressPhone ?? phone].join(' ').toLowerCase();
  return words === undefined || typed.includes(words.toLowerCase());
}

function sort(orders: readonly WooOrder[], query: Query): readonly WooOrder[] {
  const by = query['orderby'] === 'modified' ? 'updatedAt' : 'createdAt';
  const sorted = orders.toSorted((one, other) => Number(one[by]) - Number(other[by]) || one.id - other.id);
  return query['order'] === 'asc' ? sorted : sorted.toReversed();
}
