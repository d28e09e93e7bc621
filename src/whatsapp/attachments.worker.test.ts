import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { attachmentKind, LARGEST_FILE } from '../conversations/attachment.ts';
import { queueForFetching, type WantedAttachment } from '../conversations/attachments.store.ts';
import { logMessages } from '../conversations/log.store.ts';
import type { MessageDetails, OrderLine } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { attachments, messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { elapsed, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { WorkLoop } from '../lib/work-loop.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { makeAttachmentsWorker } from './attachments.worker.ts';
import { AttachmentGone } from './media.ts';

const start = new Date('2026-11-23T09:00:00Z');
const picture: MessageDetails = { kind: 'image', mime: 'image/jpeg', bytes: 4 };
const order: MessageDetails = { kind: 'order', orderId: '42', token: 'tok', items: 2, total: 19, currency: 'EUR' };

let database: Database;
let clock: SimulatedClock;
let directory: string;
let worker: WorkLoop;
let linked: boolean;
/** Whose files WhatsApp was asked for, and when. */
let asked: { readonly whatsappId: string; readonly at: Date }[];
let openFile: (wanted: WantedAttachment, signal: AbortSignal) => Promise<Readable>;
let fetchOrder: () => Promise<readonly OrderLine[]>;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(start);
  directory = mkdtempSync(join(tmpdir(), 'shopbell-attachments-'));
  linked = true;
  asked = [];
  openFile = async () => Readable.from([Buffer.from('a '), Buffer.from('mug')]);
  fetchOrder = async () => [];
  worker = makeWorker();
});

afterEach(async () => {
  await worker.stop();
  rmSync(directory, { recursive: true, force: true });
});

function makeWorker(): WorkLoop {
  return makeAttachmentsWorker({
    database,
    clock,
    log: silentLog,
    dataDirectory: directory,
    whatsapp: {
      link: () => ({ state: linked ? 'linked' : 'connecting' }),
      openFile(wanted, signal) {
        asked.push({ whatsappId: wanted.whatsappId, at: clock.now() });
        return openFile(wanted, signal);
      },
      fetchOrder(orderId) {
        asked.push({ whatsappId: orderId, at: clock.now() });
        return fetchOrder();
      },
    },
  });
}

/** A message is logged, and what belongs to it is to be fetched. @returns the id of its line */
async function arrive(whatsappId: string, details = picture): Promise<number> {
  const contactId = await contactOfPhone(database, '+34600000003', start);
  const line = { contactId, direction: 'in', whatsappId, author: 'contact', kind: details.kind, details } as const;
  const times = { sentAt: start, loggedAt: clock.now(), arrival: 'live' } as const;
  const written = await logMessages(database, [{ ...line, ...times, raw: Buffer.from(whatsappId) }]);
  const messageId = written.get(`${contactId}/${whatsappId}`) ?? expect.fail('not logged');
  await queueForFetching(database, [{ messageId, kind: attachmentKind(details) ?? 'file' }], clock.now());
  return messageId;
}

/** Time passes, and everything that it sets off is done. */
async function pass(span: Milliseconds): Promise<void> {
  clock.advance(span);
  await new Promise((resolve) => setImmediate(resolve));
  await worker.idle();
}

async function run(): Promise<void> {
  worker.start();
  await worker.idle();
}

async function rows() {
  return database.select().from(attachments).orderBy(asc(attachments.messageId));
}

/** Every file under the data directory. */
function files(): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** A file that comes as far as this and no further, until somebody gives it up. */
function endless(signal: AbortSignal): Readable {
  const content = new Readable({ read: () => undefined });
  content.push('the beginning');
  signal.addEventListener('abort', () => content.destroy());
  return content;
}

