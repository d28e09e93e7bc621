import type { Clock } from '../../lib/time.ts';
import type { Happening } from './page-state.ts';

/** Lines that are kept; nobody scrolls back further. */
const KEPT = 100;

/** What was done to this world, in the order in which it happened. */
export class Story {
  readonly #clock: Clock;
  readonly #changed: () => void;
  #told = 0;
  #happenings: readonly Happening[] = [];

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get happenings(): readonly Happening[] {
    return this.#happenings;
  }

  tell(text: string, details: readonly string[] = []): void {
    this.#told += 1;
    const happening = { id: this.#told, time: this.#clock.now().toISOString(), text, details };
    this.#happenings = [...this.#happenings, happening].slice(-KEPT);
    this.#changed();
  }
}
