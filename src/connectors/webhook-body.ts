import { isSafeNumber, parse } from 'lossless-json';
import { z } from 'zod';

/** A body that is no JSON, or has not the shape of what its topic says. The message says where, and never repeats a value. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
}

/** JSON with ids larger than a number can be: these come as text, everything else as usual. @throws UnreadableBody */
export function parseBody(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return parse(text, null, { parseNumber: (value) => (isSafeNumber(value) ? Number(value) : value) });
  } catch {
    throw new UnreadableBody('The body is no JSON');
  }
}

/** Reads a body by its shape. @throws UnreadableBody */
export function readBody<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const read = shape.safeParse(body);
  if (!read.success) {
    const [problem] = read.error.issues;
    throw new UnreadableBody(`The body has another shape: ${problem?.path.join('.') || 'the whole'}`);
  }
  return read.data;
}

// Platforms leave fields out, or write null or an empty text, where they have nothing to say.

/** A text, if there is one. */
export const maybeText = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || undefined)
  .catch(undefined);

/** An id, as text. */
export const id = z.union([z.string().min(1), z.number()]).transform(String);

/** An id, if there is one; 0 stands for none. */
export const maybeId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value ? String(value) : undefined));

/** An amount as text; some platforms write numbers. */
export const maybeAmount = z
  .union([z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/), z.number().transform(String)])
  .nullish()
  .transform((amount) => amount ?? undefined)
  .catch(undefined);

export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const maybeInstant = instant
  .nullish()
  .transform((value) => value ?? undefined)
  .catch(undefined);

/** Leaves out what is not known, so that it never hides what another report knows. */
export function known<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
