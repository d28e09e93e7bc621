import type { PhoneNumber } from '../contacts/phone.ts';
import type { ShopReport } from './report.ts';

/**
 * Asking a shop platform by its own API. Every question has a time limit and a rule for trying again inside; what could not be
 * answered comes back as trouble, never as an empty answer.
 */
export interface Connector {
  readonly source: 'shopify' | 'woocommerce';
  /** What the shop says of itself; the test of the connection too. */
  inspect(stop: AbortSignal): Promise<Answer<ShopProfile>>;
  /**
   * One page of the orders that were created or changed at `since` or later. An order that changes meanwhile may come again, none is
   * left out for it.
   *
   * @param page as the answer before gave it; none for the first
   */
  changedOrders(since: Date, page: string | undefined, stop: AbortSignal): Promise<Answer<OrderPage>>;
  /**
   * The orders of this person that were created at `since` or later. A shop that cannot be searched for a phone is looked through, but
   * only up to `knownFrom`: what was created from then on we have been told already.
   */
  ordersOf(
    person: ShopCustomer,
    span: { readonly since: Date; readonly knownFrom: Date | undefined },
    stop: AbortSignal,
  ): Promise<Answer<readonly ShopReport[]>>;
  /** Has the shop report to this address whatever it does not report there yet. @returns the topics that were added */
  subscribe(address: string, stop: AbortSignal): Promise<Answer<readonly string[]>>;
}

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly trouble: Trouble };

/** What is wrong with a connection; `texts/` has a sentence for each kind. */
export interface Trouble {
  readonly kind: TroubleKind;
  /** What the sentence names, such as a permission. Never a secret, never what people wrote. */
  readonly detail?: string;
}

export type TroubleKind =
  /** Our password or token is not accepted (401). */
  | 'refused'
  /** A permission is missing, which `detail` names. */
  | 'forbidden'
  /** There is no shop, or no such page, at the address. */
  | 'not-found'
  /** No answer in time, or no way there. */
  | 'unreachable'
  /** It asks us to wait longer than we do. */
  | 'busy'
  /** It fails by itself, or answers what we cannot read. */
  | 'failing'
  /** The shop has removed the app. */
  | 'uninstalled'
  /** Orders come without names, phones and mail addresses. */
  | 'hidden-customers'
  /** The shop has orders that it has not reported. */
  | 'silent'
  /** It has failed for so long, or wants so little to do with us, that we have stopped; `detail` says which. */
  | 'switched-off'
  /** The shop cannot report to us: what it needs is not configured, and `detail` names the variable. */
  | 'no-address'
  /** The shop does not want to report to our address; `detail` is what it says. */
  | 'unsubscribed';

interface ShopProfile {
  readonly name: string;
  readonly timeZone: string | undefined;
  /** ISO codes. */
  readonly currency: string | undefined;
  readonly country: string | undefined;
}

export interface OrderPage {
  readonly reports: readonly ShopReport[];
  /** By the shop's own clock: every change before this is on the pages so far. None while that cannot be said. */
  readonly toldUntil: Date | undefined;
  /** None behind the last page. */
  readonly next: string | undefined;
}

/** Somebody as we know them, to be found in a shop. */
export interface ShopCustomer {
  /** Likeliest first; more than one where WhatsApp and shops write the same number differently. */
  readonly phones: readonly PhoneNumber[];
  readonly emails: readonly string[];
  /** The shop's own ids. */
  readonly customerIds: readonly string[];
}
