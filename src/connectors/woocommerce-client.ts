import type { Log } from '../lib/log.ts';
import type { Clock } from '../lib/time.ts';
import { type HttpOutcome, makeHttp } from './shop-http.ts';

/** WooCommerce's REST API v3. */
export interface WooCommerceClient {
  get(path: string, query: Readonly<Record<string, string>>, stop: AbortSignal): Promise<HttpOutcome>;
  /** Adds or changes something; never asked twice where the first may have been carried out. */
  send(method: 'POST' | 'PUT', path: string, body: object, stop: AbortSignal): Promise<HttpOutcome>;
}

export function makeWooCommerceClient(parts: {
  /** Of the site, without a slash at the end. */
  readonly url: string;
  readonly login: { readonly key: string; readonly secret: string };
  readonly clock: Clock;
  readonly log: Log;
  readonly chance: () => number;
}): WooCommerceClient {
  const { url, login } = parts;
  const ask = makeHttp(parts);
  const home = `${url}/wp-json/wc/v3`;
  // Only in the header: addresses stand in the logs of whatever lies between.
  const authorization = `Basic ${Buffer.from(`${login.key}:${login.secret}`).toString('base64')}`;
  return {
    get(path, query, stop) {
      const address = `${home}${path}?${new URLSearchParams(query)}`;
      return ask({ url: address, method: 'GET', headers: { authorization }, repeatable: true }, stop);
    },
    send(method, path, body, stop) {
      const headers = { authorization, 'content-type': 'application/json' };
      // What has been changed to something may be changed to the same again.
      const repeatable = method === 'PUT';
      return ask({ url: `${home}${path}`, method, headers, body: JSON.stringify(body), repeatable }, stop);
    },
  };
}
