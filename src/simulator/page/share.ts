/**
 * `after`, with every part that says the same as in `before` taken from there: what did not change stays the same object, although each
 * event brings all of a screen anew.
 */
export function share<Type>(before: unknown, after: Type): Type {
  if (
    Object.is(before, after) ||
    !isPlain(before) ||
    !isPlain(after) ||
    Array.isArray(before) !== Array.isArray(after)
  ) {
    return after;
  }
  const shared = Array.isArray(after) ? shareItems(Object.values(before), after) : shareFields(before, after);
  return (isSame(before, shared) ? before : shared) as Type;
}

function shareItems(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.map((item, index) => {
    const same =
      nameOf(before[index]) === nameOf(item) ? before[index] : before.find((was) => nameOf(was) === nameOf(item));
    return share(same, item);
  });
}

function shareFields(before: PlainObject, after: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(after).map(([field, value]) => [field, share(before[field], value)]));
}

function isSame(before: PlainObject, after: object): boolean {
  const fields = Object.entries(after);
  return (
    fields.length === Object.keys(before).length &&
    fields.every(([field, value]) => field in before && Object.is(before[field], value))
  );
}

type PlainObject = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null;
}

/** What tells a message, a chat or a phone from its neighbours when they change places. */
function nameOf(item: unknown): unknown {
  return isPlain(item) ? (item['id'] ?? item['with'] ?? item['number']) : undefined;
}
