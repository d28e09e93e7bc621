import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { silentLog } from '../src/lib/log.ts';
import { silenceConsole } from '../src/whatsapp/quiet-libraries.ts';
import { closeEverything } from './bench/closing.ts';
import { startPrivatePostgres } from './bench/private-postgres.ts';
import { stormShop } from './chaos/shop-storm-alone.ts';
import { runStorm, type StormResult } from './chaos/storm.ts';
import { isKept } from './chaos/verdict.ts';

// The built program under kill -9, dropped connections and database outages, with load both ways, judged from outside:
//   npm run chaos -- [--kills 300] [--seeds 1,2,3] [--database postgres|embedded] [--alone]
// The kills are shared out among the seeds. Beside the bot stands a naive listener, unless --alone.
//   npm run chaos -- --webhooks 10000 [--kills 10] [--seeds 1]
// The webhooks of a shop in any order, a fifth of them twice, under kills; then compared with the same in order.

const options = {
  kills: { type: 'string', default: '300' },
  seeds: { type: 'string', default: '20261122,20261123,20261124' },
  database: { type: 'string', default: 'postgres' },
  alone: { type: 'boolean', default: false },
  webhooks: { type: 'string' },
} as const;

const LONGEST_RUN_MS = 3_600_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void leave(130));
}
setTimeout(() => void leave(1), LONGEST_RUN_MS).unref();

async function leave(code: number): Promise<void> {
  await closeEverything();
  process.exit(code);
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({ options });
  const seeds = values.seeds.split(',').map(Number);
  const kills = Math.ceil(Number(values.kills) / seeds.length);
  if (!seeds.every(Number.isInteger) || !(kills >= 1)) {
    throw new Error('--kills is a whole number, --seeds are whole numbers with commas between');
  }
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('..', import.meta.url)) });
  silenceConsole(silentLog);
  const server =
    values.database === 'postgres' ? (process.env['DATABASE_URL'] ?? (await startPrivatePostgres())) : undefined;
  let kept = true;
  for (const seed of seeds) {
    const databaseUrl = server && (await emptyDatabase(server, `storm_${seed}_${process.pid}`));
    if (values.webhooks) {
      const reference = server && (await emptyDatabase(server, `in_order_${seed}_${process.pid}`));
      const isSame = await stormShop({ seed, kills, count: Number(values.webhooks), databaseUrl, reference, say });
      kept &&= isSame;
      continue;
    }
    say(`Seed ${seed}, ${kills} kills, ${values.database} database`);
    const result = await runStorm({ seed, kills, databaseUrl, naive: !values.alone, say });
    report(result);
    kept &&= isKept(result.bot);
  }
  return kept;
}

async function emptyDatabase(server: string, name: string): Promise<string> {
  const admin = postgres(server, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database "${name}"`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function report({ bot, faults, naive }: StormResult): void {
  say(
    `  Faults: ${Object.entries(faults)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')}`,
  );
  say(`  In: ${bot.accepted} messages accepted, ${bot.lost.length} lost, ${bot.loggedTwice.length} logged twice`);
  say(
    `  Out: ${bot.asked} questions, ${bot.unanswered.length} unanswered (${bot.shownAsUnknown} shown as unknown), ${bot.shownTwice.length} answers shown twice`,
  );
  const wrong = [...bot.lost, ...bot.loggedTwice, ...bot.unanswered, ...bot.shownTwice, ...bot.idsTwice];
  if (wrong.length > 0) {
    say(`  Look at: ${wrong.slice(0, 20).join(', ')}`);
  }
  say(`  Ids twice on the wire: ${bot.idsSentAgain} by the resend rule, ${bot.idsTwice.length} without`);
  say(`  Most sockets of one device at once: ${bot.mostSockets}`);
  if (naive) {
    const { accepted, lost, twice, loginsLost } = naive;
    say(`  Naive listener: ${accepted} accepted, ${lost} lost, ${twice} written twice, login lost ${loginsLost} times`);
  }
}

try {
  await leave((await run()) ? 0 : 1);
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await leave(1);
}
