import { setMaxListeners } from 'node:events';
import { type Clock, later, type Milliseconds } from '../lib/time.ts';

/** What the server puts off on purpose, for a while or until the repair. */
export class Postponed {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
    // Each delay listens to the end, and there is no limit to what is put off.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Does the task after `delay`, or at the repair if that comes first; without a delay, at the repair. */
  putOff(task: () => void, delay?: Milliseconds): void {
    const once = () => {
      if (this.#waiting.delete(once)) {
        task();
      }
    };
    this.#waiting.add(once);
    if (delay !== undefined) {
      void this.#clock.sleepUntil(later(this.#clock.now(), delay), this.#closing.signal).then(once);
    }
  }

  doAll(): void {
    for (const once of [...this.#waiting]) {
      once();
    }
  }

  /** Forgets everything; nothing is done any more. */
  close(): void {
    this.#waiting.clear();
    this.#closing.abort();
  }
}
