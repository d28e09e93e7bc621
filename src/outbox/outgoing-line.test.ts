import { expect, it } from 'vitest';
import type { OutgoingContent } from './outgoing-content.ts';
import { type OutgoingLine, outgoingLine } from './outgoing-line.ts';

const quoting = { whatsappId: 'Q', ours: false, text: 'Hello?' };
const to = { whatsappId: 'T', ours: false };

it.each<[OutgoingContent, Partial<OutgoingLine>]>([
  [
    { kind: 'text', text: 'Hi', quoting },
    { details: { kind: 'text' }, quotedId: 'Q', targetId: null },
  ],
  [
    { kind: 'text', text: 'Hi' },
    { quotedId: null, targetId: null },
  ],
  [
    { kind: 'location', latitude: 1, longitude: 2, name: 'Mug Shop', quoting },
    { details: { kind: 'location', latitude: 1, longitude: 2, live: false, name: 'Mug Shop' }, quotedId: 'Q' },
  ],
  [
    { kind: 'image', file: 'media/a.jpg', mime: 'image/jpeg', text: 'A mug', quoting },
    { details: { kind: 'image', mime: 'image/jpeg', bytes: undefined }, text: 'A mug', quotedId: 'Q' },
  ],
  [
    { kind: 'reaction', to, emoji: '👍' },
    { details: { kind: 'reaction', emoji: '👍' }, targetId: 'T', quotedId: null },
  ],
  [
    { kind: 'reaction', to, emoji: '' },
    { details: { kind: 'reaction', emoji: undefined }, targetId: 'T' },
  ],
  [
    { kind: 'edit', of: 'T', text: 'Better' },
    { details: { kind: 'edit', readable: true }, text: 'Better', targetId: 'T' },
  ],
  [
    { kind: 'delete', of: 'T' },
    { details: { kind: 'delete' }, text: null, targetId: 'T' },
  ],
])('%j is logged with exactly what a reader needs', (content, expected) => {
  const line = outgoingLine(content);
  expect(line).toEqual({ ...line, kind: content.kind, ...expected });
});
