import type { BinaryNode } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import type { Progress } from '../outbox/transport.ts';
import { readProgress } from './progress.ts';

const from = '111@lid';

const ack = (attrs: Record<string, string>): BinaryNode => ({
  tag: 'ack',
  attrs: { class: 'message', id: 'M1', from, ...attrs },
});

const receipt = (attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode => ({
  tag: 'receipt',
  attrs: { id: 'M1', from, ...attrs },
  ...(content ? { content } : {}),
});

const listOf = (...ids: string[]): BinaryNode => ({
  tag: 'list',
  attrs: {},
  content: ids.map((id) => ({ tag: 'item', attrs: { id } })),
});

it.each<[string, BinaryNode, readonly Progress[]]>([
  ['an ack says that WhatsApp has taken the message', ack({}), [{ kind: 'accepted', whatsappId: 'M1' }]],
  [
    'an ack with an error says that it was refused, and why',
    ack({ error: '463' }),
    [{ kind: 'refused', whatsappId: 'M1', code: '463' }],
  ],
  [
    'an ack may say besides that the LID it was sent to is out of date',
    ack({ refresh_lid: 'true' }),
    [
      { kind: 'accepted', whatsappId: 'M1' },
      { kind: 'lid-stale', whatsappId: 'M1' },
    ],
  ],
  [
    'a refusal may say so too',
    ack({ error: '463', refresh_lid: 'true' }),
    [
      { kind: 'refused', whatsappId: 'M1', code: '463' },
      { kind: 'lid-stale', whatsappId: 'M1' },
    ],
  ],
  [
    'an ack that says the LID need not be refreshed says no more than others',
    ack({ refresh_lid: 'false' }),
    [{ kind: 'accepted', whatsappId: 'M1' }],
  ],
  ['a receipt without a type says that it was delivered', receipt({}), [{ kind: 'delivered', whatsappId: 'M1' }]],
  [
    'a receipt of a device in the background says that it was delivered',
    receipt({ type: 'inactive' }),
    [{ kind: 'delivered', whatsappId: 'M1' }],
  ],
  ['a receipt of reading says that it was read', receipt({ type: 'read' }), [{ kind: 'read', whatsappId: 'M1' }]],
  ['a voice message that was played counts as read', receipt({ type: 'played' }), [{ kind: 'read', whatsappId: 'M1' }]],
  [
    'one receipt may speak of many messages',
    receipt({ type: 'read' }, [listOf('M2', 'M3')]),
    [
      { kind: 'read', whatsappId: 'M1' },
      { kind: 'read', whatsappId: 'M2' },
      { kind: 'read', whatsappId: 'M3' },
    ],
  ],
  [
    'a list holds nothing but its items with an id',
    receipt({}, [
      { tag: 'participants', attrs: {}, content: [{ tag: 'item', attrs: { id: 'M8' } }] },
      { tag: 'list', attrs: {}, content: [{ tag: 'item', attrs: {} }] },
      { tag: 'list', attrs: {} },
    ]),
    [{ kind: 'delivered', whatsappId: 'M1' }],
  ],
])('%s', (_title, node, progress) => expect(readProgress(node)).toEqual(progress));

it.each(['sender', 'read-self', 'played-self', 'peer_msg', 'retry', 'hist_sync', 'server-error'])(
  'a receipt of type %s says nothing of the other person',
  (type) => expect(readProgress(receipt({ type }, [listOf('M2')]))).toEqual([]),
);

it.each<[string, BinaryNode]>([
  ['the ack of a receipt', ack({ class: 'receipt' })],
  ['the ack of a notification with an error', ack({ class: 'notification', error: '500' })],
  ['an ack without an id', { tag: 'ack', attrs: { class: 'message', from } }],
  ['a receipt without an id', { tag: 'receipt', attrs: { from, type: 'read' } }],
  ['a message', { tag: 'message', attrs: { id: 'M1', from, class: 'message' } }],
  ['typing', { tag: 'chatstate', attrs: { from }, content: [{ tag: 'composing', attrs: {} }] }],
  ['a query', { tag: 'iq', attrs: { id: 'M1', type: 'result' } }],
])('%s says nothing of a message of ours', (_title, node) => expect(readProgress(node)).toEqual([]));
