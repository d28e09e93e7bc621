import { execFileSync } from 'node:child_process';
import type { Phone } from '../../src/simulator/phone.ts';
import { closeEverything } from './closing.ts';
import { type LinkedProgram, prepareProgram } from './linked-program.ts';
import { checkTruth, encrypt, PATIENCE_MS, type Stage, startStage } from './stage.ts';
import type { DatabaseKind } from './storage.ts';
import { table, verdict } from './table.ts';

const CUSTOMERS = 200;
/** So many messages are under way at a time. */
const CHUNK = 1000;
const MARKS = 10;
/** After a mark's last receipt the bot still writes the last lines of its log. */
const SETTLE_MS = 2000;

const aimsInMegabytes: Readonly<Record<DatabaseKind, number>> = { postgres: 250, embedded: 600 };

/** Resident memory of the bot's process after its start, and at each tenth of the messages. */
export async function benchMemory(databases: readonly DatabaseKind[], messages: number): Promise<void> {
  for (const database of databases) {
    const stage = await startStage();
    const customers = stage.addCustomers(CUSTOMERS);
    const linked = await prepareProgram(stage, database, customers);
    await Promise.all([stage.whatsapp.online(linked.shop), linked.program.start()]);
    const marks = [await settledMemory(linked)];
    const perMark = Math.ceil(messages / MARKS);
    while (marks.length <= MARKS) {
      await receive(stage, linked.shop, customers, perMark);
      marks.push(await settledMemory(linked));
      console.error(`${database}: ${(marks.length - 1) * perMark} messages, ${marks.at(-1)?.toFixed(0)} MB`);
    }
    checkTruth(stage);
    await closeEverything();
    report(database, perMark, marks);
  }
}

/** The next chunk is encrypted while the bot works on the one before it. */
async function receive({ whatsapp }: Stage, shop: Phone, customers: readonly Phone[], count: number): Promise<void> {
  let received: Promise<void> = Promise.resolve();
  for (let left = count; left > 0; left -= CHUNK) {
    const chunk = await encrypt(customers, shop, Math.min(left, CHUNK));
    await received;
    whatsapp.release(chunk);
    received = whatsapp.drained(PATIENCE_MS);
  }
  await received;
}

async function settledMemory({ program }: LinkedProgram): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(program.pid)], { encoding: 'utf8' });
  return Number(kilobytes) / 1024;
}

function report(database: DatabaseKind, perMark: number, marks: readonly number[]): void {
  const rows = marks.map((megabytes, mark) => [String(mark * perMark), megabytes.toFixed(0)]);
  const most = Math.max(...marks);
  const growth = (marks.at(-1) ?? 0) - (marks[MARKS / 2] ?? 0);
  const aim = aimsInMegabytes[database];
  console.log(`\nResident memory of the process, ${database} database`);
  console.log(table(['messages', 'MB'], rows));
  console.log(`Most ${most.toFixed(0)} MB; aim below ${aim}: ${verdict(most < aim)}`);
  console.log(`Growth in the second half: ${growth.toFixed(0)} MB`);
}
