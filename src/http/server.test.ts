import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import type { Vitals } from '../admin/command.ts';
import { silentLog } from '../lib/log.ts';
import type { Link } from '../outbox/link.ts';
import { textsIn } from '../texts/texts.ts';
import { listen, makeWeb, type WebParts } from './server.ts';

const since = new Date('2026-11-22T10:00:00Z');
const token = 'a-token-for-tests';
const pairing: Link = { state: 'pairing', since, qr: 'https://wa.me/settings/linked_devices#a,b', qrExpiresAt: since };
const linked: Link = { state: 'linked', since, phone: '+34600000001' };

const vitals: Vitals = {
  startedAt: since,
  memoryBytes: 100_000_000,
  database: { kind: 'embedded', tookMs: 1 },
  received: 12,
  sent: 3,
  lastReceivedAt: since,
  waiting: 1,
  arrivalsPending: 0,
  arrivalsFailed: 2,
  deliveriesPending: 0,
  deliveriesFailed: 0,
  refused: [],
  owners: 0,
  phoneSeenAt: undefined,
  connections: [],
};

function webWith(changed: Partial<WebParts> = {}) {
  return makeWeb({
    token,
    log: silentLog,
    link: () => pairing,
    texts: async () => textsIn('en'),
    shopName: async () => 'Mug <Shop>',
    pingDatabase: async () => undefined,
    vitals: async () => vitals,
    claimCode: async () => '482913',
    resumePairing: () => undefined,
    requestPairingCode: async () => ({ ok: true, code: 'ABCD1234' }),
    ...changed,
  });
}

