import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { perform } from './acts.ts';
import { makePage, servePage } from './page-server.ts';
import type { Bubble, PhoneState, WorldState } from './page-state.ts';
import { PortTaken } from './port-taken.ts';
import { Refusal } from './refusal.ts';
import { World } from './world.ts';

// The page's routes, asked as a browser asks them. No bot runs.

const ANA = '34600000003';
const SHOP = '34600000001';

let world: World;
let page: ReturnType<typeof makePage>;

beforeEach(async () => {
  world = await World.open({
    spawn: () => {
      throw new Refusal('There is no bot in this test.');
    },
    timeZone: 'Europe/Madrid',
    language: undefined,
    logLevel: 'silent',
  });
  page = makePage(world);
});

afterEach(() => world.close());

function bubblesOf(phone: string, chat: string): readonly Bubble[] {
  return world.screen(phone).chats.find((one) => one.with === chat)?.bubbles ?? [];
}

async function send(
  body: string | Buffer,
  path = '/acts',
  type = 'application/json',
): Promise<[status: number, text: string]> {
  const answer = await page.request(path, { method: 'POST', body, headers: { 'Content-Type': type } });
  return [answer.status, await answer.text()];
}

describe('The page', () => {
  it.each([
    ['/', 'text/html', '<title>Shopbell'],
    ['/frame.css', 'text/css', '{'],
    ['/phone.css', 'text/css', '{'],
    ['/store.css', 'text/css', '{'],
    ['/page/main.js', 'text/javascript', 'render('],
    ['/lib/preact.mjs', 'text/javascript', 'export'],
    ['/lib/hooks.mjs', 'text/javascript', 'export'],
    ['/lib/jsx-runtime.mjs', 'text/javascript', 'export'],
  ])('has %s', async (path, type, part) => {
    const answer = await page.request(path);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(await answer.text()).toContain(part);
  });

  it.each([
    '/page/nothing.js',
    '/page/..%2fdemo%2fpage-state.js',
    '/page/..%2f..%2f..%2fpackage.json',
    '/page/../../package.json',
    '/src/main.ts',
  ])('gives nothing else away: %s', async (path) => {
    expect((await page.request(path)).status).toBe(404);
  });

  it('loads nothing from elsewhere', async () => {
    const html = await (await page.request('/')).text();

    expect(html).not.toMatch(/(?:src|href)="(?!\/|data:,)/);
  });
});

describe('What comes in', () => {
  it('is done, with an empty answer', async () => {
    const act = { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'Hello' } };

    expect(await send(JSON.stringify(act))).toEqual([204, '']);

    await expect.poll(() => bubblesOf(SHOP, ANA).map(({ text }) => text)).toEqual(['Hello']);
  });

  it.each([
    ['no JSON', '{'],
    ['an unknown act', '{"act":"dance"}'],
    ['an act that cannot be done', '{"act":"scan"}'],
  ])('is refused with a sentence: %s', async (_what, body) => {
    const [status, text] = await send(body);

    expect(status).toBe(409);
    expect(JSON.parse(text).error).toMatch(/\.$/);
  });

  it('is refused from another page in the same browser', async () => {
    const headers = { 'Content-Type': 'text/plain', Origin: 'https://elsewhere.example' };
    const body = JSON.stringify({ act: 'add-phone', name: 'Eve', part: 'customer' });

    const answer = await page.request('/acts', { method: 'POST', body, headers });

    expect(answer.status).toBe(403);
    expect(world.state.phones).toHaveLength(4);
  });

  it('may be a file, which the other phone gets as it was', async () => {
    const bytes = Buffer.from('a picture of a mug, as far as anybody here can tell');
    const query = new URLSearchParams({ phone: ANA, to: SHOP, kind: 'image', name: 'mug.png', caption: 'This one?' });

    expect(await send(bytes, `/files?${query}`, 'image/png')).toEqual([204, '']);

    await expect
      .poll(() => bubblesOf(SHOP, ANA))
      .toMatchObject([
        { text: 'This one?', content: { kind: 'image', file: { mime: 'image/png', bytes: bytes.length } } },
      ]);
    const { content } = bubblesOf(SHOP, ANA)[0] ?? {};
    const file = await page.request(content && 'file' in content ? content.file.url : '');
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
  });

  it('is gone with its message', async () => {
    const query = new URLSearchParams({ phone: ANA, to: SHOP, kind: 'image', name: 'mug.png' });
    await send('a picture', `/files?${query}`, 'image/png');
    await expect.poll(() => bubblesOf(SHOP, ANA)).toHaveLength(1);
    const message = bubblesOf(SHOP, ANA)[0]?.id ?? '';
    const status = async () => (await page.request(`/phones/${SHOP}/files/${message}`)).status;
    expect(await status()).toBe(200);

    await perform(world, { act: 'delete', phone: ANA, message });

    await expect.poll(status).toBe(404);
    expect((await page.request(`/phones/${SHOP}/files/NONE`)).status).toBe(404);
  });

  it.each([
    ['without the kind', { kind: '' }, 'the file', 409, /without what belongs to it: kind/],
    ['empty', {}, '', 409, /The file is empty/],
    ['larger than 16 MB', {}, 'x'.repeat(16_000_001), 413, /too large: at most 16 MB/],
  ])('is refused when the file is %s', async (_what, changed, body, status, sentence) => {
    const query = new URLSearchParams({ phone: ANA, to: SHOP, kind: 'image', name: 'mug.png', ...changed });

    const [got, text] = await send(body, `/files?${query}`, 'image/png');

    expect(got).toBe(status);
    expect(JSON.parse(text).error).toMatch(sentence);
  });

  it.each(['text/html', 'image/svg+xml'])(
    'that a browser could run as a page is only given to be saved: %s',
    async (type) => {
      const query = new URLSearchParams({ phone: ANA, to: SHOP, kind: 'document', name: 'trick “ü”.html' });
      await send('<script>alert(1)</script>', `/files?${query}`, type);
      await expect.poll(() => bubblesOf(SHOP, ANA)).toHaveLength(1);

      const file = await page.request(`/phones/${SHOP}/files/${bubblesOf(SHOP, ANA)[0]?.id}`);

      expect(file.headers.get('content-type')).toBe('application/octet-stream');
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
      expect(file.headers.get('content-disposition')).toContain("filename*=UTF-8''trick%20");
    },
  );
});

