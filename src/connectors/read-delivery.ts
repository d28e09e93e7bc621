import type { ShopReport } from '../shop/report.ts';
import type { Delivery } from './deliveries.store.ts';
import { genericEvent, readGenericEvent } from './generic-event.ts';
import { readShopifyWebhook } from './shopify-webhook.ts';
import { parseBody, readBody } from './webhook-body.ts';
import { readWooCommerceWebhook } from './woocommerce-webhook.ts';

/**
 * What a stored delivery says.
 *
 * @param country ISO code of the shop's country, for phone numbers without a country code
 * @throws UnreadableBody
 */
export function readDelivery(
  { source, topic, body, triggeredAt }: Delivery,
  country: string | undefined,
): readonly ShopReport[] {
  const parsed = parseBody(body);
  switch (source) {
    case 'shopify':
      return readShopifyWebhook(parsed, { topic, triggeredAt, country });
    case 'woocommerce':
      return readWooCommerceWebhook(parsed, { topic, country });
    default:
      return readGenericEvent(readBody(genericEvent, parsed), country);
  }
}
