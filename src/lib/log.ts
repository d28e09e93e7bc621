import { type LevelWithSilent, type Logger, type LoggerOptions, pino } from 'pino';
import pretty from 'pino-pretty';
import { type Clock, later, minutes, systemClock } from './time.ts';

/**
 * Where technical notes go: a static sentence and fields. Never a message's text, a phone number or a key; people are named by
 * their contact id.
 */
export type Log = Logger;

/** The program's log, on standard error: one JSON object a line, or readable lines when a person watches in a terminal. */
export function makeLog(level: LevelWithSilent): Log {
  const destination = process.stderr.isTTY
    ? pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', destination: 2, sync: true })
    : pino.destination({ fd: 2, sync: true });
  return pino({ level, hooks: floodGate(systemClock) }, destination);
}

/** The same sentence so often in a minute is enough; one broken peer can cause a hundred thousand of them. */
const LINES_PER_MINUTE = 20;

/** pino's number for `fatal`. */
const FATAL = 60;

/** Sentences are static, so there are few; a bound in case one is not. */
const SENTENCES_KEPT = 500;

/**
 * Lets the first lines of each minute with the same level and sentence through, and sums the others up in one line when the minute
 * is over. What is fatal always passes.
 */
export function floodGate(clock: Clock): NonNullable<LoggerOptions['hooks']> {
  const counted = new Map<string, number>();

  /** @returns how many there were in this minute, this one included */
  function countLine(key: string, onEnd: (count: number) => void): number {
    const count = (counted.get(key) ?? 0) + 1;
    if (count === 1 && counted.size >= SENTENCES_KEPT) {
      return count;
    }
    counted.set(key, count);
    if (count === 1) {
      void clock.sleepUntil(later(clock.now(), minutes(1)), never).then(() => {
        onEnd(counted.get(key) ?? 0);
        counted.delete(key);
      });
    }
    return count;
  }

  return {
    logMethod(fields, write, level) {
      const sentence = String(typeof fields[0] === 'string' ? fields[0] : (fields[1] ?? ''));
      const passes = level >= FATAL;
      const count = passes
        ? 0
        : countLine(`${level} ${sentence}`, (total) => {
            if (total > LINES_PER_MINUTE) {
              const leftOut = total - LINES_PER_MINUTE;
              write.call(this, { sentence, leftOut }, 'The same line came too often; so many were left out');
            }
          });
      if (count <= LINES_PER_MINUTE) {
        write.apply(this, fields);
      }
    },
  };
}

const never = new AbortController().signal;

/** A log that keeps nothing, for tests. */
export const silentLog: Log = pino({ level: 'silent' });
