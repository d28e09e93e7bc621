import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asc } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import { ensureOwners } from '../contacts/members.store.ts';
import { parsePhoneNumber } from '../contacts/phone.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld, type Lease } from '../database/lease.ts';
import { connections, outboundEvents, outbox } from '../database/schema.ts';
import { emptyTestDatabase, robLease, testLease } from '../database/test-database.ts';
import { days, hours, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { changeSetting, setFirstValues } from '../settings/settings.store.ts';
import { emitEvent } from '../shop/outbound-events.store.ts';
import { EventReceiver } from '../simulator/shop/event-receiver.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { type GoingOut, makeGoingOut } from './going-out.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

let database: Database;
let clock: SimulatedClock;
let receiver: EventReceiver;
let lines: string[];
let rooms: GoingOut[];
let servers: Server[];
let lastId = 0;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-22T10:00:00Z'));
  receiver = new EventReceiver(SECRET);
  lines = [];
  rooms = [];
  servers = [];
  await receiver.open();
  const owner = parsePhoneNumber('+34600000002');
  await ensureOwners(database, owner ? [owner] : [], clock.now());
  await setFirstValues(
    database,
    { 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all', 'shop.name': 'Mug Shop' },
    clock.now(),
  );
});

afterEach(async () => {
  await Promise.all(rooms.map((room) => room.stop()));
  await receiver.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function open(lease: Lease = alwaysHeld): GoingOut {
  const room = makeGoingOut({
    database,
    lease,
    clock,
    log: pino({ base: null }, { write: (line) => lines.push(line) }),
    outside: { allowPrivateTargets: true, webhook: { secret: SECRET }, crm: { secret: undefined } },
    chance: () => 0.5,
    chooseMessageId: () => {
      lastId += 1;
      return `BOT${lastId}`;
    },
    onQueued: () => undefined,
  });
  rooms.push(room);
  room.start();
  return room;
}

async function emit(id: string): Promise<void> {
  const contactId = await contactOfPhone(database, '+34600000003', clock.now());
  const event = { id, type: 'contact.opted_out', data: { phone: '+34600000003' }, contactId } as const;
  expect(await emitEvent(database, event, clock.now())).toBe(true);
}

/** Time passes, and what is due by then is done. */
async function pass(room: GoingOut, span: Milliseconds): Promise<void> {
  clock.advance(span);
  await new Promise((resume) => setImmediate(resume));
  await room.idle();
}

async function rows() {
  const found = await database.select().from(outboundEvents).orderBy(asc(outboundEvents.id));
  return found.map(({ eventId, state, attempts, problem }) => ({ eventId, state, attempts, problem }));
}

const told = () => database.select({ content: outbox.content }).from(outbox);
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);

it('tells an event, signed, in the order in which they happened', async () => {
  await emit('evt_1');
  await emit('evt_2');

  await open().idle();

  expect(ids()).toEqual(['evt_1', 'evt_2']);
  const [first] = receiver.received;
  expect(first).toMatchObject({
    isSigned: true,
    headers: {
      'content-type': 'application/json',
      'webhook-timestamp': '1795341600',
      'x-webhook-event': 'contact.opted_out',
      'x-webhook-attempt': '1',
    },
  });
  expect(JSON.parse(first?.body ?? '')).toMatchObject({ id: 'evt_1', type: 'contact.opted_out' });
  expect(await rows()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }]);
});

it('tells what was queued while it was idle as soon as it is woken', async () => {
  const room = open();
  await room.idle();
  await emit('evt_1');

  room.wake();
  await room.idle();

  expect(ids()).toEqual(['evt_1']);
});

it('tries again at the times of the plan: same id and body, new time and signature, the try counted', async () => {
  receiver.answerNext({ status: 500 }, { status: 503 }, { status: 429 }, { status: 200 });
  await emit('evt_1');
  const room = open();
  await room.idle();

  for (const pause of [seconds(5), minutes(1), minutes(5)]) {
    const before = receiver.received.length;
    await pass(room, pause - 1);
    expect(receiver.received).toHaveLength(before);
    await pass(room, 1);
  }

  const { received } = receiver;
  expect(received.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2', '3', '4']);
  expect(new Set(ids())).toEqual(new Set(['evt_1']));
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(received.map(({ headers }) => headers['webhook-signature'])).size).toBe(4);
  expect(received.every(({ isSigned }) => isSigned)).toBe(true);
  expect(await rows()).toMatchObject([{ state: 'delivered', attempts: 4 }]);
});

