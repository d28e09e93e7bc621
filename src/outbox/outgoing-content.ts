import type { Person } from '../conversations/message.ts';

/** A message that an outgoing one speaks of. */
export interface MessageReference {
  readonly whatsappId: string;
  /** Whether we (the bot or the shop's phone) wrote it. */
  readonly ours: boolean;
}

/** The message that is answered; its words are shown above the answer. */
interface Quote extends MessageReference {
  readonly text: string;
}

interface FileContent {
  readonly kind: 'image' | 'video' | 'audio' | 'voice' | 'document';
  /** Where the file lies, relative to `DATA_DIR`. */
  readonly file: string;
  readonly mime: string;
  /** The name under which a document is shown. */
  readonly name?: string;
  /** The caption. Sounds have none. */
  readonly text?: string;
}

/** What a person reads as a message of its own; each is complete without buttons. */
type Spoken = (
  | { readonly kind: 'text'; readonly text: string }
  | FileContent
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
    }
  | { readonly kind: 'contacts'; readonly people: readonly Person[] }
  | { readonly kind: 'poll'; readonly question: string; readonly options: readonly string[] }
) & { readonly quoting?: Quote };

/** What changes or marks an earlier message. */
type Act =
  /** An empty emoji takes the reaction back. */
  | { readonly kind: 'reaction'; readonly to: MessageReference; readonly emoji: string }
  | { readonly kind: 'edit'; readonly of: string; readonly text: string }
  | { readonly kind: 'delete'; readonly of: string };

/** What the bot can send. */
export type OutgoingContent = Spoken | Act;

/** What a person reads of it, for the log and for places that show only text. */
export function readableText(content: OutgoingContent): string | undefined {
  switch (content.kind) {
    case 'text':
    case 'edit':
      return content.text;
    case 'image':
    case 'video':
    case 'audio':
    case 'voice':
    case 'document':
      return content.text ?? content.name;
    case 'location':
      return [content.name, content.address].filter((part) => part !== undefined).join(', ') || undefined;
    case 'contacts':
      return content.people.map(({ name }) => name).join(', ');
    case 'poll':
      return [content.question, ...content.options.map((option, index) => `${index + 1}. ${option}`)].join('\n');
    case 'reaction':
      return content.emoji || undefined;
    case 'delete':
      return undefined;
  }
}
