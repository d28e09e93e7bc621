import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld, type Lease, LeaseLost, type Tenure } from '../database/lease.ts';
import { contacts, messages, outbox } from '../database/schema.ts';
import { emptyTestDatabase, robLease, testLease } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import {
  advance,
  byClaim,
  claimNext,
  queueMessage,
  recoverInterrupted,
  returnToQueue,
} from '../outbox/outbox.store.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { changeSetting } from '../settings/settings.store.ts';
import { MemoryTransport } from '../simulator/memory-transport.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type Delivery, makeDelivery } from './delivery.flow.ts';

let database: Database;
let clock: SimulatedClock;
let transport: MemoryTransport;
let delivery: Delivery;
let contactId: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-23T09:00:00Z'));
  transport = new MemoryTransport(clock, '+34600000001');
  delivery = makeDelivery({ database, lease: alwaysHeld, clock, transport, log: silentLog });
  contactId = await contactOfPhone(database, '+34600000003', clock.now());
});

afterEach(() => delivery.stop());

async function queue(key: string, kind: 'staff' | 'reply' = 'staff', to = contactId): Promise<boolean> {
  return queueContent(key, { kind: 'text', text: key }, kind, to);
}

async function queueContent(
  key: string,
  content: OutgoingContent,
  kind: 'staff' | 'reply' = 'staff',
  to = contactId,
): Promise<boolean> {
  return queueMessage(database, { key, contactId: to, kind, content, whatsappId: `ID-${key}` }, clock.now());
}

/** The link falls and comes back; WhatsApp has nothing kept for us. */
function linkAnew(): void {
  transport.setLink({ ...transport.link(), since: clock.now() } as Link);
  delivery.wake();
}

/** Time passes, and everything that it sets off is done. */
async function pass(span: Milliseconds): Promise<void> {
  clock.advance(span);
  await new Promise((resolve) => setImmediate(resolve));
  await delivery.idle();
}

async function typingTakes(span: number): Promise<void> {
  await changeSetting(
    database,
    { key: 'sending.typing', before: '6', after: String(span), changedBy: contactId },
    clock.now(),
  );
}

async function states(): Promise<string[]> {
  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  return rows.map(({ state }) => state);
}

function sentIds(): string[] {
  return transport.take().map(({ whatsappId }) => whatsappId);
}

it('sends what waits, in its order, under the id that was chosen before, and writes it into the log', async () => {
  await queue('one');
  await queue('two');

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-one', 'ID-two']);
  expect(await states()).toEqual(['sent', 'sent']);
  const log = await database.select().from(messages).orderBy(asc(messages.id));
  expect(log.map(({ text, author, direction }) => [text, author, direction])).toEqual([
    ['one', 'bot', 'out'],
    ['two', 'bot', 'out'],
  ]);
});

it('queues the same cause once', async () => {
  expect(await queue('one')).toBe(true);
  expect(await queue('one')).toBe(false);
});

it('keeps everything while there is no link, and sends it when there is one', async () => {
  const linked = transport.link();
  transport.setLink({ state: 'connecting', since: clock.now() });
  await queue('one');
  delivery.start();
  await delivery.idle();
  expect(await states()).toEqual(['queued']);

  transport.setLink(linked);
  delivery.wake();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-one']);
});

it('sends again under the same id what a crash has interrupted, within ten minutes', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(9));

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-one']);
  expect(await states()).toEqual(['sent']);
});

it('lets what was interrupted rest for a minute after the offline replay, in which a receipt may settle it', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(2));
  linkAnew();
  delivery.start();
  await pass(seconds(59));
  expect(sentIds()).toEqual([]);

  await delivery.settle({ kind: 'delivered', whatsappId: 'ID-one' });
  await pass(minutes(1));

  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['delivered']);
});

