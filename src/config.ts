import { z } from 'zod';
import { parsePhoneNumber } from './contacts/phone.ts';
import { isTimeZone } from './lib/time.ts';

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

const phoneList = z.string().transform((text, context) => {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  const phones = parts.map((part) => parsePhoneNumber(part)).filter((phone) => phone !== undefined);
  if (phones.length < parts.length) {
    context.addIssue({ code: 'custom', message: 'not a phone number' });
  }
  return phones;
});

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
  if (problems.length > 0) {
    throw new WrongConfiguration(problems);
  }
  return Object.fromEntries(entries) as Config;
}

function decodeKey(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}
