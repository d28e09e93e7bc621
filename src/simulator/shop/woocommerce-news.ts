import { createHash } from 'node:crypto';
import { sign } from '../../connectors/signature.ts';
import { seconds, wholeSeconds } from '../../lib/time.ts';
import type { DeliveryRule, Message } from './delivery-desk.ts';
import type { News } from './records.ts';
import type { SimulatedShop } from './simulated-shop.ts';
import { findDraft, writeWooOrder } from './woocommerce-orders.ts';

/** Nothing is tried again; a webhook is switched off with the seventh failure in a row (facts/commerce §2). */
export const wooCommerceRule: DeliveryRule = {
  gaps: [],
  answerWithin: seconds(60),
  isTaken: (status) => status >= 200 && status <= 302,
  endsSubscription: (failedBefore) => failedBefore > 5,
};

/** What WooCommerce's webhooks say of one piece of news: only orders, and drafts of them; the body is written when it goes out. */
export function tellAsWooCommerce(news: News, shop: SimulatedShop): readonly Message[] {
  return topicsOf(news).flatMap((topic) => {
    const id = orderIdOf(news);
    return id === undefined ? [] : [makeMessage(topic, id, shop)];
  });
}

/** What is posted when a webhook is made: a form, and no signature (facts/commerce §2). */
export function writePing(webhookId: number): { readonly body: Buffer; readonly headers: Record<string, string> } {
  return {
    body: Buffer.from(`webhook_id=${webhookId}`),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': 'WooCommerce/11.2.0 Hookshot (WordPress/6.9)',
    },
  };
}

/** The block checkout saves drafts, of which only `order.updated` tells. */
function topicsOf(news: News): readonly string[] {
  switch (news.kind) {
    case 'checkout':
      return news.checkout.completedAt ? [] : ['order.updated'];
    case 'order':
      return news.change === 'created' ? ['order.created', 'order.updated'] : ['order.updated'];
    default:
      return [];
  }
}

function orderIdOf(news: News): number | undefined {
  return news.kind === 'checkout' ? news.checkout.orderId : news.kind === 'order' ? news.order.id : undefined;
}

function makeMessage(topic: string, orderId: number, shop: SimulatedShop): Message {
  return {
    id: shop.ids.uuid(),
    topic,
    body: () => {
      const order = shop.orders.get(orderId) ?? findDraft(shop, orderId);
      return Buffer.from(JSON.stringify(order ? writeWooOrder(order, shop.profile) : {}));
    },
    headers: (body, { secret, domain, subscription }) => ({
      'Content-Type': 'application/json',
      'User-Agent': 'WooCommerce/11.2.0 Hookshot (WordPress/6.9)',
      'X-WC-Webhook-Source': domain === shop.profile.domain ? `${shop.profile.url}/` : `https://${domain}/`,
      'X-WC-Webhook-Topic': topic,
      'X-WC-Webhook-Resource': 'order',
      'X-WC-Webhook-Event': topic.split('.')[1] ?? '',
      'X-WC-Webhook-Signature': sign(body, secret),
      'X-WC-Webhook-ID': String(subscription.id),
      // Made of the webhook and the second, and so not unique.
      'X-WC-Webhook-Delivery-ID': createHash('md5')
        .update(`${subscription.id}${wholeSeconds(shop.clock.now())}`)
        .digest('hex'),
    }),
  };
}
