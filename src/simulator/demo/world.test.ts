import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elapsed, hours, minutes } from '../../lib/time.ts';
import { perform } from './acts.ts';
import { DemoBot } from './demo-bot.ts';
import { makePage } from './page-server.ts';
import type { Act, Bubble, Inspection, WorldState } from './page-state.ts';
import type { StoreStep } from './page-store.ts';
import { World } from './world.ts';

// The world with the real bot in a process of its own: one bot, whose story goes on from test to test.

const SHOP = '34600000001';
const OLGA = '34600000002';
const ANA = '34600000003';

let temporary: string;
let world: World;
let page: ReturnType<typeof makePage>;

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), 'world-test-'));
  world = await openWorld(join(temporary, 'data'));
  page = makePage(world);
});

afterAll(async () => {
  await world?.close();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
});

function makeBot(directory: string): DemoBot {
  return new DemoBot({ directory, environment: process.env });
}

function openWorld(directory: string): Promise<World> {
  const spawn = () => makeBot(directory);
  return World.open({ spawn, timeZone: 'UTC', language: undefined, logLevel: 'silent' });
}

/** A busy machine takes its time to set up a database. */
const PATIENCE_MS = 50_000;

const botIs = (state: string) => expect.poll(() => world.state.bot.link?.state, { timeout: PATIENCE_MS }).toBe(state);
const told = () => world.state.happenings.map(({ text }) => text);
const bubbles = (phone: string, chat: string): readonly Bubble[] =>
  world.screen(phone).chats.find((one) => one.with === chat)?.bubbles ?? [];
const last = (phone: string, chat: string) => bubbles(phone, chat).at(-1);
const written = (text: string, phone = OLGA, to = SHOP): Act => ({
  act: 'send',
  phone,
  to,
  content: { kind: 'text', text },
});

async function refusalOf(path: string): Promise<unknown> {
  const answer = await page.request(path);
  return [answer.status, ((await answer.json()) as { readonly error: string }).error];
}

async function inspected(path: string): Promise<Inspection> {
  const answer = await page.request(path);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Inspection;
}

describe('The bot’s first start', () => {
  it('is one process only, which shows a code of its own until a phone scans it', async () => {
    await world.seat.start(makeBot(join(temporary, 'data')));
    expect(world.state.bot).toEqual({ process: 'starting', link: undefined, pairingPage: undefined });
    await expect(world.seat.start()).rejects.toThrow('The bot is running already.');

    await botIs('pairing');

    const { link, process: state } = world.state.bot;
    expect(state).toBe('running');
    const code = await page.request(link?.qr ?? '');
    expect([code.status, code.headers.get('content-type'), code.headers.get('cache-control')]).toEqual([
      200,
      'image/svg+xml',
      'no-store',
    ]);
    expect(Date.parse(link?.qrExpiresAt ?? '')).toBeGreaterThan(world.clock.now().getTime());
    expect(told().filter((text) => /start|problem/.test(text))).toEqual([]);
  });

  it('is not linked by a phone that is off, and the story does not say so', async () => {
    await perform(world, { act: 'power', phone: SHOP, on: false });

    await expect(perform(world, { act: 'scan' })).rejects.toThrow('Mug Shop’s phone is off. Switch it on first.');

    expect(told().join()).not.toContain('scanned');
    expect(world.screen(SHOP).linkedDevices).toBe(0);
    await perform(world, { act: 'power', phone: SHOP, on: true });
  });

  it('ends with the link, which the story tells once', async () => {
    await perform(world, { act: 'scan' });
    await botIs('linked');

    expect(world.screen(SHOP).linkedDevices).toBe(1);
    expect((await page.request('/qr.svg')).status).toBe(404);
    const says = told().filter((text) => text.startsWith('The bot says: '));
    expect(new Set(says).size).toBe(says.length);
    expect(told()).toContain('The phone of Mug Shop scanned the code.');
    await expect(perform(world, { act: 'scan' })).rejects.toThrow('The bot shows no code just now.');
  });
});

