import type { BinaryNode } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { later, minutes } from '../lib/time.ts';
import { readSighting, type Sighting } from './sighting.ts';

const now = new Date('2026-11-23T09:00:00Z');
const writtenAt = later(now, -minutes(5));
const t = String(writtenAt.getTime() / 1000);
const me = { id: '34600000001:5@s.whatsapp.net', lid: '222:5@lid' };
const enc: BinaryNode = { tag: 'enc', attrs: { type: 'msg' } };

function node(tag: string, attrs: Record<string, string>, ...content: BinaryNode[]): BinaryNode {
  return { tag, attrs: { id: 'M1', t, ...attrs }, content };
}

it.each<[what: string, node: BinaryNode, expected: Partial<Sighting>]>([
  [
    'a message of a customer',
    node('message', { from: '111@lid' }, enc),
    { pushed: true, message: 'M1', fromPhone: false, keptSince: undefined, phoneSeenAt: undefined },
  ],
  [
    'one that was kept for us',
    node('message', { from: '111@lid', offline: '0' }, enc),
    { pushed: true, message: 'M1', keptSince: writtenAt },
  ],
  ['a message of a group', node('message', { from: '1@g.us', participant: '111@lid' }, enc), { message: undefined }],
  [
    'a message of the shop’s phone, by its LID',
    node('message', { from: '222@lid' }, enc),
    { fromPhone: true, message: 'M1', phoneSeenAt: writtenAt },
  ],
  [
    'a message of the shop’s phone, by its number',
    node('message', { from: '34600000001@s.whatsapp.net' }, enc),
    { fromPhone: true, phoneSeenAt: writtenAt },
  ],
  [
    'a message of another linked device of the shop',
    node('message', { from: '222:7@lid' }, enc),
    { fromPhone: false, message: 'M1', phoneSeenAt: undefined },
  ],
  [
    'a message of the phone whose clock is ahead',
    node('message', { from: '222@lid', t: String(later(now, minutes(9)).getTime() / 1000) }, enc),
    { phoneSeenAt: now },
  ],
  [
    'a message of the phone that does not say when',
    node('message', { from: '222@lid', t: '' }, enc),
    { phoneSeenAt: now },
  ],
  ['a receipt of the phone', node('receipt', { from: '222@lid' }), { pushed: true, phoneSeenAt: writtenAt }],
  [
    'a receipt of what was read on the phone',
    node('receipt', { from: '111@lid', type: 'read-self' }),
    { phoneSeenAt: writtenAt, fromPhone: false },
  ],
  ['a receipt of a customer', node('receipt', { from: '111@lid', type: 'read' }), { phoneSeenAt: undefined }],
  [
    'a notification about the phone',
    node('notification', { from: '222@lid' }),
    { pushed: true, phoneSeenAt: undefined },
  ],
  ['a call', node('call', { from: '111@lid' }), { pushed: true, message: undefined }],
  ['an ack of a message', node('ack', { class: 'message' }), { pushed: false, ackOf: 'M1' }],
  ['an ack of a receipt', node('ack', { class: 'receipt' }), { pushed: false, ackOf: undefined }],
  ['an answer to a query', node('iq', { offline: '1' }), { pushed: false, keptSince: undefined, ackOf: undefined }],
])('%s says of receiving what it can', (_what, stanza, expected) => {
  const sighting = readSighting(stanza, me, now);
  expect(sighting).toEqual({ ...sighting, ...expected });
});
