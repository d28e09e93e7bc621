import { expect, it } from 'vitest';
import { readConfig, WrongConfiguration } from './config.ts';

it('needs nothing', () => {
  const config = readConfig({});

  expect(config).toMatchObject({
    DATA_DIR: './data',
    HOST: '127.0.0.1',
    PORT: 8080,
    OWNER_PHONES: [],
    LOG_LEVEL: 'info',
  });
  expect(config.DATABASE_URL).toBeUndefined();
});

it('takes a variable that is set to nothing as unset', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: '  ' })).toMatchObject({ PORT: 8080, DATABASE_URL: undefined });
});

it('reads every kind of value', () => {
  const config = readConfig({
    PORT: '9000',
    OWNER_PHONES: '+34 600 000 001, +34600000002',
    PUBLIC_URL: 'https://bot.example.com/',
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    SHOP_TIMEZONE: 'America/Sao_Paulo',
  });

  expect(config).toMatchObject({
    PORT: 9000,
    OWNER_PHONES: ['+34600000001', '+34600000002'],
    PUBLIC_URL: 'https://bot.example.com',
    ENCRYPTION_KEY: Buffer.alloc(32, 7),
    SHOP_TIMEZONE: 'America/Sao_Paulo',
  });
});

it.each([
  ['64 hex digits', (bytes: Buffer) => bytes.toString('hex')],
  ['64 hex digits in capitals', (bytes: Buffer) => bytes.toString('hex').toUpperCase()],
  ['base64', (bytes: Buffer) => bytes.toString('base64')],
  ['base64 without its end', (bytes: Buffer) => bytes.toString('base64').replace('=', '')],
])('takes an encryption key in %s as the bytes it stands for', (_form, write) => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index * 8));

  expect(readConfig({ ENCRYPTION_KEY: write(key) }).ENCRYPTION_KEY).toEqual(key);
});

it.each([
  ['31 bytes in base64', Buffer.alloc(31, 7).toString('base64')],
  ['33 bytes in base64', Buffer.alloc(33, 7).toString('base64')],
  ['31 bytes in hex', Buffer.alloc(31, 7).toString('hex')],
  ['64 digits of which one is not hex', `${Buffer.alloc(31, 7).toString('hex')}0g`],
])('refuses %s as an encryption key', (_form, text) => {
  expect(() => readConfig({ ENCRYPTION_KEY: text })).toThrow(
    /ENCRYPTION_KEY: its value cannot be used; expected 32 random bytes/,
  );
});

it.each(['whsec_MDEyMzQ1Njc4OWFiY2RlZg==', 'MDEyMzQ1Njc4OWFiY2RlZg'])('takes %s to sign with', (secret) => {
  expect(readConfig({ WEBHOOK_SECRET: secret, CRM_SECRET: secret })).toMatchObject({
    WEBHOOK_SECRET: secret,
    CRM_SECRET: secret,
  });
});

it.each(['whsec_', 'not-base64!', 'whsec_äöü12345'])('refuses %s to sign with, and does not repeat it', (secret) => {
  expect(() => readConfig({ WEBHOOK_SECRET: secret })).toThrow(
    'WEBHOOK_SECRET: its value cannot be used; expected whsec_ followed by base64, or the base64 alone.',
  );
});

it('takes addresses that we send to as they are, with the slash at the end', () => {
  expect(
    readConfig({ WEBHOOK_URL: 'https://a.example/hook/', CRM_VERIFY_URL: 'https://a.example/crm/' }),
  ).toMatchObject({
    WEBHOOK_URL: 'https://a.example/hook/',
    CRM_VERIFY_URL: 'https://a.example/crm/',
  });
});

it('lists every problem by variable name, with what would be right, and repeats no secret', () => {
  const reading = () =>
    readConfig({
      DATABASE_URL: 'mysql://shop:hunter2@host/shop',
      PORT: '80a',
      HTTP_TOKEN: 'short',
      OWNER_PHONES: '+34600000001,Ana',
      ENCRYPTION_KEY: 'c2hvcnQ=',
      SHOP_TIMEZONE: 'Madrid',
      SHOP_LANGUAGE: 'xx',
      WHATSAPP_URL: 'https://example.com',
      WHATSAPP_ROOT_KEY: 'abc',
    });

  expect(reading).toThrow(WrongConfiguration);
  expect(reading).toThrow(
    [
      'The configuration cannot be used:',
      '  - DATABASE_URL: its value cannot be used; expected an address such as postgres://user:password@host:5432/shopbell.',
      '  - PORT: “80a” cannot be used; expected a whole number from 0 to 65535 (0 takes any free port).',
      '  - HTTP_TOKEN: its value cannot be used; expected at least 16 characters without spaces.',
      '  - OWNER_PHONES: “+34600000001,Ana” cannot be used; expected phone numbers with country code, separated by commas, such as +34600000001,+34600000002.',
      '  - ENCRYPTION_KEY: its value cannot be used; expected 32 random bytes as 64 hex digits or in base64 (make one with: openssl rand -base64 32).',
      '  - SHOP_TIMEZONE: “Madrid” cannot be used; expected an IANA time zone such as Europe/Madrid.',
      '  - SHOP_LANGUAGE: “xx” cannot be used; expected one of en, es.',
      '  - WHATSAPP_URL: “https://example.com” cannot be used; expected a web socket address such as ws://127.0.0.1:4000/ws/chat.',
      '  - WHATSAPP_ROOT_KEY: “abc” cannot be used; expected 32 bytes as 64 hex digits.',
    ].join('\n'),
  );
});
