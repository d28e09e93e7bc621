import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { shopifyJourneys, type Webhook } from '../../src/simulator/shop/journeys.ts';
import { closeEverything, closeLater } from './closing.ts';
import { measureQuestions } from './shop-questions.ts';
import { type DatabaseKind, emptyStorage } from './storage.ts';
import { median, table, verdict } from './table.ts';

const SEAL = { secret: 'shpss_of_the_bench', domain: 'lumen-ceramics.myshopify.com' } as const;
const AT_ONCE = 16;
const AIM = 0.7;

const contenders = ['bare', 'idle', 'working'] as const;
type Contender = (typeof contenders)[number];

/**
 * Signed Shopify webhooks a second until they are stored, over those of a bare route that checks the signature and inserts one row; and how
 * long it takes to ask about one person among many.
 */
export async function benchShopEvents(databases: readonly DatabaseKind[], pairs: number, count: number): Promise<void> {
  for (const database of databases) {
    const servers = await startServers(database);
    const rounds: Record<Contender, number>[] = [];
    for (let round = -1; round < pairs; round++) {
      const rates = await measureRound(servers, shopifyJourneys(count, 1000 + round, SEAL));
      // The first one only warms up.
      if (round >= 0) {
        rounds.push(rates);
      }
    }
    report(database, count, rounds);
    await closeEverything();
  }
  if (databases.includes('postgres')) {
    await measureQuestions();
    await closeEverything();
  }
}

interface Server {
  readonly port: number;
  /** Resolves when nothing is left to be done of what came in. */
  drained(): Promise<void>;
}

type Servers = Readonly<Record<Contender, Server>>;

async function startServers(database: DatabaseKind): Promise<Servers> {
  const servers = [];
  for (const kind of contenders) {
    servers.push([kind, await startServer(kind, await emptyStorage(database, kind))] as const);
  }
  return Object.fromEntries(servers) as Servers;
}

async function startServer(kind: Contender, environment: Readonly<Record<string, string>>): Promise<Server> {
  const program = fileURLToPath(new URL('./webhook-server.ts', import.meta.url));
  const child: ChildProcess = fork(program, [kind, SEAL.secret, SEAL.domain], {
    env: { ...process.env, ...environment },
    execArgv: ['--import', 'tsx'],
  });
  closeLater(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async drained() {
      child.send('drain');
      await once(child, 'message');
    },
  };
}

async function measureRound(servers: Servers, webhooks: readonly Webhook[]): Promise<Record<Contender, number>> {
  const rates = [];
  for (const kind of contenders) {
    rates.push([kind, await measure(servers[kind].port, webhooks)] as const);
    await servers[kind].drained();
  }
  return Object.fromEntries(rates) as Record<Contender, number>;
}

/** @returns webhooks a second that were answered with 200 */
async function measure(port: number, webhooks: readonly Webhook[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const waiting = [...webhooks];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        await post(agent, port, next);
      }
    }),
  );
  agent.destroy();
  return webhooks.length / ((performance.now() - started) / 1000);
}

function post(agent: Agent, port: number, { body, headers }: Webhook): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = { ...headers, 'content-length': body.length };
    const asked = request({ agent, port, path: '/webhooks/shopify', method: 'POST', headers: sent }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`)),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function report(database: DatabaseKind, count: number, rounds: readonly Record<Contender, number>[]): void {
  const rowOf = (name: string, rates: Record<Contender, number>) => [
    name,
    ...contenders.map((kind) => rates[kind].toFixed(0)),
    (rates.idle / rates.bare).toFixed(2),
    (rates.working / rates.bare).toFixed(2),
  ];
  console.log(`\nShop events, ${database} database: ${count} signed webhooks a round, ${AT_ONCE} at once`);
  const heading = ['round', 'bare/s', 'idle/s', 'working/s', 'idle/bare', 'working/bare'];
  console.log(
    table(
      heading,
      rounds.map((rates, index) => rowOf(String(index + 1), rates)),
    ),
  );
  const ratio = median(rounds.map(({ bare, idle }) => idle / bare));
  const working = median(rounds.map(({ bare, working: rate }) => rate / bare));
  console.log(
    `Median of idle/bare ${ratio.toFixed(2)}; aim ${AIM.toFixed(2)}: ${verdict(ratio >= AIM)}; working/bare ${working.toFixed(2)}`,
  );
}
