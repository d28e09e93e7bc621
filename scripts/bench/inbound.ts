import type { Phone } from '../../src/simulator/phone.ts';
import type { PreparedMessage } from '../../src/simulator/prepared-message.ts';
import { type BotKind, BotUnderTest } from './bot-under-test.ts';
import { closeEverything } from './closing.ts';
import { checkTruth, deliver, encrypt, link, openChats, type Stage, startStage, wayTo } from './stage.ts';
import { type DatabaseKind, emptyStorage } from './storage.ts';
import { median, table, verdict } from './table.ts';

const CUSTOMERS = 200;
/** A bot leaves so many one-time keys at WhatsApp when it is linked; each new customer uses one up. */
const ONE_TIME_KEYS = 800;

const aims: Readonly<Record<DatabaseKind, number>> = { postgres: 0.4, embedded: 0.25 };

export interface InboundOptions {
  readonly databases: readonly DatabaseKind[];
  readonly pairs: number;
  /** Warm messages in each pass. */
  readonly messages: number;
}

/** A bot with its shop's phone. */
interface Contender {
  readonly bot: BotUnderTest;
  readonly shop: Phone;
}

type Contenders = Readonly<Record<BotKind, Contender>>;

interface Pass {
  readonly perSecond: number;
  readonly cpuMsPerMessage: number;
}

type Pair = Readonly<Record<BotKind, Pass>>;

/** Messages a second that Shopbell stores durably in its log, over those that bare Baileys merely receives. */
export async function benchInbound({ databases, pairs, messages }: InboundOptions): Promise<void> {
  for (const database of databases) {
    const stage = await startStage();
    const customers = stage.addCustomers(CUSTOMERS);
    const contenders = await startContenders(stage, database, customers);
    const warm = () => encryptForBoth(contenders, customers, messages);
    await measurePair(stage, contenders, await warm());
    report(`${messages} messages of running chats`, database, await measurePairs(stage, contenders, pairs, warm));

    const newcomers = Math.floor((ONE_TIME_KEYS - CUSTOMERS) / pairs);
    const first = () => encryptForBoth(contenders, stage.addCustomers(newcomers), newcomers);
    report(`${newcomers} first contacts`, database, await measurePairs(stage, contenders, pairs, first));
    checkTruth(stage);
    await closeEverything();
  }
}

async function startContenders(stage: Stage, database: DatabaseKind, customers: readonly Phone[]): Promise<Contenders> {
  const start = async (kind: BotKind, environment: Readonly<Record<string, string>>) => {
    const contender = { bot: new BotUnderTest(kind, { ...wayTo(stage), ...environment }), shop: stage.addShop() };
    await link(stage, contender.shop, contender.bot);
    await openChats(stage, contender.shop, contender.bot, customers);
    return contender;
  };
  const bare = await start('bare', {});
  const shopbell = await start('shopbell', await emptyStorage(database));
  return { bare, shopbell };
}

type Load = Readonly<Record<BotKind, readonly PreparedMessage[]>>;

async function encryptForBoth(
  { bare, shopbell }: Contenders,
  customers: readonly Phone[],
  count: number,
): Promise<Load> {
  return {
    bare: await encrypt(customers, bare.shop, count),
    shopbell: await encrypt(customers, shopbell.shop, count),
  };
}

async function measurePairs(
  stage: Stage,
  contenders: Contenders,
  count: number,
  load: () => Promise<Load>,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  while (pairs.length < count) {
    pairs.push(await measurePair(stage, contenders, await load()));
  }
  return pairs;
}

async function measurePair(stage: Stage, { bare, shopbell }: Contenders, load: Load): Promise<Pair> {
  return {
    bare: await measure(stage, bare.bot, load.bare),
    shopbell: await measure(stage, shopbell.bot, load.shopbell),
  };
}

async function measure(stage: Stage, bot: BotUnderTest, messages: readonly PreparedMessage[]): Promise<Pass> {
  const { seconds, cpuMs } = await deliver(stage, bot, messages);
  return { perSecond: messages.length / seconds, cpuMsPerMessage: cpuMs / messages.length };
}

function report(what: string, database: DatabaseKind, pairs: readonly Pair[]): void {
  const rows = pairs.map((pair, index) => rowOf(String(index + 1), pair));
  const middle = medianOf(pairs);
  const heading = ['pair', 'bare/s', 'shopbell/s', 'ratio', 'bare ms CPU', 'shopbell ms CPU'];
  const ratio = median(pairs.map(ratioOf));
  const aim = aims[database];
  console.log(`\nInbound, ${database} database: ${what} a pass`);
  console.log(table(heading, [...rows, rowOf('median', middle)]));
  console.log(`Median of the ratios ${ratio.toFixed(2)}; aim ${aim.toFixed(2)}: ${verdict(ratio >= aim)}`);
}

function rowOf(name: string, pair: Pair): readonly string[] {
  const { bare, shopbell } = pair;
  return [
    name,
    bare.perSecond.toFixed(0),
    shopbell.perSecond.toFixed(0),
    ratioOf(pair).toFixed(2),
    bare.cpuMsPerMessage.toFixed(2),
    shopbell.cpuMsPerMessage.toFixed(2),
  ];
}

function ratioOf({ bare, shopbell }: Pair): number {
  return shopbell.perSecond / bare.perSecond;
}

function medianOf(pairs: readonly Pair[]): Pair {
  const middle = (kind: BotKind): Pass => ({
    perSecond: median(pairs.map((pair) => pair[kind].perSecond)),
    cpuMsPerMessage: median(pairs.map((pair) => pair[kind].cpuMsPerMessage)),
  });
  return { bare: middle('bare'), shopbell: middle('shopbell') };
}
