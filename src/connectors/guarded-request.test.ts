import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { seconds, systemClock } from '../lib/time.ts';
import { issueTlsCertificate } from '../simulator/tls-certificate.ts';
import { makePostOutside, type OutsidePost } from './guarded-request.ts';
import { addressRules, refusalOf } from './outside-address.ts';

const never = new AbortController().signal;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<number> {
  return listen(createServer(listener));
}

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function letter(url: string, limit = seconds(10)): OutsidePost {
  return { url, headers: { 'webhook-id': 'evt_1' }, body: '{"greeting":"¡hola!"}', limit };
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** Every writing that is named in facts/commerce §4, and an address of every closed network. */
const closedHosts = [
  '127.0.0.1',
  'localhost',
  'LOCALHOST.',
  'db.localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '0.0.0.0',
  '0.255.255.255',
  '10.0.0.5',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '[::]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:1ff:ffff::1]',
  '[2001:db8::1]',
  '[2002:7f00:1::]',
  '[3fff::1]',
  '[fc00::1]',
  '[fdff::1]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
];

const openHosts = [
  'hooks.example.com',
  'localhost.example.com',
  '1.1.1.1',
  '9.255.255.255',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '198.20.0.1',
  '223.255.255.255',
  '[2606:4700::1111]',
  '[2001:200::1]',
];

describe('an address by its text alone', () => {
  const rules = addressRules(false);

  it.each(closedHosts)('is refused when it is %s', (host) => {
    expect(refusalOf(new URL(`https://${host}/hook`), rules)).toBe('private');
  });

  it.each(openHosts)('may be %s', (host) => {
    expect(refusalOf(new URL(`https://${host}/hook`), rules)).toBeUndefined();
  });

  it.each([
    ['http://hooks.example.com/', 'not-https'],
    ['ftp://hooks.example.com/', 'not-https'],
    ['https://me@hooks.example.com/', 'has-password'],
    ['https://:secret@hooks.example.com/', 'has-password'],
    ['https://hooks.example.com:5432/', 'port'],
    ['https://hooks.example.com:80/', 'port'],
    ['https://hooks.example.com:443/', undefined],
    ['https://hooks.example.com:8443/', undefined],
  ])('%s is judged: %s', (address, refusal) => {
    expect(refusalOf(new URL(address), rules)).toBe(refusal);
  });

  it.each(['http://127.0.0.1:3000/hook', 'https://[::1]/hook', 'http://crm:8080/verify'])(
    'may be %s where the operator allows it, but never with a password',
    (address) => {
      const url = new URL(address);
      expect(refusalOf(url, addressRules(true))).toBeUndefined();
      url.password = 'secret';
      expect(refusalOf(url, addressRules(true))).toBe('has-password');
    },
  );
});

describe('a name', () => {
  const strict = addressRules(false);
  const namesOf =
    (...addresses: string[]) =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  it.each(closedHosts.filter((host) => /^[\d.]{7,}$|^\[/.test(host) && !host.endsWith('.') && host !== '2130706433'))(
    'is not called when it leads to %s',
    async (host) => {
      const ip = host.replace(/[[\]]/g, '');
      const post = makePostOutside({ rules: strict, clock: systemClock, resolve: namesOf(ip) });

      expect(await post(letter('https://hooks.example.com/'), never)).toEqual({ kind: 'refused', why: 'private' });
    },
  );

  it('is not called when only one of its addresses leads inside', async () => {
    const post = makePostOutside({ rules: strict, clock: systemClock, resolve: namesOf('1.1.1.1', '10.0.0.5') });

    expect(await post(letter('https://hooks.example.com/'), never)).toEqual({ kind: 'refused', why: 'private' });
  });

  it('that answers differently the second time gains nothing: what was judged is what is called', async () => {
    const heard: string[] = [];
    const port = await serve((request, response) => {
      heard.push(`${request.headers.host}`);
      response.end();
    });
    const answers = ['127.0.0.1', '10.0.0.5'];
    const asked: string[] = [];
    const post = makePostOutside({
      rules: { protocols: ['http:'], isClosed: (ip) => ip.startsWith('10.') },
      clock: systemClock,
      resolve: async (host) => {
        asked.push(host);
        return [{ address: answers[asked.length - 1] ?? '10.0.0.5', family: 4 }];
      },
    });
    const url = `http://rebinding.example.com:${port}/`;

    expect(await post(letter(url), never)).toMatchObject({ kind: 'answered', status: 200 });
    expect(asked).toHaveLength(1);
    expect(await post(letter(url), never)).toEqual({ kind: 'refused', why: 'private' });
    expect(heard).toEqual([`rebinding.example.com:${port}`]);
  });

  it('that nobody has is told from one that does not answer', async () => {
    const post = makePostOutside({
      rules: strict,
      clock: systemClock,
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    });

    expect(await post(letter('https://nobody.example.com/'), never)).toEqual({
      kind: 'unanswered',
      why: 'unknown-host',
    });
  });
});

it.each(['https://127.0.0.1/', 'https://[::ffff:7f00:1]:8443/', 'https://localhost/', 'http://hooks.example.com/'])(
  '%s is not even looked up',
  async (address) => {
    const asked: string[] = [];
    const post = makePostOutside({
      rules: addressRules(false),
      clock: systemClock,
      async resolve(host) {
        asked.push(host);
        return [];
      },
    });

    expect(await post(letter(address), never)).toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
  },
);

describe('a request', () => {
  const post = makePostOutside({ rules: addressRules(true), clock: systemClock });

  it('brings body and headers, and answers with status, body and the time it took', async () => {
    const heard: unknown[] = [];
    const port = await serve(async (request, response) => {
      heard.push(request.method, request.headers['webhook-id'], request.headers['content-type'], await read(request));
      response.writeHead(202, { 'retry-after': '7' }).end('{"ok":true}');
    });

    const exchange = await post(letter(`http://127.0.0.1:${port}/hook`), never);

    expect(exchange).toMatchObject({ kind: 'answered', status: 202, body: '{"ok":true}', retryAfter: '7' });
    expect(exchange.kind === 'answered' && exchange.took).toBeGreaterThanOrEqual(0);
    expect(heard).toEqual(['POST', 'evt_1', 'application/json', '{"greeting":"¡hola!"}']);
  });

  it('does not follow where the answer leads', async () => {
    let elsewhere = 0;
    const other = await serve((_request, response) => {
      elsewhere += 1;
      response.end();
    });
    const port = await serve((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other}/` }).end();
    });

    expect(await post(letter(`http://127.0.0.1:${port}/`), never)).toMatchObject({ kind: 'answered', status: 307 });
    expect(elsewhere).toBe(0);
  });

  it.each([
    [64 * 1024, true],
    [64 * 1024 + 1, false],
    [5_000_000, false],
  ])('reads an answer of %i bytes: %s', async (size, isRead) => {
    const port = await serve((_request, response) => void response.end('x'.repeat(size)));

    const exchange = await post(letter(`http://127.0.0.1:${port}/`), never);

    expect(exchange).toMatchObject({ kind: 'answered', status: 200 });
    expect(exchange.kind === 'answered' && exchange.body !== undefined).toBe(isRead);
  });

  it('knows the status of an answer that breaks off, and nothing of its body', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });

    expect(await post(letter(`http://127.0.0.1:${port}/`), never)).toMatchObject({ status: 200, body: undefined });
  });

  it('does not wait longer than its limit', async () => {
    const port = await serve(() => undefined);
    const started = performance.now();

    expect(await post(letter(`http://127.0.0.1:${port}/`, 50), never)).toEqual({ kind: 'unanswered', why: 'timeout' });

    expect(performance.now() - started).toBeLessThan(seconds(10));
  });

  it('does not wait longer for a body that drips either', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200).write('drip');
    });

    expect(await post(letter(`http://127.0.0.1:${port}/`, 100), never)).toMatchObject({ status: 200, body: undefined });
  });

  it('ends when the program stops', async () => {
    const stop = new AbortController();
    const port = await serve(() => stop.abort());

    await expect(post(letter(`http://127.0.0.1:${port}/`), stop.signal)).rejects.toThrow();
  });

  it('says when nobody listens', async () => {
    const port = await serve(() => undefined);
    servers.splice(0)[0]?.close();

    expect(await post(letter(`http://127.0.0.1:${port}/`), never)).toEqual({
      kind: 'unanswered',
      why: 'no-connection',
    });
  });

  it('says when the other side cannot prove who it is, and sends it nothing', async () => {
    let heard = 0;
    const port = await listen(
      createTlsServer(await issueTlsCertificate('127.0.0.1'), (_request, response) => {
        heard += 1;
        response.end();
      }),
    );

    expect(await post(letter(`https://127.0.0.1:${port}/`), never)).toEqual({
      kind: 'unanswered',
      why: 'certificate',
    });
    expect(heard).toBe(0);
  });

  it('says the same when the other side speaks no TLS at all', async () => {
    const port = await serve((_request, response) => void response.end());

    expect(await post(letter(`https://127.0.0.1:${port}/`), never)).toMatchObject({ kind: 'unanswered' });
  });
});