it('keeps the order of one customer’s messages while one is in doubt, and holds up nobody else', async () => {
  await typingTakes(0);
  const other = await contactOfPhone(database, '+34600000004', clock.now());
  await queue('one', 'reply');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  await queue('two', 'reply');
  await queue('to-staff', 'staff');
  await queue('to-another', 'reply', other);

  delivery.start();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-to-staff', 'ID-to-another']);

  await pass(minutes(1));
  expect(sentIds()).toEqual(['ID-one', 'ID-two']);
});

it('sends what was interrupted again by itself, when its minute is over', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  linkAnew();
  delivery.start();
  await delivery.idle();

  await pass(minutes(1));

  expect(sentIds()).toEqual(['ID-one']);
});

it('lets what may not have left rest for a minute on a connection that stands, and counts from the first try', async () => {
  const firstTriedAt = clock.now();
  clock.advance(minutes(2));
  await queue('one');
  await database.update(outbox).set({ firstTriedAt, attempts: 1 });
  transport.failFor('ID-one');
  delivery.start();
  await delivery.idle();
  await pass(seconds(59));
  delivery.wake();
  await delivery.idle();
  expect(await database.select().from(outbox)).toMatchObject([{ attempts: 2, firstTriedAt }]);

  await pass(seconds(1));
  expect(await database.select().from(outbox)).toMatchObject([{ attempts: 3, firstTriedAt }]);
});

it('touches nothing in doubt before WhatsApp has brought what it had kept', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(2));
  transport.setCaughtUp(false);
  delivery.start();
  await delivery.idle();
  await pass(minutes(20));
  expect([sentIds(), await states()]).toEqual([[], ['sending']]);
});

it('holds a customer’s next message back while one is in doubt that an earlier connection was handed', async () => {
  await typingTakes(0);
  await queue('one', 'reply');
  delivery.start();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-one']);
  clock.advance(seconds(1));
  linkAnew();
  await queue('two', 'reply');
  delivery.wake();
  await delivery.idle();
  expect(sentIds()).toEqual([]);

  await delivery.settle({ kind: 'accepted', whatsappId: 'ID-one' });
  delivery.wake();
  await delivery.idle();
  expect(sentIds()).toEqual(['ID-two']);
});

it.each<[what: string, content: OutgoingContent, limit: Milliseconds]>([
  ['a text half a minute', { kind: 'text', text: 'stuck' }, seconds(30)],
  ['a file, which is uploaded first, three minutes', { kind: 'image', file: 'a.jpg', mime: 'image/jpeg' }, minutes(3)],
])('waits for %s, and then goes on with the others', async (_what, content, limit) => {
  await queueContent('stuck', content);
  await queue('fine');
  transport.failFor('ID-stuck', 'unanswered');
  delivery.start();
  await expect.poll(states).toEqual(['sending', 'queued']);
  clock.advance(limit - 1);
  for (let look = 0; look < 10; look++) {
    expect(await states()).toEqual(['sending', 'queued']);
  }

  await pass(1);

  expect(await states()).toEqual(['sending', 'sent']);
});

it('cleans the words of what it sends of what the database refuses, and tells its time in whole seconds', async () => {
  clock.advance(1234);
  await queueContent('NUL', { kind: 'text', text: 'a\0b' });
  delivery.start();
  await delivery.idle();

  expect(await database.select().from(messages)).toMatchObject([
    { text: 'ab', sentAt: new Date('2026-11-23T09:00:01Z'), loggedAt: new Date('2026-11-23T09:00:01.234Z') },
  ]);
});

it('sends again what a broken connection may have swallowed before WhatsApp’s acknowledgement, and nothing else', async () => {
  await queue('swallowed');
  await queue('accepted');
  delivery.start();
  await delivery.idle();
  await delivery.settle({ kind: 'accepted', whatsappId: 'ID-accepted' });
  await pass(minutes(2));
  expect(sentIds()).toEqual(['ID-swallowed', 'ID-accepted']);

  linkAnew();
  await pass(minutes(1));

  expect(sentIds()).toEqual(['ID-swallowed']);
  expect(await states()).toEqual(['sent', 'accepted']);
});

