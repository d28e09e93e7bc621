import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { wholeSeconds } from '../lib/time.ts';

/**
 * Whether one of the secrets signs exactly these bytes, as Shopify and WooCommerce sign theirs: HMAC-SHA256 in base64. Several secrets,
 * because a shop that changes its secret uses the old one for a while (facts/commerce §1.4). Compared in constant time; without a secret
 * nothing is right.
 *
 * @param body the bytes as they came, before anything reads them
 */
export function isSigned(body: Uint8Array, signature: string | undefined, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature ?? '', 'base64');
  // Every secret is tried, so that how long it takes does not tell which one fits.
  return secrets.map((secret) => sameBytes(given, hmac(body, secret))).some(Boolean);
}

/** The signature that `isSigned` expects. */
export function sign(body: Uint8Array, secret: string): string {
  return hmac(body, secret).toString('base64');
}

export interface StandardHeaders {
  readonly id: string | undefined;
  /** Seconds since 1970; five minutes off are allowed. */
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** Whether one of the secrets (`whsec_…`) signs this delivery by the Standard Webhooks rules, within five minutes of its time. */
export function isStandardSigned(
  body: Uint8Array,
  { id, timestamp, signature }: StandardHeaders,
  secrets: readonly string[],
): boolean {
  const headers = {
    'webhook-id': id ?? '',
    'webhook-timestamp': timestamp ?? '',
    'webhook-signature': signature ?? '',
  };
  return secrets.map((secret) => verifies(secret, Buffer.from(body), headers)).some(Boolean);
}

/**
 * The headers of a request by the Standard Webhooks rules; without a secret it goes unsigned.
 *
 * @param id the same on every try, so that the other side can tell them from two requests
 * @param secret base64, with or without `whsec_` in front
 */
export function standardHeaders(
  body: string,
  id: string,
  secret: string | undefined,
  now: Date,
): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(wholeSeconds(now)),
    ...(secret === undefined ? {} : { 'webhook-signature': new Webhook(secret).sign(id, now, body) }),
  };
}

/** Whether a password that came with a request is one of those known; compared in constant time. */
export function isKnownToken(given: string | undefined, tokens: readonly string[]): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest();
  return given !== undefined && tokens.map((token) => sameBytes(digest(given), digest(token))).some(Boolean);
}

function verifies(secret: string, body: Buffer, headers: Record<string, string>): boolean {
  const hook = hookOf(secret);
  try {
    hook?.verify(body, headers, { jsonParse: false });
    return hook !== undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) {
      return false;
    }
    throw error;
  }
}

/** None for a secret that is no base64: it is the password of a tool that cannot sign. */
function hookOf(secret: string): Webhook | undefined {
  try {
    return new Webhook(secret);
  } catch {
    return undefined;
  }
}

function hmac(body: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(body).digest();
}

function sameBytes(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
