import { type Milliseconds, seconds } from '../lib/time.ts';

/** What became of a text that somebody gave as a value. */
type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `wrong`: the one word that is not right, where the others are. */
  | { readonly ok: false; readonly wrong?: string };

/** Which sentence in `texts/` says what would be right. */
export type Expectation =
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly kind: 'text'; readonly longest: number }
  | { readonly kind: 'time-zone' }
  | { readonly kind: 'country' }
  | { readonly kind: 'web-address' }
  | { readonly kind: 'endpoint' }
  | { readonly kind: 'several'; readonly options: readonly string[] }
  | { readonly kind: 'seconds'; readonly least: number; readonly most: number };

/**
 * One thing that an owner may change. Method syntax on purpose: methods are compared bivariantly, so settings of different
 * values fit into one registry.
 */
export interface Setting<Value> {
  readonly default: Value;
  readonly expectation: Expectation;
  parse(text: string): Parsed<Value>;
  /** A value that somebody could type, other than the one given. */
  example(now: Value): string;
  /** The value as it is stored and shown; `parse` reads it back. */
  format(value: Value): string;
}

export function choice<const Option extends string>(options: readonly Option[], initial: Option): Setting<Option> {
  return {
    default: initial,
    expectation: { kind: 'choice', options },
    parse(text) {
      const option = options.find((one) => one === text.trim().toLowerCase());
      return option === undefined ? { ok: false } : { ok: true, value: option };
    },
    example: (now) => options.find((option) => option !== now) ?? initial,
    format: (value) => value,
  };
}

/** A short time in whole seconds, kept as milliseconds. */
export function wholeSeconds(least: number, most: number, initial: number): Setting<Milliseconds> {
  return {
    default: seconds(initial),
    expectation: { kind: 'seconds', least, most },
    parse(text) {
      const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
      return count >= least && count <= most ? { ok: true, value: seconds(count) } : { ok: false };
    },
    example: (now) => String(now === seconds(initial) ? most : initial),
    format: (value) => String(value / seconds(1)),
  };
}

export function shortText(longest: number, initial: string, example: string): Setting<string> {
  return {
    default: initial,
    expectation: { kind: 'text', longest },
    parse(text) {
      const value = text.trim();
      return value.length >= 1 && value.length <= longest && !/[\r\n]/.test(value)
        ? { ok: true, value }
        : { ok: false };
    },
    example: () => example,
    format: (value) => value,
  };
}
