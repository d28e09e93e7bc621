import { randomBytes } from 'node:crypto';
import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import type { ChoicesContent, OutgoingContent } from '../outbox/outgoing-content.ts';

/** Choices as native buttons, text only: the one form that phones show (facts/whatsapp §1.2, §1.3). Never inside `viewOnce`. */
export function buttonsMessage({ text, choices }: ChoicesContent, contextInfo?: proto.IContextInfo): proto.IMessage {
  const buttons = choices.map(({ token, label }) => ({
    name: 'quick_reply',
    buttonParamsJson: JSON.stringify({ display_text: label, id: token }),
  }));
  return {
    interactiveMessage: {
      body: { text },
      nativeFlowMessage: { buttons, messageParamsJson: '', messageVersion: 1 },
      ...(contextInfo ? { contextInfo } : {}),
    },
  };
}

/** Without exactly these nodes on the envelope a phone shows no buttons (facts/whatsapp §1.3). `now` in whole seconds since 1970. */
export function buttonNodes(content: OutgoingContent, now: number): BinaryNode[] {
  if (content.kind !== 'choices' || !content.buttons) {
    return [];
  }
  const flow = { tag: 'native_flow', attrs: { v: '9', name: 'mixed' } };
  return [
    { tag: 'bot', attrs: { biz_bot: '1' } },
    {
      tag: 'biz',
      attrs: { actual_actors: '2', host_storage: '2', privacy_mode_ts: String(now) },
      content: [
        { tag: 'interactive', attrs: { type: 'native_flow', v: '1' }, content: [flow] },
        {
          tag: 'quality_control',
          attrs: { source_type: 'third_party', decision_id: randomBytes(20).toString('hex') },
          content: [{ tag: 'decision_source', attrs: { value: 'df' } }],
        },
      ],
    },
  ];
}
