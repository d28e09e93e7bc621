import { seededRandom } from '../seeded-random.ts';
import type { Platform } from './records.ts';

/** How large the ids of each platform are. */
const beginnings: Readonly<Record<Platform, number>> = {
  shopify: 6_120_000_000_000,
  woocommerce: 3100,
  generic: 1000,
};

/** Ids and tokens of one shop: the same for the same seed, and others for another. */
export class ShopIds {
  readonly #random: () => number;
  #last: number;

  constructor(platform: Platform, seed: number) {
    this.#random = seededRandom(seed);
    // Two runs of a shop with other seeds must not give the same id to two orders.
    const spread = platform === 'shopify' ? 345_000_000 : 1000;
    this.#last = beginnings[platform] + Math.floor(this.#random() * spread) * 1000;
  }

  /** A number that is larger than every one before. */
  number(): number {
    this.#last += 1;
    return this.#last;
  }

  /** So many characters that nobody guesses. */
  token(length: number): string {
    const alphabet = '0123456789abcdef';
    return Array.from({ length }, () => alphabet[Math.floor(this.#random() * alphabet.length)]).join('');
  }

  uuid(): string {
    const lengths = [8, 4, 4, 4, 12];
    return lengths.map((length) => this.token(length)).join('-');
  }

  /** From 0 to 1. */
  chance(): number {
    return this.#random();
  }
}
