import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../lib/time.ts';
import { HastyClock } from '../simulator/hasty-clock.ts';
import { type HttpQuestion, makeHttp } from './shop-http.ts';

type Manner = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let clock: HastyClock;
/** How the server answers, one question after the other; the last one for all that follow. */
let manners: Manner[];
let questions: string[];
let lines: string[];
let address: string;
const never = new AbortController().signal;

const json: Manner = (_request, response) => void response.end('{"id":820982911946154508}');
const status =
  (code: number, headers: Record<string, string> = {}): Manner =>
  (_request, response) =>
    void response.writeHead(code, headers).end('{"message":"Ana Pérez has ordered"}');

beforeEach(async () => {
  manners = [json];
  questions = [];
  lines = [];
  clock = new HastyClock(new Date('2026-11-23T09:00:00Z'));
  server = createServer((request, response) => {
    questions.push(`${request.method} ${request.url}`);
    const manner = manners.length > 1 ? manners.shift() : manners[0];
    manner?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function ask(question: Partial<HttpQuestion> = {}, chance = () => 0) {
  const log = pino({ base: null }, { write: (line) => lines.push(line) });
  const usual = { url: `${address}/orders?email=ana`, method: 'GET', headers: {}, repeatable: true } as const;
  return makeHttp({ clock, log, chance })({ ...usual, ...question }, never);
}

it('gives what the shop answers, with ids that are larger than a number', async () => {
  expect(await ask()).toMatchObject({ ok: true, value: { body: { id: '820982911946154508' } } });
});

describe('A question that fails', () => {
  it('is asked four times in all, after 1, 2 and 4 seconds', async () => {
    manners = [status(500)];

    expect(await ask()).toMatchObject({ ok: false, trouble: { kind: 'failing', detail: 'status 500' } });

    expect(questions).toHaveLength(4);
    expect(clock.pauses).toEqual([seconds(1), seconds(2), seconds(4)]);
  });

  it('is asked again a little later than others ask, by chance', async () => {
    manners = [status(503), json];

    expect(await ask({}, () => 0.25)).toMatchObject({ ok: true });

    expect(clock.pauses).toEqual([1250]);
  });

  it.each([
    ['seconds', '7', seconds(7)],
    ['a date', 'Mon, 23 Nov 2026 09:00:09 GMT', seconds(9)],
    ['nothing that makes sense', 'soon', seconds(1)],
    ['a moment that is over', 'Mon, 23 Nov 2026 08:00:00 GMT', 0],
  ])('waits as long as it is told to, in %s', async (_title, written, pause) => {
    manners = [status(429, { 'retry-after': written }), json];

    expect(await ask()).toMatchObject({ ok: true });

    expect(clock.pauses).toEqual([pause]);
  });

  it('is given up where the shop wants us to wait longer than a minute', async () => {
    manners = [status(429, { 'retry-after': '3600' }), json];

    expect(await ask()).toMatchObject({ ok: false, trouble: { kind: 'busy' } });

    expect(questions).toHaveLength(1);
  });

  it.each([
    [401, 'refused'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [301, 'not-found'],
    [402, 'failing'],
  ])('with status %i is not asked again: %s', async (code, kind) => {
    manners = [status(code, { location: 'http://127.0.0.1:9/elsewhere' })];

    expect(await ask()).toMatchObject({ ok: false, trouble: { kind } });

    expect(questions).toHaveLength(1);
  });

  it('is asked again when the connection ends in the middle', async () => {
    manners = [(request) => void request.socket.destroy(), json];

    expect(await ask()).toMatchObject({ ok: true });

    expect(questions).toHaveLength(2);
  });

  it('that may not be carried out twice is asked again only when it was not carried out', async () => {
    manners = [status(429), json];
    expect(await ask({ method: 'POST', body: '{}', repeatable: false })).toMatchObject({ ok: true });
    expect(questions).toHaveLength(2);

    manners = [status(500), json];
    expect(await ask({ method: 'POST', body: '{}', repeatable: false })).toMatchObject({ ok: false });
    expect(questions).toHaveLength(3);
  });

  it('is not asked again once the program stops', async () => {
    const stop = new AbortController();
    manners = [
      (request, response) => {
        stop.abort();
        status(500)(request, response);
      },
    ];
    const log = pino({ level: 'silent' });
    const asking = makeHttp({ clock, log, chance: () => 0 });

    await asking({ url: address, method: 'GET', headers: {}, repeatable: true }, stop.signal);

    expect(questions).toHaveLength(1);
  });

  it('leaves nothing in the log of what it was about', async () => {
    manners = [status(500)];

    await ask();

    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toMatch(/Ana|email|127\.0\.0\.1/);
  });
});

describe('Trouble', () => {
  it('is “unreachable” when there is no answer within 15 seconds', async () => {
    manners = [() => undefined];
    const asking = ask({ repeatable: false });
    await expect.poll(() => questions.length).toBe(1);

    clock.advance(seconds(14.9));
    clock.advance(seconds(0.1));

    expect(await asking).toMatchObject({ ok: false, trouble: { kind: 'unreachable' } });
  });

  it('is “unreachable” when the answer stops in the middle for 15 seconds', async () => {
    manners = [(_request, response) => void response.write('{"orders":[')];
    const asking = ask({ repeatable: false });
    await expect.poll(() => questions.length).toBe(1);

    clock.advance(seconds(15));

    expect(await asking).toMatchObject({ ok: false, trouble: { kind: 'unreachable' } });
  });

  it('is “unreachable” when nobody listens', async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');

    expect(await ask()).toMatchObject({ ok: false, trouble: { kind: 'unreachable', detail: 'ECONNREFUSED' } });
  });

  it('is “failing” when the answer is no JSON', async () => {
    manners = [(_request, response) => void response.end('<b>Warning</b>: out of memory')];

    expect(await ask()).toMatchObject({ ok: false, trouble: { kind: 'failing' } });
  });

  it('is “failing” when the answer is larger than any list of orders', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    manners = [(_request, response) => void response.end(`"${piece.repeat(8)}"`)];

    expect(await ask()).toMatchObject({
      ok: false,
      trouble: { kind: 'failing', detail: 'an answer that is too large' },
    });
  });

  it('is not followed to another address, where our password would be read', async () => {
    const heard: string[] = [];
    const other = createServer((request, response) => {
      heard.push(String(request.headers['x-shopify-access-token']));
      response.end('{}');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    manners = [status(302, { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` })];

    expect(await ask({ headers: { 'x-shopify-access-token': 'shpat_secret' } })).toMatchObject({ ok: false });

    other.close();
    expect(heard).toEqual([]);
  });
});
