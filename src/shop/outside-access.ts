/** How to reach each outside system, as the configuration says; what is not there is not connected. */
export interface OutsideAccess {
  /** Where the bot itself is reached from outside: webhooks are sent there. */
  readonly publicUrl: string | undefined;
  readonly shopify: ShopifyAccess | undefined;
  readonly woocommerce: WooCommerceAccess | undefined;
  /** Of the event API: any of them signs, or is the bearer token. */
  readonly eventSecrets: readonly string[];
  readonly crm: { readonly url: string | undefined; readonly secret: string | undefined };
  readonly webhook: { readonly url: string | undefined; readonly secret: string | undefined };
  /** Whether addresses that an owner types may lead into the machine's own network. */
  readonly allowPrivateTargets: boolean;
}

export interface ShopifyAccess {
  /** The myshopify.com name, in small letters. */
  readonly shop: string;
  /** Another address of the API, such as the simulated shop's; without a slash at the end. */
  readonly apiUrl: string | undefined;
  readonly apiVersion: string;
  /** None: webhooks only, nothing can be asked. */
  readonly login: ShopifyLogin | undefined;
  /** Any of them signs webhooks. */
  readonly webhookSecrets: readonly string[];
}

export type ShopifyLogin =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'client'; readonly id: string; readonly secret: string };

export interface WooCommerceAccess {
  /** Of the site, without a slash at the end. */
  readonly url: string;
  /** None: webhooks only, nothing can be asked. */
  readonly login: { readonly key: string; readonly secret: string } | undefined;
  readonly webhookSecrets: readonly string[];
}

/** Nothing is connected. */
export const noAccess: OutsideAccess = {
  publicUrl: undefined,
  shopify: undefined,
  woocommerce: undefined,
  eventSecrets: [],
  crm: { url: undefined, secret: undefined },
  webhook: { url: undefined, secret: undefined },
  allowPrivateTargets: false,
};