it('waits as long as the other side asks', async () => {
  receiver.answerNext({ status: 429, headers: { 'Retry-After': '90' } });
  await emit('evt_1');
  const room = open();
  await room.idle();

  await pass(room, seconds(89));
  expect(receiver.received).toHaveLength(1);
  await pass(room, seconds(1));
  expect(await rows()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
});

it('holds no later event back behind one that waits', async () => {
  receiver.answerNext({ status: 500 });
  await emit('evt_1');
  await emit('evt_2');

  await open().idle();

  expect(await rows()).toMatchObject([{ state: 'pending' }, { state: 'delivered' }]);
});

it('stops after three tries when the event itself is refused', async () => {
  receiver.answerNext({ status: 400 }, { status: 400 }, { status: 400 });
  await emit('evt_1');
  const room = open();
  await room.idle();
  await pass(room, seconds(5));
  await pass(room, minutes(1));
  await pass(room, days(2));

  expect(receiver.received).toHaveLength(3);
  expect(await rows()).toEqual([{ eventId: 'evt_1', state: 'failed', attempts: 3, problem: 'status 400' }]);
});

it('tells again under the same id what was on its way when the process ended', async () => {
  const heard: unknown[] = [];
  const server = createServer((request) => {
    heard.push(request.headers['webhook-id']);
    if (heard.length > 1) {
      request.socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    }
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await setAddress(url);
  await emit('evt_1');
  const first = open();
  await expect.poll(() => heard).toEqual(['evt_1']);
  // It was taken, but we do not live to hear of it.
  await first.stop();
  expect(lines).toEqual([]);

  const second = open();
  await second.idle();
  await pass(second, minutes(1));

  expect(heard).toEqual(['evt_1', 'evt_1']);
  expect(await rows()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
});

async function setAddress(url: string): Promise<void> {
  const owner = await contactOfPhone(database, '+34600000002', clock.now());
  const change = { key: 'sales.webhook-url', before: receiver.url, after: url, changedBy: owner } as const;
  await changeSetting(database, change, clock.now());
}

it('tells nothing while another process holds the lease', async () => {
  await robLease(database);
  await emit('evt_1');

  await open(testLease(database, clock)).idle();

  expect(receiver.received).toEqual([]);
  expect(await rows()).toMatchObject([{ state: 'pending', attempts: 0 }]);
});

it('does not tell what was switched off while it waited', async () => {
  receiver.answerNext({ status: 500 });
  await emit('evt_1');
  const room = open();
  await room.idle();
  await database.execute("update settings set value = 'none' where key = 'sales.webhook-events'");

  await pass(room, seconds(5));

  expect(receiver.received).toHaveLength(1);
  expect(await rows()).toMatchObject([{ state: 'failed', problem: 'not-wanted' }]);
});

it('keeps address, body and answer out of the log', async () => {
  receiver.answerNext({ status: 500, body: 'secret answer' });
  await emit('evt_1');
  await open().idle();
  await setAddress('http://127.0.0.1:1/secret-path');
  await pass(rooms[0] as GoingOut, seconds(5));

  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.join()).not.toMatch(/secret|127\.0\.0\.1|\+34600000003|events/);
});

it('stops telling an address that is gone, and says so once to the owners with the way back', async () => {
  receiver.answerNext({ status: 500 }, { status: 410 });
  await emit('evt_1');
  await emit('evt_2');

  await open().idle();

  expect(await rows()).toMatchObject([
    { state: 'failed', problem: 'switched-off' },
    { state: 'failed', problem: 'status 410' },
  ]);
  expect(await told()).toEqual([
    {
      content: {
        kind: 'text',
        text: `⚠️ I have stopped telling ${new URL(receiver.url).host} of events: it says that it wants no more events (status 410). Nothing is kept for it meanwhile. To switch it on again, send *test webhook* when it works, or set another address with *set sales.webhook-url …*`,
      },
    },
  ]);
  const event = { type: 'contact.opted_out', data: {}, contactId: undefined } as const;
  expect(await emitEvent(database, event, clock.now())).toBe(false);
});

it('stops telling an address that has taken nothing for three days, however it failed', async () => {
  let status = 500;
  const sick = new EventReceiver(SECRET, () => ({ status }));
  await sick.open();
  await setAddress(sick.url);
  const room = open();
  for (const hour of [0, 8, 16, 24, 32, 40, 48, 56, 64]) {
    expect(await told()).toEqual([]);
    // Another way of failing is no new beginning.
    status = hour < 24 ? 500 : 404;
    await (hour === 48 ? sick.close() : undefined);
    await emit(`evt_${hour}`);
    room.wake();
    await room.idle();
    clock.advance(hours(8));
  }
  room.wake();
  await room.idle();

  const [row] = await database.select().from(connections);
  expect(row).toMatchObject({ name: 'webhook', trouble: 'switched-off', detail: 'failed-for-days' });
  expect(await told()).toHaveLength(1);
  expect(JSON.stringify(await told())).toContain('has taken none for three days');
  expect((await rows()).every(({ state }) => state === 'failed')).toBe(true);
});

it('forgets its troubles as soon as an event is taken', async () => {
  receiver.answerNext({ status: 500 });
  await emit('evt_1');
  const room = open();
  await room.idle();
  const [failing] = await database.select().from(connections);
  expect(failing).toMatchObject({ name: 'webhook', trouble: 'failing', troubleSince: clock.now() });

  await pass(room, seconds(5));

  const [well] = await database.select().from(connections);
  expect(well).toMatchObject({ trouble: null, troubleSince: null });
});

it('forgets after a week what was told', async () => {
  await emit('evt_1');
  const room = open();
  await room.idle();
  clock.advance(days(7) + 1);
  await emit('evt_2');

  room.wake();
  await room.idle();

  expect(await rows()).toMatchObject([{ eventId: 'evt_2', state: 'delivered' }]);
});

it('does not count what an earlier address says against a new one', async () => {
  let answer: (() => void) | undefined;
  const server = createServer((_request, response) => {
    answer = () => response.writeHead(410).end();
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = receiver.url;
  await setAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await emit('evt_1');
  const room = open();
  await expect.poll(() => answer).toBeDefined();
  await setAddress(address);

  answer?.();
  await room.idle();
  await pass(room, 1);

  expect(ids()).toEqual(['evt_1']);
  expect(await told()).toEqual([]);
});
