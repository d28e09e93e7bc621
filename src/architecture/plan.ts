/**
 * The plan of the house as data: which folder may know which, and what has only one home. The checker in `breaches.ts`
 * reads these tables; a change of the plan is a change here and on the architecture page, never in the checker.
 *
 * A home is written relative to `src/`: `lib/` is a folder, `lib/log.ts` a file, `*.store.ts` every file named so.
 */
export type Home = string;

/** The domain, lowest first: a folder knows itself and the folders above it in this list. */
export const domainFolders: readonly string[] = [
  'lib',
  'settings',
  'texts',
  'contacts',
  'conversations',
  'shop',
  'analysis',
  'outbox',
  'handoff',
  'automations',
  'delivery',
  'reports',
  'admin',
  'reception',
];

/** The ways out of the domain. Each knows the domain and `database/`, and no other adapter. */
export const adapterFolders: readonly string[] = ['database', 'whatsapp', 'connectors', 'ai', 'http', 'jobs'];

/** The files beside the folders. The process and the composition root know everything; the configuration the domain. */
export const rootFiles: readonly string[] = ['main.ts', 'app.ts', 'config.ts'];

/** What runs in the browser, and the types of what it is told, which are all that it knows of the rest. */
export const pageFolder: Home = 'simulator/page/';
export const pageMayKnow: readonly Home[] = ['simulator/demo/page-state.ts', 'simulator/demo/page-store.ts'];

/** Files that serve tests only and are no tests themselves; they may do what tests may, and the program leaves them alone. */
export const testSupport: readonly Home[] = [
  'database/test-database.ts',
  'database/test-processes/',
  'database/test-shop-state.ts',
];

/** Domain files that act: the only ones that may know `database/`, and that no deciding file may know. */
export const actingFiles: readonly Home[] = ['*.store.ts', '*.flow.ts'];

/** Every package that `src/` imports, and where. A package without a row may not be imported at all. */
export const packageHomes: Readonly<Record<string, readonly Home[]>> = {
  '@electric-sql/pglite': ['database/'],
  '@hono/node-server': ['http/', 'simulator/'],
  '@whiskeysockets/baileys': ['whatsapp/', 'simulator/'],
  croner: ['jobs/next-run.ts'],
  'drizzle-orm': ['database/', '*.store.ts'],
  'fastest-levenshtein': ['admin/'],
  graphql: ['simulator/shop/'],
  hono: ['http/', 'simulator/'],
  'ical.js': ['whatsapp/contact-card.ts', 'simulator/'],
  'libphonenumber-js': ['contacts/phone.ts'],
  'lossless-json': ['connectors/'],
  'lru-cache': ['whatsapp/'],
  pino: ['lib/log.ts'],
  'pino-pretty': ['lib/log.ts'],
  postgres: ['database/'],
  preact: ['simulator/page/'],
  'prom-client': ['http/'],
  qrcode: ['admin/qr-picture.ts', 'http/', 'whatsapp/', 'simulator/'],
  selfsigned: ['simulator/tls-certificate.ts'],
  standardwebhooks: ['connectors/', 'simulator/shop/'],
  undici: ['simulator/trust.ts'],
  ws: ['simulator/'],
  zod: ['config.ts', 'settings/', 'connectors/', 'ai/', 'simulator/demo/'],
};

/** What a deciding file may take from Node itself: computing, and nothing that reaches the outside. */
export const pureNodeModules: readonly string[] = [
  'node:assert',
  'node:buffer',
  'node:crypto',
  'node:path',
  'node:url',
  'node:util',
];

/** The two deciding files that touch the machine for all the others: its clock and its output. */
export const machineFiles: readonly Home[] = ['lib/log.ts', 'lib/time.ts'];

export interface Port {
  readonly file: Home;
  readonly type: string;
  /** Where the implementations live, and how many files in each place make one. */
  readonly implementedIn: Readonly<Record<Home, number>>;
}

export const ports: readonly Port[] = [
  { file: 'lib/time.ts', type: 'Clock', implementedIn: { 'lib/time.ts': 1, 'simulator/': 1 } },
  { file: 'shop/connector.ts', type: 'Connector', implementedIn: { 'connectors/': 2 } },
  { file: 'analysis/analyst.ts', type: 'Analyst', implementedIn: { 'ai/': 2 } },
  { file: 'outbox/transport.ts', type: 'Transport', implementedIn: { 'whatsapp/': 1, 'simulator/': 1 } },
];

