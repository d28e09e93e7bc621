import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { toString as drawQr } from 'qrcode';
import { z } from 'zod';
import { type Milliseconds, seconds } from '../../lib/time.ts';
import { LARGEST_FILE, perform, readAct, sendFile } from './acts.ts';
import type { Inspection } from './page-state.ts';
import { PortTaken } from './port-taken.ts';
import { Refusal } from './refusal.ts';
import type { Changed, World } from './world.ts';

/** Changes within this time go out together: a message comes with its ticks. */
const GATHERED: Milliseconds = 25;

/** So often the page hears that the demo is still there. */
const SIGN_OF_LIFE: Milliseconds = seconds(15);

/** From the top of the project; the compiled page lies there too. */
const top = new URL('../../../', import.meta.url);

/** As `index.html` names them: those of the frame, then those of a phone. */
const styles: readonly string[] = [
  ...['frame', 'top-bar', 'linking-scene', 'story', 'inspector', 'dialogs', 'store'],
  ...['phone', 'phone-lists', 'messages', 'message-content', 'composer', 'phone-overlays'],
];

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The page's routes for one world. What a page shows, and everything it does, goes through these. */
export function makePage(world: World): Hono {
  const page = new Hono();
  // Other pages in the same browser must not act here.
  page.use(csrf());
  page.onError(explain);
  addFiles(page);
  page.get('/events', (context) => streamSSE(context, (stream) => tellEverything(world, stream)));
  page.post('/acts', async (context) => {
    await perform(world, readAct(await context.req.json().catch(() => undefined)));
    return context.body(null, 204);
  });
  page.post('/files', bodyLimit({ maxSize: LARGEST_FILE, onError: refuseLarge }), (context) =>
    takeFile(world, context),
  );
  page.get('/phones/:number/files/:message', (context) => giveFile(world, context));
  page.get('/qr.svg', (context) => giveCode(world, context));
  page.get('/inspect/message/:number/:message', async (context) => {
    const { number, message } = context.req.param();
    return context.json(await inspect(world, number, message));
  });
  page.get('/inspect/contact/:number', async (context) =>
    context.json(await inspect(world, context.req.param('number'))),
  );
  return page;
}

function explain(error: Error, context: Context): Response {
  if (error instanceof HTTPException) {
    return error.getResponse();
  }
  return error instanceof Refusal
    ? context.json({ error: error.message }, 409)
    : context.json({ error: `That did not work: ${error.message}` }, 500);
}

/** The page itself, and the library it is made with. */
function addFiles(page: Hono): void {
  const source = new URL('src/simulator/page/', top);
  const give = (path: string, file: URL, type: string) =>
    page.get(path, async (context) => {
      context.header('Cache-Control', 'no-cache');
      context.header('Content-Type', type);
      return context.body(await readFile(file, 'utf8'));
    });
  give('/', new URL('index.html', source), types['html'] ?? '');
  for (const style of styles) {
    give(`/${style}.css`, new URL(`${style}.css`, source), types['css'] ?? '');
  }
  const { resolve } = createRequire(import.meta.url);
  const libraries = { preact: 'preact', hooks: 'preact/hooks', 'jsx-runtime': 'preact/jsx-runtime' };
  for (const [name, library] of Object.entries(libraries)) {
    give(`/lib/${name}.mjs`, new URL(`file://${resolve(library)}`), types['js'] ?? '');
  }
  page.get('/page/:file{[a-z-]+\\.js}', async (context) => {
    const code = await readFile(new URL(`dist/page/page/${context.req.param('file')}`, top), 'utf8').catch(
      () => undefined,
    );
    context.header('Cache-Control', 'no-cache');
    context.header('Content-Type', types['js'] ?? '');
    return code === undefined ? context.notFound() : context.body(code);
  });
}

