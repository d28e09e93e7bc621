import { elapsed, type Milliseconds } from '../../src/lib/time.ts';
import type { ChatMessage, Ticks } from '../../src/simulator/chat-list.ts';
import { messageLines, ticksLine } from './chat-lines.ts';
import type { Paint } from './paint.ts';
import type { Player, Players } from './players.ts';

/** How often the phones are looked at; short enough that a person sees no delay. */
const LOOK_EVERY: Milliseconds = 40;

/** A message is shown with its ticks: those that come within this time need no line of their own. */
const TICKS_WITHIN: Milliseconds = 400;

const order: readonly Ticks[] = ['pending', 'sent', 'delivered', 'read'];

interface Entry {
  readonly message: ChatMessage;
  readonly from: Player;
  readonly to: Player;
  readonly seenAt: Date;
  shown: Ticks | undefined;
}

/**
 * Shows what the phones show. It keeps nothing of its own but what it has shown already: every line is read from the phones'
 * chats, each message once, although two phones have it.
 */
export class ChatView {
  readonly #players: Players;
  readonly #paint: Paint;
  readonly #print: (text: string) => void;
  readonly #columns: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #typedByHand = new Set<string>();
  #queue: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #waiters: (() => void)[] = [];

  constructor(parts: {
    readonly players: Players;
    readonly paint: Paint;
    readonly print: (text: string) => void;
    readonly columns: () => number;
  }) {
    this.#players = parts.players;
    this.#paint = parts.paint;
    this.#print = parts.print;
    this.#columns = parts.columns;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#look();
  }

  /** A person wrote this on the shop's phone; whatever else comes from the shop comes from the bot. */
  typedByHand(id: string): void {
    this.#typedByHand.add(id);
  }

  /** The bot's messages in a person's chat with the shop. */
  answersTo({ phone }: Player): readonly ChatMessage[] {
    const shop = this.#players.shop.phone.number;
    return phone.chats.with(shop).filter(({ from, id }) => from === shop && !this.#typedByHand.has(id));
  }

  /** Resolves when `reached` holds, or after the limit; says which. */
  async until(reached: () => boolean | Promise<boolean>, limit: Milliseconds): Promise<boolean> {
    const since = new Date();
    while (!(await reached())) {
      if (elapsed(since, new Date()) >= limit) {
        return false;
      }
      await this.#nextLook();
    }
    return true;
  }

  /** Resolves when everything that is on a phone is in the terminal too. */
  async settled(): Promise<void> {
    await this.#nextLook();
    await this.until(() => this.#queue.length === 0, TICKS_WITHIN * 2);
  }

  #nextLook(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
    });
  }

  #look(): void {
    this.#collect(new Date());
    this.#showNew(new Date());
    this.#showChanges(new Date());
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resume of waiters) {
      resume();
    }
  }

  #collect(now: Date): void {
    const found: Entry[] = [];
    for (const { phone } of this.#players.all) {
      for (const message of phone.chats.chats.flatMap((chat) => phone.chats.with(chat))) {
        const entry = this.#entries.has(message.id) ? undefined : this.#entryOf(message, phone.number, now);
        if (entry) {
          this.#entries.set(message.id, entry);
          found.push(entry);
        }
      }
    }
    this.#queue.push(...found.toSorted((one, other) => elapsed(other.message.time, one.message.time)));
  }

  #entryOf(message: ChatMessage, holder: string, seenAt: Date): Entry | undefined {
    const from = this.#playerAt(message.from);
    const to = this.#playerAt(message.from === holder ? message.chat : holder);
    return from && to ? { message, from, to, seenAt, shown: undefined } : undefined;
  }

  #playerAt(number: string): Player | undefined {
    return this.#players.all.find(({ phone }) => phone.number === number);
  }

  #showNew(now: Date): void {
    for (let entry = this.#queue[0]; entry; entry = this.#queue[0]) {
      const ticks = ticksOf(entry);
      if (rank(ticks) < rank('delivered') && elapsed(entry.seenAt, now) < TICKS_WITHIN) {
        return;
      }
      this.#queue.shift();
      entry.shown = ticks;
      const { message, from, to } = entry;
      const by = from === this.#players.shop && !this.#typedByHand.has(message.id) ? 'bot' : undefined;
      const shown = { time: message.time, text: message.text, ticks, by, from: from.name, to: to.name };
      this.#print(messageLines(shown, this.#paint, this.#columns()));
    }
  }

  #showChanges(time: Date): void {
    const changes = new Map<string, { ticks: Ticks; by: string; texts: string[] }>();
    for (const entry of this.#entries.values()) {
      const ticks = ticksOf(entry);
      if (entry.shown !== undefined && rank(ticks) > rank(entry.shown)) {
        entry.shown = ticks;
        const by = entry.to.name;
        const key = `${ticks} ${entry.from.name} ${by}`;
        const change = changes.get(key) ?? { ticks, by, texts: [] };
        change.texts.push(entry.message.text);
        changes.set(key, change);
      }
    }
    for (const change of changes.values()) {
      this.#print(ticksLine({ time, ...change }, this.#paint));
    }
  }
}

/** The writer's phone knows best; while it is off and has no copy, the reader's phone tells at least that it arrived. */
function ticksOf({ message, from, to }: Entry): Ticks {
  return (from.phone.chats.find(message.id) ?? to.phone.chats.find(message.id) ?? message).ticks;
}

function rank(ticks: Ticks): number {
  return order.indexOf(ticks);
}
