import type { Variant } from './goods.ts';
import type { CartLine } from './records.ts';
import { found } from './shop-refusal.ts';

/** The lines with so many more of something. */
export function withMore(lines: readonly CartLine[], variant: Variant, more: number): readonly CartLine[] {
  const had = lines.find((line) => line.variant.id === variant.id);
  return had
    ? lines.map((line) => (line === had ? { variant, quantity: line.quantity + more } : line))
    : [...lines, { variant, quantity: more }];
}

/** The lines with so many of something that is in there, and what kind of change that is. @throws ShopRefusal */
export function withQuantity(
  lines: readonly CartLine[],
  variantId: number,
  quantity: number,
): { readonly change: 'added' | 'changed' | 'emptied'; readonly lines: readonly CartLine[] } {
  const had = found(
    lines.find((line) => line.variant.id === variantId),
    'That is not in the cart.',
  );
  const left = lines.map((line) => (line === had ? { ...line, quantity } : line)).filter((line) => line.quantity > 0);
  const change = quantity > had.quantity ? 'added' : 'changed';
  return { change: left.length === 0 ? 'emptied' : change, lines: left };
}
