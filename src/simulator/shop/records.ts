import type { Variant } from './goods.ts';

// What a shop has in its books. Amounts are in the smallest unit of the shop's currency.

export type Platform = 'shopify' | 'woocommerce' | 'generic';

/** Who the shop is, and what the bot has to know to talk with it. */
export interface ShopProfile {
  readonly platform: Platform;
  readonly name: string;
  /** At Shopify the name under which it signs: `lumen-ceramics.myshopify.com`. */
  readonly domain: string;
  /** Where its customers shop, without a slash at the end. */
  readonly url: string;
  /** ISO codes. */
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly locale: string;
  /** What it signs its webhooks with; at a generic shop `whsec_…`. */
  readonly webhookSecret: string;
}

export interface WhatsAppConsent {
  readonly state: 'never_subscribed' | 'pending' | 'subscribed' | 'unsubscribed' | 'redacted';
  /** When the person said so; undefined when nobody ever did. */
  readonly at: Date | undefined;
  /** `SHOPIFY`: at the shop itself. `OTHER`: told to the shop by an app. */
  readonly from: 'SHOPIFY' | 'OTHER';
}

export interface Customer {
  readonly id: number;
  readonly addressId: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | undefined;
  /** Of the account, in the form +34600000001. */
  readonly phone: string | undefined;
  /** Of the default address, as the person typed it. */
  readonly addressPhone: string | undefined;
  readonly consent: WhatsAppConsent;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What somebody types at the checkout. */
export interface Contact {
  readonly firstName: string;
  readonly lastName: string;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** Only for the parcel, as typed; the same as `phone` when left out. */
  readonly addressPhone?: string | undefined;
  /** Whom the parcel is for, when that is somebody else. */
  readonly giftFor?: { readonly firstName: string; readonly lastName: string; readonly phone: string } | undefined;
  /** Whether the box about messages on WhatsApp is ticked. */
  readonly consents?: boolean | undefined;
  readonly code?: string | undefined;
}

export interface CartLine {
  readonly variant: Variant;
  readonly quantity: number;
}

export interface Cart {
  readonly token: string;
  readonly lines: readonly CartLine[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Checkout {
  readonly token: string;
  readonly cart: string;
  readonly lines: readonly CartLine[];
  readonly contact: Contact;
  readonly customerId: number | undefined;
  /** The number that its order will have. */
  readonly orderId: number;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly completedAt: Date | undefined;
}

export interface OrderLine extends CartLine {
  readonly id: number;
}

export interface Refund {
  readonly id: number;
  readonly at: Date;
  readonly amount: number;
  readonly note: string;
}

export interface Order {
  readonly id: number;
  /** As people see it, counted up. */
  readonly number: number;
  readonly cart: string;
  readonly checkout: string;
  readonly customerId: number | undefined;
  readonly contact: Contact;
  readonly lines: readonly OrderLine[];
  readonly codes: readonly string[];
  readonly discount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly paidAt: Date | undefined;
  readonly fulfilledAt: Date | undefined;
  readonly cancelledAt: Date | undefined;
  readonly refunds: readonly Refund[];
}

export interface Discount {
  readonly id: number;
  readonly title: string;
  readonly code: string;
  /** Either of the two: 0.1 is ten per cent. */
  readonly share?: number | undefined;
  readonly amount?: number | undefined;
  readonly startsAt: Date;
  readonly endsAt: Date | undefined;
  readonly usageLimit: number | undefined;
  readonly oncePerCustomer: boolean;
}

/** Something that happened at the shop, of which it tells. What happened in one act shares its number. */
export type News = { readonly act: number; readonly at: Date } & (
  | { readonly kind: 'cart'; readonly change: 'created' | 'added' | 'changed' | 'emptied'; readonly cart: Cart }
  | { readonly kind: 'checkout'; readonly change: 'created' | 'updated'; readonly checkout: Checkout }
  | { readonly kind: 'order'; readonly change: OrderChange; readonly order: Order }
  | { readonly kind: 'refund'; readonly order: Order; readonly refund: Refund }
  | { readonly kind: 'customer'; readonly customer: Customer }
  | { readonly kind: 'consent'; readonly customer: Customer }
  | { readonly kind: 'erasure'; readonly customer: Customer; readonly orders: readonly number[] }
  | { readonly kind: 'uninstalled' }
);

export type OrderChange = 'created' | 'paid' | 'fulfilled' | 'cancelled' | 'updated';

/** What each parcel costs. */
export const SHIPPING = 690;

export function sumOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, { variant, quantity }) => sum + variant.price * quantity, 0);
}

/** What the order cost when it was placed. */
export function totalOf({ lines, discount }: Pick<Order, 'lines' | 'discount'>): number {
  return sumOf(lines) - discount + SHIPPING;
}

export function refundedOf({ refunds }: Pick<Order, 'refunds'>): number {
  return refunds.reduce((sum, { amount }) => sum + amount, 0);
}

/** What is left of its price; nothing once it was cancelled. */
export function currentMoney(order: Order): number {
  return order.cancelledAt ? 0 : totalOf(order) - refundedOf(order);
}

/** An amount as shops write it: `24.00`, or `2400` in a currency without decimals. */
export function writeAmount(units: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return (units / 10 ** decimals).toFixed(decimals);
}

/** The other way round. */
export function readAmount(text: string, currency: string): number {
  return Math.round(Number(text) * 10 ** decimalsOf(currency));
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}
