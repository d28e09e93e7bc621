import { afterEach, beforeEach, expect, it } from 'vitest';
import { seconds } from '../lib/time.ts';
import type { Phone } from './phone.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { startTrial, type Trial } from './trial.ts';

const BOB = '34600000003';

let clock: SimulatedClock;
let trial: Trial;

beforeEach(async () => {
  clock = new SimulatedClock(new Date('2026-11-22T10:05:00Z'));
  trial = await startTrial(clock);
});

afterEach(async () => {
  await trial.end();
  expect(trial.whatsapp.unanswered).toEqual([]);
});

it('shows typing until the message comes', async () => {
  trial.bob.type(trial.ana.number, 'recording');
  expect(trial.ana.typingOf(BOB)).toBe('recording');

  await trial.bob.send(trial.ana.number, 'Hello');
  await trial.ana.nextMessage();

  expect(trial.ana.typingOf(BOB)).toBeUndefined();
});

it('shows typing for 25 seconds after it last heard of it', async () => {
  trial.bob.type(trial.ana.number, 'composing');
  clock.advance(seconds(20));
  trial.bob.type(trial.ana.number, 'composing');
  clock.advance(seconds(24));
  expect(trial.ana.typingOf(BOB)).toBe('composing');

  clock.advance(seconds(1));
  await trial.ana.sees(BOB, 'paused');

  expect(trial.ana.typingOf(BOB)).toBeUndefined();
});

it('learns nothing of ticks while it is switched off, and never of typing meanwhile', async () => {
  const { id } = await trial.ana.send(BOB, 'Hello');
  await trial.ana.ticks(id, 'delivered');
  trial.ana.switchOff();
  expect(trial.ana.isOn).toBe(false);

  trial.bob.markRead(trial.ana.number);
  trial.bob.type(trial.ana.number, 'composing');
  expect(trial.ana.chats.find(id)?.ticks).toBe('delivered');
  trial.ana.switchOn();

  expect(trial.ana.isOn).toBe(true);
  expect(trial.ana.chats.find(id)?.ticks).toBe('read');
  expect(trial.ana.typingOf(BOB)).toBeUndefined();
});

it('can be switched off, off again, and on at once', async () => {
  trial.ana.switchOff();
  trial.ana.switchOff();
  trial.ana.switchOn();

  const { id } = await trial.bob.send(trial.ana.number, 'Hello');

  await trial.bob.ticks(id, 'delivered');
});

interface Change {
  readonly when: string;
  act(phones: Trial, message: string): unknown;
  seen(screen: Phone): unknown;
}

const ofBob = ({ chats }: Phone) => chats.with(BOB).find(({ from }) => from === BOB);
const ofAna = ({ chats }: Phone) => chats.with(BOB).find(({ from }) => from !== BOB);

it.each<Change>([
  {
    when: 'a message comes',
    act: ({ bob, ana }) => bob.send(ana.number, 'And you?'),
    seen: ({ chats }) => chats.with(BOB).length,
  },
  {
    when: 'a message is written on it',
    act: ({ ana }) => ana.send(BOB, 'Hi'),
    seen: ({ chats }) => chats.with(BOB).length,
  },
  {
    when: 'a message is edited',
    act: ({ bob, ana }, of) => bob.send(ana.number, { kind: 'edit', of, text: 'Hello, Ana' }),
    seen: (screen) => ofBob(screen)?.text,
  },
  {
    when: 'a message is deleted',
    act: ({ bob, ana }, of) => bob.send(ana.number, { kind: 'delete', of }),
    seen: (screen) => ofBob(screen)?.deleted,
  },
  {
    when: 'its person reacts',
    act: ({ ana }, to) => ana.send(BOB, { kind: 'reaction', to, emoji: '👍' }),
    seen: (screen) => Object.values(ofBob(screen)?.reactions ?? {}).length,
  },
  {
    when: 'the other side reads',
    act: ({ bob, ana }) => bob.markRead(ana.number),
    seen: (screen) => ofAna(screen)?.ticks,
  },
  {
    when: 'its person reads',
    act: ({ ana }) => ana.markRead(BOB),
    seen: (screen) => ofBob(screen)?.ticks,
  },
  {
    when: 'the other side types',
    act: ({ bob, ana }) => bob.type(ana.number, 'composing'),
    seen: (screen) => screen.typingOf(BOB),
  },
  { when: 'it is switched off', act: ({ ana }) => ana.switchOff(), seen: ({ isOn }) => isOn },
])('tells who watches a phone when $when', async ({ act, seen }) => {
  const { ana, bob } = trial;
  const asked = await ana.send(BOB, 'Hello?');
  await ana.ticks(asked.id, 'delivered');
  const { id } = await bob.send(ana.number, 'Hello');
  await ana.shows(id);
  const before = seen(ana);
  const told = new Promise<unknown>((resolve) => {
    ana.watch(() => seen(ana) !== before && resolve(seen(ana)));
  });

  await act(trial, id);

  expect(await told).not.toEqual(before);
});

it('tells who watches a phone when it is switched on', () => {
  trial.ana.switchOff();
  const states: boolean[] = [];
  trial.ana.watch(() => states.push(trial.ana.isOn));

  trial.ana.switchOn();

  expect(states).toContain(true);
});

it('tells who watches a phone when a bot is linked to it and when it is removed, until it is told to stop', async () => {
  const counts: number[] = [];
  const stop = trial.shop.watch(() => counts.push(trial.shop.linkedDevices));
  const bot = trial.bot();

  await trial.shop.scan(await bot.qr());
  expect(counts.at(-1)).toBe(1);
  trial.shop.unlinkDevices();
  expect(counts.at(-1)).toBe(0);

  stop();
  const told = counts.length;
  await trial.ana.send(trial.shop.number, 'Hello');
  await trial.shop.nextMessage();
  expect(counts).toHaveLength(told);
});
