import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Link } from '../../src/outbox/link.ts';
import { built } from './built.ts';
import { closeLater } from './closing.ts';
import { PATIENCE_MS, startStage } from './stage.ts';
import { table } from './table.ts';

const MARKS = [100, 500, 1000];
/** So long Baileys may keep what a closed connection was waiting for. */
const SETTLE_MS = 2000;

/** What reconnecting leaves in memory: the real session, in this process, against a local WhatsApp that ends its stream again and again. */
export async function benchReconnects(): Promise<void> {
  const stage = await startStage();
  const shop = stage.addShop();
  let link: Link | undefined;
  const session = await startSession(stage.whatsapp, (next) => {
    link = next;
  });
  await until(() => link?.state === 'pairing');
  await shop.scan(link?.state === 'pairing' ? link.qr : '');
  await stage.whatsapp.online(shop, PATIENCE_MS);
  await stage.whatsapp.drained(PATIENCE_MS);
  const collect = garbageCollector();
  const rows: string[][] = [];
  const started = performance.now();
  for (let count = 1; count <= (MARKS.at(-1) ?? 0); count++) {
    const before = link;
    stage.whatsapp.sendStreamError(shop, 515);
    await until(() => link !== before && link?.state === 'linked');
    await stage.whatsapp.online(shop, PATIENCE_MS);
    if (MARKS.includes(count)) {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      collect();
      const { heapUsed, rss } = process.memoryUsage();
      rows.push([count, heapUsed / 2 ** 20, rss / 2 ** 20, handles()].map((figure) => figure.toFixed(0)));
      console.error(`${count} reconnections, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    }
  }
  await session.stop();
  console.log('\nAfter reconnections of one session (bot and local WhatsApp in one process)');
  console.log(table(['reconnections', 'heap MB', 'resident MB', 'timers and sockets'], rows));
}

async function startSession(
  whatsapp: { readonly url: string; readonly rootKey: string },
  onLink: (link: Link) => void,
) {
  const { WhatsAppSession } = await built<typeof import('../../src/whatsapp/session.ts')>('whatsapp/session.js');
  const { openMemoryDatabase } = await built<typeof import('../../src/database/database.ts')>('database/database.js');
  const { alwaysHeld } = await built<typeof import('../../src/database/lease.ts')>('database/lease.js');
  const { silentLog } = await built<typeof import('../../src/lib/log.ts')>('lib/log.js');
  const { systemClock } = await built<typeof import('../../src/lib/time.ts')>('lib/time.js');
  const { silenceConsole } =
    await built<typeof import('../../src/whatsapp/quiet-libraries.ts')>('whatsapp/quiet-libraries.js');
  const opened = await openMemoryDatabase();
  closeLater(() => opened.close());
  const { log, error } = console;
  silenceConsole(silentLog);
  Object.assign(console, { log, error: (text: unknown) => (typeof text === 'string' ? error(text) : undefined) });
  const session = new WhatsAppSession({
    database: opened.database,
    lease: alwaysHeld,
    clock: systemClock,
    log: silentLog,
    encryptionKey: undefined,
    url: whatsapp.url,
    rootKey: whatsapp.rootKey,
    chance: () => 0,
    dataDirectory: '.',
    findSent: async () => undefined,
    rememberWire: async () => undefined,
    onArrival: () => undefined,
    onProgress: () => undefined,
    onCaughtUp: () => undefined,
    onLink,
    watch: {
      isOpen: async () => true,
      onIncurable: () => undefined,
      onCaughtUp: () => undefined,
      onPhoneSeen: () => undefined,
    },
  });
  await session.start();
  return session;
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > end) {
      throw new Error('The session did not link again');
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function handles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'TCPSocketWrap').length;
}
