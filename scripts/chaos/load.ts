import type { Phone } from '../../src/simulator/phone.ts';
import type { WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';

/** A member asks no faster: the bot takes a person who writes more for an answering machine. */
const BETWEEN_QUESTIONS_MS = 4000;

/** People who write to the shop: customers, who are logged, and members, who are answered. What they write is bounded by allowances. */
export class Load {
  readonly asked: string[] = [];
  readonly #shops: readonly string[];
  readonly #customers: readonly Phone[];
  readonly #members: readonly Phone[];
  readonly #random: () => number;
  readonly #running: Promise<void>[] = [];
  #allowed = 0;
  #ended = false;

  /** @param shops every number that customers write to; members ask the first */
  constructor(parts: {
    readonly whatsapp: WhatsAppServer;
    readonly shops: readonly string[];
    readonly members: readonly Phone[];
    readonly customers: number;
    readonly random: () => number;
  }) {
    const { whatsapp, shops, members, customers, random } = parts;
    this.#shops = shops;
    this.#members = members;
    this.#random = random;
    this.#customers = Array.from({ length: customers }, (_, index) =>
      whatsapp.addPhone({
        number: `3461${String(index).padStart(7, '0')}`,
        name: `Customer ${index}`,
        addressing: index % 2 === 0 ? 'lid' : 'pn',
      }),
    );
  }

  start(): void {
    this.#running.push(
      ...this.#customers.map((customer, index) => this.#write(customer, index)),
      ...this.#members.map((member, index) => this.#ask(member, index)),
    );
  }

  /** So many messages more, of all customers together. */
  allow(messages: number): void {
    this.#allowed = messages;
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#running);
  }

  async #write(customer: Phone, index: number): Promise<void> {
    for (let number = 1; !this.#ended; ) {
      await pause(20 + this.#random() * 80);
      if (this.#allowed > 0) {
        this.#allowed -= 1;
        const text = `customer ${index}: ${number++}`;
        for (const shop of this.#shops) {
          await customer.send(shop, text);
        }
      }
    }
  }

  /** Something that is no command, so that the answer repeats it. */
  async #ask(member: Phone, index: number): Promise<void> {
    for (let number = 1; !this.#ended; number++) {
      await pause(BETWEEN_QUESTIONS_MS * (0.75 + this.#random() / 2));
      const question = `question ${index}-${number}`;
      this.asked.push(question);
      await member.send(this.#shops[0] ?? '', question);
    }
  }
}

/** Real faults need real moments; they come from a seeded sequence. */
export function pause(span: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, span));
}
