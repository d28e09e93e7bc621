import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Progress } from '../outbox/transport.ts';

/** Receipt types of other people's phones, and what they say of our message. Own devices use other types. */
const receiptKinds: Readonly<Record<string, 'delivered' | 'read'>> = {
  '': 'delivered',
  inactive: 'delivered',
  read: 'read',
  played: 'read',
};

/**
 * What a raw stanza says about messages of ours. The server's acknowledgement has no event in Baileys, and its receipts come
 * late and merged, so both are read here (facts/whatsapp §5.2, facts/whatsapp-server §4).
 */
export function readProgress({ tag, attrs, content }: BinaryNode): readonly Progress[] {
  if (tag === 'ack' && attrs['class'] === 'message' && attrs['id']) {
    const whatsappId = attrs['id'];
    const outcome: Progress = attrs['error']
      ? { kind: 'refused', whatsappId, code: attrs['error'] }
      : { kind: 'accepted', whatsappId };
    return attrs['refresh_lid'] === 'true' ? [outcome, { kind: 'lid-stale', whatsappId }] : [outcome];
  }
  const kind = tag === 'receipt' ? receiptKinds[attrs['type'] ?? ''] : undefined;
  if (!kind || !attrs['id']) {
    return [];
  }
  return [attrs['id'], ...listedIds(content)].map((whatsappId) => ({ kind, whatsappId }));
}

function listedIds(content: BinaryNode['content']): string[] {
  const lists = Array.isArray(content) ? content.filter(({ tag }) => tag === 'list') : [];
  return lists
    .flatMap((list) => (Array.isArray(list.content) ? list.content : []))
    .map(({ attrs }) => attrs['id'])
    .filter((id) => id !== undefined);
}
