import type { MessageDetails } from '../conversations/message.ts';
import { type OutgoingContent, readableText } from './outgoing-content.ts';

/** What the log says of a message that the bot sends. */
export interface OutgoingLine {
  readonly kind: MessageDetails['kind'];
  readonly text: string | null;
  readonly details: MessageDetails;
  readonly quotedId: string | null;
  readonly targetId: string | null;
}

export function outgoingLine(content: OutgoingContent): OutgoingLine {
  return {
    kind: kindOf(content),
    text: readableText(content) ?? null,
    details: detailsOf(content),
    quotedId: 'quoting' in content ? (content.quoting?.whatsappId ?? null) : null,
    targetId: targetOf(content),
  };
}

/** In the log a question with choices is the text that it is. */
function kindOf({ kind }: OutgoingContent): MessageDetails['kind'] {
  return kind === 'choices' ? 'text' : kind;
}

function detailsOf(content: OutgoingContent): MessageDetails {
  switch (content.kind) {
    case 'text':
    case 'choices':
      return { kind: 'text' };
    case 'delete':
      return { kind: 'delete' };
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document': {
      const { kind, mime, name } = content;
      return { kind, mime, bytes: undefined, ...(name === undefined ? {} : { name }) };
    }
    case 'location': {
      const { quoting: _, ...place } = content;
      return { ...place, live: false };
    }
    case 'contacts':
      return { kind: 'contacts', people: content.people };
    case 'poll':
      return { kind: 'poll', question: content.question, options: content.options };
    case 'reaction':
      return { kind: 'reaction', emoji: content.emoji || undefined };
    case 'edit':
      return { kind: 'edit', readable: true };
  }
}

function targetOf(content: OutgoingContent): string | null {
  switch (content.kind) {
    case 'reaction':
      return content.to.whatsappId;
    case 'edit':
    case 'delete':
      return content.of;
    default:
      return null;
  }
}
