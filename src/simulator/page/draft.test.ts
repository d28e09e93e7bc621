import { expect, it } from 'vitest';
import type { Bubble } from '../demo/page-state.ts';
import { answerTo, draftFor, emptyDraft, newWordingOf, withoutMessage } from './draft.ts';

const message = {
  id: 'M1',
  author: 'Ana',
  mine: true,
  text: 'Do you have blue mugs?',
  content: { kind: 'text' },
  deleted: false,
  viewOnce: false,
} as Bubble;

it('words that are being written stay in the field when a message is chosen to be answered', () => {
  const draft = answerTo(message, { ...emptyDraft, text: 'Yes, we' });

  expect(draft).toMatchObject({ text: 'Yes, we', quoting: { id: 'M1', summary: 'Do you have blue mugs?' } });
  expect(withoutMessage(draft)).toEqual({ ...emptyDraft, text: 'Yes, we' });
});

it('words that are being written come back after a message has got new words, or was left as it is', () => {
  const editing = newWordingOf(message, { ...emptyDraft, text: 'By the way' });

  expect(editing).toMatchObject({ text: 'Do you have blue mugs?', editing: 'M1' });
  expect(withoutMessage({ ...editing, text: 'Do you have green mugs?' })).toEqual({
    ...emptyDraft,
    text: 'By the way',
  });
});

it('answering somebody in the middle of new words gives these up, and not what was written before', () => {
  const editing = newWordingOf(message, { ...emptyDraft, text: 'By the way' });

  expect(answerTo(message, editing)).toMatchObject({ text: 'By the way', editing: undefined, quoting: { id: 'M1' } });
});

it('a reply to a message of another world loses the message and keeps its words, and a new wording gives way to what was before', () => {
  const reply = answerTo(message, { ...emptyDraft, text: 'Yes, we' });
  const editing = newWordingOf(message, { ...emptyDraft, text: 'By the way' });

  expect(draftFor([{ id: 'M1' }], reply)).toBe(reply);
  expect(draftFor([{ id: 'M2' }], reply)).toEqual({ ...emptyDraft, text: 'Yes, we' });
  expect(draftFor([], editing)).toEqual({ ...emptyDraft, text: 'By the way' });
});
