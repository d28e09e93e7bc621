import type { Milliseconds } from '../lib/time.ts';

/** What was waited for did not happen within its limit. */
class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

interface Waiter {
  look(): void;
  giveUp(error: Error): void;
}

/**
 * Lets a test wait for something the simulator knows, without sleeping: whoever changes something calls `changed`, and
 * every waiter looks again. The limits run on real time, because they guard against a hanging program.
 */
export class NoticeBoard {
  readonly #waiters = new Set<Waiter>();
  readonly #watchers = new Set<() => void>();
  #closed = false;

  changed(): void {
    for (const waiter of [...this.#waiters]) {
      waiter.look();
    }
    for (const watcher of [...this.#watchers]) {
      watcher();
    }
  }

  /** Calls the listener after every change until the returned function is called, or the board is closed. */
  watch(listener: () => void): () => void {
    // A listener that is handed in twice is two watchers.
    const watcher = () => listener();
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Resolves with the first answer of `find` that is not `undefined`; `what` completes the sentence "… did not happen". */
  until<Found>(find: () => Found | undefined, what: string, limit: Milliseconds): Promise<Found> {
    if (this.#closed) {
      return Promise.reject(new Error('The simulated WhatsApp is closed'));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiter.giveUp(new TookTooLong(`Not within ${limit} ms: ${what}`)), limit);
      const leave = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        look() {
          try {
            const found = find();
            if (found !== undefined) {
              leave();
              resolve(found);
            }
          } catch (error) {
            leave();
            reject(error);
          }
        },
        giveUp(error) {
          leave();
          reject(error);
        },
      };
      this.#waiters.add(waiter);
      waiter.look();
    });
  }

  /** Ends all waiting; nothing waits any more afterwards. */
  close(): void {
    this.#closed = true;
    this.#watchers.clear();
    for (const waiter of [...this.#waiters]) {
      waiter.giveUp(new Error('The simulated WhatsApp was closed while somebody waited'));
    }
  }
}
