import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { type OpenDatabase, openServerDatabase } from './database.ts';
import { messages } from './schema.ts';
import { isStumbleOverLostConnection, openServerClient } from './server-client.ts';
import { createServerDatabase } from './test-database.ts';

const server = process.env['TEST_DATABASE_URL'];

describe.skipIf(!server)('a database whose server ends all connections', () => {
  let url: string;
  let opened: OpenDatabase;
  let admin: postgres.Sql;

  beforeEach(async () => {
    url = await createServerDatabase(server ?? '', `shopbell_lost_${process.pid}`);
    opened = await openServerDatabase(url);
    admin = postgres(server ?? '', { max: 1, onnotice: () => undefined });
  });

  afterEach(async () => {
    await opened.close();
    await admin.end();
  });

  async function endConnections(): Promise<number> {
    const name = new URL(url).pathname.slice(1);
    const rows = await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    return rows.length;
  }

  it('answers again at once, on every connection, and reads and writes instants and details as before', async () => {
    const now = new Date('2026-11-23T09:00:00.123Z');
    const contactId = await contactOfPhone(opened.database, '+34600000003', now);
    const line = { contactId, direction: 'in', author: 'contact', kind: 'text', arrival: 'live' } as const;
    const write = (whatsappId: string) =>
      opened.database
        .insert(messages)
        .values({ ...line, whatsappId, details: { kind: 'text' }, sentAt: now, loggedAt: now });
    await write('before');

    for (let time = 0; time < 5; time++) {
      await Promise.all(Array.from({ length: 10 }, () => opened.ping()));
      expect(await endConnections()).toBeGreaterThan(0);
      await expect.poll(() => opened.ping().then(() => 'answers', String)).toBe('answers');
      await Promise.all(Array.from({ length: 10 }, () => opened.ping()));
    }
    await write('after');
    const read = { details: { kind: 'text' }, sentAt: now, loggedAt: now };
    expect(await opened.database.select().from(messages)).toMatchObject([read, read]);
    // As the database itself sees it: an object, not a text that holds one.
    expect(await opened.database.select().from(messages).where(sql`details ->> 'kind' = 'text'`)).toHaveLength(2);
  });
});

it('tells everybody that the server hangs up and knocks only a few times a second', async () => {
  let knocks = 0;
  const closing = createServer((socket) => {
    knocks += 1;
    socket.on('error', () => undefined).end();
  }).listen(0, '127.0.0.1');
  await once(closing, 'listening');
  const { port } = closing.address() as AddressInfo;
  const client = openServerClient(`postgres://shop@127.0.0.1:${port}/shop`, { connect_timeout: 5, max: 10 });
  const until = performance.now() + 2000;

  const ask = async () => {
    let refused = 0;
    while (performance.now() < until) {
      await expect(client`select 1`).rejects.toMatchObject({ code: 'ECONNRESET' });
      refused += 1;
    }
    return refused;
  };
  const refusals = await Promise.all(Array.from({ length: 20 }, ask));

  expect(Math.min(...refusals)).toBeGreaterThan(1);
  // Those who came before the first was refused, and four a second from then on.
  expect(knocks).toBeLessThanOrEqual(20 + 4 * 2 + 2);
  await client.end({ timeout: 0 });
  closing.close();
});

it('knows the driver’s stumble over a lost connection from other errors', () => {
  const stumble = new TypeError("Cannot read properties of null (reading 'write')");
  stumble.stack = `${stumble}\n    at Immediate.nextWrite (file:///app/node_modules/postgres/src/connection.js:255:22)\n    at x`;
  const ours = new TypeError('x is not a function');
  ours.stack = `${ours}\n    at send (file:///app/dist/outbox/outbox.store.js:1:1)\n    at file:///app/node_modules/postgres/src/connection.js:255:22`;

  expect([isStumbleOverLostConnection(stumble), isStumbleOverLostConnection(ours)]).toEqual([true, false]);
});
