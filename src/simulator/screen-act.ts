import { normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { readableText } from './message-content.ts';

/** What changes or marks a message that is already on the screen. */
export type ScreenAct =
  | { readonly kind: 'edit'; readonly target: string; readonly text: string; readonly content: proto.IMessage }
  | { readonly kind: 'delete'; readonly target: string }
  | { readonly kind: 'reaction'; readonly target: string; readonly emoji: string }
  | { readonly kind: 'vote'; readonly target: string; readonly vote: proto.Message.IPollEncValue };

/** Reads a message that is no line of its own; `undefined` when it is one. */
export function readAct(message: proto.IMessage): ScreenAct | undefined {
  const { protocolMessage, reactionMessage, pollUpdateMessage } = normalizeMessageContent(message) ?? message;
  if (reactionMessage?.key?.id) {
    return { kind: 'reaction', target: reactionMessage.key.id, emoji: reactionMessage.text ?? '' };
  }
  const poll = pollUpdateMessage?.pollCreationMessageKey?.id;
  if (poll) {
    return { kind: 'vote', target: poll, vote: pollUpdateMessage?.vote ?? {} };
  }
  return protocolMessage ? readProtocolAct(protocolMessage) : undefined;
}

function readProtocolAct({ type, key, editedMessage }: proto.Message.IProtocolMessage): ScreenAct | undefined {
  const { MESSAGE_EDIT, REVOKE } = proto.Message.ProtocolMessage.Type;
  if (!key?.id) {
    return undefined;
  }
  if (type === MESSAGE_EDIT && editedMessage) {
    return { kind: 'edit', target: key.id, text: readableText(editedMessage), content: editedMessage };
  }
  return type === REVOKE ? { kind: 'delete', target: key.id } : undefined;
}
