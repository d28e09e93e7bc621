import { z } from 'zod';
import { parsePhoneNumber } from './contacts/phone.ts';
import { isTimeZone } from './lib/time.ts';
import { countryOf } from './settings/country.ts';
import type { OutsideAccess, ShopifyAccess, WooCommerceAccess } from './shop/outside-access.ts';

interface Variable<Value> {
  /** What it is for, in the words of the person who installs the bot. */
  readonly meaning: string;
  /** What holds when it is unset, in words. */
  readonly otherwise: string;
  /** What would be right, completing “expected …”. */
  readonly expected: string;
  /** A secret's value is never repeated, neither in a problem nor in a log. */
  readonly secret?: true;
  readonly schema: z.ZodType<Value, string | undefined>;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);

const address = (protocols: RegExp) => z.url({ protocol: protocols });

/** `PUBLIC_URL` and the like are written with or without a slash at the end; we keep them without. */
const webAddress = address(/^https?$/).transform((value) => value.replace(/\/+$/, ''));

/** Addresses that we send to are taken as they are: there a slash at the end may matter. */
const endpoint = address(/^https?$/);

const phoneList = z.string().transform((text, context) => {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const phones = parts.map((part) => parsePhoneNumber(part)).filter((phone) => phone !== undefined);
  if (phones.length < parts.length) {
    context.addIssue({ code: 'custom', message: 'not a phone number' });
  }
  return phones;
});

/** Several secrets with commas between: while one is being changed for another, both count. */
const secretList = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
  .refine((secrets) => secrets.every((secret) => /^\S{8,}$/.test(secret)))
  .default([]);

/** As Standard Webhooks has them. What is no base64 could sign nothing. */
const signingSecret = z.string().regex(/^(?:whsec_)?[A-Za-z0-9+/]{8,}={0,2}$/);

const secretText = z
  .string()
  .regex(/^\S{4,}$/)
  .optional();

function variable<Value>(record: Variable<Value>): Variable<Value> {
  return record;
}

