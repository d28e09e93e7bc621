import type { BinaryNode } from '@whiskeysockets/baileys';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { whatsappSessions } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { type Clock, elapsed, hours, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Gap, Watch } from './watch.ts';

// The watch alone, with stanzas handed to it one by one; `watch.test.ts` has it over a real session.

const start = new Date('2026-11-23T09:00:00Z');
const me = { id: '34600000001:5@s.whatsapp.net', lid: '222:5@lid' };

let database: Database;
let clock: SimulatedClock;
let watch: Watch;
let gaps: Gap[];
let phoneSeen: Date[];
let probes: number;
let ends: number;
let probe: () => Promise<void>;
let isOpen: () => Promise<boolean>;
/** How far somebody has set the machine's clock forward. */
let correction: Milliseconds;
let lines: string[];

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(start);
  gaps = [];
  phoneSeen = [];
  lines = [];
  probes = 0;
  ends = 0;
  correction = 0;
  probe = async () => undefined;
  isOpen = async () => true;
  const lastLinkedAt = later(start, -minutes(20));
  await database.insert(whatsappSessions).values({ startedAt: lastLinkedAt, lastLinkedAt });
  watch = new Watch({
    database,
    clock: corrected,
    log: pino({ base: null }, { write: (line) => lines.push(line) }),
    hooks: {
      isOpen: () => isOpen(),
      onIncurable: (because) => expect.fail(because),
      onCaughtUp: (gap) => gaps.push(gap),
      onPhoneSeen: (seenAt) => phoneSeen.push(seenAt),
    },
  });
});

afterEach(() => watch.unlinked());

function link(): void {
  watch.linked({
    sessionId: 1,
    canProbe: () => true,
    chooseMessageId: () => `PROBE${probes}`,
    async probe() {
      probes += 1;
      await probe();
    },
    end: () => {
      ends += 1;
    },
  });
}

/** The clock on the wall, which can be corrected; elapsed time cannot. */
const corrected: Clock = {
  now: () => later(clock.now(), correction),
  sleepUntil: (instant, stop) => clock.sleepUntil(later(instant, -correction), stop),
  ticks: () => clock.ticks(),
  sleep: (span, stop) => clock.sleep(span, stop),
};

/** Time passes in small steps, and what can happen in each happens: the database is asked so that it has its turn. */
async function pass(span: Milliseconds): Promise<void> {
  for (let passed = 0; passed < span; passed += seconds(5)) {
    clock.advance(seconds(5));
    await database.select().from(whatsappSessions);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Time passes until it has happened. */
async function until(happened: () => boolean): Promise<void> {
  while (!happened()) {
    await pass(seconds(5));
  }
}

function message(attrs: Record<string, string>): BinaryNode {
  const t = String(clock.now().getTime() / 1000);
  return {
    tag: 'message',
    attrs: { id: 'M1', from: '111@lid', t, ...attrs },
    content: [{ tag: 'enc', attrs: { type: 'msg' } }],
  };
}

describe('a correction of the clock', () => {
  it('is no silence: three hours that nobody lived through raise no doubt', async () => {
    link();
    await pass(seconds(10));

    correction = hours(3);
    await pass(seconds(40));

    expect({ probes, ends }).toEqual({ probes: 0, ends: 0 });
  });

  it.each([
    ['that never heard anything', () => undefined],
    ['that heard something first', () => watch.heard(message({}), me)],
  ])('hides no silence: after it a session %s is doubted as soon as any other', async (_what, hear) => {
    correction = hours(3);
    link();
    await pass(seconds(10));
    hear();
    watch.committed(false);

    await pass(minutes(10));

    expect(probes).toBeGreaterThan(0);
  });

  it('is taken over into the notes, so that the next gap does not begin hours too early', async () => {
    link();
    await pass(seconds(10));

    correction = hours(3);
    await pass(minutes(2));

    const [session] = await database.select().from(whatsappSessions);
    expect(elapsed(start, session?.lastLinkedAt ?? start)).toBeGreaterThanOrEqual(hours(3));
  });
});

describe('the gap', () => {
  it('is told a minute after the replay at the latest, although a message of it cannot be stored', async () => {
    link();
    watch.heard(message({ offline: '0' }), me);
    watch.replayed();
    await pass(seconds(50));
    expect(gaps).toEqual([]);

    await until(() => gaps.length > 0);
    expect(gaps).toEqual([{ from: later(start, -minutes(20)), to: start }]);
  });

  it('is not told by the replay of a connection that has ended since', async () => {
    watch.replayed();
    watch.unlinked();
    link();
    await pass(minutes(2));
    expect(gaps).toEqual([]);

    watch.replayed();
    await until(() => gaps.length > 0);
  });
});

describe('the question to the phone', () => {
  it('is asked also when nobody can say whether the shop is open', async () => {
    isOpen = () => Promise.reject(new Error('no settings'));
    link();
    await until(() => probes > 0);
  });

  it('costs no connection when it could not even be asked', async () => {
    probe = () => Promise.reject(new Error('not written'));
    link();
    await until(() => probes > 0);
    await pass(seconds(90));

    expect(ends).toBe(0);
  });

  it('costs one when it was asked and nobody has taken it', async () => {
    link();
    await until(() => ends > 0);

    expect(probes).toBe(1);
  });
});

it('says when a new connection brings what was written in the silence of the old one', async () => {
  link();
  await until(() => ends > 0);
  const writtenAt = later(clock.now(), -minutes(1));
  link();
  watch.heard(message({ offline: '0', t: String(Math.floor(writtenAt.getTime() / 1000)) }), me);

  expect(lines.filter((line) => line.includes('The last connection was deaf'))).toHaveLength(1);
});

it('remembers when the phone was heard of last, in whatever order its messages come', async () => {
  const at = (minute: number) => String(later(start, -minutes(minute)).getTime() / 1000);
  watch.heard(message({ from: '222@lid', t: at(5) }), me);
  watch.heard(message({ from: '222@lid', t: at(60), offline: '0' }), me);
  link();

  await expect.poll(() => phoneSeen).toEqual([later(start, -minutes(5))]);
});