export const commandList: Home = 'admin/command-list.ts';
export const commandFolder: Home = 'admin/commands/';

export const settingsRegistry: Home = 'settings/registry.ts';
export const settingKey =
  /^(?:shop|sending|admin|handoff|cart-rescue|follow-up|post-purchase|session|sales)\.[a-z]+(?:-[a-z]+)*$/;

/** Names that say nothing about what is inside; a file called so grows without end. */
export const bannedNames: readonly string[] = [
  'common',
  'constants',
  'handler',
  'handlers',
  'helper',
  'helpers',
  'index',
  'interfaces',
  'manager',
  'managers',
  'misc',
  'service',
  'services',
  'types',
  'util',
  'utils',
];

/** Every way SQL has of asking the database server what time it is; lookups such as `clock.now()` are none. */
export const databaseClock =
  /(?<![.\w])now\s*\(\s*\)|\b(?:current|clock|transaction|statement)_timestamp\b|\bcurrent_(?:date|time)\b|\blocaltime(?:stamp)?\b/gi;

export interface WordRule {
  readonly words: RegExp;
  /** `code` leaves out what stands in quotes, `quoted` looks only there; comments are never looked at. */
  readonly look: 'code' | 'quoted';
  /** `deciding` files only, all `product` files (no tests), or tests `too`. */
  readonly among: 'deciding' | 'product' | 'tests too';
  readonly homes: readonly Home[];
  readonly because: string;
}

export const wordRules: readonly WordRule[] = [
  {
    words: /\bnew\s+Date\b(?!\s*\(\s*[^\s)])|\bDate\.now\b|\bTemporal\.Now\b/g,
    look: 'code',
    among: 'product',
    homes: ['lib/time.ts'],
    because: 'only lib/time.ts reads the clock; take `now` as an argument, or a Clock in a flow or job',
  },
  {
    words: /\bperformance\.now\b|\bhrtime\b|(?<![.\w])(?:setTimeout|setInterval|setImmediate)\b/g,
    look: 'code',
    among: 'deciding',
    homes: ['lib/time.ts'],
    because: 'a deciding file holds no clock; take `now` as an argument',
  },
  {
    words: /\bMath\.random\b|\b(?:randomUUID|randomBytes|randomInt|randomFill|getRandomValues)\b/g,
    look: 'code',
    among: 'deciding',
    homes: [],
    because: 'a deciding file throws no dice; take the random value as an argument',
  },
  {
    words: /(?<![.\w])fetch(?=\s*\()/g,
    look: 'code',
    among: 'deciding',
    homes: [],
    because: 'a deciding file does not go out on the network; take the answer as an argument',
  },
  {
    words: databaseClock,
    look: 'quoted',
    among: 'product',
    homes: ['database/lease.ts'],
    because: 'only database/lease.ts asks the database for the time; pass `now` into the query',
  },
  {
    words: /\bdefaultNow\b/g,
    look: 'code',
    among: 'product',
    homes: [],
    because: 'no column fills in the time by itself; the store writes the `now` it was given',
  },
  {
    words: /\bprocess\s*\??\.\s*env\b|\benv\b[^;=]*\}\s*=\s*process\b/g,
    look: 'code',
    among: 'product',
    homes: ['config.ts'],
    because: 'only config.ts reads the environment',
  },
  {
    words: /\b\w*jid\w*/gi,
    look: 'code',
    among: 'tests too',
    homes: ['whatsapp/', 'contacts/', 'simulator/'],
    because: 'WhatsApp’s ids stop at whatsapp/ and contacts/; pass a contact or an address',
  },
  {
    words: /@(?:s\.whatsapp\.net|c\.us|g\.us|lid|newsletter|broadcast)\b/g,
    look: 'quoted',
    among: 'tests too',
    homes: ['whatsapp/', 'contacts/', 'simulator/'],
    because: 'WhatsApp’s ids stop at whatsapp/ and contacts/; pass a contact or an address',
  },
];
