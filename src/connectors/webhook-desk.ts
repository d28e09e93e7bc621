import { createHash } from 'node:crypto';
import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, later, type Milliseconds, minutes } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import type { OutsideAccess } from '../shop/outside-access.ts';
import { countPending, type Delivery, storeDeliveries } from './deliveries.store.ts';
import { unfoldAlias } from './event-alias.ts';
import { genericEvent } from './generic-event.ts';
import { knownShopifyTopics } from './shopify-webhook.ts';
import { isKnownToken, isSigned, isStandardSigned } from './signature.ts';
import { parseBody } from './webhook-body.ts';
import { knownWooCommerceTopics } from './woocommerce-webhook.ts';

/** What is answered to a shop; the sentences are for whoever connects it. */
interface DeskAnswer {
  readonly status: 200 | 202 | 400 | 401 | 403 | 404 | 413 | 415 | 422 | 429 | 503;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

interface Incoming {
  /** A header by its name, in any case. */
  header(name: string): string | undefined;
  /** Exactly as it came: signatures are over the bytes. */
  readonly body: Uint8Array;
}

/** Where shops' deliveries come in: verified, stored as they are, answered. What they say is read afterwards. */
export interface WebhookDesk {
  shopify(incoming: Incoming): Promise<DeskAnswer>;
  woocommerce(incoming: Incoming): Promise<DeskAnswer>;
  /** @param source as the address names it */
  events(source: string, incoming: Incoming): Promise<DeskAnswer>;
}

/** Limits of the body in bytes (facts/commerce §1.4, §3). */
export const LARGEST_WEBHOOK = 2 * 1024 * 1024;
export const LARGEST_EVENTS = 256 * 1024;

const MOST_EVENTS = 100;

/** An event from further ahead comes from a wrong clock. */
const AHEAD: Milliseconds = minutes(5);

/** With so many waiting something is wrong with taking them in; who repeats its deliveries is asked to do so later. */
const MOST_PENDING = 50_000;

interface DeskParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly access: OutsideAccess;
  /** Something new was stored. */
  readonly onStored: () => void;
}

export function makeWebhookDesk(parts: DeskParts): WebhookDesk {
  const guarded = async (route: string, work: Promise<DeskAnswer>) => {
    try {
      const answer = await work;
      if (answer.status >= 400) {
        parts.log.warn({ route, status: answer.status, because: answer.body['error'] }, 'A delivery was refused');
      }
      return answer;
    } catch (error) {
      parts.log.error({ route, error: describe(error) }, 'A delivery of a shop could not be stored');
      return refuse(503, 'It cannot be stored now; please send it again', 30);
    }
  };
  return {
    shopify: (incoming) => guarded('shopify', takeShopify(parts, incoming)),
    woocommerce: (incoming) => guarded('woocommerce', takeWooCommerce(parts, incoming)),
    events: (source, incoming) => guarded('events', takeEvents(parts, source, incoming)),
  };
}

async function takeShopify(parts: DeskParts, { header, body }: Incoming): Promise<DeskAnswer> {
  const shop = parts.access.shopify;
  if (!shop || shop.webhookSecrets.length === 0) {
    return refuse(404, 'No Shopify shop is connected: set SHOPIFY_SHOP and SHOPIFY_WEBHOOK_SECRETS');
  }
  if (!isSigned(body, header('X-Shopify-Hmac-Sha256'), shop.webhookSecrets)) {
    return refuse(401, 'The signature fits none of SHOPIFY_WEBHOOK_SECRETS');
  }
  if (header('X-Shopify-Shop-Domain')?.toLowerCase() !== shop.shop) {
    return refuse(403, 'This is a delivery of another shop than SHOPIFY_SHOP');
  }
  const topic = header('X-Shopify-Topic');
  const problem = topic === undefined ? refuse(400, 'The topic is missing') : wrongJson(header, body);
  if (problem || topic === undefined) {
    return problem ?? refuse(400, 'The topic is missing');
  }
  if (!knownShopifyTopics.has(topic)) {
    return { status: 200, body: { ignored: topic } };
  }
  const now = parts.clock.now();
  const triggeredAt = instantFrom(header('X-Shopify-Triggered-At')) ?? now;
  const key = header('X-Shopify-Webhook-Id') ?? `${topic}:${digestOf(body)}`;
  return storeOne(parts, 'shopify', { key, topic, body, triggeredAt });
}

async function takeWooCommerce(parts: DeskParts, { header, body }: Incoming): Promise<DeskAnswer> {
  const shop = parts.access.woocommerce;
  if (!shop || shop.webhookSecrets.length === 0) {
    return refuse(404, 'No WooCommerce shop is connected: set WOOCOMMERCE_URL and WOOCOMMERCE_WEBHOOK_SECRET');
  }
  const signature = header('X-WC-Webhook-Signature');
  if (signature === undefined && isPing(body)) {
    // Sent unsigned when the webhook is made; it must be answered with exactly 200, and says nothing.
    return { status: 200, body: { ping: true } };
  }
  if (!isSigned(body, signature, shop.webhookSecrets)) {
    return refuse(401, 'The signature fits none of WOOCOMMERCE_WEBHOOK_SECRET');
  }
  if (hostOf(header('X-WC-Webhook-Source')) !== hostOf(shop.url)) {
    return refuse(403, 'This is a delivery of another site than WOOCOMMERCE_URL');
  }
  const topic = header('X-WC-Webhook-Topic');
  const problem = topic === undefined ? refuse(400, 'The topic is missing') : wrongJson(header, body);
  if (problem || topic === undefined) {
    return problem ?? refuse(400, 'The topic is missing');
  }
  if (!knownWooCommerceTopics.has(topic)) {
    return { status: 200, body: { ignored: topic } };
  }
  // The delivery id of WooCommerce is not unique (facts/commerce §2).
  const key = `${header('X-WC-Webhook-ID') ?? ''}:${topic}:${digestOf(body)}`;
  return storeOne(parts, 'woocommerce', { key, topic, body, triggeredAt: parts.clock.now() });
}