it.each(['/pair', '/pair.json', '/pair.svg', '/metrics'])('shows %s only to who has the token', async (path) => {
  const web = webWith();

  expect((await web.request(path)).status).toBe(401);
  expect((await web.request(`${path}?token=wrong`)).status).toBe(401);
  expect((await web.request(path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await web.request(`${path}?token=${token}`)).status).toBe(200);
  expect((await web.request(path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
});

const guarded = [
  ['GET', '/pair'],
  ['GET', '/pair.json'],
  ['GET', '/pair.svg'],
  ['GET', '/metrics'],
  ['POST', '/pair/code'],
] as const;

it.each(guarded)('answers %s %s only when the token is whole and alone', async (method, path) => {
  const asked: string[] = [];
  const web = webWith({
    resumePairing: () => asked.push('codes'),
    async requestPairingCode(phone) {
      asked.push(phone);
      return { ok: true, code: 'ABCD1234' };
    },
  });
  const body = method === 'POST' ? { body: new URLSearchParams({ phone: '+34600000001' }) } : {};
  const byAddress = async (given: string) =>
    (await web.request(`${path}?token=${encodeURIComponent(given)}`, { method, ...body })).status;
  const byHeader = async (authorization: string) =>
    (await web.request(path, { method, ...body, headers: { authorization } })).status;

  expect((await web.request(path, { method, ...body })).status).toBe(401);
  for (const wrong of ['', token.slice(0, -1), `${token}x`, `${token} `, token.toUpperCase()]) {
    expect(await byAddress(wrong)).toBe(401);
  }
  for (const wrong of ['', token.slice(0, -1), `${token}x`, token.toUpperCase()]) {
    expect(await byHeader(`Bearer ${wrong}`)).toBe(401);
  }
  expect(await byHeader(token)).toBe(401);
  expect(asked).toEqual([]);
  expect(await byAddress(token)).toBe(200);
  expect(await byHeader(`Bearer ${token}`)).toBe(200);
});

it('asks WhatsApp for codes again when somebody opens the pairing page, and not when the page looks for news', async () => {
  let resumed = 0;
  const web = webWith({
    resumePairing() {
      resumed += 1;
    },
  });

  await web.request(`/pair.json?token=${token}`);
  await web.request(`/pair.svg?token=${token}`);
  expect(resumed).toBe(0);

  await web.request(`/pair?token=${token}`);
  expect(resumed).toBe(1);
});

it('is alive but not ready while another process holds the link, and says what that means', async () => {
  const web = webWith({ link: () => ({ state: 'standby', since }), claimCode: async () => undefined });
  const words = {
    whatsapp: 'standby',
    state: 'another Shopbell process holds the link, and I stand by',
    advice: 'Nothing to do: I take over when that one ends, within 20 seconds even if it was killed.',
  };

  const health = await web.request('/healthz');
  const readiness = await web.request('/readyz');
  const shown = await (await web.request(`/pair.json?token=${token}`)).json();

  expect([health.status, await health.json()]).toEqual([200, { database: 'ok', ...words }]);
  expect([readiness.status, await readiness.json()]).toEqual([503, { database: 'ok', ...words }]);
  expect(shown).toEqual({ state: 'standby', since: since.toISOString(), title: words.state, advice: words.advice });
});

it.each(guarded)('tells nobody where %s %s was opened from, and lets no other page frame it', async (method, path) => {
  const { headers } = await webWith().request(`${path}?token=${token}`, { method });

  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-frame-options')).toBe('DENY');
});

it.each(['/pair.json', '/pair.svg'])('lets nobody keep %s, which holds the code to link', async (path) => {
  const answer = await webWith().request(`${path}?token=${token}`);

  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

it('draws the code as a picture while there is one, and says so when there is none', async () => {
  const picture = await webWith().request(`/pair.svg?token=${token}`);
  const none = await webWith({ link: () => linked }).request(`/pair.svg?token=${token}`);

  expect(picture.headers.get('content-type')).toBe('image/svg+xml');
  expect(await picture.text()).toContain('<svg');
  expect(none.status).toBe(404);
});

it.each([...guarded, ['GET', '/healthz'], ['GET', '/readyz']] as const)(
  'keeps to itself what went wrong inside %s %s',
  async (method, path) => {
    const fail = () => Promise.reject(new Error('password authentication failed for hunter2'));
    const web = webWith({
      link() {
        if (path === '/pair.svg') {
          throw new Error('hunter2');
        }
        return pairing;
      },
      texts: fail,
      vitals: fail,
    });

    const answer = await web.request(`${path}?token=${token}`, { method });
    const words = await answer.text();

    expect(answer.status).toBe(path.endsWith('z') ? 503 : 500);
    expect(words).not.toContain('hunter2');
    expect(words).not.toContain('authentication');
    expect(JSON.parse(words)).toMatchObject(
      path.endsWith('z') ? { database: 'unavailable' } : { error: 'Something went wrong; the log says what' },
    );
  },
);

it('gives the state of the link with its code, its end and the claim code', async () => {
  const answer = await webWith().request(`/pair.json?token=${token}`);

  expect(await answer.json()).toEqual({
    state: 'pairing',
    since: since.toISOString(),
    qr: pairing.qr,
    qrExpiresAt: since.toISOString(),
    expiresAt: since.toISOString(),
    claimCode: '482913',
    title: 'waiting to be linked',
    advice: 'On the shop’s phone open WhatsApp → Settings → Linked devices → Link a device, and scan the code.',
  });
});

it('speaks the shop’s language and shows names as text, never as markup', async () => {
  const page = await (await webWith({ texts: async () => textsIn('es') }).request(`/pair?token=${token}`)).text();

  expect(page).toContain('<html lang="es">');
  expect(page).toContain('El WhatsApp de la tienda');
  expect(page).toContain('Mug &lt;Shop&gt;');
});

it('is alive without WhatsApp, ready only with it, and neither without the database', async () => {
  const status = async (parts: Partial<WebParts>, path: string) => (await webWith(parts).request(path)).status;
  const down = { pingDatabase: () => Promise.reject(new Error('away')) };

  expect(await status({}, '/healthz')).toBe(200);
  expect(await status({}, '/readyz')).toBe(503);
  expect(await status({ link: () => linked }, '/readyz')).toBe(200);
  expect(await status(down, '/healthz')).toBe(503);
  expect(await status({ ...down, link: () => linked }, '/readyz')).toBe(503);
});

it('counts for Prometheus', async () => {
  const metrics = await (await webWith({ link: () => linked }).request(`/metrics?token=${token}`)).text();

  expect(metrics).toContain('shopbell_whatsapp_linked 1');
  expect(metrics).toContain('shopbell_messages_received_24h 12');
  expect(metrics).toContain('shopbell_arrivals_failed 2');
});

it('gives Prometheus the figures of now at each call', async () => {
  let link: Link = linked;
  let now: Vitals = vitals;
  const web = webWith({ link: () => link, vitals: async () => now });
  const figures = async () => {
    const text = await (await web.request(`/metrics?token=${token}`)).text();
    return text.split('\n').filter((line) => line.startsWith('shopbell_'));
  };

  expect(await figures()).toEqual([
    'shopbell_whatsapp_linked 1',
    'shopbell_messages_received_24h 12',
    'shopbell_messages_sent_24h 3',
    'shopbell_outbox_waiting 1',
    'shopbell_arrivals_pending 0',
    'shopbell_arrivals_failed 2',
    'shopbell_deliveries_pending 0',
    'shopbell_deliveries_failed 0',
  ]);

  link = pairing;
  now = { ...vitals, received: 0, sent: 4, waiting: 5, arrivalsPending: 6, arrivalsFailed: 7 };
  expect(await figures()).toEqual([
    'shopbell_whatsapp_linked 0',
    'shopbell_messages_received_24h 0',
    'shopbell_messages_sent_24h 4',
    'shopbell_outbox_waiting 5',
    'shopbell_arrivals_pending 6',
    'shopbell_arrivals_failed 7',
    'shopbell_deliveries_pending 0',
    'shopbell_deliveries_failed 0',
  ]);
});

it.each<[string, string, Partial<WebParts>, number, object]>([
  ['gives a code for a number as people write it', '+34 600 000 001', {}, 200, { code: 'ABCD1234' }],
  [
    'says how a number should be written',
    'my phone',
    {},
    400,
    { error: 'That is not a phone number. Write it with its country code, for example +34 600 000 001.' },
  ],
  [
    'says so when WhatsApp gives no code',
    '+34600000001',
    { requestPairingCode: async () => ({ ok: false, because: 'refused' }) },
    409,
    { error: textsIn('en').pairingPage.codeRefused },
  ],
  [
    'asks for patience before the connection is ready',
    '+34600000001',
    { requestPairingCode: async () => ({ ok: false, because: 'too-early' }) },
    409,
    { error: textsIn('en').pairingPage.codeTooEarly },
  ],
])('%s', async (_title, phone, parts, status, body) => {
  const answer = await webWith(parts).request(`/pair/code?token=${token}`, {
    method: 'POST',
    body: new URLSearchParams({ phone }),
  });

  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual(body);
});

it('names the variable to change when the port is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };

  await expect(listen(webWith(), '127.0.0.1', port)).rejects.toThrow(
    `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`,
  );
  taken.close();
});
