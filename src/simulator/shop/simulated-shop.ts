import { type Clock, wholeSecond } from '../../lib/time.ts';
import { withMore, withQuantity } from './cart-lines.ts';
import { stockShelves, type Variant } from './goods.ts';
import { People } from './people.ts';
import {
  type Cart,
  type CartLine,
  type Checkout,
  type Contact,
  type Customer,
  type Discount,
  type News,
  type Order,
  type OrderChange,
  refundedOf,
  type ShopProfile,
  sumOf,
  totalOf,
  type WhatsAppConsent,
} from './records.ts';
import { ShopIds } from './shop-ids.ts';
import { found, ShopRefusal } from './shop-refusal.ts';

/** A shop's news without what every piece of it has. */
type Said<One = News> = One extends News ? Omit<One, 'act' | 'at'> : never;

/**
 * A small ceramics shop: its goods, people, carts, checkouts and orders, and what customers and its staff do there. It knows nothing of
 * webhooks: whoever watches hears what happened, in order.
 */
export class SimulatedShop {
  readonly profile: ShopProfile;
  readonly clock: Clock;
  readonly ids: ShopIds;
  readonly goods: readonly Variant[];
  readonly carts = new Map<string, Cart>();
  readonly checkouts = new Map<string, Checkout>();
  readonly orders = new Map<number, Order>();
  /** By their codes, in capitals. */
  readonly discounts = new Map<string, Discount>();
  readonly #people: People;
  readonly #listeners = new Set<(news: News) => void>();
  #acts = 0;
  #numbers = 1000;
  #isInstalled = true;

  constructor(profile: ShopProfile, { clock, seed }: { readonly clock: Clock; readonly seed: number }) {
    this.profile = profile;
    this.clock = clock;
    this.ids = new ShopIds(profile.platform, seed);
    this.goods = stockShelves(this.ids.number());
    this.#people = new People(this.ids);
  }

  get customers(): ReadonlyMap<number, Customer> {
    return this.#people.all;
  }

  /** Whether the bot's app is still allowed to ask and to be told. */
  get isInstalled(): boolean {
    return this.#isInstalled;
  }

