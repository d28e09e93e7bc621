import type { ShopItem, ShopMoney } from './report.ts';
import type { ShopEvent } from './shop-event.ts';

/** How a cart stood at one instant. */
export interface CartVersion {
  readonly at: Date;
  readonly items: readonly ShopItem[];
  /** Whether the shop itself says that something was added; else the items are compared with those before. */
  readonly added: boolean | undefined;
  readonly total: ShopMoney | undefined;
  readonly url: string | undefined;
}

/** A cart as it is now. */
export interface Cart extends Omit<CartVersion, 'at' | 'added'> {
  /** When something was first put in, and when last. A cart that was emptied begins anew. */
  readonly firstAddedAt: Date;
  readonly lastAddedAt: Date;
  /** Set while it is empty. */
  readonly emptiedAt: Date | undefined;
  readonly updatedAt: Date;
}

/**
 * What a cart is, from everything that was told of it, in whatever order and however often. Only an addition begins the waiting anew:
 * taking something out, or another note at the checkout, does not.
 */
export function cartFrom(versions: readonly [CartVersion, ...CartVersion[]]): Cart {
  const inOrder = sorted(versions);
  const course = inOrder.reduce<Course>(goOn, noCourse);
  const latest = inOrder.at(-1) ?? versions[0];
  const { items, total, url } = latest;
  return {
    items,
    total,
    url: url ?? inOrder.findLast((version) => version.url !== undefined)?.url,
    firstAddedAt: course.firstAddedAt ?? latest.at,
    lastAddedAt: course.lastAddedAt ?? latest.at,
    emptiedAt: course.emptiedAt,
    updatedAt: latest.at,
  };
}

/** What happened to a cart, each telling of it one event: something was put in, it was emptied, or something else changed. */
export function eventsOfCart(versions: readonly CartVersion[]): readonly ShopEvent[] {
  return sorted(versions).map((version, index, all) => {
    const before = all[index - 1];
    const { at: occurredAt, items, total } = version;
    if (items.length === 0) {
      return { type: 'cart.emptied', occurredAt };
    }
    const type = isAddition(version, before) ? 'cart.added' : 'cart.updated';
    return { type, occurredAt, details: { items, total } };
  });
}

function sorted(versions: readonly CartVersion[]): readonly CartVersion[] {
  return versions.toSorted((one, other) => Number(one.at) - Number(other.at) || compareTold(one, other));
}

/** How a cart has come along so far. */
interface Course {
  readonly before: CartVersion | undefined;
  readonly firstAddedAt: Date | undefined;
  readonly lastAddedAt: Date | undefined;
  readonly emptiedAt: Date | undefined;
}

const noCourse: Course = { before: undefined, firstAddedAt: undefined, lastAddedAt: undefined, emptiedAt: undefined };

function goOn(course: Course, version: CartVersion): Course {
  const { before, firstAddedAt, emptiedAt } = course;
  if (version.items.length === 0) {
    return { ...course, before: version, emptiedAt: emptiedAt ?? version.at };
  }
  const next = { ...course, before: version, emptiedAt: undefined };
  if (!isAddition(version, before)) {
    return next;
  }
  const goesOn = before !== undefined && before.items.length > 0;
  return { ...next, firstAddedAt: (goesOn ? firstAddedAt : undefined) ?? version.at, lastAddedAt: version.at };
}

function isAddition({ items, added }: CartVersion, before: CartVersion | undefined): boolean {
  return added ?? items.some((item) => item.quantity > quantityOf(item, before));
}

function quantityOf(item: ShopItem, { items } = { items: [] as readonly ShopItem[] }): number {
  return items.filter((one) => keyOf(one) === keyOf(item)).reduce((sum, { quantity }) => sum + quantity, 0);
}

function keyOf({ variantId, productId, sku, name }: ShopItem): string {
  return variantId ?? productId ?? sku ?? name;
}

/** Two versions of one instant have an order too, any one that does not depend on which came first. */
function compareTold(one: CartVersion, other: CartVersion): number {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  return left < right ? -1 : Number(left > right);
}
