import { proto } from '@whiskeysockets/baileys';

export type ReplyKind = 'button' | 'template-reply' | 'list-reply' | 'legacy-button';

/** The answer to a message with choices, in the form of its kind (facts/whatsapp §1.4: a bot has to understand all four). */
export function replyTo(
  kind: ReplyKind,
  { id, label }: { readonly id: string; readonly label: string },
  contextInfo: proto.IContextInfo | null,
): proto.IMessage {
  switch (kind) {
    case 'button': {
      const nativeFlowResponseMessage = { name: 'quick_reply', paramsJson: JSON.stringify({ id }), version: 1 };
      return { interactiveResponseMessage: { body: { text: label }, nativeFlowResponseMessage, contextInfo } };
    }
    case 'template-reply':
      return { templateButtonReplyMessage: { selectedId: id, selectedDisplayText: label, contextInfo } };
    case 'list-reply': {
      const listType = proto.Message.ListResponseMessage.ListType.SINGLE_SELECT;
      return { listResponseMessage: { title: label, listType, singleSelectReply: { selectedRowId: id }, contextInfo } };
    }
    case 'legacy-button': {
      const type = proto.Message.ButtonsResponseMessage.Type.DISPLAY_TEXT;
      return { buttonsResponseMessage: { selectedButtonId: id, selectedDisplayText: label, type, contextInfo } };
    }
  }
}
