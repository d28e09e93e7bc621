import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeEverything } from './bench/closing.ts';
import { benchInbound } from './bench/inbound.ts';
import type { DatabaseKind } from './bench/storage.ts';

// Measures the built program against a local WhatsApp:
//   npm run bench -- inbound [--database embedded|postgres|both] [--pairs 5] [--messages 2000]

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
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
  });
  switch (positionals.join(' ')) {
    case 'inbound':
      return benchInbound({ databases, pairs: wholeNumber('pairs', values.pairs), messages: count(2000) });
    default:
      throw new Error('Say what to measure: inbound');
  }
}

async function leave(code: number): Promise<never> {
  await closeEverything();
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void leave(130));
}
setTimeout(() => {
  console.error('The measurement took too long and was given up');
  void leave(1);
}, LONGEST_RUN_MS).unref();
try {
  await run();
  await leave(0);
} catch (error) {
  console.error(error instanceof Error ? error.stack : error);
  await leave(1);
}
