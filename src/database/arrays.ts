/**
 * A PostgreSQL array literal of texts. The driver knows no array types (it reads no catalogue), so statements say
 * `${textArray(values)}::text[]`.
 */
export function textArray(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

/** A PostgreSQL array literal of whole numbers, for `${numberArray(ids)}::bigint[]`. */
export function numberArray(values: readonly number[]): string {
  return `{${values.join(',')}}`;
}