describe('What the bot writes', () => {
  it('is marked as its own on both phones, where its buttons can be tapped on', async () => {
    await perform(world, written('test buttons'));
    await expect.poll(() => last(OLGA, SHOP)).toMatchObject({ byBot: true, mine: false, author: 'Mug Shop' });
    const { id = '', choices = [] } = last(OLGA, SHOP) ?? {};
    expect(choices.map(({ token }) => token)).toEqual(['command:test buttons', 'command:help']);
    expect(last(SHOP, OLGA)).toMatchObject({ id, byBot: true, mine: true });
    expect(bubbles(OLGA, SHOP)[0]).toMatchObject({ byBot: false, mine: true });

    await expect(perform(world, { act: 'tap', phone: OLGA, message: id, token: 'command:set' })).rejects.toThrow(
      'shows no choice',
    );
    await perform(world, { act: 'tap', phone: OLGA, message: id, token: 'command:test buttons' });

    await expect.poll(() => last(OLGA, SHOP)?.text).toContain('Your tap reached me');
    expect(bubbles(OLGA, SHOP).map(({ byBot }) => byBot)).toEqual([false, true, false, true]);
  });

  it('leaves the ticks to the phones: the shop’s phone confirms, and does not read', async () => {
    await perform(world, written('Good morning', ANA));

    await expect.poll(() => last(ANA, SHOP)?.ticks).toBe('delivered');
    expect(world.screen(SHOP).chats.find((chat) => chat.with === ANA)?.unread).toBe(1);
    expect(world.screen(OLGA).chats[0]?.unread).toBe(2);
    // It rings for three seconds; how that ends is looked for further down.
    await perform(world, { act: 'call', phone: ANA, to: SHOP, video: false });
    expect(told().at(-1)).toBe('Ana calls Mug Shop.');
  });
});

describe('What the bot has stored', () => {
  it('is told of the right person, on whichever phone one asks', async () => {
    const { id = '' } = last(SHOP, ANA) ?? {};
    for (const phone of [ANA, SHOP]) {
      const title = async () => (await inspected(`/inspect/message/${phone}/${id}`)).title;
      await expect.poll(title).toBe('A text from Ana: “Good morning”');
    }
    expect((await inspected(`/inspect/message/${OLGA}/${id}`)).title).toBe('A message that the bot does not have');
    expect((await inspected(`/inspect/contact/${OLGA}`)).why[0]).toContain('Olga has been an owner since');
    expect((await inspected(`/inspect/contact/${SHOP}`)).why[0]).toContain('This is the shop’s own number.');
  });
});

describe('The bot’s network', () => {
  it('is cut once and mended once, and the phones keep theirs', async () => {
    await perform(world, { act: 'network', up: false });
    await perform(world, { act: 'network', up: false });
    await botIs('connecting');
    expect(world.state.network).toBe('down');
    await perform(world, written('status'));
    await expect.poll(() => last(OLGA, SHOP)?.ticks).toBe('delivered');
    expect(last(OLGA, SHOP)?.text).toBe('status');

    await perform(world, { act: 'network', up: true });
    await perform(world, { act: 'network', up: true });

    await botIs('linked');
    await expect.poll(() => last(OLGA, SHOP)?.text).toContain('linked as');
    expect(told().filter((text) => text.includes('network'))).toEqual([
      'The bot’s network was cut.',
      'The bot’s network works again.',
    ]);
  });
});

