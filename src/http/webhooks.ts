import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** What is answered to a shop. */
interface Answer {
  readonly status: 200 | 202 | 400 | 401 | 403 | 404 | 413 | 415 | 422 | 429 | 503;
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number;
}

interface Incoming {
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

/** Whoever takes deliveries of shops, with the largest body in bytes. */
export interface WebhookParts {
  readonly shopify: (incoming: Incoming) => Promise<Answer>;
  readonly woocommerce: (incoming: Incoming) => Promise<Answer>;
  readonly events: (source: string, incoming: Incoming) => Promise<Answer>;
  readonly largestWebhook: number;
  readonly largestEvents: number;
}

/** The routes under which shops deliver. The body is read once, as bytes, because signatures are over the bytes. */
export function addWebhooks(web: Hono, parts: WebhookParts): void {
  const upTo = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: (context) => context.json({ error: `The body is larger than ${maxSize} bytes` }, 413),
    });
  web.post('/webhooks/shopify', upTo(parts.largestWebhook), (context) => answer(context, parts.shopify));
  web.post('/webhooks/woocommerce', upTo(parts.largestWebhook), (context) => answer(context, parts.woocommerce));
  web.post('/v1/events/:source', upTo(parts.largestEvents), (context) =>
    answer(context, (incoming) => parts.events(context.req.param('source'), incoming)),
  );
}

async function answer(context: Context, take: (incoming: Incoming) => Promise<Answer>): Promise<Response> {
  const body = new Uint8Array(await context.req.arrayBuffer());
  const given = await take({ header: (name) => context.req.header(name), body });
  if (given.retryAfterSeconds !== undefined) {
    context.header('Retry-After', String(given.retryAfterSeconds));
  }
  return context.json(given.body, given.status);
}
