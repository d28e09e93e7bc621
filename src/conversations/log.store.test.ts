import { asc } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { makeOwner } from '../contacts/members.store.ts';
import type { Database } from '../database/database.ts';
import { messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes } from '../lib/time.ts';
import { countCustomerMessages, type LogLine, lastReceivedAt, logMessages, recentTexts } from './log.store.ts';
import type { MessageDetails } from './message.ts';

const now = new Date('2026-11-23T09:00:00Z');

let database: Database;
let contactId: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  contactId = await contactOfPhone(database, '+34600000003', now);
});

function line(whatsappId: string, details: MessageDetails, more: Partial<LogLine> = {}): LogLine {
  return {
    contactId,
    direction: 'in',
    whatsappId,
    author: 'contact',
    kind: details.kind,
    details,
    text: whatsappId,
    sentAt: now,
    loggedAt: now,
    arrival: 'live',
    ...more,
  };
}

async function log() {
  return database.select().from(messages).orderBy(asc(messages.whatsappId));
}

const text: MessageDetails = { kind: 'text' };
const unreadable: MessageDetails = { kind: 'unreadable', because: 'undecryptable' };
const call = (outcome: 'ringing' | 'missed' | 'rejected' | 'accepted', video = false): MessageDetails => ({
  kind: 'call',
  video,
  outcome,
});

describe('a line', () => {
  it('is written once, whatever comes again, together or later', async () => {
    expect([...(await logMessages(database, [line('A', text), line('A', text)]))]).toHaveLength(1);
    expect([...(await logMessages(database, [line('A', text, { text: 'other' })]))]).toEqual([]);

    expect(await log()).toMatchObject([{ text: 'A' }]);
  });

  it.each<[string, MessageDetails, MessageDetails, MessageDetails]>([
    ['that could not be read gives way to the real one', unreadable, text, text],
    ['that is there is not replaced by one that cannot be read', text, unreadable, text],
    ['of a call that rings tells how it ended', call('ringing', true), call('missed'), call('missed', true)],
    ['of a call that was taken stays so when it is hung up', call('accepted'), call('missed'), call('accepted')],
    ['of a call tells its end also when that comes first', call('rejected'), call('ringing'), call('rejected')],
  ])('%s, in one batch as in two', async (_what, first, second, expected) => {
    await logMessages(database, [line('TWO', first)]);
    await logMessages(database, [line('TWO', second)]);
    await logMessages(database, [line('ONE', first), line('ONE', second)]);

    expect((await log()).map(({ details }) => details)).toEqual([expected, expected]);
  });

  it('takes everything of the real message that comes in the place of an unreadable one', async () => {
    await logMessages(database, [line('A', unreadable, { text: null, raw: Buffer.from('old') })]);
    const real = line('A', text, {
      text: 'Hello',
      quotedId: 'Q',
      targetId: 'T',
      raw: Buffer.from('new'),
      loggedAt: later(now, minutes(1)),
    });
    await logMessages(database, [real]);

    expect(await log()).toMatchObject([real]);
  });

  it('shows the first of two deletions', async () => {
    const deletion = { targetId: 'M', text: null };
    await logMessages(database, [
      line('M', text),
      line('D1', { kind: 'delete' }, { ...deletion, sentAt: later(now, minutes(1)) }),
      line('D2', { kind: 'delete' }, { ...deletion, sentAt: later(now, minutes(2)) }),
    ]);

    expect((await log()).find(({ whatsappId }) => whatsappId === 'M')?.deletedAt).toEqual(later(now, minutes(1)));
  });

  it('is changed only by its own author', async () => {
    await logMessages(database, [
      line('MINE', text),
      line('E1', { kind: 'edit', readable: true }, { targetId: 'MINE', direction: 'out', author: 'shop-phone' }),
      line('D1', { kind: 'delete' }, { targetId: 'MINE', direction: 'out', author: 'shop-phone' }),
    ]);

    expect((await log()).find(({ whatsappId }) => whatsappId === 'MINE')).toMatchObject({
      editedText: null,
      deletedAt: null,
    });
  });
});