describe('a file', () => {
  it('is kept whole under the year and month of its message, for nobody else to read', async () => {
    const id = await arrive('A');
    await run();

    const path = `media/2026/11/${id}.jpg`;
    expect(await rows()).toMatchObject([{ state: 'stored', file: path, bytes: 5, problem: null }]);
    expect(readFileSync(join(directory, path), 'utf8')).toBe('a mug');
    expect(statSync(join(directory, path)).mode & 0o777).toBe(0o600);
    expect(files()).toEqual([`${id}.jpg`]);
  });

  it.each<[mime: string | undefined, ending: string]>([
    ['audio/ogg; codecs=opus', '.ogg'],
    ['application/pdf', '.pdf'],
    ['application/x-sh', ''],
    ['image/../../../etc', ''],
    ['constructor', ''],
    [undefined, ''],
  ])('of the type %s is called by the id of its message, with the ending “%s”', async (mime, ending) => {
    const id = await arrive('../../../evil', { kind: 'document', mime, bytes: 4, name: '../../../evil.sh' });
    await run();

    expect(await rows()).toMatchObject([{ state: 'stored', file: `media/2026/11/${id}${ending}` }]);
    expect(files()).toEqual([`${id}${ending}`]);
  });

  it('has no name in the folder before it is whole', async () => {
    await arrive('A');
    let content: Readable | undefined;
    openFile = async (_wanted, signal) => {
      content = endless(signal);
      return content;
    };
    worker.start();
    await expect.poll(files).toEqual([expect.stringMatching(/\.part$/)]);

    content?.push(null);
    await worker.idle();
    expect(files()).toEqual([expect.stringMatching(/\.jpg$/)]);
  });

  it.each<[string, (signal: AbortSignal) => Readable, Milliseconds, object]>([
    [
      'breaks off in the middle',
      () => Readable.from(brokenOff()),
      0,
      { state: 'pending', attempts: 1, problem: 'Error: cut' },
    ],
    ['is larger than anybody wants, whatever it said', () => Readable.from(tooMuch()), 0, { state: 'too-large' }],
    ['never ends, after five minutes', endless, minutes(5), { state: 'pending', attempts: 1 }],
  ])('that %s leaves nothing behind', async (_what, content, patience, expected) => {
    await arrive('A');
    openFile = async (_wanted, signal) => content(signal);
    worker.start();
    if (patience > 0) {
      await expect.poll(files).toHaveLength(1);
      clock.advance(patience);
    }
    await expect.poll(rows).toMatchObject([expected]);

    await expect.poll(files).toEqual([]);
  });

  it('that did not come is asked for again after 30 s, 2, 8 and 32 minutes and an hour, and then given up', async () => {
    await arrive('A');
    openFile = () => Promise.reject(new Error('not now'));
    await run();
    for (let passed = 0; passed < minutes(240); passed += seconds(30)) {
      await pass(seconds(30));
    }

    const times = asked.map(({ at }) => elapsed(start, at) / minutes(1));
    expect(times).toEqual([0, 0.5, 2.5, 10.5, 42.5, 102.5]);
    expect(await rows()).toMatchObject([{ state: 'failed', attempts: 6, problem: 'Error: not now' }]);
  });

  it.each(['gone', 'too-large'] as const)('that will never be there (%s) is not asked for again', async (state) => {
    await arrive('A');
    openFile = () => Promise.reject(new AttachmentGone(state, 'why'));
    await run();
    await pass(minutes(240));

    expect(asked).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state, problem: 'why' }]);
  });

  it('that does not come holds up no other, and comes in its turn', async () => {
    await arrive('A');
    await arrive('B');
    openFile = ({ whatsappId }) =>
      whatsappId === 'A' && asked.length === 1
        ? Promise.reject(new Error('not now'))
        : Promise.resolve(Readable.from(['x']));
    await run();
    expect((await rows()).map(({ state }) => state)).toEqual(['pending', 'stored']);

    await pass(seconds(30));
    expect(await rows()).toMatchObject([{ state: 'stored', problem: null }, { state: 'stored' }]);
  });

  it('is asked for again in its time also after a restart', async () => {
    await arrive('A');
    openFile = () => Promise.reject(new Error('not now'));
    await run();
    await worker.stop();
    worker = makeWorker();
    openFile = async () => Readable.from(['x']);
    await run();
    expect(asked).toHaveLength(1);

    await pass(seconds(30));
    expect(await rows()).toMatchObject([{ state: 'stored' }]);
  });
});

describe('an orderly stop', () => {
  it('does not wait for a file that is on its way; the next start fetches it', async () => {
    await arrive('A');
    openFile = async (_wanted, signal) => endless(signal);
    worker.start();
    await expect.poll(files).toHaveLength(1);

    await worker.stop();

    expect(files()).toEqual([]);
    expect(await rows()).toMatchObject([{ state: 'pending', attempts: 0, problem: null }]);
    worker = makeWorker();
    openFile = async () => Readable.from(['x']);
    await run();
    expect(await rows()).toMatchObject([{ state: 'stored' }]);
  });
});

describe('without a link', () => {
  it('nothing is fetched, until there is one', async () => {
    linked = false;
    await arrive('A');
    await run();
    expect(asked).toEqual([]);

    linked = true;
    worker.wake();
    await worker.idle();
    expect(await rows()).toMatchObject([{ state: 'stored' }]);
  });

  it('the next file waits, untried, when the link falls with the one before', async () => {
    await arrive('A');
    await arrive('B');
    openFile = async () => {
      linked = false;
      return Readable.from(['x']);
    };
    await run();

    expect(asked.map(({ whatsappId }) => whatsappId)).toEqual(['A']);
    expect(await rows()).toMatchObject([{ state: 'stored' }, { state: 'pending', attempts: 0 }]);
  });
});

describe('an order', () => {
  const mug: OrderLine = { productId: 'p1', name: 'Blue mug', quantity: 2, price: 9.5, currency: 'EUR' };

  it('gets its lines, beside what it had', async () => {
    const id = await arrive('A', order);
    fetchOrder = async () => [mug];
    await run();

    const [line] = await database.select().from(messages).where(eq(messages.id, id));
    expect(line?.details).toEqual({ ...order, lines: [mug] });
    expect(await rows()).toMatchObject([{ state: 'stored', problem: null }]);
    expect(asked).toMatchObject([{ whatsappId: '42' }]);
  });

  it('that WhatsApp does not answer for holds up the next file 15 seconds', async () => {
    await arrive('A', order);
    await arrive('B');
    fetchOrder = () => new Promise(() => undefined);
    worker.start();
    await expect.poll(() => asked.length).toBe(1);
    clock.advance(seconds(14));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toHaveLength(1);

    await pass(seconds(1));
    expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual([
      ['pending', 1],
      ['stored', 0],
    ]);
  });
});

function* brokenOff(): Generator<Buffer> {
  yield Buffer.from('half a ');
  throw new Error('cut');
}

function* tooMuch(): Generator<Buffer> {
  const piece = Buffer.alloc(1024 * 1024);
  for (let bytes = 0; bytes <= LARGEST_FILE; bytes += piece.length) {
    yield piece;
  }
}
