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
  owners: 0,
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
