import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findBreaches, type ProjectFile } from './architecture/breaches.ts';
import { packageHomes } from './architecture/plan.ts';
import { readSource } from './architecture/source.ts';

const projectFiles = readProject();

describe('The house', () => {
  it('keeps its plan', () => {
    expect(findBreaches(projectFiles)).toEqual([]);
  });

  it.skipIf(!existsSync('.git'))('is seen whole: the checker reads every file that is kept', () => {
    const kept = execFileSync('git', ['ls-files', 'src', 'scripts', 'drizzle/*.sql'], { encoding: 'utf8' });
    const expected = kept.split('\n').filter((path) => /\.(?:tsx?|sql)$/.test(path) && existsSync(path));
    expect(expected.length).toBeGreaterThan(0);
    expect(projectFiles.map(({ path }) => path)).toEqual(expect.arrayContaining(expected));
  });

  it('is understood: the checker finds imports of files, of packages and of Node in it', () => {
    const imports = projectFiles.flatMap(({ path, text }) => readSource(path, text).imports);
    const kinds = new Set(imports.map(({ specifier }) => /^(?:\.|node:)/.exec(specifier)?.[0] ?? 'package'));
    expect([...kinds].sort()).toEqual(['.', 'node:', 'package']);
  });
});

describe('The checker', () => {
  it('has nothing to say about a small house in shape', () => {
    expect(findBreaches(houseInShape)).toEqual([]);
  });

  it.each<[title: string, planted: Readonly<Record<string, string>>, sentence: string]>([
    [
      'keeps a lower folder from a higher one',
      { 'src/lib/money.ts': `import { cart } from '../shop/cart.ts';` },
      'src/lib/money.ts:1 imports src/shop/cart.ts, but lib comes before shop; hand it in through app.ts, or move it down',
    ],
    [
      'sees an import of a type, over several lines, after a comment',
      { 'src/shop/cart.ts': `// Why.\nimport type {\n  Queue,\n} from '../outbox/queue.ts';` },
      'src/shop/cart.ts:4 imports src/outbox/queue.ts, but shop comes before outbox; hand it in through app.ts, or move it down',
    ],
    [
      'sees an import at run time',
      { 'src/shop/cart.flow.ts': `const queue = await import('../outbox/queue.ts');` },
      'src/shop/cart.flow.ts:1 imports src/outbox/queue.ts, but shop comes before outbox; hand it in through app.ts, or move it down',
    ],
    [
      'keeps the domain from an adapter',
      { 'src/reports/chart.flow.ts': `import { page } from '../http/page.ts';` },
      'src/reports/chart.flow.ts:1 imports src/http/page.ts, but only app.ts and the simulator know http/; the domain declares a port',
    ],
    [
      'keeps a deciding file from the database',
      { 'src/shop/cart.ts': `import { carts } from '../database/schema.ts';` },
      'src/shop/cart.ts:1 imports src/database/schema.ts, but only stores and flows know database/',
    ],
    [
      'keeps one adapter from another',
      { 'src/jobs/daily.ts': `import { analyst } from '../ai/analyst.ts';` },
      'src/jobs/daily.ts:1 imports src/ai/analyst.ts, but an adapter knows the domain and database/, not ai/',
    ],
    [
      'keeps an adapter from the simulator',
      { 'src/whatsapp/session.ts': `import { phone } from '../simulator/phone.ts';` },
      'src/whatsapp/session.ts:1 imports src/simulator/phone.ts, but an adapter knows the domain and database/, not simulator/',
    ],
    [
      'keeps the app from all but those that start it',
      { 'src/http/routes.ts': `import { buildApp } from '../app.ts';` },
      'src/http/routes.ts:1 imports src/app.ts, but only main.ts, tests, scripts and the simulator build the app',
    ],
    [
      'keeps the process from everybody, tests too',
      { 'src/http/routes.test.ts': `import '../main.ts';` },
      'src/http/routes.test.ts:1 imports src/main.ts, which is the process itself and belongs to nobody',
    ],
    [
      'keeps the configuration from the rooms',
      { 'src/http/routes.ts': `import type { Config } from '../config.ts';` },
      'src/http/routes.ts:1 imports src/config.ts, but what a room needs to know is handed in by app.ts',
    ],
    [
      'keeps the program from its tests',
      { 'src/shop/cart.ts': `import { anyCart } from './cart.test.ts';` },
      'src/shop/cart.ts:1 imports src/shop/cart.test.ts, but the program knows nothing but itself',
    ],
    [
      'keeps the program from what serves tests',
      { 'src/delivery/claim.flow.ts': `import { openTestDatabase } from '../database/test-database.ts';` },
      'src/delivery/claim.flow.ts:1 imports src/database/test-database.ts, but the program knows nothing but itself',
    ],
    [
      'sees the file that a worker starts from',
      { 'src/database/engine.ts': `new Worker(new URL('../ai/worker.ts', import.meta.url));` },
      'src/database/engine.ts:1 imports src/ai/worker.ts, but an adapter knows the domain and database/, not ai/',
    ],
    [
      'knows every folder',
      { 'src/plugins/coupon.ts': '' },
      'src/plugins/coupon.ts lies in no folder of the plan; find its noun, or add the folder',
    ],
    [
      'keeps a deciding file from a store',
      { 'src/shop/cart.ts': `import { loadCart } from './cart.store.ts';` },
      'src/shop/cart.ts:1 imports src/shop/cart.store.ts, but a deciding file knows deciding files only; let a flow load the facts',
    ],
    [
      'keeps a deciding file from the outside world',
      { 'src/shop/cart.ts': `import { readFileSync } from 'node:fs';` },
      'src/shop/cart.ts:1 imports node:fs, but a deciding file does not reach outside; let a flow or an adapter do it',
    ],
    [
      'keeps a deciding file from dice',
      { 'src/shop/coupon.ts': `import { createHash, randomBytes } from 'node:crypto';` },
      'src/shop/coupon.ts:1 says “randomBytes”, but a deciding file throws no dice; take the random value as an argument',
    ],
    [
      'keeps a deciding file from timers',
      { 'src/shop/cart.ts': 'setTimeout(expire, 10);' },
      'src/shop/cart.ts:1 says “setTimeout”, but a deciding file holds no clock; take `now` as an argument',
    ],
    [
      'keeps a deciding file from the network',
      { 'src/shop/cart.ts': `const answer = await fetch('https://shop.example');` },
      'src/shop/cart.ts:1 says “fetch”, but a deciding file does not go out on the network; take the answer as an argument',
    ],
    [
      'keeps the clock in one file, even inside a template',
      { 'src/http/page.ts': `const line = \`\${{ a: 1 }.a} at \${new Date()}\`;` },
      'src/http/page.ts:1 says “new Date”, but only lib/time.ts reads the clock; take `now` as an argument, or a Clock in a flow or job',
    ],
    [
      'keeps Date.now() in one file',
      { 'src/shop/cart.flow.ts': 'const now = Date.now();' },
      'src/shop/cart.flow.ts:1 says “Date.now”, but only lib/time.ts reads the clock; take `now` as an argument, or a Clock in a flow or job',
    ],
    [
      'keeps the database’s clock out of SQL',
      { 'src/shop/cart.store.ts': 'const due = sql`select id from carts where due < now()`;' },
      'src/shop/cart.store.ts:1 says “now()”, but only database/lease.ts asks the database for the time; pass `now` into the query',
    ],
    [
      'keeps times that fill themselves in out of the schema',
      { 'src/database/schema.ts': `const at = timestamp('at').defaultNow();` },
      'src/database/schema.ts:1 says “defaultNow”, but no column fills in the time by itself; the store writes the `now` it was given',
    ],
    [
      'keeps times that fill themselves in out of the migrations',
      { 'drizzle/0001_more.sql': '-- now() is not meant here\nalter table carts add at timestamptz DEFAULT now();' },
      'drizzle/0001_more.sql:2 says “now()”, but no column fills in the time by itself',
    ],
    [
      'keeps a library in its home',
      { 'src/shop/cart.ts': `import { z } from 'zod';` },
      'src/shop/cart.ts:1 imports zod, whose only home is config.ts, settings/, connectors/, ai/, simulator/demo/',
    ],
    [
      'sees a part of a library as the library',
      { 'src/shop/cart.flow.ts': `import { eq } from 'drizzle-orm/pg-core';` },
      'src/shop/cart.flow.ts:1 imports drizzle-orm, whose only home is database/, *.store.ts',
    ],
    [
      'asks for a row for every library',
      { 'src/http/page.ts': `import { debounce } from '@lodash/all/debounce.js';` },
      'src/http/page.ts:1 imports @lodash/all, which has no row among the packages in src/architecture/plan.ts; add a row and a README line',
    ],
    [
      'asks for the removal of a row whose library is gone',
      { 'package.json': JSON.stringify({ dependencies: without(packageHomes, 'hono') }) },
      'src/architecture/plan.ts gives hono a home, but package.json does not depend on it',
    ],
    [
      'keeps the environment in the configuration',
      { 'src/http/page.ts': 'const port = process.env.PORT;' },
      'src/http/page.ts:1 says “process.env”, but only config.ts reads the environment',
    ],
    [
      'keeps WhatsApp’s names for its ids at the edge, in tests too',
      { 'src/handoff/ringing.test.ts': 'const customerJid = ana;' },
      'src/handoff/ringing.test.ts:1 says “customerJid”, but WhatsApp’s ids stop at whatsapp/ and contacts/; pass a contact or an address',
    ],
    [
      'keeps WhatsApp’s ids at the edge',
      { 'src/handoff/ringing.ts': `const address = \`\${digits}@s.whatsapp.net\`;` },
      'src/handoff/ringing.ts:1 says “@s.whatsapp.net”, but WhatsApp’s ids stop at whatsapp/ and contacts/; pass a contact or an address',
    ],
    [
      'asks for the second implementation of a port',
      { 'src/simulator/clock.ts': 'export const start = 0;' },
      'src/lib/time.ts declares the port Clock, which simulator/ should implement in 1 file(s) and does in 0',
    ],
    [
      'asks for two files where both implementations share a folder',
      { 'src/analysis/analyst.ts': 'export interface Analyst {}', 'src/ai/offline.ts': 'const offline: Analyst = {};' },
      'src/analysis/analyst.ts declares the port Analyst, which ai/ should implement in 2 file(s) and does in 1',
    ],
    [
      'asks for every command in the list',
      { 'src/admin/commands/undo.ts': 'export const undo = {};' },
      'src/admin/commands/undo.ts is a command that src/admin/command-list.ts does not list; nobody can type it',
    ],
    [
      'asks for every setting in the registry',
      { 'src/delivery/pace.flow.ts': `const pace = settings.get('sending.pace-limit');` },
      'src/delivery/pace.flow.ts:1 uses the setting sending.pace-limit, which src/settings/registry.ts does not have',
    ],
    [
      'refuses a file name that says nothing',
      { 'src/shop/utils.store.ts': '' },
      'src/shop/utils.store.ts is called “utils”, which says nothing; call it after its noun',
    ],
    [
      'refuses a folder name that says nothing',
      { 'src/shop/helpers/cart.ts': '' },
      'src/shop/helpers/cart.ts is called “helpers”, which says nothing; call it after its noun',
    ],
    [
      'refuses a default export',
      { 'src/shop/cart.ts': 'export default 1;' },
      'src/shop/cart.ts:1 exports a default; export it by name',
    ],
    [
      'keeps the page from everything but what it is told',
      { 'src/simulator/page/phone.tsx': `import type { Phone } from '../phone.ts';` },
      'src/simulator/page/phone.tsx:1 imports src/simulator/phone.ts, but a page runs in the browser and knows itself and what it is told',
    ],
    [
      'keeps libraries of the server out of the page',
      { 'src/simulator/page/phone.tsx': `import { html } from 'hono/html';` },
      'src/simulator/page/phone.tsx:1 imports hono/html, which does not run in a browser',
    ],
    [
      'keeps the page out of the program',
      { 'src/simulator/world.ts': `import { Frame } from './page/frame.tsx';` },
      'src/simulator/world.ts:1 imports src/simulator/page/frame.tsx, but a page runs in the browser; nobody else knows it',
    ],
    [
      'refuses a barrel',
      { 'src/shop/all.ts': `export { loadCart } from './cart.ts';` },
      'src/shop/all.ts:1 re-exports; import from the file itself',
    ],
    [
      'refuses an import that cannot be followed',
      { 'src/app.ts': 'const part = await import(name);' },
      'src/app.ts:1 imports a computed name, which no check can follow',
    ],
  ])('%s', (_title, planted, sentence) => {
    expect(findBreaches(plant(planted))).toEqual([sentence]);
  });

  it.each<[title: string, planted: Readonly<Record<string, string>>]>([
    ['lets comments say anything', { 'src/shop/cart.ts': `/* Date.now() */ // import { x } from '../http/page.ts'` }],
    [
      'lets words for people say anything in code',
      { 'src/texts/en.ts': `export const hint = 'process.env, Math.random';` },
    ],
    [
      'tells a division from a regular expression',
      { 'src/shop/cart.ts': `const half = total / 2; // '/\nconst b = a / c;` },
    ],
    [
      'reads past quotes in a regular expression',
      { 'src/shop/cart.ts': `const quote = /['"\`/]/g;\nconst x = 'Date.now()';` },
    ],
    ['lets a date be made from a value', { 'src/shop/cart.ts': `const day = new Date('2026-11-01'); clock.now();` }],
    ['lets tests know everybody and the clock', { 'src/lib/money.test.ts': `import '../app.ts';\nnew Date();` }],
    ['lets scripts know everybody', { 'scripts/demo.ts': `import '../src/app.ts';\nprocess.env.PORT;` }],
    [
      'lets the simulator know everybody',
      { 'src/simulator/world.ts': `import '../app.ts';\nimport '../http/page.ts';` },
    ],
    [
      'lets the page know itself, its library and what it is told, and write markup',
      {
        'src/simulator/page/chat.tsx': `import { useState } from 'preact/hooks';\nimport type { PhoneState } from '../demo/page-state.ts';`,
        'src/simulator/page/phone.tsx': `import { Chat } from './chat.tsx';\nconst words = <b>it's a chat</b>;`,
      },
    ],
    ['lets the lease ask the database for the time', { 'src/database/lease.ts': 'sql`select now()`' }],
    [
      'lets stores and flows know the database',
      { 'src/shop/cart.store.ts': `import { eq } from 'drizzle-orm';\nimport '../database/schema.ts';` },
    ],
  ])('%s', (_title, planted) => {
    expect(findBreaches(plant(planted))).toEqual([]);
  });
});

