import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { later, minutes, systemClock } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import type { Phone } from '../simulator/phone.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../simulator/whatsapp-server.ts';
import { silenceConsole } from './quiet-libraries.ts';
import { WhatsAppSession } from './session.ts';
import type { WebVersion } from './web-version.ts';

// What is left of one connection after another: nothing; and what is done when WhatsApp finds the bot outdated.

let database: Database;
let clock: SimulatedClock;
let whatsapp: WhatsAppServer;
let shop: Phone;
let session: WhatsAppSession;
let links: Link[];
let newest: WebVersion | undefined;
let asked: number;

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  clock = new SimulatedClock(later(systemClock.now(), minutes(1)));
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' });
  links = [];
  newest = undefined;
  asked = 0;
  session = new WhatsAppSession({
    database,
    lease: alwaysHeld,
    clock,
    log: silentLog,
    encryptionKey: undefined,
    url: whatsapp.url,
    rootKey: whatsapp.rootKey,
    chance: () => 0.5,
    dataDirectory: '.',
    findSent: async () => undefined,
    rememberWire: async () => undefined,
    onCaughtUp: () => undefined,
    onArrival: () => undefined,
    onProgress: () => undefined,
    onLink: (link) => links.push(link),
    async fetchWebVersion() {
      asked += 1;
      return newest;
    },
    watch: {
      isOpen: async () => true,
      onIncurable: () => undefined,
      onCaughtUp: () => undefined,
      onPhoneSeen: () => undefined,
    },
  });
  await session.start();
  await reaches('pairing');
  const link = links.at(-1);
  await shop.scan(link?.state === 'pairing' ? link.qr : '');
  await reaches('linked');
  await whatsapp.online(shop);
  await whatsapp.drained();
  links = [];
});

afterEach(async () => {
  await session.stop();
  await whatsapp.close();
});

/** The session's pauses pass as fast as it asks for them. */
async function reaches(state: Link['state']): Promise<void> {
  await expect
    .poll(
      () => {
        clock.advance(1000);
        return links.at(-1)?.state;
      },
      { interval: 5, timeout: 20_000 },
    )
    .toBe(state);
}

async function reconnect(): Promise<void> {
  links = [];
  whatsapp.sendStreamError(shop, 515);
  await reaches('linked');
  await whatsapp.online(shop);
}

function handles(): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    counted[kind] = (counted[kind] ?? 0) + 1;
  }
  return counted;
}

describe('thirty reconnections', () => {
  it('leave no socket, no timer and no listener behind', async () => {
    await reconnect();
    const before = handles();

    for (let time = 0; time < 30; time++) {
      await reconnect();
    }

    const after = handles();
    expect(after['TCPSocketWrap'] ?? 0).toBeLessThanOrEqual(before['TCPSocketWrap'] ?? 0);
    expect((after['Timeout'] ?? 0) - (before['Timeout'] ?? 0)).toBeLessThan(10);
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
  });
});

describe('a version that WhatsApp no longer accepts', () => {
  const refuseOnce = () => whatsapp.setFaults({ nextLogin: { kind: 'failure', reason: 405 } });

  it('is replaced once by a newer one, which is kept when it works', async () => {
    newest = [2, 3000, 2_000_000_000];
    refuseOnce();
    await reconnect();

    expect(asked).toBe(1);
    expect(links.map(({ state }) => state)).not.toContain('stopped');
    // The kept version is no reason to ask again for the same.
    refuseOnce();
    whatsapp.sendStreamError(shop, 515);
    await reaches('stopped');
    expect(links.at(-1)).toMatchObject({ because: 'outdated' });
    expect(asked).toBe(2);
  });

  it.each<[string, WebVersion | undefined]>([
    ['cannot be asked for', undefined],
    ['is not newer', [2, 3000, 1]],
  ])('stops the session when the newest %s', async (_title, version) => {
    newest = version;
    refuseOnce();
    whatsapp.sendStreamError(shop, 515);

    await reaches('stopped');

    expect(links.at(-1)).toMatchObject({ because: 'outdated' });
  });
});
