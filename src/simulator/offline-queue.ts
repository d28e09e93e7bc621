import type { Stanza } from './stanza.ts';

interface KeptStanza {
  readonly stanza: Stanza;
  /** The connection it went out over, if any; a new connection means sending it again. */
  sentOver: object | undefined;
}

/** Stanzas for one device that it has neither receipted nor acknowledged yet, oldest first (facts: until then they come again). */
export class OfflineQueue {
  readonly #kept = new Map<string, KeptStanza>();

  get size(): number {
    return this.#kept.size;
  }

  /** Keeps a stanza until it is settled; one with the same key takes the place of the older one. */
  keep(stanza: Stanza, sentOver: object | undefined): void {
    const key = queueKey(stanza.tag, stanza.attrs);
    this.#kept.delete(key);
    this.#kept.set(key, { stanza, sentOver });
  }

  /** Marks as sent and gives back what has not gone out over `connection` yet. */
  takeUnsent(connection: object, wanted: (stanza: Stanza) => boolean = () => true): readonly Stanza[] {
    const unsent: Stanza[] = [];
    for (const entry of this.#kept.values()) {
      if (entry.sentOver !== connection && wanted(entry.stanza)) {
        entry.sentOver = connection;
        unsent.push(entry.stanza);
      }
    }
    return unsent;
  }

  /** The device has it; whether it was still waited for. */
  settle(key: string): boolean {
    return this.#kept.delete(key);
  }
}

/** Receipts share their id with the message they speak of, so the class belongs to the key; so does a receipt's type. */
export function queueKey(stanzaClass: string, attributes: Readonly<Record<string, string>>): string {
  const type = stanzaClass === 'receipt' ? (attributes['type'] ?? '') : '';
  return `${stanzaClass}:${attributes['id']}:${type}`;
}
