import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Alert } from '../admin/operator-alerts.flow.ts';
import { seconds } from '../lib/time.ts';
import { SimulatedClock } from '../simulator/simulated-clock.ts';
import { makeAlertSender } from './alert.ts';

const alert: Alert = {
  text: 'Mug Shop: WhatsApp cannot be reached.',
  shop: 'Mug Shop',
  state: 'WhatsApp cannot be reached',
  since: '2026-11-23T09:00:00.000Z',
  advice: 'Check the connection.',
};

let server: Server;
let clock: SimulatedClock;
let bodies: unknown[];
let statuses: number[];
let lines: string[];
let send: (alert: Alert, stop: AbortSignal) => Promise<boolean>;
const never = new AbortController().signal;

beforeEach(async () => {
  bodies = [];
  statuses = [];
  lines = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(body));
      response.writeHead(statuses.shift() ?? 200).end('noted');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  clock = new SimulatedClock(new Date('2026-11-23T09:00:00Z'));
  send = makeAlertSender({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/secret-path`,
    clock,
    log: pino({ base: null }, { write: (line) => lines.push(line) }),
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** The pauses between tries pass. */
async function untilDone(sending: Promise<boolean>): Promise<boolean> {
  let done = false;
  const end = sending.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(seconds(1));
  }
  return end;
}

it('posts the alert as JSON', async () => {
  expect(await send(alert, never)).toBe(true);

  expect(bodies).toEqual([alert]);
});

it('tries again when the address is in trouble', async () => {
  statuses = [503, 500];

  expect(await untilDone(send(alert, never))).toBe(true);

  expect(bodies).toEqual([alert, alert, alert]);
});

it('gives up after three tries, and keeps the address out of the log', async () => {
  statuses = [503, 503, 503, 503];

  expect(await untilDone(send(alert, never))).toBe(false);

  expect(bodies).toHaveLength(3);
  expect(lines).toHaveLength(3);
  expect(lines.join()).not.toContain('secret-path');
});

it('does not try again once the program stops', async () => {
  statuses = [503];
  const stop = new AbortController();
  const sending = send(alert, stop.signal);
  await expect.poll(() => lines.length).toBe(1);

  stop.abort();

  expect(await sending).toBe(false);
  expect(bodies).toHaveLength(1);
});

it('gives up when nobody listens', async () => {
  server.close();
  await once(server, 'close');

  expect(await untilDone(send(alert, never))).toBe(false);
});
