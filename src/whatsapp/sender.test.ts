import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proto, type WASocket } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type SentMessage, sendOver, writeAgain } from './sender.ts';

const chat = '111@lid';
const poll: OutgoingContent = { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] };

interface Relayed {
  readonly message: proto.IMessage;
  readonly options: {
    readonly messageId?: string;
    readonly additionalAttributes?: object;
    readonly additionalNodes?: readonly object[];
  };
}

let root: string;
let relayed: Relayed[];
/** What is stored of each message, by its id. */
let wires: Map<string, Uint8Array>;
let events: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shopbell-sender-'));
  mkdirSync(join(root, 'data', 'media'), { recursive: true });
  mkdirSync(join(root, 'data-of-others'));
  writeFileSync(join(root, 'data-of-others', 'secret.jpg'), 'secret');
  relayed = [];
  wires = new Map();
  events = [];
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Sends over a socket that keeps what it is given. */
async function send(content: OutgoingContent): Promise<Relayed | undefined> {
  const socket = {
    user: { id: '34600000001:1@s.whatsapp.net' },
    async relayMessage(_chat: string, message: proto.IMessage, options: Relayed['options']) {
      events.push('relayed');
      relayed.push({ message, options });
    },
    waUploadToServer: () => expect.fail('nothing is to be uploaded'),
  };
  const parts = {
    clock: new SimulatedClock(new Date('2026-11-23T09:00:00Z')),
    dataDirectory: join(root, 'data'),
    async findSent(whatsappId: string): Promise<SentMessage> {
      return { content, wire: wires.get(whatsappId) };
    },
    async rememberWire(whatsappId: string, wire: Uint8Array): Promise<void> {
      await new Promise((resolve) => setImmediate(resolve));
      events.push('remembered');
      wires.set(whatsappId, wire);
    },
  };
  await sendOver(socket as unknown as WASocket, parts, chat, 'M1', content);
  return relayed.at(-1);
}

it.each([
  ['is not there', 'media/gone.jpg'],
  ['lies outside of the data directory', '../data-of-others/secret.jpg'],
  ['lies outside by a path that begins alike', join('..', 'data-of-others', 'secret.jpg')],
  ['is named by a path of the machine', '/etc/hostname'],
  ['is the directory itself', '.'],
])('a file that %s cannot be sent', async (_what, file) => {
  await expect(send({ kind: 'image', file, mime: 'image/jpeg' })).rejects.toMatchObject({ reason: 'file-missing' });
  expect(relayed).toEqual([]);
});

describe('a message with keys of its own', () => {
  it('is remembered as it is written, before it leaves', async () => {
    const first = await send(poll);

    expect(events).toEqual(['remembered', 'relayed']);
    expect(proto.Message.decode(wires.get('M1') ?? new Uint8Array()).messageContextInfo?.messageSecret).toEqual(
      first?.message.messageContextInfo?.messageSecret,
    );
    expect(first?.options).toMatchObject({ messageId: 'M1', additionalNodes: [{ tag: 'meta' }] });
  });

  it('goes out a second time as it was written first, under the same keys and with the same envelope', async () => {
    const first = await send(poll);
    const second = await send(poll);

    expect(second?.message.messageContextInfo?.messageSecret).toEqual(first?.message.messageContextInfo?.messageSecret);
    expect(second?.options).toEqual(first?.options);
    expect(events).toEqual(['remembered', 'relayed', 'relayed']);
  });

  it('is never made anew for a phone that asks again', () => {
    const passage = { chat, self: '34600000001@s.whatsapp.net', whatsappId: 'M1' };
    const wire = proto.Message.encode({ conversation: 'as it was written' }).finish();

    expect(writeAgain({ content: poll, wire }, passage)).toMatchObject({ conversation: 'as it was written' });
    expect(writeAgain({ content: poll, wire: undefined }, passage)).toBeUndefined();
    expect(writeAgain({ content: { kind: 'text', text: 'Hi' }, wire: undefined }, passage)).toMatchObject({
      extendedTextMessage: { text: 'Hi' },
    });
  });
});

it.each<[OutgoingContent, object]>([
  [{ kind: 'edit', of: 'A', text: 'B' }, { edit: '1' }],
  [{ kind: 'delete', of: 'A' }, { edit: '7' }],
])('what changes an earlier message says so on its envelope: %j', async (content, additionalAttributes) => {
  expect((await send(content))?.options).toMatchObject({ messageId: 'M1', additionalAttributes });
  expect(events).toEqual(['relayed']);
});
