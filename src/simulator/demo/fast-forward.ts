import { elapsed, later, type Milliseconds, seconds, systemClock } from '../../lib/time.ts';
import type { FastForwardClock } from '../fast-forward-clock.ts';
import type { DemoBot } from './demo-bot.ts';

/** In so many steps, at most, the time of this world moves on. */
const STEPS = 25;

/** Shorter steps would show nothing more. */
const SHORTEST_STEP: Milliseconds = seconds(1);

/** What each step gives the bot and the phones to do what has become due, in real time. */
const PAUSE: Milliseconds = 80;

interface FastForwardParts {
  readonly clock: FastForwardClock;
  /** Absent while it does not run: then only WhatsApp's time moves. */
  readonly bot: () => DemoBot | undefined;
  /** After each step. */
  readonly onStep: () => void;
}

/**
 * Moves WhatsApp's clock and the bot's on to `target` together, from one due timer to the next, so that things happen in their order and
 * see the time at which they are due, give or take a step.
 *
 * @returns how many of the bot's timers came due
 */
export async function fastForward({ clock, bot, onStep }: FastForwardParts, target: Date): Promise<number> {
  const shortest = Math.max(SHORTEST_STEP, elapsed(clock.now(), target) / STEPS);
  const going = new AbortController().signal;
  let due = 0;
  while (clock.now() < target) {
    const next = await nextInstant(clock, bot(), target);
    const instant = earliest(target, latest(next, later(clock.now(), shortest)));
    clock.advanceTo(instant);
    due +=
      (await bot()
        ?.ask('advance', { to: instant })
        .catch(() => 0)) ?? 0;
    onStep();
    await systemClock.sleep(PAUSE, going);
  }
  return due;
}

async function nextInstant(clock: FastForwardClock, bot: DemoBot | undefined, target: Date): Promise<Date> {
  const ofBot = await bot?.ask('next-waking', { limit: target }).catch(() => undefined);
  return earliest(ofBot ?? target, clock.nextWaking(target) ?? target);
}

function earliest(one: Date, other: Date): Date {
  return one <= other ? one : other;
}

function latest(one: Date, other: Date): Date {
  return one >= other ? one : other;
}