it('shows the newest edit and the deletion on their message, in whatever order and batches they come, and keeps the first words', async () => {
  const at = (minute: number) => ({ sentAt: later(now, minutes(minute)) });
  const lines = () => [
    line('M', text, { text: 'one' }),
    line('E1', { kind: 'edit', readable: true }, { targetId: 'M', text: 'two', ...at(1) }),
    line('E2', { kind: 'edit', readable: true }, { targetId: 'M', text: 'three', ...at(2) }),
    line('E3', { kind: 'edit', readable: false }, { targetId: 'M', text: null, ...at(3) }),
    line('D', { kind: 'delete' }, { targetId: 'M', text: null, ...at(4) }),
  ];
  const anyOrder = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
  const anyBatches = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 });

  await fc.assert(
    fc.asyncProperty(anyOrder, anyBatches, async (order, sizes) => {
      await database.delete(messages);
      const waiting = order.map((index) => lines()[index]).filter((one) => one !== undefined);
      for (const size of sizes) {
        await logMessages(database, waiting.splice(0, size));
      }
      expect((await log()).find(({ whatsappId }) => whatsappId === 'M')).toMatchObject({
        text: 'one',
        editedText: 'three',
        editedAt: at(3).sentAt,
        deletedAt: at(4).sentAt,
      });
    }),
    { numRuns: 40, seed: 20_261_122 },
  );
});

describe('what somebody has written lately', () => {
  const at = (minute: number) => ({ sentAt: later(now, minutes(minute)) });

  it('is their own words since then, the newest last', async () => {
    const other = await contactOfPhone(database, '+34600000004', now);
    await logMessages(database, [
      line('second', text, at(2)),
      line('first', text, at(1)),
      line('at that moment', text),
      line('before', text, at(-1)),
      line('a caption', { kind: 'image', mime: 'image/jpeg', bytes: 1 }, at(3)),
      line('of the history', text, { ...at(3), arrival: 'history' }),
      line('of the shop', text, { ...at(3), direction: 'out', author: 'shop-phone' }),
      line('of somebody else', text, { ...at(3), contactId: other }),
    ]);

    expect(await recentTexts(database, contactId, now)).toEqual(['at that moment', 'first', 'second']);
  });

  it('leaves out what was logged after the instant that is asked about', async () => {
    await logMessages(database, [line('then', text), line('later', text, { loggedAt: later(now, 1) })]);

    expect(await recentTexts(database, contactId, now, now)).toEqual(['then']);
  });

  it('is the newest hundred of more than that', async () => {
    await logMessages(
      database,
      Array.from({ length: 103 }, (_, index) => line(`${index}`, text, { sentAt: later(now, index * 1000) })),
    );

    const texts = await recentTexts(database, contactId, now);
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([100, '3', '102']);
  });
});

it('knows when something was received last, which is nothing that was sent', async () => {
  expect(await lastReceivedAt(database)).toBeUndefined();
  await logMessages(database, [
    line('A', text),
    line('B', text, { direction: 'out', author: 'bot', loggedAt: later(now, minutes(1)) }),
  ]);

  expect(await lastReceivedAt(database)).toEqual(now);
});

it('counts what customers sent and were sent since an instant, and nothing of staff', async () => {
  const owner = await contactOfPhone(database, '+34600000002', now);
  await makeOwner(database, owner, 'environment', now);
  await logMessages(database, [
    line('A', text),
    line('B', text),
    line('before', text, { loggedAt: later(now, -1) }),
    line('to', text, { direction: 'out', author: 'bot' }),
    line('of the owner', text, { contactId: owner }),
    line('to the owner', text, { contactId: owner, direction: 'out', author: 'bot' }),
  ]);

  expect(await countCustomerMessages(database, now)).toEqual({ received: 2, sent: 1 });
});