/** Every environment variable of Shopbell. All are optional; nothing else in the program reads the environment. */
export const variables = {
  DATABASE_URL: variable({
    meaning: 'PostgreSQL server (15 or later) to keep everything in.',
    otherwise: 'an embedded database in `DATA_DIR`',
    expected: 'an address such as postgres://user:password@host:5432/shopbell',
    secret: true,
    schema: address(/^postgres(ql)?$/).optional(),
  }),
  DATA_DIR: variable({
    meaning: 'Folder for the embedded database and other files. Keep it: it holds the WhatsApp login.',
    otherwise: '`./data`',
    expected: 'the path of a folder',
    schema: z.string().default('./data'),
  }),
  HOST: variable({
    meaning: 'Network address that the web server listens on.',
    otherwise: '`127.0.0.1`, this machine only',
    expected: 'a host name or an IP address, such as 0.0.0.0 for every network',
    schema: z
      .string()
      .regex(/^[\w.:-]+$/)
      .default('127.0.0.1'),
  }),
  PORT: variable({
    meaning: 'Port that the web server listens on.',
    otherwise: '`8080`',
    expected: 'a whole number from 0 to 65535 (0 takes any free port)',
    schema: wholeNumber(0, 65_535).default(8080),
  }),
  PUBLIC_URL: variable({
    meaning: 'Address under which the web server is reached from outside.',
    otherwise: 'the address it listens on',
    expected: 'a web address such as https://bot.example.com',
    schema: webAddress.optional(),
  }),
  HTTP_TOKEN: variable({
    meaning: 'Password for the pairing page and the metrics. Whoever has it can link the shop’s WhatsApp.',
    otherwise: 'made at random and printed at start',
    expected: 'at least 16 characters without spaces',
    secret: true,
    schema: z
      .string()
      .regex(/^\S{16,}$/)
      .optional(),
  }),
  OWNER_PHONES: variable({
    meaning: 'Phone numbers of the shop’s owners, who may give the bot commands, separated by commas.',
    otherwise: 'nobody; the pairing page shows a code for the first owner',
    expected: 'phone numbers with country code, separated by commas, such as +34600000001,+34600000002',
    schema: phoneList.refine((phones) => phones.every((phone) => /^\+?[\d\s().-]{7,20}$/.test(phone))).default([]),
  }),
  ENCRYPTION_KEY: variable({
    meaning:
      'Key that encrypts the WhatsApp login in the database. If you lose the key, the shop has to be linked again.',
    otherwise: 'the login is stored unencrypted',
    expected: '32 random bytes as 64 hex digits or in base64 (make one with: openssl rand -base64 32)',
    secret: true,
    schema: z
      .string()
      .transform(decodeKey)
      .refine((key) => key.length === 32)
      .optional(),
  }),
  LOG_LEVEL: variable({
    meaning: 'How much is written to the log.',
    otherwise: '`info`',
    expected: 'one of fatal, error, warn, info, debug, trace, silent',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  }),
  SHOP_NAME: variable({
    meaning: 'The shop’s name, as the bot says it. First value of the setting `shop.name`.',
    otherwise: '`My shop`',
    expected: 'a name of 1 to 60 characters',
    schema: z.string().trim().min(1).max(60).optional(),
  }),
  SHOP_TIMEZONE: variable({
    meaning: 'The shop’s time zone. First value of the setting `shop.timezone`.',
    otherwise: '`UTC`',
    expected: 'an IANA time zone such as Europe/Madrid',
    schema: z.string().refine(isTimeZone).optional(),
  }),
  SHOP_LANGUAGE: variable({
    meaning: 'The language in which the bot talks to staff. First value of the setting `shop.language`.',
    otherwise: '`en`',
    expected: 'one of en, es',
    schema: z.enum(['en', 'es']).optional(),
  }),
  SHOP_URL: variable({
    meaning: 'The shop’s web address. First value of the setting `shop.url`.',
    otherwise: 'none',
    expected: 'a web address such as https://shop.example.com',
    schema: webAddress.optional(),
  }),
  SHOP_COUNTRY: variable({
    meaning:
      'The country of the shop, for phone numbers that customers write without a country code. First value of the setting `shop.country`.',
    otherwise: 'none: such numbers cannot be read, unless an address beside them names a country',
    expected: 'a country code of two letters such as ES',
    schema: z
      .string()
      .transform((text) => countryOf(text))
      .refine((country) => country !== undefined)
      .optional(),
  }),
  SHOPIFY_SHOP: variable({
    meaning: 'The Shopify shop’s own name, the one that ends in `.myshopify.com`.',
    otherwise: 'no Shopify shop',
    expected: 'a name such as lumen-ceramics.myshopify.com',
    schema: z
      .string()
      .transform((text) =>
        text
          .toLowerCase()
          .replace(/^https:\/\//, '')
          .replace(/\/+$/, ''),
      )
      .refine((name) => /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(name))
      .optional(),
  }),
  SHOPIFY_API_URL: variable({
    meaning: 'Another address of Shopify’s API, such as a simulated shop.',
    otherwise: '`https://` and `SHOPIFY_SHOP`',
    expected: 'a web address such as http://127.0.0.1:5000',
    schema: webAddress.optional(),
  }),
  SHOPIFY_API_VERSION: variable({
    meaning: 'Version of Shopify’s API. 2026-07 is the first with consent to WhatsApp.',
    otherwise: '`2026-07`',
    expected: 'a version such as 2026-07',
    schema: z
      .string()
      .regex(/^\d{4}-(?:01|04|07|10)$/)
      .default('2026-07'),
  }),
  SHOPIFY_ACCESS_TOKEN: variable({
    meaning: 'Permanent token of an app that was made in the shop’s admin before 2026.',
    otherwise: 'the app is known by `SHOPIFY_CLIENT_ID` and `SHOPIFY_CLIENT_SECRET`',
    expected: 'a token such as shpat_…',
    secret: true,
    schema: secretText,
  }),
  SHOPIFY_CLIENT_ID: variable({
    meaning: 'Client id of the shop’s own app in Shopify’s Dev Dashboard.',
    otherwise: 'nothing can be asked of Shopify, unless there is `SHOPIFY_ACCESS_TOKEN`',
    expected: 'the client id as the Dev Dashboard shows it',
    schema: secretText,
  }),
  SHOPIFY_CLIENT_SECRET: variable({
    meaning:
      'Client secret of that app. It signs the webhooks too, where `SHOPIFY_WEBHOOK_SECRETS` does not say otherwise.',
    otherwise: 'nothing can be asked of Shopify, unless there is `SHOPIFY_ACCESS_TOKEN`',
    expected: 'the client secret as the Dev Dashboard shows it',
    secret: true,
    schema: secretText,
  }),
  SHOPIFY_WEBHOOK_SECRETS: variable({
    meaning: 'Secrets that sign Shopify’s webhooks, separated by commas; any of them counts.',
    otherwise: '`SHOPIFY_CLIENT_SECRET`',
    expected: 'secrets of at least 8 characters, separated by commas',
    secret: true,
    schema: secretList,
  }),
  WOOCOMMERCE_URL: variable({
    meaning: 'Address of the WooCommerce site.',
    otherwise: 'no WooCommerce shop',
    expected: 'a web address such as https://shop.example.com',
    schema: webAddress.optional(),
  }),
  WOOCOMMERCE_KEY: variable({
    meaning: 'Consumer key of WooCommerce’s REST API.',
    otherwise: 'nothing can be asked of WooCommerce',
    expected: 'a key such as ck_…',
    secret: true,
    schema: secretText,
  }),
  WOOCOMMERCE_SECRET: variable({
    meaning: 'Consumer secret of WooCommerce’s REST API.',
    otherwise: 'nothing can be asked of WooCommerce',
    expected: 'a secret such as cs_…',
    secret: true,
    schema: secretText,
  }),
  WOOCOMMERCE_WEBHOOK_SECRET: variable({
    meaning: 'Secrets that sign WooCommerce’s webhooks, separated by commas; any of them counts.',
    otherwise: 'no webhook of WooCommerce is accepted',
    expected: 'secrets of at least 8 characters, separated by commas',
    secret: true,
    schema: secretList,
  }),
  EVENTS_SECRET: variable({
    meaning:
      'Secrets of the event API (`POST /v1/events/<source>`), separated by commas: each signs (`whsec_…`, Standard Webhooks), or is the bearer token of tools that cannot sign.',
    otherwise: 'no event is accepted',
    expected: 'secrets of at least 8 characters, separated by commas',
    secret: true,
    schema: secretList,
  }),
  CRM_VERIFY_URL: variable({
    meaning:
      'Address that is asked whether somebody has bought (`verify_conversion`). First value of the setting `sales.crm-url`.',
    otherwise: 'only the shop’s own orders count',
    expected: 'a web address such as https://crm.example.com/verify',
    schema: endpoint.optional(),
  }),
  CRM_SECRET: variable({
    meaning: 'Secret that signs those questions (`whsec_…`).',
    otherwise: 'they are not signed',
    expected: 'whsec_ followed by base64, or the base64 alone',
    secret: true,
    schema: signingSecret.optional(),
  }),
  WEBHOOK_URL: variable({
    meaning: 'Address that is told of events. First value of the setting `sales.webhook-url`.',
    otherwise: 'nobody is told',
    expected: 'a web address such as https://hooks.example.com/shopbell',
    schema: endpoint.optional(),
  }),
  WEBHOOK_SECRET: variable({
    meaning: 'Secret that signs those events (`whsec_…`, Standard Webhooks).',
    otherwise: 'they are not signed',
    expected: 'whsec_ followed by base64, or the base64 alone',
    secret: true,
    schema: signingSecret.optional(),
  }),
  ALLOW_PRIVATE_TARGETS: variable({
    meaning:
      'Whether addresses that an owner types may lead into this machine’s own network, and need no https. For tests, and for a CRM beside the bot.',
    otherwise: '`no`',
    expected: 'yes or no',
    schema: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['yes', 'no', 'true', 'false']))
      .transform((text) => text === 'yes' || text === 'true')
      .default(false),
  }),
  ALERT_URL: variable({
    meaning:
      'Address that gets a JSON message when WhatsApp is down and when it is back: `{text, shop, state, since, advice}`.',
    otherwise: 'nobody is told but the log',
    expected: 'a web address such as https://hooks.example.com/shop',
    secret: true,
    schema: address(/^https?$/).optional(),
  }),
  WHATSAPP_URL: variable({
    meaning: 'Another WhatsApp server, such as the simulator.',
    otherwise: 'WhatsApp itself',
    expected: 'a web socket address such as ws://127.0.0.1:4000/ws/chat',
    schema: address(/^wss?$/).optional(),
  }),
  WHATSAPP_ROOT_KEY: variable({
    meaning: 'Certificate root of that other WhatsApp server.',
    otherwise: 'WhatsApp’s own',
    expected: '32 bytes as 64 hex digits',
    schema: z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .optional(),
  }),
};

