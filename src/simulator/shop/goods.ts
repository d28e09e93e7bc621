/** Something that can be put into a cart. Prices are in the smallest unit of the shop's currency. */
export interface Variant {
  readonly id: number;
  readonly productId: number;
  readonly title: string;
  /** Undefined when there is only one kind of it. */
  readonly kind: string | undefined;
  readonly sku: string;
  readonly price: number;
  readonly grams: number;
  /** The product's name in web addresses. */
  readonly slug: string;
}

interface Product {
  readonly title: string;
  readonly slug: string;
  readonly price: number;
  readonly grams: number;
  readonly kinds: readonly string[];
}

const products: readonly Product[] = [
  { title: 'Stoneware Mug', slug: 'stoneware-mug', price: 2400, grams: 420, kinds: ['Moss', 'Clay', 'Night'] },
  { title: 'Ramen Bowl', slug: 'ramen-bowl', price: 3850, grams: 760, kinds: ['Ash', 'Rust'] },
  { title: 'Espresso Cup', slug: 'espresso-cup', price: 1450, grams: 180, kinds: ['White', 'Speckled'] },
  { title: 'Dinner Plate', slug: 'dinner-plate', price: 2900, grams: 690, kinds: [] },
  { title: 'Bud Vase', slug: 'bud-vase', price: 3200, grams: 340, kinds: ['Sand', 'Sea'] },
  { title: 'Teapot', slug: 'teapot', price: 7900, grams: 980, kinds: [] },
];

/** Everything a small ceramics shop sells. Ids count up from `firstId`, as large as the platform's own are. */
export function stockShelves(firstId: number): readonly Variant[] {
  return products.flatMap(({ kinds, ...product }, index) => {
    const productId = firstId + 100 * index;
    return (kinds.length > 0 ? kinds : [undefined]).map((kind, place) => ({
      ...product,
      productId,
      id: productId + 1 + place,
      kind,
      sku: [product.slug, kind].filter(Boolean).join('-').toUpperCase(),
    }));
  });
}

/** As carts and receipts name it: `Stoneware Mug - Moss`. */
export function nameOf({ title, kind }: Pick<Variant, 'title' | 'kind'>): string {
  return kind === undefined ? title : `${title} - ${kind}`;
}
