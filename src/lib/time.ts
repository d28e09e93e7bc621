/** A length of time in milliseconds. */
export type Milliseconds = number;

export function seconds(count: number): Milliseconds {
  return count * 1000;
}

export function minutes(count: number): Milliseconds {
  return count * seconds(60);
}

export function hours(count: number): Milliseconds {
  return count * minutes(60);
}

export function days(count: number): Milliseconds {
  return count * hours(24);
}

/** The instant `span` after `from`; a negative span goes back. Counts elapsed time, so clock changes do not matter. */
export function later(from: Date, span: Milliseconds): Date {
  return new Date(from.getTime() + span);
}

/** Elapsed time from `from` to `to`; negative when `to` is earlier. */
export function elapsed(from: Date, to: Date): Milliseconds {
  return to.getTime() - from.getTime();
}

/** The instant without its fraction of a second, which is how WhatsApp tells time. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

/** The instant as whole seconds since 1970, which is how WhatsApp writes it. */
export function wholeSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** Where a flow learns what time it is. Rules never hold a clock: they get `now` as an argument. */
export interface Clock {
  now(): Date;
  /** Resolves at `instant`, or as soon as `stop` is aborted; never rejects. */
  sleepUntil(instant: Date, stop: AbortSignal): Promise<void>;
  /** Elapsed time since a moment that means nothing: for spans that no correction of the machine's clock may stretch. */
  ticks(): Milliseconds;
  /** Resolves after `span` of such time, or as soon as `stop` is aborted; never rejects. */
  sleep(span: Milliseconds, stop: AbortSignal): Promise<void>;
}

/**
 * Instants for measuring: they begin at the clock's time and go on by elapsed time alone, so the span between two of them is the
 * time that has really passed, whatever corrections the clock has seen in between.
 */
export function steadyInstants(clock: Clock): () => Date {
  const from = clock.now();
  const ticks = clock.ticks();
  return () => later(from, clock.ticks() - ticks);
}

/** The machine's clock, the one that runs in production. */
export const systemClock: Clock = {
  now() {
    return new Date();
  },
  async sleepUntil(instant, stop) {
    // setTimeout fires at once beyond 2^31 ms, so long sleeps are taken in pieces.
    const longestTimer = days(20);
    while (!stop.aborted && instant.getTime() > Date.now()) {
      await sleepOnce(Math.min(instant.getTime() - Date.now(), longestTimer), stop);
    }
  },
  ticks() {
    return performance.now();
  },
  async sleep(span, stop) {
    if (!stop.aborted) {
      await sleepOnce(span, stop);
    }
  },
};

function sleepOnce(span: Milliseconds, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, span);
    stop.addEventListener('abort', finish);
  });
}

/** Resolves when `signal` is aborted, at once when it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Something did not happen within its limit; whether it happens later is unknown. */
class TookTooLong extends Error {
  override readonly name = 'TookTooLong';
}

/** The result of `work`, waited for at most `limit`. @throws TookTooLong */
export async function within<Result>(clock: Clock, limit: Milliseconds, work: Promise<Result>): Promise<Result> {
  const done = new AbortController();
  const timeout = clock.sleep(limit, done.signal).then(() => {
    throw new TookTooLong(`Not within ${limit} ms`);
  });
  // When the work is done first, the timeout is woken and fails unheard.
  timeout.catch(() => undefined);
  return Promise.race([work, timeout]).finally(() => done.abort());
}

/** Whether `name` is an IANA time zone that this machine knows, such as `Europe/Madrid`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets such as +01:00 are accepted too, but know no summer time.
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** Date and time on the clocks of `timeZone`, as people write it in that language: `22 Nov 2026, 10:05`. */
export function formatLocalTime(instant: Date, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(instant);
}

/** The time of day on the clocks of `timeZone`, in that language: `10:05`. */
export function formatLocalClock(instant: Date, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' }).format(instant);
}

/** A length of time in whole units, the largest that fits: `45 seconds`, `3 hours`, `2 days`. */
export function formatSpan(span: Milliseconds, locale: string): string {
  const units = [
    ['day', days(1)],
    ['hour', hours(1)],
    ['minute', minutes(1)],
  ] as const;
  const [unit, length] = units.find(([, one]) => span >= 2 * one) ?? ['second', seconds(1)];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(span / length));
}

/** The hour (0–23) on the clocks of `timeZone`. */
export function localHour(instant: Date, timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(instant));
}

/** The date on the clocks of `timeZone`, as people write it in that language: `22 Nov 2026`. */
export function formatLocalDate(instant: Date, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' }).format(instant);
}
