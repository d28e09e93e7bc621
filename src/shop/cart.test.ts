import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CartVersion, cartFrom } from './cart.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 10, 15, minute));

/** The cart at a minute: how many of which mug. */
function version(minute: number, mugs: Readonly<Record<string, number>>, more: Partial<CartVersion> = {}): CartVersion {
  const items = Object.entries(mugs).map(([variantId, quantity]) => ({
    variantId,
    name: `${variantId} mug`,
    quantity,
  }));
  return { at: at(minute), items, added: undefined, total: undefined, url: undefined, ...more };
}

type Versions = readonly [CartVersion, ...CartVersion[]];

describe('A cart', () => {
  it.each<[what: string, versions: Versions, first: number, last: number, emptied: number | undefined]>([
    ['begins with its first item', [version(1, { blue: 1 })], 1, 1, undefined],
    [
      'waits anew when more of something is put in',
      [version(1, { blue: 1 }), version(5, { blue: 2 })],
      1,
      5,
      undefined,
    ],
    [
      'waits anew when something else is put in',
      [version(1, { blue: 1 }), version(5, { blue: 1, green: 1 })],
      1,
      5,
      undefined,
    ],
    [
      'does not wait anew when something is taken out',
      [version(1, { blue: 2 }), version(5, { blue: 1 })],
      1,
      1,
      undefined,
    ],
    ['does not wait anew when nothing changes', [version(1, { blue: 1 }), version(5, { blue: 1 })], 1, 1, undefined],
    [
      'waits anew when one thing is exchanged for another',
      [version(1, { blue: 1 }), version(5, { green: 1 })],
      1,
      5,
      undefined,
    ],
    ['is empty since it was emptied', [version(1, { blue: 1 }), version(5, {}), version(6, {})], 1, 1, 5],
    [
      'begins anew after it was emptied',
      [version(1, { blue: 1 }), version(5, {}), version(9, { blue: 1 })],
      9,
      9,
      undefined,
    ],
    [
      'waits anew when the shop says that something was added',
      [version(1, { blue: 1 }), version(5, { blue: 1 }, { added: true })],
      1,
      5,
      undefined,
    ],
    [
      'does not wait anew when the shop says that nothing was',
      [version(1, { blue: 1 }), version(5, { blue: 9 }, { added: false })],
      1,
      1,
      undefined,
    ],
  ])('%s', (_what, versions, first, last, emptied) => {
    expect(cartFrom(versions)).toMatchObject({
      firstAddedAt: at(first),
      lastAddedAt: at(last),
      emptiedAt: emptied === undefined ? undefined : at(emptied),
    });
  });

  it('has what the latest version says, and the last address that any said', () => {
    const total = { amount: '48.00', currency: 'USD' };
    const versions: Versions = [
      version(1, { blue: 1 }, { url: 'https://shop.example/cart' }),
      version(5, { blue: 2 }, { total }),
    ];

    expect(cartFrom(versions)).toMatchObject({
      items: [{ variantId: 'blue', quantity: 2 }],
      total,
      url: 'https://shop.example/cart',
      updatedAt: at(5),
    });
  });

  it('is the same in whatever order, and however often, its versions are told', () => {
    const mugs = fc.dictionary(fc.constantFrom('blue', 'green'), fc.integer({ min: 1, max: 3 }));
    const anyVersion = fc
      .tuple(fc.integer({ min: 0, max: 6 }), mugs, fc.constantFrom(true, false, undefined))
      .map(([minute, some, added]) => version(minute, some, { added }));
    fc.assert(
      fc.property(fc.array(anyVersion, { minLength: 1, maxLength: 8 }), fc.nat(), (versions, turn) => {
        const turned = [...versions.slice(turn % versions.length), ...versions.slice(0, turn % versions.length)];

        expect(cartFrom(turned.toReversed() as unknown as Versions)).toEqual(cartFrom(versions as unknown as Versions));
        expect(cartFrom([...versions, ...turned] as unknown as Versions)).toMatchObject({
          items: cartFrom(versions as unknown as Versions).items,
          emptiedAt: cartFrom(versions as unknown as Versions).emptiedAt,
        });
      }),
    );
  });
});
