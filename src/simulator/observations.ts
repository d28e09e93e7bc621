import type { ChatMessage } from './chat-list.ts';
import type { Phone } from './phone.ts';

/** A message that the server took from a phone for a linked device: from now on the bot must not lose it. */
export interface AcceptedMessage {
  readonly id: string;
  /** Numbers of the writer and of the chat; a bot serves the account of one of the two. */
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly at: Date;
}

/** A stanza that a device answered with an error instead of a receipt: for this server it is delivered, for the bot lost. */
export interface Refusal {
  readonly device: string;
  readonly id: string;
  readonly error: string;
}

/** What an outside judge needs in order to compare a bot's own books with what really happened on the wire. */
export class Observations {
  readonly unanswered: string[] = [];
  readonly accepted: AcceptedMessage[] = [];
  readonly refusals: Refusal[] = [];
  readonly #timesSeen = new Map<string, number>();
  readonly #resendsOwed = new Map<string, number>();
  readonly #openSockets = new Map<string, number>();
  readonly #mostSockets = new Map<string, number>();

  /** Ids of the bot's messages that came more often than once, not counting answers to retry receipts. */
  get idsSeenTwice(): readonly string[] {
    return [...this.#timesSeen].filter(([, times]) => times > 1).map(([id]) => id);
  }

  sawMessage(id: string): void {
    const owed = this.#resendsOwed.get(id) ?? 0;
    if (owed > 0) {
      this.#resendsOwed.set(id, owed - 1);
    } else {
      this.#timesSeen.set(id, (this.#timesSeen.get(id) ?? 0) + 1);
    }
  }

  /** A phone asked for this message again, so the next copy of it is no surprise. */
  askedAgain(id: string): void {
    this.#resendsOwed.set(id, (this.#resendsOwed.get(id) ?? 0) + 1);
  }

  socketOpened(device: string): void {
    const open = (this.#openSockets.get(device) ?? 0) + 1;
    this.#openSockets.set(device, open);
    this.#mostSockets.set(device, Math.max(open, this.#mostSockets.get(device) ?? 0));
  }

  socketClosed(device: string): void {
    this.#openSockets.set(device, (this.#openSockets.get(device) ?? 0) - 1);
  }

  /** The most connections any one device ever had open at the same time. */
  get mostSocketsOfOneDevice(): number {
    return Math.max(0, ...this.#mostSockets.values());
  }
}

/** What bots have written to this phone more than once, under different ids. */
export function repeatedTexts(phone: Phone, isUnique: (text: string) => boolean): readonly ChatMessage[] {
  const seen = new Set<string>();
  const fromBots = phone.chats.chats
    .flatMap((chat) => phone.chats.with(chat))
    .filter(({ byDevice, from, text }) => byDevice && from !== phone.number && text && isUnique(text));
  return fromBots.filter(({ from, text }) => {
    const key = `${from} ${text}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated;
  });
}