async function storeOne(
  { database, clock, onStored }: DeskParts,
  source: string,
  delivery: Omit<Delivery, 'source'>,
): Promise<DeskAnswer> {
  const { fresh } = await storeDeliveries(database, source, [delivery], clock.now());
  if (fresh.length === 0) {
    return { status: 200, body: { duplicate: true } };
  }
  onStored();
  return { status: 200, body: { stored: true } };
}

async function takeEvents(parts: DeskParts, source: string, { header, body }: Incoming): Promise<DeskAnswer> {
  const { access, clock, database, onStored } = parts;
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(source) || source === 'shopify' || source === 'woocommerce') {
    return refuse(404, 'A source has a name of small letters, digits and hyphens, such as /v1/events/my-shop');
  }
  if (access.eventSecrets.length === 0) {
    return refuse(404, 'No source of events is connected: set EVENTS_SECRET');
  }
  if (!isAllowed(header, body, access.eventSecrets)) {
    return refuse(
      401,
      'Neither the signature (Standard Webhooks, at most five minutes old) nor the bearer token fits EVENTS_SECRET',
    );
  }
  const problem = wrongJson(header, body);
  if (problem) {
    return problem;
  }
  const given = eventsIn(parseBody(body));
  if (given.length > MOST_EVENTS) {
    return refuse(413, `At most ${MOST_EVENTS} events at a time`);
  }
  if ((await countPending(database, MOST_PENDING)) >= MOST_PENDING) {
    return refuse(429, 'Too many events wait to be taken in', 60);
  }
  const now = clock.now();
  const read = given.map((one) => readEvent(source, one, now));
  const deliveries = read.flatMap(({ delivery }) => (delivery ? [delivery] : []));
  const unique = [...new Map(deliveries.map((delivery) => [delivery.key, delivery])).values()];
  const stored = await storeDeliveries(database, source, unique, now);
  if (stored.fresh.length > 0) {
    onStored();
  }
  return answerEvents(read, stored);
}

interface ReadEvent {
  readonly id: string;
  readonly delivery?: Omit<Delivery, 'source'>;
  /** Why it was not taken. */
  readonly refused?: { readonly code: string; readonly message: string };
}

function readEvent(source: string, given: unknown, now: Date): ReadEvent {
  const unfolded = unfoldAlias(source, given);
  const parsed = genericEvent.safeParse(unfolded);
  if (!parsed.success) {
    const [problem] = parsed.error.issues;
    const where = problem?.path.join('.') || 'the event';
    return {
      id: idOf(unfolded),
      refused: { code: 'invalid', message: `${where}: ${problem?.message ?? 'not valid'}` },
    };
  }
  const { id, type, occurred_at: occurredAt } = parsed.data;
  const triggeredAt = new Date(occurredAt);
  if (triggeredAt > later(now, AHEAD)) {
    return { id, refused: { code: 'in_the_future', message: 'occurred_at lies more than five minutes ahead' } };
  }
  const body = new TextEncoder().encode(JSON.stringify(unfolded));
  return { id, delivery: { key: id, topic: type, body, triggeredAt } };
}

function answerEvents(
  read: readonly ReadEvent[],
  { fresh, repeated, reused }: Awaited<ReturnType<typeof storeDeliveries>>,
): DeskAnswer {
  const rejected = [
    ...read.flatMap(({ id, refused }) => (refused ? [{ id, ...refused }] : [])),
    ...reused.map((id) => ({ id, code: 'id_reused', message: 'This id came before, with something else in it' })),
  ];
  const taken = fresh.length + repeated.length;
  return {
    status: taken > 0 || rejected.length === 0 ? 202 : 422,
    body: { accepted: fresh, duplicates: repeated, rejected },
  };
}

function eventsIn(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) {
    return body;
  }
  const events = typeof body === 'object' && body !== null ? (body as { events?: unknown }).events : undefined;
  return Array.isArray(events) ? events : [body];
}

function idOf(event: unknown): string {
  const id = typeof event === 'object' && event !== null ? (event as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id.slice(0, 128) : '';
}

function isAllowed(header: Incoming['header'], body: Uint8Array, secrets: readonly string[]): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(header('Authorization') ?? '')?.[1];
  if (bearer !== undefined) {
    return isKnownToken(bearer, secrets);
  }
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header);
  return isStandardSigned(
    body,
    { id, timestamp, signature },
    secrets.filter((secret) => secret.startsWith('whsec_')),
  );
}

/** JSON by its type, and JSON indeed. */
function wrongJson(header: Incoming['header'], body: Uint8Array): DeskAnswer | undefined {
  const type = header('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    return refuse(415, 'The body has to be application/json');
  }
  try {
    // Only whether it is JSON: who reads it keeps the ids that are too large for this.
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return undefined;
  } catch {
    return refuse(400, 'The body is no JSON');
  }
}

function isPing(body: Uint8Array): boolean {
  return body.length < 64 && /^webhook_id=\d+\s*$/.test(Buffer.from(body).toString('latin1'));
}

function hostOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : undefined;
}

function instantFrom(text: string | undefined): Date | undefined {
  const instant = new Date(text ?? Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

function digestOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}

function refuse(status: DeskAnswer['status'], error: string, retryAfterSeconds?: number): DeskAnswer {
  return { status, body: { error }, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}
