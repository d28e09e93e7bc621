import type { Milliseconds } from '../lib/time.ts';
import type { Trouble } from './connector.ts';

/** What came of one request to an address that an owner has typed. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** `Retry-After` as it was written. */
      readonly retryAfter: string | undefined;
      /** None when it was larger than we read, or broke off. */
      readonly body: string | undefined;
      readonly took: Milliseconds;
    }
  /** Not called at all. */
  | { readonly kind: 'refused'; readonly why: AddressRefusal }
  | { readonly kind: 'unanswered'; readonly why: Silence };

/** Why an address is not called; `texts/` has a sentence for each. */
export type AddressRefusal =
  /** Not https. */
  | 'not-https'
  /** A name or password stands in it. */
  | 'has-password'
  /** A port other than those of the web. */
  | 'port'
  /** It leads into the machine's own network. */
  | 'private';

/** Why there was no answer. */
export type Silence =
  | 'timeout'
  /** Nobody has this name. */
  | 'unknown-host'
  /** The connection could not be made, or broke. */
  | 'no-connection'
  /** It could not prove by its certificate who it is. */
  | 'certificate';

/** What a request that did not do its work says of the connection. */
export function troubleOf(exchange: Exchange): Trouble {
  if (exchange.kind !== 'answered') {
    return { kind: 'unreachable' };
  }
  const { status } = exchange;
  if (status === 401 || status === 403) {
    return { kind: 'refused' };
  }
  return status === 404 ? { kind: 'not-found' } : { kind: 'failing' };
}