it('shows as unknown what WhatsApp has not acknowledged for ten minutes', async () => {
  await queue('one');
  delivery.start();
  await delivery.idle();
  await pass(minutes(11));

  expect(sentIds()).toEqual(['ID-one']);
  expect(await states()).toEqual(['unknown']);
});

it('counts the ten minutes from the first try, also for what waits again while there is no link', async () => {
  const linked = transport.link();
  await queue('one');
  await database.update(outbox).set({ firstTriedAt: clock.now(), attempts: 1 });
  transport.setLink({ state: 'connecting', since: clock.now() });
  delivery.start();
  await delivery.idle();
  clock.advance(minutes(11));

  transport.setLink(linked);
  delivery.wake();
  await delivery.idle();

  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['unknown']);
});

it('learns of a message in doubt when its receipt comes after all', async () => {
  await queue('one');
  await database
    .update(outbox)
    .set({ state: 'unknown', reason: 'interrupted', firstTriedAt: clock.now(), attempts: 5 });

  await delivery.settle({ kind: 'read', whatsappId: 'ID-one' });

  expect(await database.select().from(outbox)).toMatchObject([{ state: 'read', reason: null }]);
});

it('goes back to the queue untouched when the link falls between claim and wire', async () => {
  await queue('one');
  transport.failFor('ID-one', 'not-linked');
  delivery.start();
  await delivery.idle();

  const [row] = await database.select().from(outbox);
  expect(row).toMatchObject({ state: 'queued', attempts: 0, firstTriedAt: null });
});

it('shows as unknown what was interrupted longer ago, and sends it no more', async () => {
  await queue('one');
  await database.update(outbox).set({ state: 'sending', firstTriedAt: clock.now(), attempts: 1 });
  clock.advance(minutes(11));

  delivery.start();
  await delivery.idle();

  expect(sentIds()).toEqual([]);
  expect(await states()).toEqual(['unknown']);
});

it('goes on with the others when one message fails, and gives that one up after five tries', async () => {
  await queue('poison');
  await queue('fine');
  transport.failFor('ID-poison');

  delivery.start();
  while ((await states())[0] !== 'unknown') {
    await pass(seconds(61));
    await delivery.settle({ kind: 'accepted', whatsappId: 'ID-fine' });
  }
  await delivery.idle();

  expect(sentIds()).toEqual(['ID-fine']);
  expect(await states()).toEqual(['unknown', 'accepted']);
  const [poison] = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(poison?.attempts).toBe(5);
});

it('moves a message up as WhatsApp reports, and never down', async () => {
  await queue('one');
  delivery.start();
  await delivery.idle();

  const reports = ['delivered', 'accepted', 'read', 'delivered'] as const;
  const seen: string[] = [];
  for (const kind of reports) {
    await delivery.settle({ kind, whatsappId: 'ID-one' });
    seen.push(...(await states()));
  }

  expect(seen).toEqual(['delivered', 'delivered', 'read', 'read']);
});

it('keeps WhatsApp’s code when a message is refused, unless it had arrived', async () => {
  await queue('refused');
  await queue('arrived');
  await queue('taken');
  delivery.start();
  await delivery.idle();

  await delivery.settle({ kind: 'refused', whatsappId: 'ID-refused', code: '463' });
  await delivery.settle({ kind: 'accepted', whatsappId: 'ID-taken' });
  await delivery.settle({ kind: 'refused', whatsappId: 'ID-taken', code: '479' });
  await delivery.settle({ kind: 'delivered', whatsappId: 'ID-arrived' });
  await delivery.settle({ kind: 'refused', whatsappId: 'ID-arrived', code: '500' });

  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ['failed', '463'],
    ['delivered', null],
    ['failed', '479'],
  ]);
});

