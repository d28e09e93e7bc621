import { beforeEach, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { endlessTenure, LeaseLost } from '../database/lease.ts';
import { outboundEvents } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { setFirstValues } from '../settings/settings.store.ts';
import { setTrouble } from './connections.store.ts';
import { claimDue, emitEvent, giveUpWaiting, queueWebhookTest } from './outbound-events.store.ts';

const now = new Date('2026-11-22T10:00:00.250Z');
const address = 'https://hooks.example.com/shopbell';

let database: Database;
let ana: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  ana = await contactOfPhone(database, '+34600000003', now);
});

const optedOut = () => ({ type: 'contact.opted_out', data: { phone: '+34600000003' }, contactId: ana }) as const;

function choose(events: string, url = address): Promise<void> {
  return setFirstValues(database, { 'sales.webhook-url': url, 'sales.webhook-events': events }, now);
}

it('queues an event that is switched on, in its envelope and due at once', async () => {
  await choose('followup.sent contact.opted_out');

  expect(await emitEvent(database, { ...optedOut(), id: 'evt_1' }, now)).toBe(true);

  const [row] = await database.select().from(outboundEvents);
  expect(row).toMatchObject({ eventId: 'evt_1', contactId: ana, state: 'pending', attempts: 0, nextTryAt: now });
  expect(JSON.parse(row?.body ?? '')).toEqual({
    id: 'evt_1',
    type: 'contact.opted_out',
    occurred_at: '2026-11-22T10:00:00.250Z',
    data: { phone: '+34600000003' },
  });
});

it.each([
  ['it is switched off', 'followup.sent', address],
  ['nothing is switched on', 'none', address],
  ['there is no address', 'all', ''],
])('queues nothing when %s', async (_why, events, url) => {
  await choose(events, url);

  expect(await emitEvent(database, optedOut(), now)).toBe(false);

  expect(await database.select().from(outboundEvents)).toEqual([]);
});

it('queues nothing for an address that we have stopped to tell', async () => {
  await choose('all');
  await setTrouble(database, 'webhook', { kind: 'switched-off', detail: 'gone' }, now);

  expect(await emitEvent(database, optedOut(), now)).toBe(false);
});

it('goes on queueing for an address that is only failing', async () => {
  await choose('all');
  await setTrouble(database, 'webhook', { kind: 'failing' }, now);

  expect(await emitEvent(database, optedOut(), now)).toBe(true);
});

it('tells the same cause once, and gives every other event a name of its own', async () => {
  await choose('all');

  expect(await emitEvent(database, { ...optedOut(), id: 'opt-out:7' }, now)).toBe(true);
  expect(await emitEvent(database, { ...optedOut(), id: 'opt-out:7' }, now)).toBe(false);
  expect(await emitEvent(database, optedOut(), now)).toBe(true);
  expect(await emitEvent(database, optedOut(), now)).toBe(true);

  const rows = await database.select({ id: outboundEvents.eventId }).from(outboundEvents);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
});

it('leaves nothing behind of what is taken back', async () => {
  await choose('all');
  const takenBack = database.transaction(async (transaction) => {
    await emitEvent(transaction, optedOut(), now);
    throw new Error('taken back');
  });

  await expect(takenBack).rejects.toThrow('taken back');

  expect(await database.select().from(outboundEvents)).toEqual([]);
});

it('gives up the events that wait for an address, but no test that somebody waits for', async () => {
  await choose('all');
  await emitEvent(database, optedOut(), now);
  await queueWebhookTest(database, ana, now);

  await giveUpWaiting(database, 'switched-off', now);

  const rows = await database.select().from(outboundEvents);
  expect(new Map(rows.map(({ type, state }) => [type, state]))).toEqual(
    new Map([
      ['contact.opted_out', 'failed'],
      ['webhook.test', 'pending'],
    ]),
  );
});

it('lets nobody take an event who has lost the lease meanwhile', async () => {
  await choose('contact.opted_out');
  await emitEvent(database, { ...optedOut(), id: 'evt_1' }, now);
  const lost = { ...endlessTenure, confirm: () => Promise.reject(new LeaseLost()) };

  const claim = database.transaction((transaction) => claimDue(transaction, lost, now));

  await expect(claim).rejects.toThrow(LeaseLost);
  expect(await database.select().from(outboundEvents)).toMatchObject([{ state: 'pending', attempts: 0 }]);
});
