import type { BinaryNode } from '@whiskeysockets/baileys';
import type { ArrivalEvent } from './journal.store.ts';

type CallOutcome = Extract<ArrivalEvent, { kind: 'call' }>['outcome'];

/** What a child of a call stanza says of the call. A call that ends unanswered was missed; one that was answered stays so. */
const callOutcomes: Readonly<Record<string, CallOutcome>> = {
  offer: 'ringing',
  timeout: 'missed',
  terminate: 'missed',
  reject: 'rejected',
  accept: 'accepted',
};

/** What a stanza tells that never passes decryption: a call, or a message without content (facts/whatsapp §7.3, §7.4). */
export function readEventStanza(node: BinaryNode): ArrivalEvent | undefined {
  const children = Array.isArray(node.content) ? node.content : [];
  if (node.tag === 'call') {
    return readCall(children[0]);
  }
  const unavailable = children.find(({ tag }) => tag === 'unavailable');
  if (node.tag !== 'message' || !unavailable || children.some(({ tag }) => tag === 'enc')) {
    return undefined;
  }
  return { kind: 'unreadable', because: unavailable.attrs['type']?.startsWith('view_once') ? 'view-once' : 'absent' };
}

function readCall(info: BinaryNode | undefined): ArrivalEvent | undefined {
  const outcome = callOutcomes[info?.tag ?? ''];
  const callId = info?.attrs['call-id'];
  const isGroup = info?.attrs['type'] === 'group' || info?.attrs['group-jid'] !== undefined;
  if (!info || !outcome || !callId || isGroup) {
    return undefined;
  }
  const children = Array.isArray(info.content) ? info.content : [];
  return { kind: 'call', callId, outcome, video: children.some(({ tag }) => tag === 'video') };
}
