import { commandBehind } from '../../admin/command.ts';
import { parseAddress } from '../../contacts/address.ts';
import { addressInWords, dateTime, type View } from './inspection-words.ts';
import type { InspectedSection } from './page-state.ts';

/** A row as it goes onto the page; what has no value is left out. */
type Row = readonly [label: string, value: string | number | Date | null | undefined];

export function section(title: string, rows: readonly Row[], view: View): InspectedSection {
  return {
    title,
    rows: rows.flatMap(([label, value]) =>
      value === null || value === undefined || value === ''
        ? []
        : [{ label, value: value instanceof Date ? dateTime(value, view) : String(value) }],
    ),
  };
}

/** An address as columns keep it, in words. */
export function storedAddress(address: string | null): string | undefined {
  const parsed = address === null ? undefined : parseAddress(address);
  return parsed ? addressInWords(parsed) : (address ?? undefined);
}

/** What opens something at WhatsApp or comes back with a tap: whoever knows it can use it. A command can be typed as well. */
function isSecret(field: string, value: unknown): boolean {
  return field === 'token' && typeof value === 'string' && commandBehind(value) === undefined;
}

/** JSON that a person can read, a field a line, without what is nobody's business. */
export function readableJson(value: unknown): string | undefined {
  return value === null
    ? undefined
    : JSON.stringify(value, (key, inner) => (isSecret(key, inner) ? '(kept to itself)' : inner), 2);
}
