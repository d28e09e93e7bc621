import { describe, expect, it } from 'vitest';
import { share } from './share.ts';

describe('What comes anew with each event', () => {
  it('stays the same object when nothing has changed', () => {
    const before = { chats: [{ with: '1', bubbles: [{ id: 'a', reactions: [] }] }] };
    expect(share(before, structuredClone(before))).toBe(before);
  });

  it('is new where it has changed, and only there', () => {
    const before = { name: 'Ana', bubbles: [{ id: 'a' }, { id: 'b', ticks: 'sent' }] };
    const after = { name: 'Ana', bubbles: [{ id: 'a' }, { id: 'b', ticks: 'read' }, { id: 'c' }] };
    const shared = share(before, after);
    expect(shared).toEqual(after);
    expect(shared.bubbles[0]).toBe(before.bubbles[0]);
    expect(shared.bubbles[1]).not.toBe(before.bubbles[1]);
  });

  it('is found again when it has changed its place', () => {
    const before = [
      { with: '1', unread: 0 },
      { with: '2', unread: 1 },
    ];
    const shared = share(before, [
      { with: '2', unread: 1 },
      { with: '1', unread: 0 },
    ]);
    expect(shared).toEqual([before[1], before[0]]);
    expect(shared[0]).toBe(before[1]);
  });

  it.each<[before: unknown, after: unknown]>([
    [{ a: 1, b: 2 }, { a: 1 }],
    [{ a: 1 }, { a: 1, b: undefined }],
    [[1, 2], [1]],
    [[], {}],
    [{ a: undefined }, { b: undefined }],
    [null, { a: null }],
    ['a', undefined],
  ])('says what it says now: %j, then %j', (before, after) => {
    expect(share(before, after)).toEqual(after);
    expect(share(before, after)).not.toBe(before);
  });
});
