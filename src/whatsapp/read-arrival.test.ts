import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import type { IncomingMessage } from '../conversations/message.ts';
import type { ArrivalEvent } from './journal.store.ts';
import { placeholderFor, readArrival } from './read-arrival.ts';

const { HISTORY_SYNC_NOTIFICATION, PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE } = proto.Message.ProtocolMessage.Type;
const arrivedAt = new Date('2026-11-22T10:00:05Z');
const sentAt = new Date('2026-11-22T10:00:00Z');
const t = String(sentAt.getTime() / 1000);
const lid = { kind: 'lid', value: '111' } as const;
const phone = { kind: 'phone', value: '+34600000003' } as const;

function arrival(
  attrs: Record<string, string>,
  message: proto.IMessage = { conversation: 'Hello' },
  { fromMe = false, event }: { fromMe?: boolean; event?: ArrivalEvent } = {},
) {
  const plaintext = Buffer.concat([proto.Message.encode(message).finish(), Buffer.from([2, 2])]);
  return {
    stanza: { attrs: { t, ...attrs }, fromMe, ...(event ? { event } : {}) },
    messageId: 'M1',
    plaintext,
    arrivedAt,
  };
}

/** From the phone to this device. */
function fromPhone(protocolMessage: proto.Message.IProtocolMessage, attrs: Record<string, string> = {}) {
  const own = { from: '222@lid', category: 'peer', ...attrs };
  return arrival(own, { protocolMessage }, { fromMe: true });
}

/** A piece of the phone's history, small enough to come with the message. */
function history(sync: Omit<proto.IHistorySync, 'syncType'>) {
  const { RECENT } = proto.HistorySync.HistorySyncType;
  const bytes = proto.HistorySync.encode({ syncType: RECENT, ...sync }).finish();
  return fromPhone({
    type: HISTORY_SYNC_NOTIFICATION,
    historySyncNotification: { syncType: RECENT, initialHistBootstrapInlinePayload: deflateSync(bytes) },
  });
}

describe('the envelope of a message', () => {
  it.each<[what: string, attrs: Record<string, string>, fromMe: boolean, expected: Partial<IncomingMessage>]>([
    ['under a LID', { from: '111@lid', sender_pn: '34600000003@s.whatsapp.net' }, false, { addresses: [lid, phone] }],
    [
      'under a number',
      { from: '34600000003@s.whatsapp.net', sender_lid: '111@lid' },
      false,
      { addresses: [phone, lid] },
    ],
    [
      'through a list, by who wrote it',
      { from: '1@broadcast', participant: '111@lid', participant_pn: '34600000003@s.whatsapp.net' },
      false,
      { addresses: [lid, phone] },
    ],
    [
      'of the shop’s phone, by whom it is for and never by the shop’s own number',
      {
        from: '222@lid',
        sender_pn: '34600000001@s.whatsapp.net',
        recipient: '111@lid',
        peer_recipient_pn: '34600000003@s.whatsapp.net',
      },
      true,
      { addresses: [lid, phone], author: 'shop-phone' },
    ],
    ['says how its author calls themselves', { from: '111@lid', notify: 'An\0a' }, false, { pushName: 'Ana' }],
    [
      'does not take the shop’s own name for the customer’s',
      { from: '222@lid', recipient: '111@lid', notify: 'Mug Shop' },
      true,
      { pushName: undefined },
    ],
    ['says when it was written', { from: '111@lid' }, false, { sentAt }],
    ['counts as written when it came, when it does not say', { from: '111@lid', t: '' }, false, { sentAt: arrivedAt }],
    ['shows what came while there was no link', { from: '111@lid', offline: '0' }, false, { way: 'offline' }],
    ['shows what came at once', { from: '111@lid' }, false, { way: 'live' }],
  ])('%s', async (_what, attrs, fromMe, expected) => {
    expect(await readArrival(arrival(attrs, undefined, { fromMe }))).toMatchObject([{ text: 'Hello', ...expected }]);
  });

  it.each([
    ['a group', { from: '1@g.us', participant: '111@lid' }],
    ['a status', { from: 'status@broadcast', participant: '111@lid' }],
    ['a channel', { from: '1@newsletter' }],
    ['nobody', {}],
  ])('of %s gives no line, be it readable or not', async (_what, attrs) => {
    const event = { kind: 'unreadable', because: 'absent' } as const;

    expect(await readArrival(arrival(attrs))).toEqual([]);
    expect(await readArrival(arrival(attrs, undefined, { event }))).toEqual([]);
    expect(placeholderFor(arrival(attrs))).toEqual([]);
  });
});

describe('what could not be read', () => {
  it('has a placeholder under the one whose message it was', () => {
    expect(placeholderFor(arrival({ from: '111@lid' }))).toMatchObject([
      {
        whatsappId: 'M1',
        addresses: [lid],
        author: 'contact',
        details: { kind: 'unreadable', because: 'undecryptable' },
      },
    ]);
  });

  it('has none when the phone told it to this device alone', () => {
    expect(placeholderFor(fromPhone({}))).toEqual([]);
  });
});