it('shows a customer that an answer is being written, as long as a person would take; staff get theirs at once', async () => {
  await queue('at once', 'staff');
  await queueContent('slowly', { kind: 'text', text: 'x'.repeat(100) }, 'reply');
  delivery.start();
  await expect
    .poll(() => transport.takeTyping())
    .toEqual([{ to: { kind: 'phone', value: '+34600000003' }, typing: 'composing' }]);
  expect(sentIds()).toEqual(['ID-at once']);

  clock.advance(seconds(3.9));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sentIds()).toEqual([]);
  await pass(seconds(0.1));

  expect(sentIds()).toEqual(['ID-slowly']);
});

describe('that somebody writes', () => {
  const picture = { kind: 'image', file: 'a.jpg', mime: 'image/jpeg', text: 'A mug' } as const;

  it.each<[what: string, content: OutgoingContent, expected: readonly string[]]>([
    ['is shown for a text', { kind: 'text', text: 'Hi' }, ['composing']],
    ['is shown for a picture', picture, ['composing']],
    ['is shown as recording for a voice note', { kind: 'voice', file: 'a.ogg', mime: 'audio/ogg' }, ['recording']],
    ['is not shown for a reaction', { kind: 'reaction', to: { whatsappId: 'T', ours: false }, emoji: '👍' }, []],
    ['is not shown for an edit', { kind: 'edit', of: 'T', text: 'Better' }, []],
    ['is not shown for a deletion', { kind: 'delete', of: 'T' }, []],
  ])('%s', async (_what, content, expected) => {
    await queueContent('one', content, 'reply');
    delivery.start();
    await expect
      .poll(async () => {
        clock.advance(seconds(1));
        return states();
      })
      .toEqual(['sent']);

    expect(transport.takeTyping().map(({ typing }) => typing)).toEqual(expected);
  });

  it('is not shown by a shop that has turned it off', async () => {
    await typingTakes(0);
    await queue('one', 'reply');
    delivery.start();
    await delivery.idle();

    expect([sentIds(), transport.takeTyping()]).toEqual([['ID-one'], []]);
  });

  it.each(['at-once', 'unanswered'] as const)('keeps no message back when it cannot be shown (%s)', async (how) => {
    transport.failTyping(how);
    await queue('one', 'reply');
    delivery.start();
    await expect.poll(() => transport.takeTyping()).toHaveLength(1);
    for (let second = 0; second < 10; second++) {
      clock.advance(seconds(1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await delivery.idle();

    expect(sentIds()).toEqual(['ID-one']);
  });
});

it('never sends what cannot be sent, says why, and goes on', async () => {
  await queueContent('file', { kind: 'image', file: 'media/gone.jpg', mime: 'image/jpeg' });
  await queue('fine');
  transport.failFor('ID-file', 'cannot-be-sent');
  delivery.start();
  await delivery.idle();

  const rows = await database.select().from(outbox).orderBy(asc(outbox.id));
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ['failed', 'file-missing'],
    ['sent', null],
  ]);
});

it.each<[OutgoingContent, object]>([
  [
    { kind: 'text', text: 'Hi', quoting: { whatsappId: 'Q', ours: false, text: 'Hello?' } },
    { kind: 'text', text: 'Hi', quotedId: 'Q', targetId: null },
  ],
  [
    { kind: 'document', file: 'media/bill.pdf', mime: 'application/pdf', name: 'bill.pdf' },
    { kind: 'document', text: 'bill.pdf', details: { kind: 'document', mime: 'application/pdf', name: 'bill.pdf' } },
  ],
  [
    { kind: 'location', latitude: 1, longitude: 2, name: 'Mug Shop' },
    {
      kind: 'location',
      text: 'Mug Shop',
      details: { kind: 'location', latitude: 1, longitude: 2, live: false, name: 'Mug Shop' },
    },
  ],
  [
    { kind: 'contacts', people: [{ name: 'Ben', phones: ['+34600000009'] }] },
    { kind: 'contacts', text: 'Ben' },
  ],
  [
    { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] },
    { kind: 'poll', text: 'Which?\n1. Blue\n2. Red' },
  ],
  [
    { kind: 'reaction', to: { whatsappId: 'T', ours: false }, emoji: '👍' },
    { kind: 'reaction', text: '👍', targetId: 'T' },
  ],
  [
    { kind: 'delete', of: 'T' },
    { kind: 'delete', text: null, targetId: 'T' },
  ],
])('writes what it sends into the log with what a reader needs: %j', async (content, expected) => {
  await queueContent('one', content);
  delivery.start();
  await delivery.idle();

  expect(await database.select().from(messages)).toMatchObject([{ ...expected, author: 'bot', direction: 'out' }]);
});

