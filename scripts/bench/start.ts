import { closeEverything } from './closing.ts';
import { type LinkedProgram, prepareProgram } from './linked-program.ts';
import { checkTruth, type Stage, startStage } from './stage.ts';
import type { DatabaseKind } from './storage.ts';
import { median, table, verdict } from './table.ts';

const STARTS = 9;
const CUSTOMERS = 20;

const aimsInSeconds: Readonly<Record<DatabaseKind, number>> = { postgres: 3, embedded: 5 };

/** From the start of the process, linked before, to the moment when WhatsApp sees it logged in. */
export async function benchStart(databases: readonly DatabaseKind[]): Promise<void> {
  const rows: string[][] = [];
  for (const database of databases) {
    const stage = await startStage();
    const linked = await prepareProgram(stage, database, stage.addCustomers(CUSTOMERS));
    const seconds: number[] = [];
    while (seconds.length < STARTS) {
      seconds.push(await measureStart(stage, linked));
    }
    checkTruth(stage);
    await closeEverything();
    rows.push(rowOf(database, seconds));
  }
  console.log(`\nFrom process start to logged in, seconds, ${STARTS} starts`);
  console.log(table(['database', 'fastest', 'median', 'slowest', 'aim', ''], rows));
}

async function measureStart({ whatsapp }: Stage, { program, shop }: LinkedProgram): Promise<number> {
  const started = performance.now();
  const [online] = await Promise.all([whatsapp.online(shop).then(() => performance.now()), program.start()]);
  await program.stop();
  await whatsapp.noSockets();
  return (online - started) / 1000;
}

function rowOf(database: DatabaseKind, seconds: readonly number[]): string[] {
  const figures = [Math.min(...seconds), median(seconds), Math.max(...seconds)];
  const aim = aimsInSeconds[database];
  return [database, ...figures.map((figure) => figure.toFixed(2)), `< ${aim}`, verdict(median(seconds) < aim)];
}
