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

/**
 * An address that we send to, exactly as it is typed: there a slash at the end may matter. Empty while there is none. Whether it may be
 * called at all is judged elsewhere.
 */
export function endpoint(example: string): Setting<string> {
  return {
    default: '',
    expectation: { kind: 'endpoint' },
    parse(text) {
      const written = text.trim();
      if (written.toLowerCase() === NONE) {
        return { ok: true, value: '' };
      }
      return isWebAddress(written) ? { ok: true, value: written } : { ok: false };
    },
    example: () => example,
    format: (value) => value || NONE,
  };
}

const NONE = 'none';

function readAddress(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isFit = url && isWebAddress(text) && !url.username && !url.password;
  return isFit ? text.replace(/\/+$/, '') : undefined;
}

const LONGEST_ADDRESS = 2048;

function isWebAddress(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