describe('What goes out', () => {
  it('is everything at first, then what changes', async () => {
    const events = await listen();
    const first = await events.next(5);
    expect(first.map(({ event }) => event)).toEqual(['world', 'phone', 'phone', 'phone', 'phone']);
    expect((first[0]?.state as WorldState | undefined)?.phones).toEqual(
      first.slice(1).map(({ state }) => (state as PhoneState).number),
    );

    await perform(world, { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'Hello' } });

    const arrived = await events.until(
      ({ state }) => 'chats' in state && state.number === SHOP && state.chats[0]?.bubbles[0]?.text === 'Hello',
    );
    expect(arrived.event).toBe('phone');
    await perform(world, { act: 'add-phone', name: 'Ben', part: 'customer' });
    await events.until(({ state }) => 'phones' in state && state.phones.length === 5);
    await events.until(({ state }) => 'name' in state && state.name === 'Ben');
    const ben = world.state.phones.at(-1) ?? '';
    await perform(world, { act: 'send', phone: ANA, to: ben, content: { kind: 'text', text: 'Hello Ben' } });
    await events.until(({ state }) => 'chats' in state && state.number === ben && state.chats.length === 1);
    const variant = world.state.store.goods[0]?.variant ?? 0;
    expect(await send(JSON.stringify({ act: 'store', step: { do: 'add', variant } }))).toEqual([204, '']);
    await events.until(({ state }) => 'store' in state && state.store.cart?.pieces === 1);
    await events.close();
  });

  it('is said by the bot alone where the bot’s own books are asked for', async () => {
    for (const path of [`/inspect/contact/${ANA}`, `/inspect/message/${ANA}/ANY`]) {
      const answer = await page.request(path);
      expect(answer.status).toBe(409);
      expect(await answer.json()).toEqual({
        error: 'The bot is not running, so nobody can ask what it has stored. Start it first.',
      });
    }
    expect((await page.request('/qr.svg')).status).toBe(404);
  });
});

it('The page is there for this machine only', async () => {
  const server = await servePage(page, 0);

  // Another address of this machine, where whoever listens on all of them would answer.
  await expect(fetch(`http://127.0.0.2:${server.port}/`)).rejects.toThrow('fetch failed');
  await server.close();
});

it('Another program on the port is named, so that another port can be chosen', async () => {
  const first = await servePage(page, 0);

  await expect(servePage(page, first.port)).rejects.toThrow(PortTaken);
  await first.close();
});

interface Told {
  readonly event: string;
  readonly state: WorldState | PhoneState;
}

/** Listens as a browser does. */
async function listen() {
  const stop = new AbortController();
  const answer = await page.request('/events', { signal: stop.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const told: Told[] = [];
  let rest = '';
  const read = async () => {
    const { value = '' } = (await reader?.read()) ?? {};
    const parts = (rest + value).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [, event, data] = /event: (\w+)\ndata: (.*)/.exec(part) ?? [];
      if (event && data) {
        told.push({ event, state: JSON.parse(data) });
      }
    }
  };
  return {
    async next(count: number): Promise<readonly Told[]> {
      while (told.length < count) {
        await read();
      }
      return told.splice(0, count);
    },
    async until(matches: (one: Told) => boolean): Promise<Told> {
      for (;;) {
        const [one] = await this.next(1);
        if (one && matches(one)) {
          return one;
        }
      }
    },
    async close() {
      await reader?.cancel();
      stop.abort();
    },
  };
}
