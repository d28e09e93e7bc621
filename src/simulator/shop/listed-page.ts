import { readSearch, type Searchable } from './search-query.ts';
import type { Asking } from './shopify-asking.ts';

/** How much of a list is wanted, as every list of the Admin API can be asked. */
export interface ListArguments {
  readonly first?: number;
  readonly after?: string;
  readonly query?: string;
  readonly reverse?: boolean;
  readonly sortKey?: string;
}

/** A record with what it is searched and sorted by. */
export interface Listed {
  readonly id: number;
  readonly found: Searchable;
  readonly node: object;
}

/** One page of a list: what fits the query, sorted, behind the cursor. */
export function listPage(all: readonly Listed[], list: ListArguments, filters: ReadonlySet<string>, asking: Asking) {
  const search = readSearch(list.query, filters);
  asking.warnings.push(...search.unknown);
  const place = ({ id, found }: Listed) => [sortValue({ id, found }, list.sortKey), id] as const;
  const direction = list.reverse ? -1 : 1;
  const compare = (one: readonly [number, number], other: readonly [number, number]) =>
    direction * (one[0] - other[0] || one[1] - other[1]);
  const inOrder = all
    .filter(({ found }) => search.matches(found))
    .toSorted((one, other) => compare(place(one), place(other)));
  // A cursor is a place in the order, so it stays where it is when the record that was there has moved on.
  const [value = 0, id = 0] = (list.after ?? '').split('/').map(Number);
  const behind = inOrder.findIndex((one) => compare(place(one), [value, id]) > 0);
  const from = list.after ? (behind === -1 ? inOrder.length : behind) : 0;
  const page = inOrder.slice(from, from + (list.first ?? inOrder.length));
  const last = page.at(-1);
  return {
    nodes: page.map(({ node }) => node),
    pageInfo: { hasNextPage: from + page.length < inOrder.length, endCursor: last ? place(last).join('/') : null },
  };
}

function sortValue({ id, found }: Pick<Listed, 'id' | 'found'>, key: string | undefined): number {
  const instant = found[(key ?? 'ID').toLowerCase()];
  return instant instanceof Date ? instant.getTime() : id;
}
