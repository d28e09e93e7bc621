import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { DatabaseUnavailable, openServerDatabase } from './database.ts';
import { settings } from './schema.ts';
import { emptyTestDatabase } from './test-database.ts';

const now = new Date('2026-11-22T10:00:00Z');

it('refuses a query that goes around the open transaction, at once, and keeps working', async () => {
  const database = await emptyTestDatabase();

  const misuse = database.transaction(async (transaction) => {
    await transaction.insert(settings).values({ key: 'a', value: '1', changedAt: now });
    await database.select().from(settings);
  });

  await expect(misuse).rejects.toMatchObject({
    cause: { message: expect.stringContaining('went around the open transaction') },
  });
  expect(await database.select().from(settings)).toEqual([]);
});

it('gives instants back as they were stored, whatever the session’s time zone', async () => {
  const database = await emptyTestDatabase();

  await database.insert(settings).values({ key: 'a', value: 'ñ 👍', changedAt: now });

  expect(await database.select().from(settings)).toEqual([{ key: 'a', value: 'ñ 👍', changedAt: now }]);
});

it('rolls everything back when a transaction fails', async () => {
  const database = await emptyTestDatabase();

  const failing = database.transaction(async (transaction) => {
    await transaction.insert(settings).values({ key: 'a', value: '1', changedAt: now });
    await transaction.execute(sql`select 1 / 0`);
  });

  await expect(failing).rejects.toThrow();
  expect(await database.select().from(settings)).toEqual([]);
});

it('says which server cannot be reached and what to check, without the password', async () => {
  const opening = openServerDatabase('postgres://shop:hunter2@127.0.0.1:1/shop');

  await expect(opening).rejects.toThrow(DatabaseUnavailable);
  await expect(opening).rejects.toThrow(
    'The database at 127.0.0.1:1 (DATABASE_URL) cannot be used: nothing listens there (ECONNREFUSED).',
  );
  await expect(opening).rejects.not.toThrow('hunter2');
});

const authenticationOk = Buffer.from('R\0\0\0\x08\0\0\0\0', 'latin1');

/** The server's own refusal as it goes over the wire: its fields, each a letter and a text. */
function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${code}\0Mno\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

it.each<[string, (socket: Socket) => void, string]>([
  ['closes at once', (socket) => socket.end(), 'what listens there closes the connection (ECONNRESET)'],
  ['says nothing', () => undefined, 'no answer within 0.3 seconds'],
  ['closes in the middle of the greeting', (socket) => socket.end(authenticationOk), 'no answer within 0.3 seconds'],
  ['refuses the password', (socket) => socket.end(refusal('28P01')), 'it refuses the user or the password (28P01)'],
  ['refuses the user', (socket) => socket.end(refusal('28000')), 'it refuses the user or the password (28000)'],
  [
    'has no such database',
    (socket) => socket.end(refusal('3D000')),
    'there is no database of this name; create it first (3D000)',
  ],
  ['refuses for another reason', (socket) => socket.end(refusal('53300')), '53300'],
])('gives up on a server that %s, and says so', async (_what, answer, reason) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const opening = openServerDatabase(`postgres://shop@127.0.0.1:${port}/shop`, 300);

  await expect(opening).rejects.toThrow(
    new DatabaseUnavailable(
      `The database at 127.0.0.1:${port} (DATABASE_URL) cannot be used: ${reason}. ` +
        'Check the address, the password and that the server runs, then start again; nothing was changed.',
    ),
  );
  server.close();
});
