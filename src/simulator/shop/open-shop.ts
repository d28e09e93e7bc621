import type { Clock } from '../../lib/time.ts';
import { type LocalServer, serveLocally } from './api-server.ts';
import { DeliveryDesk, type DeliveryRule, type Message } from './delivery-desk.ts';
import { combineEvents, genericRule, tellAsGeneric } from './generic-news.ts';
import type { News, Platform, ShopProfile } from './records.ts';
import { type ShopifyAccess, ShopifyApi } from './shopify-api.ts';
import { shopifyRule, tellAsShopify, writeTestNotification } from './shopify-news.ts';
import { SimulatedShop } from './simulated-shop.ts';
import { WooCommerceApi } from './woocommerce-api.ts';
import { tellAsWooCommerce, wooCommerceRule } from './woocommerce-news.ts';

interface ShopParts {
  readonly clock: Clock;
  /** The same seed gives the same ids and tokens. */
  readonly seed: number;
  readonly profile?: Partial<ShopProfile>;
  /** How an app is let in at Shopify. */
  readonly access?: ShopifyAccess;
}

/** A shop that tells what happens in it, and answers questions: as one of the three platforms does. */
interface OpenShop {
  readonly shop: SimulatedShop;
  readonly desk: DeliveryDesk;
  close(): Promise<void>;
}

interface OpenShopify extends OpenShop {
  readonly api: ShopifyApi;
  /** Where the Admin API is: the front of `/admin/api/…`. */
  readonly url: string;
  /** Sends what the button of that name in the admin sends, signed with another secret than the app's. */
  sendTestNotification(): void;
}

interface OpenWooCommerce extends OpenShop {
  readonly api: WooCommerceApi;
  /** Where the shop is: the front of `/wp-json/wc/v3/…`. */
  readonly url: string;
}

interface OpenGeneric extends OpenShop {
  /** Sends what was kept back as one request. */
  releaseAsBatch(): void;
}

/** What opens the Admin API of a simulated Shopify shop when nothing else is said. */
export const SHOPIFY_TOKEN = 'shpat_simulated_token';

/** What opens the REST API of a simulated WooCommerce shop. */
export const WOOCOMMERCE_KEYS = { key: 'ck_simulated', secret: 'cs_simulated' } as const;

const secrets: Readonly<Record<Platform, string>> = {
  shopify: 'shpss_simulated_secret',
  woocommerce: 'woo simulated secret & <ok>',
  generic: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
};

/** Opens a shop at Shopify, and its Admin API on a port of this machine. */
export async function openShopify({ access = { token: SHOPIFY_TOKEN }, ...parts }: ShopParts): Promise<OpenShopify> {
  const { shop, desk } = furnish('shopify', parts, { rule: shopifyRule, tell: tellAsShopify });
  const api = new ShopifyApi({ shop, desk, access });
  const server = await serveLocally(api.app);
  return {
    ...{ shop, desk, api, url: server.url },
    sendTestNotification: () => desk.send(writeTestNotification(shop), 'shpss_of_the_store_not_the_app'),
    close: () => shut(desk, api, server),
  };
}

/** Opens a shop with WooCommerce, and its REST API on a port of this machine. */
export async function openWooCommerce(parts: ShopParts): Promise<OpenWooCommerce> {
  const { shop, desk } = furnish('woocommerce', parts, { rule: wooCommerceRule, tell: tellAsWooCommerce });
  const api = new WooCommerceApi({ shop, desk, ...WOOCOMMERCE_KEYS });
  const server = await serveLocally(api.app);
  return { shop, desk, api, url: server.url, close: () => shut(desk, api, server) };
}

/** Opens a shop of any other kind, whose own script tells by the event API. It can be asked nothing. */
export function openGeneric(parts: ShopParts): OpenGeneric {
  const { shop, desk } = furnish('generic', parts, { rule: genericRule, tell: tellAsGeneric });
  return {
    ...{ shop, desk },
    releaseAsBatch: () => desk.releaseAs((messages) => combineEvents(messages, shop)),
    close: () => desk.close(),
  };
}

interface Manner {
  readonly rule: DeliveryRule;
  readonly tell: (news: News, shop: SimulatedShop) => readonly Message[];
}

function furnish(platform: Platform, { clock, seed, profile }: ShopParts, { rule, tell }: Manner) {
  const shop = new SimulatedShop(
    { ...usualProfile, platform, webhookSecret: secrets[platform], ...profile },
    { clock, seed },
  );
  const chance = () => shop.ids.chance();
  const desk = new DeliveryDesk({ clock, rule, domain: shop.profile.domain, chance });
  shop.watch((news) => {
    // Its leaving is the last that an app is told.
    for (const message of shop.isInstalled ? tell(news, shop) : []) {
      desk.send(message);
    }
    if (news.kind === 'uninstalled') {
      desk.forgetApp();
    }
  });
  return { shop, desk };
}

const usualProfile = {
  name: 'Lumen Ceramics',
  domain: 'lumen-ceramics.myshopify.com',
  url: 'https://lumen-ceramics.example',
  country: 'ES',
  currency: 'EUR',
  timeZone: 'Europe/Madrid',
  locale: 'en-ES',
} as const;

async function shut(desk: DeliveryDesk, { troubles }: { readonly troubles: { close(): void } }, server: LocalServer) {
  troubles.close();
  await desk.close();
  await server.close();
}