describe('The time of the bot', () => {
  it('goes forward with the phones’, and the story names nothing as the bot’s that a person wrote', async () => {
    const { ahead } = world.state.clock;
    const arrived = perform(world, { act: 'forward', by: hours(1) });
    await perform(world, written('By hand', SHOP, ANA));
    await perform(world, written('help'));
    await arrived;

    expect(world.state.clock.ahead - ahead).toBeLessThanOrEqual(hours(1));
    // A machine that is very busy may take longer for the answer than the hour does.
    const details = world.state.happenings.at(-1)?.details ?? [];
    expect(details.slice(2).join()).toMatch(/^(?:The bot wrote to Olga: “[^”]{59}…”|The bot sent nothing\.)$/);
    expect(details[1]).toMatch(/^Timers that came due in the bot: [1-9]\d*\.$/);

    await perform(world, written('An hour later', ANA));
    await isLoggedNow('An hour later');
    await expect.poll(told).toContain('Mug Shop did not answer Ana’s call.');
  });
});

/** What Ana wrote last bears the time of this world in the bot’s log, too. */
async function isLoggedNow(text: string): Promise<void> {
  await expect.poll(() => last(ANA, SHOP)?.text).toBe(text);
  const path = `/inspect/message/${ANA}/${last(ANA, SHOP)?.id}`;
  const loggedAt = async () => rowOf(await inspected(path), 'Written into the log');
  await expect.poll(loggedAt).toBeDefined();
  expect(Math.abs(elapsed(new Date(`${await loggedAt()} UTC`), world.clock.now()))).toBeLessThan(minutes(5));
}

function rowOf({ sections }: Inspection, wanted: string): string | undefined {
  return sections.flatMap(({ rows }) => rows).find(({ label }) => label === wanted)?.value;
}

describe('The online shop', () => {
  const ana = { do: 'checkout', name: 'Ana Ruiz', phone: `+${ANA}`, consents: true } as const;
  const deliveries = () => world.state.store.deliveries.toReversed();
  const topicsTaken = () => deliveries().flatMap(({ topic, status }) => (status === 200 ? [topic] : []));
  const buy = (step: StoreStep) => perform(world, { act: 'store', step });
  const variant = () => world.state.store.goods[0]?.variant ?? 0;

  it('is asked by the bot to tell it what happens', async () => {
    await expect.poll(() => world.state.store.subscriptions, { timeout: PATIENCE_MS }).toBe(12);
  });

  it('tells the bot every step, signed, and the bot takes it', async () => {
    await buy({ do: 'add', variant: variant() });
    await buy({ ...ana, consents: false });
    await buy(ana);
    await buy({ do: 'pay' });
    const [{ id = 0 } = {}] = world.state.store.orders;
    await buy({ do: 'complete', order: id });
    await buy({ do: 'refund', order: id });

    await expect
      .poll(topicsTaken)
      .toEqual([
        'carts/create',
        'checkouts/create',
        'customers_whats_app_marketing_consent/update',
        'checkouts/update',
        'orders/create',
        'checkouts/update',
        'orders/paid',
        'orders/fulfilled',
        'refunds/create',
      ]);
    expect(deliveries().every(({ tries, state }) => tries === 1 && state === 'taken')).toBe(true);
  });

  it('tells it once more what it could not take, because it was dead', async () => {
    await perform(world, { act: 'bot', do: 'kill' });
    await buy({ do: 'add', variant: variant() });
    await expect.poll(() => deliveries().at(-1)).toMatchObject({ topic: 'carts/create', state: 'waiting', tries: 1 });
    expect(deliveries().at(-1)?.status).toBeUndefined();

    await perform(world, { act: 'bot', do: 'start' });

    await expect.poll(() => deliveries().at(-1), { timeout: PATIENCE_MS }).toMatchObject({ state: 'taken', tries: 2 });
    await botIs('linked');
    expect(world.state.store.subscriptions).toBe(12);
  });
});

