import type { PhoneNumber } from '../contacts/phone.ts';

/**
 * What a shop tells us, in one vocabulary for all shops. Each report says how something stood at `at`, the shop's own time; reports come
 * in any order, more than once, and late, so none of them says what to do.
 */
export type ShopReport =
  | CartReport
  | CheckoutReport
  | OrderReport
  | RefundReport
  | PersonReport
  | ConsentReport
  | { readonly kind: 'erase'; readonly person: ShopPerson; readonly orders: readonly string[]; readonly at: Date }
  | { readonly kind: 'campaign'; readonly person: ShopPerson; readonly campaign: string; readonly at: Date }
  /** The shop has taken our rights away. */
  | { readonly kind: 'uninstalled'; readonly at: Date };

/** Somebody as a shop knows them; every field may be missing. */
export interface ShopPerson {
  readonly phone?: PhoneNumber;
  /** Where the phone came from: a number that stands only in the address of a parcel may be somebody else's. */
  readonly phoneFrom?: PhoneSource;
  readonly email?: string;
  /** The shop's own id of the customer. */
  readonly customerId?: string;
  /** From a link of ours that was clicked. */
  readonly clickId?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** ISO code of the country. */
  readonly country?: string;
  /** As browsers write it, such as `en-US`. */
  readonly locale?: string;
}

export type PhoneSource = 'account' | 'billing' | 'shipping' | 'gift';

export interface ShopItem {
  readonly productId?: string;
  readonly variantId?: string;
  readonly sku?: string;
  readonly name: string;
  readonly quantity: number;
  /** Of one piece, as a decimal. */
  readonly price?: string;
  readonly url?: string;
  readonly imageUrl?: string;
}

/** An amount as the shop writes it, a decimal, with its ISO currency. */
export interface ShopMoney {
  readonly amount: string;
  readonly currency: string;
}

export interface CartReport {
  readonly kind: 'cart';
  readonly cart: string;
  readonly person: ShopPerson;
  /** None when the cart was emptied. */
  readonly items: readonly ShopItem[];
  readonly total?: ShopMoney;
  readonly url?: string;
  /** Whether the shop itself says that something was added; else the items are compared with those before. */
  readonly added: boolean | undefined;
  readonly at: Date;
}

export interface CheckoutReport {
  readonly kind: 'checkout';
  readonly checkout: string;
  readonly cart?: string;
  readonly person: ShopPerson;
  readonly items: readonly ShopItem[];
  readonly total?: ShopMoney;
  /** Leads back to it. Holds a key: personal data. */
  readonly url?: string;
  readonly startedAt: Date;
  readonly completedAt?: Date;
  readonly at: Date;
}

export interface OrderReport {
  readonly kind: 'order';
  readonly order: string;
  /** As people see it. */
  readonly number?: string;
  readonly cart?: string;
  readonly checkout?: string;
  readonly person: ShopPerson;
  readonly items: readonly ShopItem[];
  /** Now, after changes and refunds, where the shop says so. */
  readonly total?: ShopMoney;
  readonly codes: readonly string[];
  readonly createdAt: Date;
  readonly paidAt?: Date;
  /** Sent out, done: what the platform means by it (facts/commerce §1.5, §2). */
  readonly completedAt?: Date;
  readonly cancelledAt?: Date;
  /** Whether the report shows the whole order, so that one without `cancelledAt` says that it stands. Else it tells of one event. */
  readonly whole: boolean;
  /** Only a test of the shop's owner. */
  readonly test: boolean;
  readonly at: Date;
}

export interface RefundReport {
  readonly kind: 'refund';
  readonly refund: string;
  readonly order: string;
  readonly money: ShopMoney;
  readonly at: Date;
}

interface PersonReport {
  readonly kind: 'person';
  readonly person: ShopPerson;
  readonly at: Date;
}

/** What somebody has said at the shop about messages on WhatsApp. */
export interface ConsentReport {
  readonly kind: 'consent';
  readonly person: ShopPerson;
  readonly state: 'granted' | 'not-granted' | 'withdrawn';
  /** Whether the person did it at `at`; else the shop only repeats how it stands. */
  readonly act: boolean;
  /** Where it was said, in the shop's words. */
  readonly source: string;
  readonly at: Date;
}
