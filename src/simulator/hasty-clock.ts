import { later, type Milliseconds, seconds } from '../lib/time.ts';
import { SimulatedClock } from './simulated-clock.ts';

/** Longer sleeps are limits for others, and pass only when the clock is told to. */
const LONGEST_PAUSE: Milliseconds = seconds(10);

/** A simulated clock whose pauses are over as soon as somebody makes one: what is tried again is tried at once, with the time that it took. */
export class HastyClock extends SimulatedClock {
  /** In milliseconds, in their order. */
  readonly pauses: Milliseconds[] = [];

  override sleep(span: Milliseconds, stop: AbortSignal): Promise<void> {
    if (span > LONGEST_PAUSE) {
      return this.sleepUntil(later(this.now(), span), stop);
    }
    this.pauses.push(span);
    this.advance(span);
    return Promise.resolve();
  }
}