  /** Calls the listener with everything that happens, until the returned function is called. */
  watch(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts something into a cart; without a token into a new one. */
  addToCart(variantId: number, { cart: token, quantity = 1 }: { cart?: string; quantity?: number } = {}): Cart {
    const variant = this.#variant(variantId);
    const before = token === undefined ? undefined : this.#cart(token);
    return this.#putCart(before, {
      change: before ? 'added' : 'created',
      lines: withMore(before?.lines ?? [], variant, quantity),
    });
  }

  /** Sets how many of something are in a cart; 0 takes it out. */
  setQuantity(token: string, variantId: number, quantity: number): Cart {
    const before = this.#cart(token);
    return this.#putCart(before, withQuantity(before.lines, variantId, quantity));
  }

  emptyCart(token: string): Cart {
    return this.#putCart(this.#cart(token), { change: 'emptied', lines: [] });
  }

  /**
   * Goes to the checkout with what is in the cart, for the first time or back to the same. A ticked box is consent, one left alone says
   * nothing.
   */
  startCheckout(cart: string, contact: Contact): Checkout {
    const { lines } = this.#cart(cart);
    this.#needLines(lines);
    const before = [...this.checkouts.values()].find((one) => one.cart === cart && !one.completedAt);
    const now = this.#begin();
    return this.#putCheckout(before ? 'updated' : 'created', {
      token: before?.token ?? this.ids.token(32),
      cart,
      lines,
      contact,
      customerId: this.#meet(contact, now),
      orderId: before?.orderId ?? this.ids.number(),
      startedAt: before?.startedAt ?? now,
      updatedAt: now,
      completedAt: undefined,
    });
  }

  /** Types something else into a checkout under way. */
  changeCheckout(token: string, contact: Contact): Checkout {
    const before = this.#checkout(token);
    const now = this.#begin();
    return this.#putCheckout('updated', {
      ...before,
      contact,
      customerId: this.#meet(contact, now),
      updatedAt: now,
    });
  }

  /** Orders what is in the checkout, and pays at once. */
  pay(token: string): Order {
    const now = this.#begin();
    return this.#settle(this.#place(token, now), now);
  }

  /** Orders what is in the checkout, to be paid later. */
  placeOrder(token: string): Order {
    return this.#place(token, this.#begin());
  }

  markPaid(id: number): Order {
    return this.#settle(this.#openOrder(id), this.#begin());
  }

  /** Sends it out. At a WooCommerce shop: completes it. */
  fulfil(id: number): Order {
    const order = this.#openOrder(id);
    if (order.fulfilledAt) {
      throw new ShopRefusal('This order is completed already.');
    }
    const now = this.#begin();
    return this.#putOrder('fulfilled', { ...order, updatedAt: now, fulfilledAt: now });
  }

  cancel(id: number): Order {
    const now = this.#begin();
    return this.#putOrder('cancelled', { ...this.#openOrder(id), updatedAt: now, cancelledAt: now });
  }

  /** Pays back so much in the smallest unit; without an amount all that is left. */
  refund(id: number, amount?: number): Order {
    const before = this.order(id);
    const left = totalOf(before) - refundedOf(before);
    const back = amount ?? left;
    if (!before.paidAt || back <= 0 || back > left) {
      throw new ShopRefusal('Nothing of this order can be paid back.');
    }
    const now = this.#begin();
    const refund = { id: this.ids.number(), at: now, amount: back, note: 'Customer changed their mind' };
    const order = { ...before, updatedAt: now, refunds: [...before.refunds, refund] };
    this.orders.set(id, order);
    this.#tell(now, { kind: 'refund', order, refund });
    return this.#putOrder('updated', order);
  }

  /** Says yes or no to messages on WhatsApp, at the shop itself or, from an app, somewhere else. */
  setConsent(customerId: number, state: WhatsAppConsent['state'], from: WhatsAppConsent['from'] = 'SHOPIFY'): Customer {
    const now = this.#begin();
    const customer = this.#people.change(this.customer(customerId), { consent: { state, at: now, from } }, now);
    this.#tell(now, { kind: 'consent', customer });
    return customer;
  }

  editCustomer(
    customerId: number,
    fields: Partial<Pick<Customer, 'firstName' | 'lastName' | 'email' | 'phone' | 'addressPhone'>>,
  ): Customer {
    const now = this.#begin();
    const customer = this.#people.change(this.customer(customerId), fields, now);
    this.#tell(now, { kind: 'customer', customer });
    return customer;
  }

  /** Forgets somebody by law, and asks all apps to do the same. */
  redact(customerId: number): void {
    const customer = this.customer(customerId);
    const orders = [...this.orders.values()].filter((order) => order.customerId === customerId).map(({ id }) => id);
    const now = this.#begin();
    this.#people.forget(customerId);
    for (const id of orders) {
      const contact = { firstName: '', lastName: '' };
      this.orders.set(id, { ...this.order(id), customerId: undefined, contact });
    }
    this.#tell(now, { kind: 'erasure', customer, orders });
  }

  /** Takes the app away: it may neither ask any more nor is it told anything after this. */
  uninstall(): void {
    this.#tell(this.#begin(), { kind: 'uninstalled' });
    this.#isInstalled = false;
  }

  install(): void {
    this.#isInstalled = true;
  }

  customer(id: number): Customer {
    return found(this.customers.get(id), 'There is no such customer.');
  }

  order(id: number): Order {
    return found(this.orders.get(id), 'There is no such order.');
  }

  #place(token: string, now: Date): Order {
    const { orderId: id, lines, contact, customerId, cart } = this.#checkout(token);
    this.#needLines(lines);
    const discount = this.#discountOf(contact.code, lines);
    this.#numbers += 1;
    const order = this.#putOrder('created', {
      id,
      number: this.#numbers,
      cart,
      checkout: token,
      customerId,
      contact,
      lines: lines.map((line) => ({ ...line, id: this.ids.number() })),
      codes: discount === undefined || contact.code === undefined ? [] : [contact.code],
      discount: discount ?? 0,
      createdAt: now,
      updatedAt: now,
      paidAt: undefined,
      fulfilledAt: undefined,
      cancelledAt: undefined,
      refunds: [],
    });
    this.#putCheckout('updated', { ...this.#checkout(token), updatedAt: now, completedAt: now });
    this.carts.delete(cart);
    return order;
  }

  #settle(order: Order, now: Date): Order {
    return this.#putOrder('paid', { ...order, updatedAt: now, paidAt: now });
  }

  #variant(id: number): Variant {
    return found(
      this.goods.find((variant) => variant.id === id),
      'The shop does not sell that.',
    );
  }

  #cart(token: string): Cart {
    return found(this.carts.get(token), 'There is no such cart any more.');
  }

  #checkout(token: string): Checkout {
    const checkout = found(this.checkouts.get(token), 'There is no such checkout.');
    if (checkout.completedAt) {
      throw new ShopRefusal('This checkout is paid for already.');
    }
    return checkout;
  }

  #openOrder(id: number): Order {
    const order = this.order(id);
    if (order.cancelledAt) {
      throw new ShopRefusal('This order was cancelled.');
    }
    return order;
  }

  #needLines(lines: readonly CartLine[]): void {
    if (lines.length === 0) {
      throw new ShopRefusal('The cart is empty.');
    }
  }

  #discountOf(code: string | undefined, lines: readonly CartLine[]): number | undefined {
    const discount = code === undefined ? undefined : this.discounts.get(code.toUpperCase());
    return discount && Math.min(sumOf(lines), discount.amount ?? Math.round(sumOf(lines) * (discount.share ?? 0)));
  }

  /** Finds or makes the account of somebody at the checkout, and takes down a ticked box. */
  #meet(contact: Contact, now: Date): number | undefined {
    const customer = this.#people.meet(contact, now);
    if (customer && contact.consents && customer.consent.state !== 'subscribed') {
      const consent = { state: 'subscribed', at: now, from: 'SHOPIFY' } as const;
      this.#tell(now, { kind: 'consent', customer: this.#people.change(customer, { consent }, now) });
    }
    return customer?.id;
  }

  #putCart(
    before: Cart | undefined,
    { change, lines }: { change: 'created' | 'added' | 'changed' | 'emptied'; lines: Cart['lines'] },
  ): Cart {
    this.#begin();
    // Carts alone have fractions of a second.
    const now = this.clock.now();
    const token = before?.token ?? this.ids.token(24);
    const cart = { token, lines, createdAt: before?.createdAt ?? now, updatedAt: now };
    this.carts.set(token, cart);
    this.#tell(now, { kind: 'cart', change, cart });
    return cart;
  }

  #putCheckout(change: 'created' | 'updated', checkout: Checkout): Checkout {
    this.checkouts.set(checkout.token, checkout);
    this.#tell(checkout.updatedAt, { kind: 'checkout', change, checkout });
    return checkout;
  }

  #putOrder(change: OrderChange, order: Order): Order {
    this.orders.set(order.id, order);
    this.#tell(order.updatedAt, { kind: 'order', change, order });
    return order;
  }

  /** A new act of somebody's. @returns its time, as shops write it down */
  #begin(): Date {
    this.#acts += 1;
    return wholeSecond(this.clock.now());
  }

  #tell(at: Date, said: Said): void {
    for (const listener of this.#listeners) {
      listener({ ...said, act: this.#acts, at });
    }
  }
}
