import type { Setting } from './setting.ts';

/** The ISO code of a country in capitals, if the text is one. */
export function countryOf(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && nameOf(code) !== undefined ? code : undefined;
}

const NONE = 'none';

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** None for codes that stand for no country. */
function nameOf(code: string): string | undefined {
  return code === 'ZZ' || code === 'EU' || code === 'UN' ? undefined : names.of(code);
}

/** The shop’s country; empty, written `none`, while nobody has said it. */
export function country(): Setting<string> {
  return {
    default: '',
    expectation: { kind: 'country' },
    parse(text) {
      const code = text.trim().toLowerCase() === NONE ? '' : countryOf(text);
      return code === undefined ? { ok: false } : { ok: true, value: code };
    },
    example: (now) => (now === 'ES' ? 'FR' : 'ES'),
    format: (value) => value || NONE,
  };
}
