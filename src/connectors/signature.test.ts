import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isKnownToken, isSigned, isStandardSigned, sign, standardHeaders } from './signature.ts';

interface Vector {
  readonly file: string;
  readonly header?: string;
  readonly value?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const read = (file: string) => readFileSync(new URL(`./samples/${file}`, import.meta.url));
const { secrets, vectors } = JSON.parse(read('signature-vectors.json').toString()) as {
  readonly secrets: Readonly<Record<'shopify' | 'woocommerce' | 'generic', string>>;
  readonly vectors: readonly Vector[];
};
const ofPlatforms = vectors.filter(({ value }) => value !== undefined);
const ofStandard = vectors.filter(({ headers }) => headers !== undefined);

const secretOf = (file: string) => (file.startsWith('shopify/') ? secrets.shopify : secrets.woocommerce);

describe('A signature of Shopify or WooCommerce', () => {
  it.each(ofPlatforms)('$file', ({ file, value }) => {
    expect(isSigned(read(file), value, [secretOf(file)])).toBe(true);
    expect(sign(read(file), secretOf(file))).toBe(value);
  });

  const body = Buffer.from('{"id": 1}');
  const right = sign(body, 'new');

  it('is right with any of the secrets, as while a secret is being changed', () => {
    expect(isSigned(body, right, ['old', 'new'])).toBe(true);
    expect(isSigned(body, right, ['new', 'old'])).toBe(true);
  });

  it.each<[what: string, body: Uint8Array, signature: string | undefined, secrets: readonly string[]]>([
    ['of other bytes that mean the same', Buffer.from('{"id":1}'), right, ['new']],
    ['with another secret', body, right, ['other']],
    ['when no secret is known', body, right, []],
    ['that is missing', body, undefined, ['new']],
    ['that is empty', body, '', ['new']],
    ['that is cut', body, right.slice(0, -4), ['new']],
    ['in hex', body, Buffer.from(right, 'base64').toString('hex'), ['new']],
  ])('is wrong %s', (_what, bytes, signature, known) => {
    expect(isSigned(bytes, signature, known)).toBe(false);
  });
});

describe('A signature by the Standard Webhooks rules', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_794_330_000_000, toFake: ['Date'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const standard = (headers: Readonly<Record<string, string>> = {}) => ({
    id: headers['webhook-id'],
    timestamp: headers['webhook-timestamp'],
    signature: headers['webhook-signature'],
  });

  it.each(ofStandard)('$file', ({ file, headers }) => {
    expect(isStandardSigned(read(file), standard(headers), [secrets.generic])).toBe(true);
    expect(isStandardSigned(read(file), standard(headers), ['whsec_b3RoZXI=', secrets.generic])).toBe(true);
  });

  const [first] = ofStandard;
  const body = read(first?.file ?? '');
  const right = standard(first?.headers);

  it.each([
    ['of another delivery id', { ...right, id: 'evt_other' }],
    ['without an id', { ...right, id: undefined }],
    ['without a time', { ...right, timestamp: undefined }],
    ['of another time', { ...right, timestamp: '1794330001' }],
    ['without the signature itself', { ...right, signature: undefined }],
    ['of another version', { ...right, signature: right.signature?.replace('v1,', 'v2,') }],
  ])('is wrong %s', (_what, headers) => {
    expect(isStandardSigned(body, headers, [secrets.generic])).toBe(false);
  });

  it.each([
    ['five minutes ago', 300, true],
    ['more than five minutes ago', 301, false],
    ['from five minutes ahead', -300, true],
    ['from more than five minutes ahead', -301, false],
  ])('of %s', (_when, secondsLater, expected) => {
    vi.setSystemTime(1_794_330_000_000 + secondsLater * 1000);

    expect(isStandardSigned(body, right, [secrets.generic])).toBe(expected);
  });

  it('is wrong when no secret is known', () => {
    expect(isStandardSigned(body, right, [])).toBe(false);
  });

  it('is no matter of the passwords that stand among the secrets', () => {
    expect(isStandardSigned(body, right, ['bearer-token_1'])).toBe(false);
    expect(isStandardSigned(body, right, ['bearer-token_1', secrets.generic])).toBe(true);
  });

  it.each(ofStandard)('of our own is that of the vector for $file', ({ file, headers = {} }) => {
    const id = headers['webhook-id'] ?? '';
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);

    expect(standardHeaders(read(file).toString(), id, secrets.generic, at)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': headers['webhook-timestamp'],
      'webhook-signature': headers['webhook-signature'],
    });
  });
});

it('A password is known only when it is whole', () => {
  expect(isKnownToken('secret-2', ['secret-1', 'secret-2'])).toBe(true);
  for (const wrong of [undefined, '', 'secret', 'secret-2 ', 'SECRET-2', 'secret-3']) {
    expect(isKnownToken(wrong, ['secret-1', 'secret-2'])).toBe(false);
  }
  expect(isKnownToken('anything', [])).toBe(false);
});