describe('A bot that was killed', () => {
  let before: WorldState['bot'];

  it('is gone with all that it said, and stays linked on the shop’s phone', async () => {
    before = world.state.bot;
    await perform(world, { act: 'bot', do: 'kill' });

    expect(world.state.bot).toEqual({ process: 'ended', link: undefined, pairingPage: undefined });
    expect(world.screen(SHOP).linkedDevices).toBe(1);
    expect(await refusalOf(`/inspect/contact/${ANA}`)).toEqual([
      409,
      'The bot is not running, so nobody can ask what it has stored. Start it first.',
    ]);
    await expect(perform(world, { act: 'bot', do: 'kill' })).rejects.toThrow('The bot is not running. Start it first.');
    expect(told().at(-1)).toBe('The bot was killed, as by a power cut.');
  });

  it('leaves nobody waiting for its answer', async () => {
    await perform(world, { act: 'bot', do: 'start' });
    // It answers that only when its database is open.
    const answer = world.seat.bot?.ask('inspect-contact', { person: world.addressesOf(ANA) });
    const [outcome] = await Promise.allSettled([answer, perform(world, { act: 'bot', do: 'kill' })]);

    expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'The bot is not running' } });
  });

  it('starts again in the time that it is by then, even while that moves, and answers what waited once', async () => {
    await perform(world, { act: 'forward', by: hours(2) });
    expect(world.state.happenings.at(-1)?.details).toContain(
      'The bot was not running: it gets the time when it starts.',
    );
    await perform(world, written('health'));
    await perform(world, { act: 'bot', do: 'start' });
    expect(await refusalOf(`/inspect/contact/${ANA}`)).toMatchObject([409, expect.stringContaining('not running')]);
    await perform(world, { act: 'forward', by: hours(1) });
    await botIs('linked');

    expect(world.state.bot.pairingPage).toBe(before.pairingPage);
    await expect.poll(() => last(OLGA, SHOP)?.text).toContain('Database: embedded');
    await perform(world, written('Three hours later', ANA));
    await isLoggedNow('Three hours later');
    expect(bubbles(OLGA, SHOP).filter(({ text }) => text.includes('Database: embedded'))).toHaveLength(1);
    expect(told().filter((text) => text === 'The bot was started again, with the same data.')).toHaveLength(3);
  });
});

describe('The end', () => {
  it('of the link is told when the shop’s phone had one', async () => {
    await perform(world, { act: 'unlink' });
    await botIs('pairing');

    expect(world.screen(SHOP).linkedDevices).toBe(0);
    const removed = 'The shop’s phone removed the bot under “Linked devices”.';
    await expect(perform(world, { act: 'unlink' })).rejects.toThrow('No bot is linked to the shop’s phone.');
    expect(told().filter((text) => text === removed)).toHaveLength(1);
  });

  it('of the world is the end of the bot, for good', async () => {
    await world.close();

    expect(world.state.bot.process).toBe('ended');
    await expect(world.seat.start()).rejects.toThrow('The bot is running already.');
  });

  it('of the demo, however it comes, is the end of the bot', async () => {
    const program = fileURLToPath(new URL('bot-main.ts', import.meta.url));
    const bot = fork(program, [join(temporary, 'data')], { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
    bot.send({ kind: 'question', number: 1, name: 'next-waking', ask: { limit: world.clock.now() } });
    await once(bot, 'message');

    bot.disconnect();

    expect(await once(bot, 'exit')).toEqual([0, null]);
  });
});

describe('A bot that does not come up', () => {
  it('says why, and is gone', async () => {
    const file = join(temporary, 'file');
    writeFileSync(file, '');
    const other = await openWorld(join(file, 'data'));
    await other.seat.start();
    await expect.poll(() => other.state.bot.process, { timeout: PATIENCE_MS }).toBe('ended');

    expect(other.state.happenings.map(({ text }) => text).join('\n')).toMatch(/The bot has a problem: \S/);
    await other.close();
  });

  it('is known to be gone, even when it ended before it was to begin', async () => {
    const bot = makeBot(join(temporary, 'none'));
    await bot.kill();
    const other = await openWorld(join(temporary, 'none'));
    await other.seat.start(bot);

    expect(other.state.bot.process).toBe('ended');
    await other.close();
  });
});
