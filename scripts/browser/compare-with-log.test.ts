import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { attachments, contactAddresses, contacts, messages, outbox } from '../../src/database/schema.ts';
import { emptyTestDatabase } from '../../src/database/test-database.ts';
import { compareWithLog, type SeenMessage } from './compare-with-log.ts';

const shop = '34600000001';
const olga = '34600000002';
const now = new Date('2026-08-06T10:00:00Z');

let database: Database;

/** Olga has asked, and the bot has answered. */
beforeEach(async () => {
  database = await emptyTestDatabase();
  const [contact] = await database.insert(contacts).values({ createdAt: now }).returning();
  const contactId = contact?.id ?? 0;
  const about = { contactId, sentAt: now, loggedAt: now };
  await database
    .insert(contactAddresses)
    .values({ contactId, kind: 'phone', value: `+${olga}`, firstSeenAt: now, lastSeenAt: now });
  await database.insert(messages).values([
    { ...about, direction: 'in', whatsappId: 'Q', author: 'contact', kind: 'text', text: 'help', arrival: 'live' },
    { ...about, direction: 'out', whatsappId: 'A', author: 'bot', kind: 'text', text: '*Hello*', arrival: 'sent' },
  ]);
  await database.insert(outbox).values({
    key: 'answer:1',
    contactId,
    kind: 'staff',
    address: `phone:+${olga}`,
    content: {},
    whatsappId: 'A',
    state: 'delivered',
    queuedAt: now,
    stateSince: now,
    attempts: 1,
  });
});

const question = { id: 'Q', kind: 'text', drawn: 'help\n10:00' };
const answer = { id: 'A', kind: 'text', drawn: 'Hello\nWritten by the bot.\n10:00' };
const onOlgas = { phone: olga, chat: shop };
const onShops = { phone: shop, chat: olga };
const asItIs: readonly SeenMessage[] = [
  { ...onOlgas, ...question, mine: true },
  { ...onOlgas, ...answer, mine: false },
  { ...onShops, ...question, mine: false },
  { ...onShops, ...answer, mine: true },
];

/** The same screens, but for the first message. */
function butFirst(changed: Partial<SeenMessage>): readonly SeenMessage[] {
  return asItIs.map((message, index) => (index === 0 ? { ...message, ...changed } : message));
}

describe('comparing what the phones show with what the bot has stored', () => {
  it('finds nothing when both are the same', async () => {
    expect(await compareWithLog(database, shop, asItIs)).toEqual([]);
  });

  it.each<[string, readonly SeenMessage[], readonly string[]]>([
    ['a message that a phone has lost', asItIs.slice(1), ['does not show text Q of the log']],
    [
      'a message that is shown twice',
      [...asItIs, ...asItIs.slice(0, 1)],
      ['Q on the phone 34600000002 is there more than'],
    ],
    ['other words', butFirst({ drawn: 'halp' }), ['says “halp”, in the log “help”']],
    ['another kind', butFirst({ kind: 'image' }), ['is text in the log']],
    ['another author', butFirst({ mine: false }), ['is by contact in the log']],
    [
      'a message that the log lacks',
      butFirst({ id: 'X' }),
      ['does not show text Q', 'text X on the phone 34600000002 is not in the log'],
    ],
  ])('finds %s', async (_what, seen, sentences) => {
    const differences = await compareWithLog(database, shop, seen);

    expect(differences).toEqual(sentences.map((sentence) => expect.stringContaining(sentence)));
  });

  it('finds what did not go out, and what was not fetched', async () => {
    await database.update(outbox).set({ state: 'sent' });
    const [line] = await database.select().from(messages);
    const file = { messageId: line?.id ?? 0, kind: 'file', attempts: 1, nextTryAt: now } as const;
    await database.insert(attachments).values({ ...file, state: 'failed', problem: 'gone' });

    expect(await compareWithLog(database, shop, asItIs)).toEqual([
      'the bot’s message A is sent: null',
      'a file of a message is failed: gone',
    ]);
  });
});
