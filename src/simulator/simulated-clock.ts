import { type Clock, later, type Milliseconds } from '../lib/time.ts';

/** A clock that moves only when it is told to. Whoever sleeps wakes in the order of the instants, at exactly that time. */
export class SimulatedClock implements Clock {
  #now: Date;
  readonly #sleepers = new Set<{ readonly instant: Date; readonly wake: () => void }>();

  constructor(start: Date) {
    this.#now = start;
  }

  now(): Date {
    return this.#now;
  }

  sleepUntil(instant: Date, stop: AbortSignal): Promise<void> {
    if (stop.aborted || instant <= this.#now) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { instant, wake };
      this.#sleepers.add(sleeper);
      stop.addEventListener('abort', wake);
    });
  }

  ticks(): Milliseconds {
    return this.#now.getTime();
  }

  sleep(span: Milliseconds, stop: AbortSignal): Promise<void> {
    return this.sleepUntil(later(this.#now, span), stop);
  }

  /** Moves the time forward and wakes everybody whose time has come. */
  advance(span: Milliseconds): void {
    const end = later(this.#now, span);
    for (;;) {
      const [next] = [...this.#sleepers].toSorted((one, other) => one.instant.getTime() - other.instant.getTime());
      if (!next || next.instant > end) {
        break;
      }
      this.#now = next.instant;
      next.wake();
    }
    this.#now = end;
  }
}