it('knows a caller under a LID by their number too, and the call by its own id', async () => {
  const event = { kind: 'call', callId: 'CALL', video: true, outcome: 'missed' } as const;
  const attrs = { from: '111@lid', caller_pn: '34600000003@s.whatsapp.net' };

  expect(await readArrival(arrival(attrs, undefined, { event }))).toMatchObject([
    {
      whatsappId: 'CALL',
      addresses: [lid, phone],
      author: 'contact',
      details: { kind: 'call', video: true, outcome: 'missed' },
    },
  ]);
});

describe('what the phone tells later of a message that had come without its content', () => {
  const info: proto.IWebMessageInfo = {
    key: { remoteJid: '111@lid', fromMe: false, id: 'LATE' },
    message: { conversation: 'I saw your ad' },
    messageTimestamp: sentAt.getTime() / 1000,
    pushName: 'Ana',
  };
  const webMessageInfoBytes = proto.WebMessageInfo.encode(info).finish();
  const peerDataOperationRequestResponseMessage = {
    peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes } }, {}],
  };
  const told = { type: PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE, peerDataOperationRequestResponseMessage };

  it.each([
    ['live', {}],
    ['offline', { offline: '0' }],
  ] as const)('is the message, which may be answered when it comes %s', async (way, attrs) => {
    expect(await readArrival(fromPhone(told, attrs))).toMatchObject([
      { whatsappId: 'LATE', text: 'I saw your ad', addresses: [lid], author: 'contact', pushName: 'Ana', sentAt, way },
    ]);
  });
});

describe('the phone’s history', () => {
  const message = (id: string, more: proto.IWebMessageInfo = {}): proto.IHistorySyncMsg => ({
    message: {
      key: { remoteJid: '111@lid', fromMe: false, id },
      message: { conversation: id },
      messageTimestamp: sentAt.getTime() / 1000,
      ...more,
    },
  });

  it('gives each message under its author, at its time', async () => {
    const key = { remoteJid: '111@lid', fromMe: true, id: 'OUT' };
    const conversation = {
      id: '111@lid',
      messages: [message('IN', { pushName: 'An\0a' }), message('OUT', { key, pushName: 'Mug Shop' })],
    };

    expect(await readArrival(history({ conversations: [conversation] }))).toMatchObject([
      { whatsappId: 'IN', text: 'IN', author: 'contact', pushName: 'Ana', sentAt, way: 'history' },
      { whatsappId: 'OUT', text: 'OUT', author: 'shop-phone', pushName: undefined, sentAt, way: 'history' },
    ]);
  });

  it.each<[string, Omit<proto.IHistorySync, 'syncType'>]>([
    ['its chat', { conversations: [{ id: '111@lid', pnJid: '34600000003@s.whatsapp.net', messages: [message('A')] }] }],
    [
      'the list of all',
      {
        conversations: [{ id: '111@lid', messages: [message('A')] }],
        phoneNumberToLidMappings: [{ pnJid: '34600000003@s.whatsapp.net', lidJid: '111@lid' }],
      },
    ],
  ])('knows somebody by both addresses when %s tells', async (_where, sync) => {
    expect(await readArrival(history(sync))).toMatchObject([{ addresses: [lid, phone] }]);
  });

  it('gives the reactions on a message as lines of their own, each by who reacted', async () => {
    const at = sentAt.getTime() + 60_000;
    const reactions = [
      { key: { id: 'R1', fromMe: true }, text: '👍', senderTimestampMs: at },
      { key: { id: 'R2', fromMe: false }, text: '❤️' },
      { text: 'without a key' },
    ];
    const conversation = { id: '111@lid', messages: [message('A', { reactions })] };

    expect((await readArrival(history({ conversations: [conversation] }))).slice(1)).toMatchObject([
      { whatsappId: 'R1', author: 'shop-phone', text: '👍', targetId: 'A', addresses: [lid], sentAt: new Date(at) },
      { whatsappId: 'R2', author: 'contact', text: '❤️', targetId: 'A', addresses: [lid], sentAt },
    ]);
  });

  it.each<[string, proto.Message.IHistorySyncNotification]>([
    ['nothing', {}],
    ['no key', { directPath: '/v/history' }],
    ['a path that would lead to another host', { mediaKey: Buffer.alloc(32), directPath: '.evil.example/history' }],
  ])('that says of its place %s is not fetched', async (_what, historySyncNotification) => {
    const notification = fromPhone({ type: HISTORY_SYNC_NOTIFICATION, historySyncNotification });

    await expect(readArrival(notification)).rejects.toThrow('says not where it is');
  });
});

it('is an error when a field of the message is longer than the message, and not a shorter text', async () => {
  const broken = { ...arrival({ from: '111@lid' }), plaintext: Buffer.from([10, 50, 72, 105, 1]) };

  await expect(readArrival(broken)).rejects.toThrow();
});
