import type { Bubble, Quoted } from '../demo/page-state.ts';
import { previewOf } from './preview.ts';

/** What is in the field of a chat and not sent yet. */
export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly quoting: Quoted | undefined;
  /** The message that gets new words. */
  readonly editing: string | undefined;
  /** What had been written before the new words, and comes back after them. */
  readonly aside: string;
}

export const emptyDraft: Draft = { text: '', quoting: undefined, editing: undefined, aside: '' };

export function answerTo(message: Bubble, draft: Draft): Draft {
  const { id, author, mine } = message;
  const quoting = { id, author, mine, summary: previewOf(message).text };
  return { ...withoutMessage(draft), quoting };
}

/** Neither an answer nor a new wording any more. */
export function withoutMessage({ text, editing, aside }: Draft): Draft {
  return { ...emptyDraft, text: editing ? aside : text };
}

/** What of it still holds: a message that the phone no longer shows can be neither answered nor worded anew. */
export function draftFor(bubbles: readonly Pick<Bubble, 'id'>[], draft: Draft): Draft {
  const about = draft.quoting?.id ?? draft.editing;
  return about === undefined || bubbles.some(({ id }) => id === about) ? draft : withoutMessage(draft);
}

export function newWordingOf({ id, text }: Bubble, draft: Draft): Draft {
  return { ...emptyDraft, text, editing: id, aside: withoutMessage(draft).text };
}
