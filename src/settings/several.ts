import type { Setting } from './setting.ts';

const NONE = 'none';
const ALL = 'all';

/** Any of the options, in their own order: names with spaces or commas between, `none` or `all`. None at first. */
export function severalOf<const Option extends string>(options: readonly Option[]): Setting<readonly Option[]> {
  return {
    default: [],
    expectation: { kind: 'several', options },
    parse(text) {
      const names = text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean);
      if (names.length === 0) {
        return { ok: false };
      }
      const given = names.length === 1 ? spellOut(names[0], options) : names;
      const wrong = given.find((name) => !options.some((option) => option === name));
      return wrong === undefined
        ? { ok: true, value: options.filter((option) => given.includes(option)) }
        : { ok: false, wrong };
    },
    example: (now) => options.slice(0, 2).find((option) => now.length !== 1 || now[0] !== option) ?? ALL,
    format: (value) => (value.length === options.length ? ALL : value.join(' ') || NONE),
  };
}

function spellOut(word: string | undefined, options: readonly string[]): readonly string[] {
  if (word === ALL) {
    return options;
  }
  return word === NONE || word === undefined ? [] : [word];
}
