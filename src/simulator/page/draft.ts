import type { Bubble, Quoted } from '../demo/page-state.ts';
import { previewOf } from './preview.ts';

/** What is in the field of a chat and not sent yet. */
export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly quoting: Quoted | undefined;
  /** The message that gets new words. */
  readonly editing: string | undefined;
}

export const emptyDraft: Draft = { text: '', quoting: undefined, editing: undefined };

export function answerTo(message: Bubble, draft: Draft): Draft {
  const { id, author, mine } = message;
  const quoting = { id, author, mine, summary: previewOf(message).text };
  return { ...withoutMessage(draft), quoting };
}

/** Neither an answer nor a new wording any more. */
export function withoutMessage({ text, editing }: Draft): Draft {
  return { text: editing ? '' : text, quoting: undefined, editing: undefined };
}

export function newWordingOf({ id, text }: Bubble): Draft {
  return { text, quoting: undefined, editing: id };
}
