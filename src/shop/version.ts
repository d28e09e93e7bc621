import { createHash } from 'node:crypto';
import type { ShopReport } from './report.ts';

/**
 * The place of a report among all that were made of the same thing: the shop's own time, and behind it a digest, so that two of one
 * instant have an order that does not depend on which came first. Sorts as text.
 */
export function versionOf(report: ShopReport): string {
  const digest = createHash('sha256').update(canonical(report)).digest('base64url').slice(0, 16);
  return `${report.at.toISOString()}/${digest}`;
}

/** JSON with the fields in their order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    isRecord(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : one,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A report as the database keeps it: its instants are texts, and come back as instants. */
export function reportFromJson<Report extends ShopReport>(stored: unknown): Report {
  return JSON.parse(JSON.stringify(stored), (key, value) =>
    typeof value === 'string' && (key === 'at' || key.endsWith('At')) ? new Date(value) : value,
  ) as Report;
}
