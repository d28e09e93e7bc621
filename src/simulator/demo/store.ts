import { parsePhoneNumber } from '../../contacts/phone.ts';
import { type Clock, systemClock } from '../../lib/time.ts';
import { nameOf } from '../shop/goods.ts';
import { openShopify, SHOPIFY_TOKEN } from '../shop/open-shop.ts';
import { refundedOf, totalOf } from '../shop/records.ts';
import { ShopRefusal } from '../shop/shop-refusal.ts';
import type { BotBeginning } from './bot-talk.ts';
import type { StoreState, StoreStep, VisitStep } from './page-store.ts';
import { Refusal } from './refusal.ts';
import { priceWriter, readStore, type Visit } from './store-state.ts';

type OpenShopify = Awaited<ReturnType<typeof openShopify>>;

interface StoreParts {
  readonly clock: Clock;
  /** The shop's own name. */
  readonly name: string;
  readonly timeZone: string;
}

/** Who hears what is done in the shop, in sentences, and of everything that changes there. */
interface StoreListener {
  onTold(text: string): void;
  onChange(): void;
}

const nobody: Visit = { cart: undefined, checkout: undefined, bought: undefined };

/** The online shop of this world, at Shopify: one person after the other walks in and buys, or leaves again. */
export class Store {
  readonly #open: OpenShopify;
  #listener: StoreListener | undefined;
  #visit = nobody;

  private constructor(open: OpenShopify) {
    this.#open = open;
  }

  static async open({ clock, name, timeZone }: StoreParts): Promise<Store> {
    const open = await openShopify({
      clock,
      // Another one each time: the bot may remember the orders of an earlier demo.
      seed: systemClock.now().getTime(),
      profile: { name, timeZone, domain: 'mug-shop.myshopify.com', url: 'https://mug-shop.example' },
    });
    return new Store(open);
  }

  watch(listener: StoreListener): void {
    this.#listener = listener;
    this.#open.desk.watch(() => listener.onChange());
  }

  /** How the bot reaches the shop. */
  get access(): BotBeginning['shopify'] {
    const { shop, url } = this.#open;
    return {
      shop: shop.profile.domain,
      apiUrl: url,
      apiVersion: '2026-07',
      login: { kind: 'token', token: SHOPIFY_TOKEN },
      webhookSecrets: [shop.profile.webhookSecret],
    };
  }

  get state(): StoreState {
    return readStore(this.#open, this.#visit);
  }

  /** What waits for its next try does not wait any longer. */
  botIsBack(): void {
    this.#open.desk.retryNow();
  }

  /** Does what somebody does in the shop. @throws Refusal */
  perform(step: StoreStep): void {
    try {
      this.#listener?.onTold(this.#perform(step));
    } catch (error) {
      throw error instanceof ShopRefusal ? new Refusal(error.message) : error;
    }
  }

  async close(): Promise<void> {
    await this.#open.close();
  }

  /** @returns what happened, as the story tells it; so do the ones below */
  #perform(step: StoreStep): string {
    switch (step.do) {
      case 'complete':
      case 'refund':
      case 'cancel':
        return this.#manage(step.do, step.order);
      case 'consent':
        return this.#changeConsent(step.customer, step.agrees);
      case 'uninstall':
        this.#open.shop.uninstall();
        return 'The online shop removed the bot’s app, and tells the bot nothing any more.';
      case 'install':
        this.#open.shop.install();
        return 'The online shop installed the bot’s app again.';
      default:
        return this.#visitShop(step);
    }
  }

  /** What a customer does. */
  #visitShop(step: VisitStep): string {
    switch (step.do) {
      case 'add':
        return this.#add(step.variant);
      case 'quantity':
        return this.#setQuantity(step.variant, step.quantity);
      case 'empty':
        this.#open.shop.emptyCart(this.#needCart());
        this.#visit = nobody;
        return 'Somebody emptied the cart in the online shop.';
      case 'checkout':
        return this.#checkOut(step);
      case 'pay':
        return this.#pay();
      case 'leave':
        this.#needCart();
        this.#visit = nobody;
        return 'Somebody left the online shop without buying. The cart stays behind.';
    }
  }

  #add(variantId: number): string {
    const { cart } = this.#visit;
    const { token, lines } = this.#open.shop.addToCart(variantId, cart === undefined ? {} : { cart });
    this.#visit = { ...nobody, cart: token };
    const names = lines.filter(({ variant }) => variant.id === variantId).map(({ variant }) => nameOf(variant));
    return `Somebody put “${names}” into the cart of the online shop.`;
  }

  #setQuantity(variantId: number, quantity: number): string {
    const { lines } = this.#open.shop.setQuantity(this.#needCart(), variantId, quantity);
    this.#visit = lines.length === 0 ? nobody : { ...this.#visit, checkout: undefined };
    return 'Somebody changed the cart in the online shop.';
  }

  #checkOut({ name, phone, consents }: VisitStep & { readonly do: 'checkout' }): string {
    const number = parsePhoneNumber(phone);
    if (number === undefined) {
      throw new Refusal('This is no phone number. Write it with the country’s code, such as +34 600 000 003.');
    }
    const [firstName = name, ...rest] = name.split(/\s+/);
    const contact = { firstName, lastName: rest.join(' '), phone: number, consents };
    const { token } = this.#open.shop.startCheckout(this.#needCart(), contact);
    this.#visit = { ...this.#visit, checkout: token };
    return `${name} went to the checkout, ${consents ? 'agreeing' : 'without agreeing'} to messages on WhatsApp.`;
  }

  #pay(): string {
    const { checkout } = this.#visit;
    if (checkout === undefined) {
      throw new Refusal('Nobody is at the checkout. Say who buys first.');
    }
    const order = this.#open.shop.pay(checkout);
    this.#visit = { ...nobody, bought: order.id };
    return `${order.contact.firstName} paid ${this.#price(totalOf(order))} in the online shop: order #${order.number}.`;
  }

  /** What the shop's staff do. */
  #manage(doing: 'complete' | 'refund' | 'cancel', id: number): string {
    const { shop } = this.#open;
    const before = shop.order(id);
    const { firstName } = before.contact;
    switch (doing) {
      case 'complete':
        shop.fulfil(id);
        return `Order #${before.number} was sent to ${firstName}, and is complete.`;
      case 'refund': {
        const back = refundedOf(shop.refund(id)) - refundedOf(before);
        return `${this.#price(back)} of order #${before.number} went back to ${firstName}.`;
      }
      case 'cancel':
        shop.cancel(id);
        return `Order #${before.number} of ${firstName} was cancelled.`;
    }
  }

  #changeConsent(id: number, agrees: boolean): string {
    const { firstName } = this.#open.shop.setConsent(id, agrees ? 'subscribed' : 'unsubscribed');
    return agrees
      ? `${firstName} agreed to messages on WhatsApp, in the online shop.`
      : `${firstName} wants no more messages on WhatsApp, and said so in the online shop.`;
  }

  #needCart(): string {
    if (this.#visit.cart === undefined) {
      throw new Refusal('The cart is empty. Put something into it first.');
    }
    return this.#visit.cart;
  }

  #price(units: number): string {
    return priceWriter(this.#open.shop.profile.currency)(units);
  }
}
