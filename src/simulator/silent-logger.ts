import type { makeWASocket } from '@whiskeysockets/baileys';

type BaileysLogger = NonNullable<Parameters<typeof makeWASocket>[0]['logger']>;

function nothing(): void {
  // The simulator asserts on what happens, not on what is logged.
}

/** Keeps Baileys' code quiet. libsignal writes to the console on its own; that has to be redirected by the caller. */
export const silentLogger: BaileysLogger = {
  level: 'silent',
  child: () => silentLogger,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
