import { type Clock, elapsed, later, type Milliseconds, systemClock } from '../lib/time.ts';

/**
 * The machine's clock, set forward: its time goes on as fast as any, from where it was put. Only what is due at an instant comes earlier by
 * that. Elapsed time (`ticks`, `sleep`) is not touched, just as a real correction of the clock does not touch it: an answer that is on
 * its way through the network takes as long as it takes.
 */
export class FastForwardClock implements Clock {
  #ahead: Milliseconds;
  readonly #sleepers = new Set<{ readonly instant: Date; readonly wake: () => void }>();

  constructor(ahead: Milliseconds = 0) {
    this.#ahead = ahead;
  }

  /** How far it is ahead of the machine's own clock. */
  get ahead(): Milliseconds {
    return this.#ahead;
  }

  now(): Date {
    return later(systemClock.now(), this.#ahead);
  }

  async sleepUntil(instant: Date, stop: AbortSignal): Promise<void> {
    while (!stop.aborted && instant > this.now()) {
      await this.#sleepOnce(instant, stop);
    }
  }

  ticks(): Milliseconds {
    return systemClock.ticks();
  }

  sleep(span: Milliseconds, stop: AbortSignal): Promise<void> {
    return systemClock.sleep(span, stop);
  }

  /** The next instant that somebody sleeps until, if that is before `limit`. */
  nextWaking(limit: Date): Date | undefined {
    const instants = [...this.#sleepers].map(({ instant }) => instant).filter((instant) => instant < limit);
    return instants.reduce<Date | undefined>((first, one) => (first && first <= one ? first : one), undefined);
  }

  /** Puts the clock forward to `instant`, never back, and wakes whose time has come. @returns how many that are */
  advanceTo(instant: Date): number {
    this.#ahead += Math.max(0, elapsed(this.now(), instant));
    const due = [...this.#sleepers].filter((sleeper) => sleeper.instant <= instant);
    for (const { wake } of due) {
      wake();
    }
    return due.length;
  }

  async #sleepOnce(instant: Date, stop: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    const sleeper = { instant, wake };
    this.#sleepers.add(sleeper);
    stop.addEventListener('abort', wake);
    await systemClock.sleepUntil(later(instant, -this.#ahead), woken.signal);
    stop.removeEventListener('abort', wake);
    this.#sleepers.delete(sleeper);
  }
}