/** Sends everything as it is, then whatever changes, for as long as the page listens. */
async function tellEverything(world: World, stream: SSEStreamingApi): Promise<void> {
  const changed = new Set<Changed>(['world', ...world.state.phones]);
  let wake: () => void = () => undefined;
  const stopWatching = world.watch((what) => {
    changed.add(what);
    wake();
  });
  stream.onAbort(() => {
    stopWatching();
    wake();
  });
  while (!stream.aborted) {
    const due = [...changed];
    changed.clear();
    for (const what of due) {
      const [event, state] = what === 'world' ? ['world', world.state] : ['phone', world.screen(what)];
      await stream.writeSSE({ event, data: JSON.stringify(state) });
    }
    await (due.length === 0 ? stream.write(': still here\n\n') : stream.sleep(GATHERED));
    if (changed.size === 0 && !stream.aborted) {
      await Promise.race([
        new Promise<void>((resume) => {
          wake = resume;
        }),
        stream.sleep(SIGN_OF_LIFE),
      ]);
    }
  }
}

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const fileQuery = z.object({
  phone: z.string(),
  to: z.string(),
  kind: z.enum(['image', 'video', 'audio', 'voice', 'document', 'sticker']),
  name: z.string().min(1).max(255),
  caption: z.string().max(1024).optional(),
  quoting: z.string().optional(),
  viewOnce: flag.optional(),
  seconds: z.coerce.number().positive().transform(Math.ceil).optional(),
});

async function takeFile(world: World, context: Context) {
  const query = fileQuery.safeParse(context.req.query());
  if (!query.success) {
    throw new Refusal(`The file came without what belongs to it: ${query.error.issues[0]?.path.join('.')}.`);
  }
  const bytes = new Uint8Array(await context.req.arrayBuffer());
  if (bytes.length === 0) {
    throw new Refusal('The file is empty.');
  }
  const mime = context.req.header('Content-Type') ?? 'application/octet-stream';
  await sendFile(world, { ...query.data, bytes, mime });
  return context.body(null, 204);
}

function refuseLarge(context: Context) {
  return context.json({ error: `The file is too large: at most ${LARGEST_FILE / 1_000_000} MB here.` }, 413);
}

/** A file as the phone has it: fetched from WhatsApp's host and decrypted. */
async function giveFile(world: World, context: Context) {
  const { number = '', message = '' } = context.req.param();
  const { phone } = world.player(number);
  const shown = world
    .screen(number)
    .chats.flatMap(({ bubbles }) => bubbles)
    .find(({ id }) => id === message);
  const file = shown && 'file' in shown.content ? shown.content.file : undefined;
  // A deleted message has none any more.
  if (!file) {
    return context.notFound();
  }
  const bytes = await phone.file(message);
  context.header('Content-Type', safeType(file.mime));
  context.header('X-Content-Type-Options', 'nosniff');
  context.header('Content-Disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.name ?? 'file')}`);
  return context.body(new Uint8Array(bytes));
}

/** What a browser may show; anything else it can only save. */
function safeType(mime: string): string {
  return /^(?:image\/(?:jpeg|png|webp|gif)|(?:audio|video)\/[\w.+-]+(?:;.*)?|application\/pdf)$/.test(mime)
    ? mime
    : 'application/octet-stream';
}

async function giveCode(world: World, context: Context) {
  const { code } = world.seat;
  if (code === undefined) {
    return context.notFound();
  }
  context.header('Cache-Control', 'no-store');
  context.header('Content-Type', 'image/svg+xml');
  return context.body(await drawQr(code, { type: 'svg', errorCorrectionLevel: 'L', margin: 2 }));
}

async function inspect(world: World, number: string, message?: string): Promise<Inspection> {
  const { bot } = world.seat;
  if (!bot || world.seat.state.process !== 'running') {
    throw new Refusal('The bot is not running, so nobody can ask what it has stored. Start it first.');
  }
  if (message === undefined && number === world.shop.phone.number) {
    return {
      title: world.shop.phone.name,
      why: [
        'This is the shop’s own number. The bot is linked to it and knows it as itself, not as a person it talks with.',
      ],
      sections: [],
    };
  }
  if (message === undefined) {
    return bot.ask('inspect-contact', { person: world.addressesOf(number) });
  }
  // The bot knows a conversation by the person who is not the shop.
  const chat = number === world.shop.phone.number ? world.shop.phone.chats.find(message)?.chat : number;
  return bot.ask('inspect-message', { whatsappId: message, person: world.addressesOf(chat ?? number) });
}

export interface PageServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on this machine only. @throws PortTaken */
export function servePage(page: Hono, port: number): Promise<PageServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: page.fetch, hostname: '127.0.0.1', port });
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(`Port ${port} is in use by another program.`) : error),
    );
    server.once('listening', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) {
              server.closeAllConnections();
            }
          }),
      });
    });
  });
}
