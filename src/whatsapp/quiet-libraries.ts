import type { SocketConfig } from '@whiskeysockets/baileys';
import type { Log } from '../lib/log.ts';

/** What libsignal prints holds session keys; what Baileys logs holds numbers and texts. Neither may reach our log. */
export function silenceConsole(log: Log): void {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    globalThis.console[method] = () => log.trace('A library printed something that is not kept');
  }
}

/** Baileys' logger, reduced to its fixed sentences with every number blacked out. */
export function libraryLog(log: Log): SocketConfig['logger'] {
  const note = (level: 'warn' | 'error') => (fields: unknown, sentence?: string) => {
    const text = sentence ?? (typeof fields === 'string' ? fields : 'no words');
    log.debug(
      { libraryLevel: level, said: text.replaceAll(/\d{5,}/g, '…').slice(0, 200) },
      'The WhatsApp library reported something',
    );
  };
  const quiet: SocketConfig['logger'] = {
    level: 'warn',
    child: () => quiet,
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: note('warn'),
    error: note('error'),
  };
  return quiet;
}
