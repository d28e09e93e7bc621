import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import type { Connector } from '../shop/connector.ts';
import type { OutsideAccess } from '../shop/outside-access.ts';
import { makeShopifyClient } from './shopify-client.ts';
import { makeShopifyConnector } from './shopify-connector.ts';
import { makeWooCommerceClient } from './woocommerce-client.ts';
import { makeWooCommerceConnector } from './woocommerce-connector.ts';

/** The shops that can be asked, as the configuration says; one that only reports is not among them. */
export function makeShopConnectors(
  { shopify, woocommerce }: Pick<OutsideAccess, 'shopify' | 'woocommerce'>,
  parts: {
    readonly clock: Clock;
    readonly log: Log;
    /** A random number from 0 to 1. */
    readonly chance: () => number;
    /** ISO code of the shop's country, for numbers without a country code. */
    readonly country: () => Promise<string | undefined>;
  },
): readonly Connector[] {
  const shopifyLogin = shopify?.login;
  const wooLogin = woocommerce?.login;
  return [
    ...(shopify && shopifyLogin
      ? [
          makeShopifyConnector({
            ...parts,
            client: makeShopifyClient({ ...parts, access: shopify, login: shopifyLogin }),
          }),
        ]
      : []),
    ...(woocommerce && wooLogin
      ? [
          makeWooCommerceConnector({
            ...parts,
            client: makeWooCommerceClient({ ...parts, url: woocommerce.url, login: wooLogin }),
            host: new URL(woocommerce.url).host,
            webhookSecret: woocommerce.webhookSecrets[0],
          }),
        ]
      : []),
  ];
}
