import { describe, expect, it } from 'vitest';
import type { Bubble, BubbleContent } from '../demo/page-state.ts';
import { captionOf, previewOf } from './preview.ts';
import { canDelete, canEdit } from './rights.ts';

const file = { url: '/', mime: 'application/octet-stream', bytes: 1, name: undefined, seconds: undefined };

describe('The line of a chat in the list', () => {
  it.each<[title: string, bubble: Partial<Bubble>, icon: string | undefined, text: string]>([
    ['has the words, without their signs', { text: '*Hello*\nthere' }, undefined, 'Hello there'],
    ['has the title of a message without words', { title: 'Your order' }, undefined, 'Your order'],
    ['names a picture', { content: { kind: 'image', file } }, 'photo', 'Photo'],
    ['prefers the caption', { content: { kind: 'image', file }, text: 'Our mug' }, 'photo', 'Our mug'],
    ['hides what is to be seen once', { content: { kind: 'image', file }, text: 'x', viewOnce: true }, 'once', 'Photo'],
    ['tells the length of a voice note', voice(7), 'microphone', 'Voice note (0:07)'],
    ['tells no length of a video', { content: { kind: 'video', file: { ...file, seconds: 7 } } }, 'video', 'Video'],
    ['names a document', { content: { kind: 'document', file: { ...file, name: 'a.pdf' } } }, 'document', 'a.pdf'],
    ['counts an album', { content: { kind: 'album', images: 2, videos: 1 } }, 'photo', '2 photos, 1 video'],
    [
      'counts an order',
      { content: { kind: 'order', items: 1, total: 12.5, currency: 'EUR' } },
      'cart',
      '1 item, €12.50',
    ],
    ['knows a currency of no country', order('points'), 'cart', '3 items, 10 points'],
    [
      'says that there is more than it can show',
      { content: { kind: 'other', field: 'x' } },
      'question',
      'A message that is not shown here',
    ],
    ['says that it was deleted', { deleted: true }, 'bin', 'This message was deleted'],
    ['says that one deleted it oneself', { deleted: true, mine: true }, 'bin', 'You deleted this message'],
  ])('%s', (_title, bubble, icon, text) => {
    expect(previewOf({ ...anyBubble, ...bubble })).toEqual({ icon, text });
  });

  it.each<[content: BubbleContent, text: string]>([
    [{ kind: 'document', file: { ...file, name: 'a.pdf' } }, 'a.pdf'],
    [{ kind: 'poll', question: 'Which?', options: [], several: false }, 'Which?'],
    [{ kind: 'contacts', people: [{ name: 'Ana', phones: [] }] }, 'Ana'],
    [{ kind: 'location', latitude: 0, longitude: 0, live: false, name: 'A', address: 'B' }, 'A, B'],
    [{ kind: 'product', title: 'Mug', price: 1, currency: 'EUR', url: undefined }, 'Mug'],
  ])('does not say twice what is drawn: $kind', (content, text) => {
    expect(captionOf({ ...anyBubble, content, text })).toBe('');
    expect(captionOf({ ...anyBubble, content, text: 'else' })).toBe('else');
  });
});

describe('A phone', () => {
  const at = (minutes: number) => new Date(Date.parse(anyBubble.time) + minutes * 60_000);
  const mine = { ...anyBubble, mine: true, text: 'Hello' };

  it('offers new words for a quarter of an hour, and to delete for two days and a half', () => {
    expect([14, 15].map((minutes) => canEdit(mine, at(minutes)))).toEqual([true, false]);
    expect([3599, 3600].map((minutes) => canDelete(mine, at(minutes)))).toEqual([true, false]);
  });

  it.each<[title: string, bubble: Partial<Bubble>]>([
    ['of others', { mine: false }],
    ['that was deleted', { deleted: true }],
    ['that has not gone yet', { ticks: 'pending' }],
  ])('changes no message %s', (_title, bubble) => {
    expect(canEdit({ ...mine, ...bubble }, at(1))).toBe(false);
    expect(canDelete({ ...mine, ...bubble }, at(1))).toBe(false);
  });
});

const anyBubble: Bubble = {
  id: 'A',
  mine: false,
  byBot: false,
  author: 'Ana',
  time: '2026-03-29T10:00:00.000Z',
  ticks: 'read',
  content: { kind: 'text' },
  text: '',
  title: undefined,
  footer: undefined,
  edited: false,
  deleted: false,
  viewOnce: false,
  forwarded: false,
  quoted: undefined,
  reactions: [],
  choices: [],
};

function voice(seconds: number): Partial<Bubble> {
  return { content: { kind: 'voice', file: { ...file, seconds } } };
}

function order(currency: string): Partial<Bubble> {
  return { content: { kind: 'order', items: 3, total: 10, currency } };
}
