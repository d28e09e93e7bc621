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
  const sorted = all
    .filter(({ found }) => search.matches(found))
    .toSorted((one, other) => sortValue(one, list.sortKey) - sortValue(other, list.sortKey) || one.id - other.id);
  const inOrder = list.reverse ? sorted.toReversed() : sorted;
  const from = list.after ? inOrder.findIndex(({ id }) => String(id) === list.after) + 1 : 0;
  const page = inOrder.slice(from, from + (list.first ?? inOrder.length));
  const last = page.at(-1);
  return {
    nodes: page.map(({ node }) => node),
    pageInfo: { hasNextPage: from + page.length < inOrder.length, endCursor: last ? String(last.id) : null },
  };
}

function sortValue({ id, found }: Listed, key: string | undefined): number {
  const instant = found[(key ?? 'ID').toLowerCase()];
  return instant instanceof Date ? instant.getTime() : id;
}
