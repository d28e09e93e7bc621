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

interface Answering {
  readonly quoting?: Quote;
}

interface TextContent extends Answering {
  readonly kind: 'text';
  readonly text: string;
}

interface FileContent extends Answering {
  readonly kind: 'image' | 'video' | 'audio' | 'voice' | 'document';
  /** Where the file lies, relative to `DATA_DIR`. */
  readonly file: string;
  readonly mime: string;
  /** The name under which a document is shown. */
  readonly name?: string;
  /** The caption. Sounds have none. */
  readonly text?: string;
}

interface LocationContent extends Answering {
  readonly kind: 'location';
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
  readonly address?: string;
}

interface ContactsContent extends Answering {
  readonly kind: 'contacts';
  readonly people: readonly Person[];
}

interface PollContent extends Answering {
  readonly kind: 'poll';
  readonly question: string;
  readonly options: readonly string[];
}

/** A question with at most three answers to choose from. The text is complete by itself: it numbers the choices. */
export interface ChoicesContent extends Answering {
  readonly kind: 'choices';
  readonly text: string;
  /** `token` comes back when the button is tapped; it tells nothing and cannot be guessed. */
  readonly choices: readonly { readonly token: string; readonly label: string }[];
  /** Whether buttons go on top, where the shop has seen that they appear. */
  readonly buttons: boolean;
}

interface ReactionContent {
  readonly kind: 'reaction';
  readonly to: MessageReference;
  /** Empty takes the reaction back. */
  readonly emoji: string;
}

/** New words for an earlier message of ours. */
interface EditContent {
  readonly kind: 'edit';
  readonly of: string;
  readonly text: string;
}

/** Takes an earlier message of ours back, for everybody. */
interface DeleteContent {
  readonly kind: 'delete';
  readonly of: string;
}

/** What is written anew each time, with keys of its own. */
export type FreshContent = FileContent | PollContent;

/** What the same content always gives again. */
export type RepeatableContent =
  | TextContent
  | LocationContent
  | ContactsContent
  | ChoicesContent
  | ReactionContent
  | EditContent
  | DeleteContent;

/** What the bot can send. Each is complete without buttons. */
export type OutgoingContent = FreshContent | RepeatableContent;

/** What a person reads of it, for the log and for places that show only text. */
export function readableText(content: OutgoingContent): string | undefined {
  switch (content.kind) {
    case 'text':
    case 'choices':
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
