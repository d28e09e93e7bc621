import { asc } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { later, minutes } from '../lib/time.ts';
import { type LogLine, logMessages } from './log.store.ts';
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
