import { proto } from '@whiskeysockets/baileys';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveContacts } from '../contacts/contacts.store.ts';
import { type LogLine, logMessages } from '../conversations/log.store.ts';
import type { MessageDetails } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { messages } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { queueMessage, rememberWire } from '../outbox/outbox.store.ts';
import { sealVote } from '../simulator/poll-vote.ts';
import { decryptVotes } from './poll-votes.store.ts';

const now = new Date('2026-11-23T09:00:00Z');
const secret = Buffer.alloc(32, 7);
const own = ['34600000001:5@s.whatsapp.net', '222:5@lid'];
const poll: proto.IMessage = {
  pollCreationMessageV3: { name: 'Which?', options: [{ optionName: 'Blue' }, { optionName: 'Red' }] },
  messageContextInfo: { messageSecret: secret },
};

let database: Database;
let ana: number;
let ben: number;

beforeEach(async () => {
  database = await emptyTestDatabase();
  const people = [
    ['111', '+34600000003'],
    ['333', '+34600000004'],
  ] as const;
  const sightings = people.map(([lid, phone]) => ({
    addresses: [{ kind: 'lid', value: lid } as const, { kind: 'phone', value: phone } as const] as const,
    name: undefined,
  }));
  [ana = 0, ben = 0] = await resolveContacts(database, sightings, now);
});

function line(
  whatsappId: string,
  details: MessageDetails,
  message: proto.IMessage,
  more: Partial<LogLine> = {},
): LogLine {
  return {
    contactId: ana,
    direction: 'in',
    whatsappId,
    author: 'contact',
    kind: details.kind,
    details,
    text: null,
    sentAt: now,
    loggedAt: now,
    arrival: 'live',
    raw: proto.Message.encode(message).finish(),
    ...more,
  };
}

function pollLine(more: Partial<LogLine> = {}, message = poll): LogLine {
  return line('POLL', { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] }, message, more);
}

/** A vote on it, sealed for these two. */
function voteLine(options: readonly string[], creator = '222@lid', voter = '111@lid'): LogLine {
  const vote = sealVote(options, { pollId: 'POLL', secret, creator, voter });
  const message = { pollUpdateMessage: { pollCreationMessageKey: { id: 'POLL' }, vote } };
  return line('VOTE', { kind: 'vote' }, message, { targetId: 'POLL' });
}

/** Logs these together, as one batch is. */
async function log(...lines: readonly LogLine[]): Promise<void> {
  const written = await logMessages(database, lines);
  await decryptVotes(database, [...written.values()], own);
}

async function vote() {
  const [row] = await database.select().from(messages).where(eq(messages.whatsappId, 'VOTE'));
  return { details: row?.details, text: row?.text };
}

const opened = { details: { kind: 'vote', options: ['Blue'] }, text: 'Blue' };
const closed = { details: { kind: 'vote' }, text: null };

describe('a vote is read', () => {
  it.each<[what: string, batches: readonly (readonly LogLine[])[]]>([
    ['after its poll', [[pollLine()], [voteLine(['Blue'])]]],
    ['together with it', [[voteLine(['Blue']), pollLine()]]],
    ['that came before it', [[voteLine(['Blue'])], [pollLine()]]],
  ])('%s', async (_what, batches) => {
    for (const batch of batches) {
      await log(...batch.map((one) => ({ ...one, contactId: ana })));
    }
    expect(await vote()).toEqual(opened);
  });

  it.each([
    ['222@lid', '111@lid'],
    ['34600000001@s.whatsapp.net', '34600000003@s.whatsapp.net'],
    ['34600000001@s.whatsapp.net', '111@lid'],
    ['111@lid', '222@lid'],
    ['111@lid', '111@lid'],
  ])('whichever of their ids it was sealed for: a poll of %s, a vote of %s', async (creator, voter) => {
    await log(pollLine(), voteLine(['Blue'], creator, voter));
    expect(await vote()).toEqual(opened);
  });

  it('of a poll that the shop’s own phone wrote', async () => {
    await log(pollLine({ direction: 'out', author: 'shop-phone' }, { deviceSentMessage: { message: poll } }));
    await log(voteLine(['Blue']));
    expect(await vote()).toEqual(opened);
  });

  it('of a poll that the bot sent, from what is stored of it for sending again', async () => {
    const content = { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] } as const;
    await queueMessage(database, { key: 'k', contactId: ana, kind: 'reply', content, whatsappId: 'POLL' }, now);
    await rememberWire(database, 'POLL', proto.Message.encode(poll).finish());
    await log(pollLine({ direction: 'out', author: 'bot', raw: null }));
    await log(voteLine(['Blue']));
    expect(await vote()).toEqual(opened);
  });

  it.each<[what: string, options: readonly string[], expected: object]>([
    ['for nothing, as it is when it is withdrawn', [], { details: { kind: 'vote', options: [] }, text: null }],
    ['for several', ['Blue', 'Red'], { details: { kind: 'vote', options: ['Blue', 'Red'] }, text: 'Blue, Red' }],
    ['for what was never offered', ['Green'], { details: { kind: 'vote', options: ['?'] }, text: '?' }],
  ])('%s', async (_what, options, expected) => {
    await log(pollLine(), voteLine(options));
    expect(await vote()).toEqual(expected);
  });
});

describe('a vote stays closed', () => {
  it.each<[what: string, makePoll: () => LogLine]>([
    ['whose poll is in another chat', () => pollLine({ contactId: ben })],
    [
      'whose poll has another secret',
      () => pollLine({}, { ...poll, messageContextInfo: { messageSecret: Buffer.alloc(32, 8) } }),
    ],
    ['whose poll came without its secret', () => pollLine({}, { ...poll, messageContextInfo: null })],
  ])('%s', async (_what, makePoll) => {
    await log(makePoll(), voteLine(['Blue']));
    expect(await vote()).toEqual(closed);
  });

  it('that somebody else has sealed', async () => {
    await log(pollLine(), voteLine(['Blue'], '222@lid', '333@lid'));
    expect(await vote()).toEqual(closed);
  });
});