it('shows its own edit on the line that it changes', async () => {
  await queue('one');
  await queueContent('edit', { kind: 'edit', of: 'ID-one', text: 'better' });
  delivery.start();
  await delivery.idle();

  const [line] = await database.select().from(messages).orderBy(asc(messages.id));
  expect(line).toMatchObject({ text: 'one', editedText: 'better' });
});

it('holds on record since when WhatsApp calls the LID of a recipient out of date, and leaves the message as it is', async () => {
  await queue('one');
  delivery.start();
  await delivery.idle();
  await delivery.settle({ kind: 'accepted', whatsappId: 'ID-one' });
  const since = clock.now();

  await delivery.settle({ kind: 'lid-stale', whatsappId: 'ID-one' });
  clock.advance(minutes(1));
  await delivery.settle({ kind: 'lid-stale', whatsappId: 'ID-one' });
  await delivery.settle({ kind: 'lid-stale', whatsappId: 'not ours' });

  expect(await states()).toEqual(['accepted']);
  expect(await database.select().from(contacts)).toMatchObject([{ id: contactId, lidStaleSince: since }]);
});

describe('without the lease', () => {
  let lease: Lease;

  beforeEach(async () => {
    lease = testLease(database, clock);
    delivery = makeDelivery({ database, lease, clock, transport, log: silentLog });
  });

  it('touches nothing: neither what waits nor what another process is sending', async () => {
    await robLease(database);
    await queue('sending');
    const longAgo = later(clock.now(), -minutes(5));
    await database.update(outbox).set({ state: 'sending', firstTriedAt: longAgo, stateSince: longAgo, attempts: 1 });
    await queue('waiting');

    delivery.start();
    await delivery.idle();

    expect(sentIds()).toEqual([]);
    expect(await states()).toEqual(['sending', 'queued']);
  });

  it('claims nothing and recovers nothing when another process has just taken it', async () => {
    const tenure = await hold();
    await queue('one');
    await robLease(database);

    await expect(
      database.transaction((transaction) => claimNext(transaction, tenure, clock.now(), clock.now())),
    ).rejects.toThrow(LeaseLost);
    await expect(
      database.transaction((transaction) => recoverInterrupted(transaction, tenure, clock.now(), clock.now())),
    ).rejects.toThrow(LeaseLost);
    expect(await states()).toEqual(['queued']);
  });

  it('does not give back or settle what another process has claimed since', async () => {
    const tenure = await hold();
    await queue('one');
    const row = await database.transaction((transaction) => claimNext(transaction, tenure, clock.now(), clock.now()));
    const claimed = row ?? expect.fail('nothing to claim');
    await robLease(database);

    await returnToQueue(database, tenure, claimed, clock.now());
    await advance(database, byClaim(claimed, tenure), 'sent', clock.now());

    expect(await states()).toEqual(['sending']);
  });

  async function hold(): Promise<Tenure> {
    const tenure = await lease.acquire(new AbortController().signal, () => undefined);
    return tenure ?? expect.fail('not taken');
  }
});
