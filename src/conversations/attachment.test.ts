import { expect, it } from 'vitest';
import { elapsed, hours, minutes, seconds } from '../lib/time.ts';
import { type AttachmentKind, attachmentKind, nextTry } from './attachment.ts';
import type { MessageDetails } from './message.ts';

const file = { mime: undefined, bytes: undefined };

it.each<[MessageDetails, AttachmentKind | undefined]>([
  [{ kind: 'image', ...file }, 'file'],
  [{ kind: 'video', ...file }, 'file'],
  [{ kind: 'audio', ...file }, 'file'],
  [{ kind: 'voice', ...file }, 'file'],
  [{ kind: 'document', ...file }, 'file'],
  [{ kind: 'sticker', ...file }, 'file'],
  [{ kind: 'order', orderId: '42', token: 't', items: 1, total: 1, currency: 'EUR' }, 'order'],
  [{ kind: 'text' }, undefined],
  [{ kind: 'album', images: 1, videos: 0 }, undefined],
  [{ kind: 'other', field: 'x' }, undefined],
])('what is fetched for %j is: %s', (details, expected) => {
  expect(attachmentKind(details)).toBe(expected);
});

it.each([
  [1, seconds(30)],
  [2, minutes(2)],
  [3, minutes(8)],
  [4, minutes(32)],
  [5, hours(1)],
  [6, undefined],
  [7, undefined],
])('after attempt %i the next one is %s ms later', (attempts, expected) => {
  const now = new Date('2026-11-23T09:00:00Z');
  const next = nextTry(attempts, now);
  expect(next && elapsed(now, next)).toBe(expected);
});