type Variables = typeof variables;

/** The whole configuration, checked. Field names are the variables' own. */
export type Config = {
  readonly [Name in keyof Variables]: Variables[Name] extends Variable<infer Value> ? Value : never;
};

/** One sentence for each variable that cannot be used. */
export class WrongConfiguration extends Error {
  override readonly name = 'WrongConfiguration';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be used:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the configuration. A variable that is set to nothing counts as unset.
 *
 * @throws WrongConfiguration with every problem at once
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const entries = Object.entries<Variable<unknown>>(variables).map(([name, { schema, expected, secret }]) => {
    const text = environment[name]?.trim() || undefined;
    const result = schema.safeParse(text);
    if (!result.success) {
      const given = secret ? 'its value cannot be used' : `“${text}” cannot be used`;
      problems.push(`${name}: ${given}; expected ${expected}.`);
    }
    return [name, result.data];
  });
  const config = Object.fromEntries(entries) as Config;
  problems.push(...findIncomplete(config));
  if (problems.length > 0) {
    throw new WrongConfiguration(problems);
  }
  return config;
}

/** Variables that make no sense without another one. */
const belongTogether: readonly (readonly [given: keyof Variables, needed: keyof Variables])[] = [
  ['SHOPIFY_ACCESS_TOKEN', 'SHOPIFY_SHOP'],
  ['SHOPIFY_CLIENT_ID', 'SHOPIFY_SHOP'],
  ['SHOPIFY_CLIENT_ID', 'SHOPIFY_CLIENT_SECRET'],
  ['SHOPIFY_CLIENT_SECRET', 'SHOPIFY_SHOP'],
  ['WOOCOMMERCE_KEY', 'WOOCOMMERCE_SECRET'],
  ['WOOCOMMERCE_SECRET', 'WOOCOMMERCE_KEY'],
  ['WOOCOMMERCE_KEY', 'WOOCOMMERCE_URL'],
];

