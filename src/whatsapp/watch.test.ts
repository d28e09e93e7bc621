import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { journal, whatsappSessions } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { elapsed, later, type Milliseconds, minutes, seconds, systemClock } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import type { Phone } from '../simulator/phone.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../simulator/whatsapp-server.ts';
import { silenceConsole } from './quiet-libraries.ts';
import { WhatsAppSession } from './session.ts';
import type { Gap } from './watch.ts';

// A watched session against the simulated WhatsApp: real Baileys. The watch has a simulated clock, Baileys and WhatsApp the real one.

const shopNumber = '34600000001';

let database: Database;
let clock: SimulatedClock;
let whatsapp: WhatsAppServer;
let shop: Phone;
let ana: Phone;
let session: WhatsAppSession;
let link: Link | undefined;
let gaps: Gap[];
let incurable: string[];
let lines: string[];
let phoneSeen: Date[];

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  // Both tell the same day, so that WhatsApp's own times are in the past of the watch.
  clock = new SimulatedClock(later(systemClock.now(), minutes(1)));
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  ana = whatsapp.addPhone({ number: '34600000003', name: 'Ana' });
  gaps = [];
  incurable = [];
  lines = [];
  phoneSeen = [];
  startSession();
  await session.start();
  await expect.poll(() => link?.state).toBe('pairing');
  await shop.scan(link?.state === 'pairing' ? link.qr : '');
  await whatsapp.online(shop);
  await whatsapp.drained();
});

afterEach(async () => {
  await session.stop();
  const { unanswered } = whatsapp;
  await whatsapp.close();
  expect(unanswered).toEqual([]);
});

function startSession(): void {
  session = new WhatsAppSession({
    database,
    lease: alwaysHeld,
    clock,
    log: pino({ level: 'debug', base: null }, { write: (line) => lines.push(line) }),
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
    onLink(next) {
      link = next;
    },
    watch: {
      isOpen: async () => true,
      onIncurable: (because) => incurable.push(because),
      onCaughtUp: (gap) => gaps.push(gap),
      onPhoneSeen: (seenAt) => phoneSeen.push(seenAt),
    },
  });
}

/** Time passes in small steps; whatever can happen in each happens. */
async function pass(span: Milliseconds): Promise<void> {
  for (let passed = 0; passed < span; passed += seconds(5)) {
    clock.advance(seconds(5));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const said = (words: string) => lines.filter((line) => line.includes(words)).length;

async function arrivedIds(): Promise<string[]> {
  return (await database.select().from(journal)).map(({ messageId }) => messageId);
}

describe('a session that gets no messages any more', () => {
  it('is noticed, connected anew without a new pairing, and the messages arrive', async () => {
    whatsapp.setFaults({ delivery: 'withheld' });
    const { id } = await ana.send(shopNumber, 'Is anybody there?');
    await pass(minutes(5));
    expect(said('the phone is asked to answer')).toBe(1);
    expect(await arrivedIds()).not.toContain(id);
    const before = link;
    whatsapp.setFaults({ delivery: 'once' });
    await pass(minutes(3));

    await expect.poll(arrivedIds).toContain(id);
    await expect.poll(() => link?.state).toBe('linked');
    expect(link).not.toBe(before);
    expect(elapsed(before?.since ?? clock.now(), link?.since ?? clock.now())).toBeLessThan(minutes(10));
    expect(said('connecting anew')).toBe(1);
    expect(incurable).toEqual([]);
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
    expect(whatsapp.mostSocketsOfOneDevice).toBe(1);
  });

  it('is told from a quiet shop by the phone, which answers each question', async () => {
    // What the phone tells a new device.
    const INTRODUCTION = 4;
    await expect.poll(arrivedIds).toHaveLength(INTRODUCTION);
    for (let question = 1; question <= 3; question++) {
      while (said('is asked to answer') < question) {
        await pass(seconds(5));
      }
      await expect.poll(arrivedIds).toHaveLength(INTRODUCTION + question);
    }

    expect(said('connecting anew')).toBe(0);
  });

  it('needs no new connection while customers write', async () => {
    for (let minute = 0; minute < 15; minute += 3) {
      await ana.send(shopNumber, `Hello ${minute}`);
      await whatsapp.drained();
      await pass(minutes(3));
    }

    expect(said('is asked to answer')).toBe(0);
    expect(said('connecting anew')).toBe(0);
  });
});

describe('the gap before a connection', () => {
  it('is told once everything that was kept is in the journal, over a restart too', async () => {
    await pass(minutes(2));
    await session.stop();
    const stoppedAt = clock.now();
    const { id } = await ana.send(shopNumber, 'Are you open?');
    clock.advance(minutes(40));
    startSession();
    await session.start();
    await whatsapp.online(shop);
    await expect.poll(() => link?.state).toBe('linked');
    await expect
      .poll(async () => {
        await pass(seconds(5));
        return gaps.length;
      })
      .toBe(1);

    expect(await arrivedIds()).toContain(id);
    expect(elapsed(gaps[0]?.from ?? clock.now(), stoppedAt)).toBeLessThanOrEqual(minutes(1));
    expect(gaps[0]?.to.getTime()).toBeGreaterThanOrEqual(later(stoppedAt, minutes(40)).getTime());
  });
});

describe('the shop’s phone', () => {
  it('is heard of when it writes, and that is kept', async () => {
    await shop.send(ana.number, 'We open at ten');
    await whatsapp.drained();
    await pass(minutes(61));

    await expect.poll(() => phoneSeen.length).toBeGreaterThan(0);
    const [row] = await database.select().from(whatsappSessions).where(eq(whatsappSessions.id, 1));
    expect(row?.phoneSeenAt).toBeInstanceOf(Date);
  });
});
