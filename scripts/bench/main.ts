import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeEverything } from './closing.ts';
import { benchFirstAnswer } from './first-answer.ts';
import { benchInbound } from './inbound.ts';
import { benchMemory } from './memory.ts';
import { benchReconnects } from './reconnects.ts';
import { benchShopEvents } from './shop-events.ts';
import { benchStart } from './start.ts';
import type { DatabaseKind } from './storage.ts';

// The measuring process. `scripts/bench.ts` starts it and passes signals on.

const LONGEST_RUN_MS = 3_600_000;

const options = {
  database: { type: 'string', default: 'both' },
  pairs: { type: 'string', default: '5' },
  messages: { type: 'string' },
} as const;

function databasesOf(name: string): readonly DatabaseKind[] {
  switch (name) {
    case 'embedded':
    case 'postgres':
      return [name];
    case 'both':
      return ['postgres', 'embedded'];
    default:
      throw new Error(`--database is embedded, postgres or both, not ${name}`);
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new Error(`--${name} is a whole number from 1, not ${text}`);
  }
  return number;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const databases = databasesOf(values.database);
  const count = (standard: number) => wholeNumber('messages', values.messages ?? String(standard));
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
  });
  switch (positionals.join(' ')) {
    case 'inbound':
      return benchInbound({ databases, pairs: wholeNumber('pairs', values.pairs), messages: count(2000) });
    case 'memory':
      return benchMemory(databases, count(100_000));
    case 'start':
      return benchStart(databases);
    case 'reconnects':
      return benchReconnects();
    case 'first-answer':
      return benchFirstAnswer();
    case 'shop-events':
      return benchShopEvents(databases, wholeNumber('pairs', values.pairs), count(1500));
    default:
      throw new Error('Say what to measure: inbound, memory, start, reconnects, first-answer or shop-events');
  }
}

let leaving = false;

/** Ends everything and the process; what fails because of that is no news. */
async function leave(code: number, reason?: unknown): Promise<void> {
  if (leaving) {
    return;
  }
  leaving = true;
  if (reason !== undefined) {
    console.error(reason instanceof Error ? reason.stack : reason);
  }
  await closeEverything();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void leave(130));
}
process.on('disconnect', () => void leave(130));
process.on('unhandledRejection', (reason) => void leave(1, reason));
setTimeout(() => void leave(1, 'The measurement took too long and was given up'), LONGEST_RUN_MS).unref();
try {
  await run();
  await leave(0);
} catch (error) {
  await leave(1, error);
}
