import { beforeEach, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { Database } from '../database/database.ts';
import { outbox } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, later } from '../lib/time.ts';
import { countRefused, countWaiting } from './outbox.store.ts';

const now = new Date('2026-11-23T09:00:00Z');
type Row = typeof outbox.$inferInsert;

let database: Database;

beforeEach(async () => {
  database = await emptyTestDatabase();
  const contactId = await contactOfPhone(database, '+34600000003', now);
  const rows: readonly Pick<Row, 'state' | 'reason' | 'stateSince'>[] = [
    { state: 'failed', reason: '479', stateSince: now },
    { state: 'failed', reason: '463', stateSince: now },
    { state: 'failed', reason: '463', stateSince: later(now, -days(1)) },
    { state: 'failed', reason: '463', stateSince: later(now, -days(1) - 1) },
    { state: 'unknown', reason: 'interrupted', stateSince: now },
    { state: 'queued', stateSince: now },
    { state: 'sending', stateSince: now },
    { state: 'sent', stateSince: now },
    { state: 'accepted', stateSince: now },
  ];
  await database.insert(outbox).values(
    rows.map((row, index) => ({
      key: `${index}`,
      contactId,
      kind: 'staff' as const,
      content: { kind: 'text', text: 'x' },
      address: 'phone:+34600000003',
      whatsappId: `${index}`,
      queuedAt: now,
      attempts: 0,
      ...row,
    })),
  );
});

it('counts what did not arrive since an instant by its reason, the most frequent first, what is in doubt included', async () => {
  expect(await countRefused(database, later(now, -days(1)))).toEqual([
    { reason: '463', count: 2 },
    { reason: '479', count: 1 },
    { reason: 'interrupted', count: 1 },
  ]);
});

it('counts as waiting what has not left yet', async () => {
  expect(await countWaiting(database)).toBe(2);
});
