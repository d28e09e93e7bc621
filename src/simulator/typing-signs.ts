import { type Clock, later, seconds } from '../lib/time.ts';
import type { Typing } from './message-stanzas.ts';

/** How long a phone shows somebody typing of whom it hears nothing more. About what phones do; WhatsApp states no figure. */
const SHOWN_FOR = seconds(25);

/** What the other sides of the chats are doing just now, as a phone shows it. */
export class TypingSigns {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #latest = new Map<string, { readonly typing: Typing; readonly over: AbortController }>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** The last sign of somebody; `undefined` when there never was any. */
  of(number: string): Typing | undefined {
    return this.#latest.get(number)?.typing;
  }

  show(number: string, typing: Typing): void {
    this.#latest.get(number)?.over.abort();
    const over = new AbortController();
    this.#latest.set(number, { typing, over });
    if (typing !== 'paused') {
      void this.#clock.sleepUntil(later(this.#clock.now(), SHOWN_FOR), over.signal).then(() => {
        if (!over.signal.aborted) {
          this.show(number, 'paused');
        }
      });
    }
    this.#changed();
  }

  /** What was being written has come. */
  end(number: string): void {
    if (this.#latest.has(number)) {
      this.show(number, 'paused');
    }
  }

  close(): void {
    for (const { over } of this.#latest.values()) {
      over.abort();
    }
  }
}
