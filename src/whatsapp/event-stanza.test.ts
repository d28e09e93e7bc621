import type { BinaryNode } from '@whiskeysockets/baileys';
import { expect, it } from 'vitest';
import { readEventStanza } from './event-stanza.ts';
import type { ArrivalEvent } from './journal.store.ts';

function call(tag: string, attrs: Record<string, string> = {}, content: BinaryNode[] = []): BinaryNode {
  return {
    tag: 'call',
    attrs: { from: '111@lid' },
    content: [{ tag, attrs: { 'call-id': 'CALL', ...attrs }, content }],
  };
}

function message(...content: BinaryNode[]): BinaryNode {
  return { tag: 'message', attrs: { from: '111@lid' }, content };
}

const enc: BinaryNode = { tag: 'enc', attrs: { type: 'msg' } };
const unavailable = (type?: string): BinaryNode => ({ tag: 'unavailable', attrs: type ? { type } : {} });
const outcome = (of: Extract<ArrivalEvent, { kind: 'call' }>['outcome'], video = false): ArrivalEvent => ({
  kind: 'call',
  callId: 'CALL',
  outcome: of,
  video,
});

it.each<[what: string, node: BinaryNode, expected: ArrivalEvent | undefined]>([
  ['a call that rings', call('offer'), outcome('ringing')],
  ['a call with pictures', call('offer', {}, [{ tag: 'video', attrs: {} }]), outcome('ringing', true)],
  ['a call that nobody took', call('timeout'), outcome('missed')],
  ['a call that was ended', call('terminate'), outcome('missed')],
  ['a call that was declined', call('reject'), outcome('rejected')],
  ['a call that was taken', call('accept'), outcome('accepted')],
  ['what devices tell each other during a call', call('relaylatency'), undefined],
  ['a call of a group', call('offer', { type: 'group' }), undefined],
  ['a call of a group by its id', call('offer', { 'group-jid': '1@g.us' }), undefined],
  ['a call without an id', call('offer', { 'call-id': '' }), undefined],
  ['a call about nothing', { tag: 'call', attrs: {} }, undefined],
  ['a message whose content is elsewhere', message(unavailable()), { kind: 'unreadable', because: 'absent' }],
  [
    'a message to be seen once',
    message(unavailable('view_once_unavailable_fanout')),
    { kind: 'unreadable', because: 'view-once' },
  ],
  ['a message with its content, whatever else', message(unavailable(), enc), undefined],
  ['a message', message(enc), undefined],
  ['a receipt', { tag: 'receipt', attrs: {}, content: [unavailable()] }, undefined],
])('%s is read as what it is', (_what, node, expected) => {
  expect(readEventStanza(node)).toEqual(expected);
});
