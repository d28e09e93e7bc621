import { BufferJSON } from '@whiskeysockets/baileys';
import { SessionUnreadable } from './seal.ts';

/** A value of the login as text, bytes included. */
export function serialise(value: unknown): string {
  return JSON.stringify(value, BufferJSON.replacer);
}

/** @throws SessionUnreadable naming the row */
export function parse(text: string, place: string): unknown {
  try {
    return JSON.parse(text, BufferJSON.reviver);
  } catch (cause) {
    throw new SessionUnreadable('corrupt', place, cause);
  }
}
