import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildShop } from '../app.ts';
import { type Address, sameAddress } from '../contacts/address.ts';
import { ensureOwners } from '../contacts/members.store.ts';
import { parsePhoneNumber } from '../contacts/phone.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { silentLog } from '../lib/log.ts';
import { hours, minutes } from '../lib/time.ts';
import { type OutgoingContent, readableText } from '../outbox/outgoing-content.ts';
import { setFirstValues } from '../settings/settings.store.ts';
import { MemoryTransport } from './memory-transport.ts';
import { SimulatedClock } from './simulated-clock.ts';

const SHOP_PHONE = '+34600000001';
const MONDAY_MORNING = new Date('2026-11-23T09:00:00Z');

/** The people of every scenario. */
const people: Readonly<Record<string, Address>> = {
  owner: { kind: 'phone', value: '+34600000002' },
  ana: { kind: 'phone', value: '+34600000003' },
  ben: { kind: 'phone', value: '+34600000004' },
};

/** A shop with people around it, on a simulated clock: what they write goes through the real rooms and a real database. */
export async function startScenario(database: Database, { withOwner = true, allowPrivateTargets = false } = {}) {
  const clock = new SimulatedClock(MONDAY_MORNING);
  const transport = new MemoryTransport(clock, SHOP_PHONE);
  const dataDirectory = mkdtempSync(join(tmpdir(), 'shopbell-scenario-'));
  const shop = buildShop({
    opened: { database, kind: 'embedded' },
    lease: alwaysHeld,
    clock,
    log: silentLog,
    dataDirectory,
    transport,
    outside: { allowPrivateTargets },
  });
  const owner = parsePhoneNumber(people['owner']?.value ?? '');
  // Nobody moves the clock while a customer would see the bot typing.
  const settings = { 'shop.name': 'Mug Shop', 'shop.timezone': 'Europe/Madrid', 'sending.typing': '0' };
  await setFirstValues(database, settings, clock.now());
  await ensureOwners(database, withOwner && owner ? [owner] : [], clock.now());
  shop.delivery.start();
  shop.fileEraser.start();
  /** What each button that was shown last stands for, by its label. */
  const buttons = new Map<string, string>();
  let lastId = 0;

  const say = (person: string, text: string) => send(person, { details: { kind: 'text' }, text });

  /** Taps on a button; a label that was never shown is a button that somebody has made up, with that as its token. */
  const tap = (person: string, label: string) =>
    send(person, { details: { kind: 'choice', token: buttons.get(label) ?? label }, text: label });

  async function send(person: string, content: Pick<IncomingMessage, 'details' | 'text'>): Promise<string[]> {
    lastId += 1;
    const message = { ...incoming(person, `MSG${lastId}`, clock.now()), ...content };
    await database.transaction((transaction) => shop.receive(transaction, [message], clock.now()));
    shop.delivery.wake();
    shop.fileEraser.wake();
    await shop.delivery.idle();
    await shop.fileEraser.idle();
    return transport.take().map(({ to, content }) => {
      for (const { label, token } of buttonsOf(content)) {
        buttons.set(label, token);
      }
      return `${speaker(to, person)}: ${shown(content)}`;
    });
  }

  async function stop(): Promise<void> {
    await Promise.all([shop.delivery.stop(), shop.fileEraser.stop()]);
    rmSync(dataDirectory, { recursive: true, force: true });
  }

  return { clock, transport, dataDirectory, say, tap, ...shop, stop };
}

export type Scenario = Awaited<ReturnType<typeof startScenario>>;

function buttonsOf(content: OutgoingContent) {
  return content.kind === 'choices' && content.buttons ? content.choices : [];
}

/** The words, and the buttons below them. */
function shown(content: OutgoingContent): string {
  const labels = buttonsOf(content).map(({ label }) => `[${label}]`);
  const file = 'file' in content ? [`(${content.kind}${content.name ? ` ${content.name}` : ''})`] : [];
  return [...file, readableText(content), ...(labels.length > 0 ? [labels.join(' ')] : [])].join('\n');
}

function incoming(person: string, whatsappId: string, sentAt: Date): Omit<IncomingMessage, 'details' | 'text'> {
  return {
    whatsappId,
    addresses: [addressOfPerson(person)],
    author: 'contact',
    pushName: person,
    quotedId: undefined,
    targetId: undefined,
    sentAt,
    way: 'live',
    raw: new Uint8Array(),
  };
}

function addressOfPerson(person: string): Address {
  const address = people[person];
  if (!address) {
    throw new Error(`Nobody in this scenario is called ${person}`);
  }
  return address;
}

/** Who is spoken to is named only when it is somebody else than who has just written. */
function speaker(to: Address, lastWriter: string): string {
  const name = Object.keys(people).find((person) => sameAddress(addressOfPerson(person), to));
  return name === lastWriter ? 'bot' : `bot to ${name}`;
}

/**
 * Plays a chat and answers how it went, in the same form: every line of a person is said, every line of the bot is replaced by what
 * the bot really said. Lines that begin with two spaces go on with the line above; `ana taps [Yes]` taps on a button of that name;
 * `(2 hours later)` moves the clock.
 */
export async function play(scenario: Scenario, chat: string): Promise<string> {
  const played: string[] = [];
  for (const line of readChat(chat)) {
    if (!line.startsWith('bot')) {
      played.push(line, ...(await playLine(scenario, line)));
    }
  }
  return played.map((line) => line.replaceAll('\n', '\n  ')).join('\n');
}

/** @returns what the bot says to it */
async function playLine(scenario: Scenario, line: string): Promise<readonly string[]> {
  const wait = /^\((\d+) (hour|minute)s? later\)$/.exec(line);
  const tapped = /^([a-z]+) taps \[(.+)\]$/.exec(line);
  const said = /^([a-z]+): ([\s\S]*)$/.exec(line);
  if (wait) {
    scenario.clock.advance(Number(wait[1]) * (wait[2] === 'hour' ? hours(1) : minutes(1)));
    return [];
  }
  if (tapped) {
    return scenario.tap(tapped[1] ?? '', tapped[2] ?? '');
  }
  if (said?.[1]) {
    return scenario.say(said[1], said[2] ?? '');
  }
  throw new Error(`This line of the chat cannot be played: ${line}`);
}

/** A chat as it is written in a test: without the indentation of the source. */
export function tidy(chat: string): string {
  const lines = chat.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent).trimEnd()).join('\n');
}

function readChat(chat: string): string[] {
  return tidy(chat)
    .replaceAll(/\n {2}/g, '\u0001')
    .split('\n')
    .map((line) => line.replaceAll('\u0001', '\n'));
}
