import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { toString as drawQr } from 'qrcode';
import type { Vitals } from '../admin/command.ts';
import { describeLink } from '../admin/describe-link.ts';
import { parsePhoneNumber } from '../contacts/phone.ts';
import type { Log } from '../lib/log.ts';
import { describe } from '../lib/work-loop.ts';
import { isLinked, type Link } from '../outbox/link.ts';
import type { Texts } from '../texts/en.ts';
import { makeMetrics } from './metrics.ts';
import { pairingPage } from './pairing-page.ts';

/** What the pages show; everything comes from the running bot. */
export interface WebParts {
  readonly token: string;
  readonly log: Log;
  readonly link: () => Link;
  readonly texts: () => Promise<Texts>;
  readonly shopName: () => Promise<string>;
  /** Rejects when the database does not answer. */
  readonly pingDatabase: () => Promise<void>;
  readonly vitals: () => Promise<Vitals>;
  readonly claimCode: () => Promise<string | undefined>;
  readonly resumePairing: () => void;
  readonly requestPairingCode: (
    phone: string,
  ) => Promise<
    { readonly ok: true; readonly code: string } | { readonly ok: false; readonly because: 'too-early' | 'refused' }
  >;
}

/** Every route, without a socket: tests call `request()` on it. */
export function makeWeb(parts: WebParts): Hono {
  const web = new Hono();
  const metrics = makeMetrics(parts);
  const onlyWithToken = tokenGuard(parts.token);
  web.use(secureHeaders({ referrerPolicy: 'no-referrer', xFrameOptions: 'DENY' }));
  web.onError((error, context) => {
    parts.log.error({ error: describe(error) }, 'A web request failed');
    return context.json({ error: 'Something went wrong; the log says what' }, 500);
  });
  web.get('/', (context) => context.text('Shopbell is running. The pairing page is at /pair'));
  web.get('/healthz', async (context) => {
    const report = await reportHealth(parts);
    return context.json(report, report.database === 'ok' ? 200 : 503);
  });
  web.get('/readyz', async (context) => {
    const report = await reportHealth(parts);
    return context.json(report, report.database === 'ok' && isLinked(parts.link()) ? 200 : 503);
  });
  web.get('/metrics', onlyWithToken, async (context) => context.text(await metrics()));
  addPairing(web, parts, onlyWithToken);
  return web;
}

async function reportHealth({ pingDatabase, link, texts, log }: WebParts) {
  try {
    await pingDatabase();
    const { state, advice } = describeLink(link(), await texts());
    return { database: 'ok', whatsapp: link().state, state, advice } as const;
  } catch (error) {
    log.warn({ error: describe(error) }, 'The database does not answer');
    return {
      database: 'unavailable',
      whatsapp: link().state,
      advice: 'Check the database: nothing can be stored without it.',
    } as const;
  }
}

function addPairing(web: Hono, parts: WebParts, onlyWithToken: MiddlewareHandler): void {
  const { link, texts, claimCode } = parts;
  web.get('/pair', onlyWithToken, async (context) => {
    parts.resumePairing();
    return context.html(pairingPage(await texts(), await parts.shopName()));
  });
  web.get('/pair.json', onlyWithToken, async (context) => {
    const now = link();
    const claim = await claimCode();
    const { state, advice } = describeLink(now, await texts());
    context.header('Cache-Control', 'no-store');
    return context.json({
      ...now,
      ...(now.state === 'pairing' ? { expiresAt: now.qrExpiresAt } : {}),
      ...(claim ? { claimCode: claim } : {}),
      title: state,
      advice,
    });
  });
  web.get('/pair.svg', onlyWithToken, async (context) => {
    const now = link();
    if (now.state !== 'pairing') {
      return context.text('There is no code to scan now', 404);
    }
    context.header('Cache-Control', 'no-store');
    context.header('Content-Type', 'image/svg+xml');
    return context.body(await drawQr(now.qr, { type: 'svg', errorCorrectionLevel: 'L', margin: 2 }));
  });
  web.post('/pair/code', onlyWithToken, (context) => answerCodeRequest(context, parts));
}

async function answerCodeRequest(context: Context, { texts, requestPairingCode }: WebParts) {
  const { pairingPage: words } = await texts();
  const body = await context.req.parseBody();
  const phone = parsePhoneNumber(String(body['phone'] ?? ''));
  if (!phone) {
    return context.json({ error: words.codeWrongPhone }, 400);
  }
  const outcome = await requestPairingCode(phone);
  if (outcome.ok) {
    return context.json({ code: outcome.code });
  }
  return context.json({ error: outcome.because === 'refused' ? words.codeRefused : words.codeTooEarly }, 409);
}

/** Lets in who has the token, as `Authorization: Bearer …` or `?token=…`; compared in constant time. */
function tokenGuard(token: string): MiddlewareHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const right = digest(token);
  return async (context, next) => {
    const bearer = /^Bearer (.+)$/.exec(context.req.header('Authorization') ?? '')?.[1];
    const given = bearer ?? context.req.query('token');
    if (given === undefined || !timingSafeEqual(digest(given), right)) {
      return context.text(
        'This page needs the token: add ?token=… (HTTP_TOKEN, printed at start when it is not set)',
        401,
      );
    }
    return next();
  };
}

export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The port cannot be listened on; the message is a sentence for the operator. */
export class PortUnavailable extends Error {
  override readonly name = 'PortUnavailable';
}

/** @throws PortUnavailable */
export function listen(web: Hono, host: string, port: number): Promise<WebServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: web.fetch, hostname: host, port });
    server.once('error', (cause: NodeJS.ErrnoException) => reject(explain(cause, host, port)));
    server.once('listening', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ('closeAllConnections' in server) {
              server.closeAllConnections();
            }
          }),
      });
    });
  });
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): PortUnavailable {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use by another program. Stop that one, or choose another port with PORT.`,
    EACCES: `Port ${port} needs administrator rights. Choose one above 1023 with PORT.`,
    EADDRNOTAVAIL: `This machine has no network address ${host}. Correct HOST.`,
    ENOTFOUND: `The name ${host} is not known. Correct HOST.`,
  };
  const code = cause.code ?? 'unknown reason';
  return new PortUnavailable(reasons[code] ?? `The web server cannot listen on ${host}:${port} (${code}).`, { cause });
}