/** The smallest house with something in it for every rule; each case plants its files into it. */
const houseInShape: readonly ProjectFile[] = Object.entries({
  'package.json': JSON.stringify({ dependencies: packageHomes }),
  'drizzle/0000_start.sql': 'create table carts (id bigint primary key, at timestamptz not null);',
  'src/main.ts': `import { buildApp } from './app.ts';`,
  'src/app.ts': `import { page } from './http/page.ts';`,
  'src/lib/log.ts': `import { pino } from 'pino';`,
  'src/lib/time.ts': `export const systemClock: Clock = { now: () => new Date() };`,
  'src/simulator/clock.ts': 'export function makeClock(): Clock {}',
  'src/settings/registry.ts': `export const settings = { 'sending.quiet-hours': 1 };`,
  'src/delivery/hours.ts': `export const hours = settings['sending.quiet-hours'];`,
  'src/admin/command-list.ts': `import { stop } from './commands/stop.ts';`,
  'src/admin/commands/stop.ts': `import type { Clock } from '../../lib/time.ts';`,
}).map(([path, text]) => ({ path, text }));

function plant(planted: Readonly<Record<string, string>>): readonly ProjectFile[] {
  return [
    ...houseInShape.filter(({ path }) => !Object.hasOwn(planted, path)),
    ...Object.entries(planted).map(([path, text]) => ({ path, text })),
  ];
}

function without(record: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

function readProject(): readonly ProjectFile[] {
  const paths = ['src', 'scripts', 'drizzle']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`))
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(?:tsx?|sql)$/.test(path));
  return ['package.json', ...paths].map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