function findIncomplete(config: Config): string[] {
  return belongTogether
    .filter(([given, needed]) => config[given] !== undefined && config[needed] === undefined)
    .map(([given, needed]) => `${given} is set, but not ${needed}; expected ${variables[needed].expected}.`);
}

/** How to reach the shop and the other systems outside. */
export function outsideAccess(config: Config): OutsideAccess {
  return {
    publicUrl: config.PUBLIC_URL,
    shopify: shopifyAccess(config),
    woocommerce: wooCommerceAccess(config),
    eventSecrets: config.EVENTS_SECRET,
    crm: { url: config.CRM_VERIFY_URL, secret: config.CRM_SECRET },
    webhook: { url: config.WEBHOOK_URL, secret: config.WEBHOOK_SECRET },
    allowPrivateTargets: config.ALLOW_PRIVATE_TARGETS,
  };
}

function shopifyAccess(config: Config): ShopifyAccess | undefined {
  const {
    SHOPIFY_SHOP: shop,
    SHOPIFY_ACCESS_TOKEN: token,
    SHOPIFY_CLIENT_ID: id,
    SHOPIFY_CLIENT_SECRET: secret,
  } = config;
  if (!shop) {
    return undefined;
  }
  const given = config.SHOPIFY_WEBHOOK_SECRETS;
  const client = id && secret ? ({ kind: 'client', id, secret } as const) : undefined;
  return {
    shop,
    apiUrl: config.SHOPIFY_API_URL,
    apiVersion: config.SHOPIFY_API_VERSION,
    login: token ? { kind: 'token', token } : client,
    webhookSecrets: given.length > 0 || !secret ? given : [secret],
  };
}

function wooCommerceAccess(config: Config): WooCommerceAccess | undefined {
  const { WOOCOMMERCE_URL: url, WOOCOMMERCE_KEY: key, WOOCOMMERCE_SECRET: secret } = config;
  const login = key && secret ? { key, secret } : undefined;
  return url ? { url, login, webhookSecrets: config.WOOCOMMERCE_WEBHOOK_SECRET } : undefined;
}

function decodeKey(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}
