import type { Setting } from './setting.ts';

/** An address on the web, without a slash at the end; empty while there is none. `none` takes it away. */
export function webAddress(example: string): Setting<string> {
  return {
    default: '',
    expectation: { kind: 'web-address' },
    parse(text) {
      const written = text.trim();
      if (written.toLowerCase() === NONE) {
        return { ok: true, value: '' };
      }
      const value = readAddress(written);
      return value === undefined ? { ok: false } : { ok: true, value };
    },
    example: () => example,
    format: (value) => value || NONE,
  };
}

const NONE = 'none';

function readAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isFit = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && text.length <= 2048;
  return isFit ? text.replace(/\/+$/, '') : undefined;
}
