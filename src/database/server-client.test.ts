import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openServerDatabase } from './database.ts';
import { messages } from './schema.ts';
import { isStumbleOverLostConnection } from './server-client.ts';
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

  it('answers again at once, on every connection, and reads instants as before', async () => {
    for (let time = 0; time < 5; time++) {
      await Promise.all(Array.from({ length: 10 }, () => opened.ping()));
      expect(await endConnections()).toBeGreaterThan(0);
      await expect.poll(() => opened.ping().then(() => 'answers', String)).toBe('answers');
      await Promise.all(Array.from({ length: 10 }, () => opened.ping()));
    }
    expect(await opened.database.select().from(messages)).toEqual([]);
  });
});

it('knows the driver’s stumble over a lost connection from other errors', () => {
  const stumble = new TypeError("Cannot read properties of null (reading 'write')");
  stumble.stack = `${stumble}\n    at Immediate.nextWrite (file:///app/node_modules/postgres/src/connection.js:255:22)\n    at x`;
  const ours = new TypeError('x is not a function');
  ours.stack = `${ours}\n    at send (file:///app/dist/outbox/outbox.store.js:1:1)\n    at file:///app/node_modules/postgres/src/connection.js:255:22`;

  expect([isStumbleOverLostConnection(stumble), isStumbleOverLostConnection(ours)]).toEqual([true, false]);
});
