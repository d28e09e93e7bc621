import { type LevelWithSilent, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

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
  return pino({ level }, destination);
}

/** A log that keeps nothing, for tests. */
export const silentLog: Log = pino({ level: 'silent' });
