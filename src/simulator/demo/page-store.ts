// What the page is told of the online shop, and what can be done there. The words are those of `page-state.ts`.

/** The online shop, as its own books say. Amounts are as people read them. */
export interface StoreState {
  /** Where its customers shop. */
  readonly address: string;
  readonly goods: readonly StoreGood[];
  /** Of whoever is in the shop just now; absent while it is empty. */
  readonly cart: StoreCart | undefined;
  /** Once that person has said who they are. */
  readonly checkout: StoreCheckout | undefined;
  /** What that person has just bought. */
  readonly bought: StoreOrder | undefined;
  /** The latest first, as in the two lists below. */
  readonly orders: readonly StoreOrder[];
  readonly people: readonly StorePerson[];
  /** What the shop told the bot, or tried to. */
  readonly deliveries: readonly StoreDelivery[];
  /** Whether the bot's app is installed there. */
  readonly installed: boolean;
  /** How many kinds of news the bot has asked to be told. */
  readonly subscriptions: number;
}

export interface StoreGood {
  readonly variant: number;
  readonly title: string;
  /** Of things that there are several kinds of. */
  readonly kind: string | undefined;
  readonly slug: string;
  readonly price: string;
}

export interface StoreCart {
  readonly lines: readonly {
    readonly variant: number;
    readonly name: string;
    readonly quantity: number;
    readonly price: string;
  }[];
  readonly pieces: number;
  /** Without shipping. */
  readonly total: string;
}

export interface StoreCheckout {
  readonly name: string;
  readonly phone: string;
  /** Whether the box about messages on WhatsApp was ticked. */
  readonly consents: boolean;
  readonly shipping: string;
  readonly total: string;
}

export interface StoreOrder {
  readonly id: number;
  /** As people see it, such as “#1001”. */
  readonly number: string;
  readonly name: string;
  readonly items: string;
  readonly total: string;
  readonly refunded: string | undefined;
  readonly time: string;
  readonly state: 'paid' | 'complete' | 'cancelled';
  /** What the shop's staff can do with it now. */
  readonly can: readonly ('complete' | 'refund' | 'cancel')[];
}

export interface StorePerson {
  readonly id: number;
  readonly name: string;
  readonly phone: string;
  /** What they said at the shop of messages on WhatsApp. */
  readonly consent: 'agreed' | 'never-agreed' | 'withdrawn';
}

export interface StoreDelivery {
  readonly id: string;
  readonly topic: string;
  /** When it happened. */
  readonly time: string;
  readonly tries: number;
  readonly state: 'waiting' | 'taken' | 'given-up';
  /** The bot's last answer, an HTTP status; absent when it gave none. */
  readonly status: number | undefined;
  /** When it is tried again. */
  readonly nextAt: string | undefined;
}

/** What a customer does in the online shop. */
export type VisitStep =
  | { readonly do: 'add'; readonly variant: number }
  /** 0 takes it out. */
  | { readonly do: 'quantity'; readonly variant: number; readonly quantity: number }
  | { readonly do: 'empty' }
  | { readonly do: 'checkout'; readonly name: string; readonly phone: string; readonly consents: boolean }
  | { readonly do: 'pay' }
  /** Goes without buying; the next one begins with an empty cart. */
  | { readonly do: 'leave' };

/** What is done in the online shop, by a customer or by its staff. */
export type StoreStep =
  | VisitStep
  | { readonly do: 'complete' | 'refund' | 'cancel'; readonly order: number }
  | { readonly do: 'consent'; readonly customer: number; readonly agrees: boolean }
  /** Takes the bot's app away. */
  | { readonly do: 'uninstall' }
  | { readonly do: 'install' };
