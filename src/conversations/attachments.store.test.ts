import { asc } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { attachments, messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes, seconds } from '../lib/time.ts';
import {
  attachmentFailed,
  attachmentGone,
  fileStored,
  nextAttachment,
  nextAttachmentDue,
  orderStored,
  queueForFetching,
} from './attachments.store.ts';
import { logMessages } from './log.store.ts';
import type { MessageDetails, OrderLine } from './message.ts';

const now = new Date('2026-11-23T09:00:00Z');
const picture: MessageDetails = { kind: 'image', mime: 'image/jpeg', bytes: 4 };
const order: MessageDetails = { kind: 'order', orderId: '42', token: 'tok', items: 2, total: 19, currency: 'EUR' };

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
});

/** A message in the log. @returns the id of its line */
async function log(whatsappId: string, details: MessageDetails = picture): Promise<number> {
  const contactId = await contactOfPhone(database, '+34600000003', now);
  const line = { contactId, direction: 'in', whatsappId, author: 'contact', kind: details.kind, details } as const;
  const written = await logMessages(database, [
    { ...line, sentAt: now, loggedAt: now, arrival: 'live', raw: Buffer.from(whatsappId) },
  ]);
  return written.get(`${contactId}/${whatsappId}`) ?? expect.fail('not logged');
}

/** The same, with something to fetch from `at` on. */
async function queue(whatsappId: string, at = now): Promise<number> {
  const messageId = await log(whatsappId);
  await queueForFetching(database, [{ messageId, kind: 'file' }], at);
  return messageId;
}

async function rows() {
  return database.select().from(attachments).orderBy(asc(attachments.messageId));
}

async function next(at = now): Promise<string | undefined> {
  return (await nextAttachment(database, at))?.whatsappId;
}

describe('what is to be fetched', () => {
  it('comes with what is needed of its message', async () => {
    const messageId = await queue('A');

    expect(await nextAttachment(database, now)).toEqual({
      messageId,
      kind: 'file',
      attempts: 0,
      whatsappId: 'A',
      details: picture,
      raw: Buffer.from('A'),
      sentAt: now,
      address: undefined,
      ours: false,
    });
  });

  it('is noted once: a message that comes again does not undo what was fetched', async () => {
    const messageId = await queue('A');
    await fileStored(database, messageId, 'media/1.jpg', 4);

    await queueForFetching(database, [{ messageId, kind: 'file' }], later(now, minutes(1)));
    await queueForFetching(database, [], now);

    expect(await rows()).toMatchObject([{ state: 'stored', file: 'media/1.jpg', bytes: 4 }]);
  });

  it('comes when it is due, the one that has waited longest first', async () => {
    await queue('later', later(now, 1));
    await queue('second');
    await queue('first', later(now, -1));

    expect(await next()).toBe('first');
    await attachmentGone(database, 3, 'gone', 'why');
    expect(await next()).toBe('second');
    await attachmentGone(database, 2, 'gone', 'why');
    expect(await next()).toBeUndefined();
    expect(await nextAttachmentDue(database)).toEqual(later(now, 1));
    expect(await next(later(now, 1))).toBe('later');
  });

  it.each<[string, (messageId: number) => Promise<void>]>([
    ['is stored', (id) => fileStored(database, id, 'media/1.jpg', 4)],
    ['is gone', (id) => attachmentGone(database, id, 'gone', 'why')],
    ['is too large', (id) => attachmentGone(database, id, 'too-large', 'why')],
    ['is given up', (messageId) => attachmentFailed(database, { messageId, attempts: 5 }, 'why', now)],
  ])('waits no more when it %s', async (_what, settle) => {
    const messageId = await queue('A');
    await settle(messageId);

    expect(await next(later(now, minutes(600)))).toBeUndefined();
    expect(await nextAttachmentDue(database)).toBeUndefined();
  });
});

describe('an attempt that failed', () => {
  it('is counted, with why, and waits for its time', async () => {
    const messageId = await queue('A');
    await attachmentFailed(database, { messageId, attempts: 0 }, 'not now', now);

    expect(await rows()).toMatchObject([
      { state: 'pending', attempts: 1, problem: 'not now', nextTryAt: later(now, seconds(30)) },
    ]);
    expect(await next(later(now, seconds(30) - 1))).toBeUndefined();
    expect(await nextAttachment(database, later(now, seconds(30)))).toMatchObject({ attempts: 1 });
  });

  it('is forgotten when the next one succeeds', async () => {
    const messageId = await queue('A');
    await attachmentFailed(database, { messageId, attempts: 0 }, 'not now', now);
    await fileStored(database, messageId, 'media/1.jpg', 4);

    expect(await rows()).toMatchObject([{ state: 'stored', problem: null }]);
  });

  it('was the last one when it was the sixth', async () => {
    const messageId = await queue('A');
    await attachmentFailed(database, { messageId, attempts: 5 }, 'not now', now);

    expect(await rows()).toMatchObject([{ state: 'failed', attempts: 6, problem: 'not now' }]);
  });

  it('concerns no other attachment', async () => {
    const messageId = await queue('A');
    await queue('B');
    await attachmentFailed(database, { messageId, attempts: 0 }, 'not now', now);
    await fileStored(database, messageId, 'media/1.jpg', 4);

    expect(await rows()).toMatchObject([{ state: 'stored' }, { state: 'pending', attempts: 0, file: null }]);
  });
});

it('adds the lines of an order to what its message says, and to no other', async () => {
  const lines: OrderLine[] = [{ productId: 'p1', name: 'Blue “mug”', quantity: 2, price: 9.5, currency: 'EUR' }];
  const messageId = await log('A', order);
  await log('B', order);
  await queueForFetching(database, [{ messageId, kind: 'order' }], now);

  await database.transaction((transaction) => orderStored(transaction, messageId, lines));

  const logged = await database.select({ details: messages.details }).from(messages).orderBy(asc(messages.id));
  expect(logged).toEqual([{ details: { ...order, lines } }, { details: order }]);
  expect(await rows()).toMatchObject([{ kind: 'order', state: 'stored', problem: null }]);
});
