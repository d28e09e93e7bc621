/** One record as Shopify's search sees it: by the names of its filters. */
export type Searchable = Readonly<Record<string, string | number | boolean | Date | readonly string[] | undefined>>;

export interface Search {
  matches(record: Searchable): boolean;
  /** Names of filters that do not exist: Shopify leaves them out of account and says so only in passing. */
  readonly unknown: readonly string[];
}

interface Term {
  readonly field: string;
  readonly comparison: '>=' | '<=' | '>' | '<' | '=';
  readonly value: string;
  readonly negated: boolean;
}

const TERM = /(?<negated>-)?(?<field>[a-z_]+):(?<comparison>>=|<=|>|<)?(?:'(?<quoted>[^']*)'|(?<plain>[^\s)]+))/g;

/**
 * Reads what the API calls a query, such as `created_at:>='2026-11-10T00:00:00Z' AND status:open`: terms with AND, which may be left out,
 * or OR between them.
 *
 * @param filters the names of those that exist
 */
export function readSearch(query: string | undefined | null, filters: ReadonlySet<string>): Search {
  const alternatives = (query ?? '').split(/\sOR\s/).map(readTerms);
  const isKnown = ({ field }: Term) => filters.has(field);
  return {
    matches: (record) => alternatives.some((terms) => terms.filter(isKnown).every((term) => fits(term, record))),
    unknown: alternatives.flat().flatMap((term) => (isKnown(term) ? [] : [term.field])),
  };
}

function readTerms(text: string): readonly Term[] {
  return [...text.matchAll(TERM)].map(({ groups = {} }) => ({
    field: groups['field'] ?? '',
    comparison: (groups['comparison'] ?? '=') as Term['comparison'],
    value: groups['quoted'] ?? groups['plain'] ?? '',
    negated: groups['negated'] !== undefined,
  }));
}

function fits({ field, comparison, value, negated }: Term, record: Searchable): boolean {
  const has = record[field];
  const values = Array.isArray(has) ? has : [has];
  return values.some((one) => compare(one, comparison, value)) !== negated;
}

function compare(has: unknown, comparison: Term['comparison'], value: string): boolean {
  if (has === undefined) {
    return false;
  }
  const difference =
    has instanceof Date || typeof has === 'number'
      ? Number(has) - (has instanceof Date ? Date.parse(value) : Number(value))
      : String(has).toLowerCase().localeCompare(value.toLowerCase());
  switch (comparison) {
    case '>=':
      return difference >= 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '<':
      return difference < 0;
    case '=':
      return value === 'any' || difference === 0;
  }
}
