import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { parsePhoneNumber } from './contacts/phone.ts';
import type { Database } from './database/database.ts';
import { alwaysHeld } from './database/lease.ts';
import { contactAddresses, messages, outbox, whatsappSessions } from './database/schema.ts';
import { emptyTestDatabase } from './database/test-database.ts';
import { silentLog } from './lib/log.ts';
import { systemClock } from './lib/time.ts';
import type { Link } from './outbox/link.ts';
import type { Phone } from './simulator/phone.ts';
import { startWhatsAppServer, type WhatsAppServer } from './simulator/whatsapp-server.ts';
import { silenceConsole } from './whatsapp/quiet-libraries.ts';

// The whole bot against the simulated WhatsApp: real Baileys, real encryption, a real database.

const token = 'a-token-for-tests';
const shopNumber = '34600000001';
const ownerNumber = '34600000002';

let database: Database;
let whatsapp: WhatsAppServer;
let shop: Phone;
let owner: Phone;
let ana: Phone;
let app: App | undefined;
let links: Link[];
let notice: () => void;
let directory: string;

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  owner = whatsapp.addPhone({ number: ownerNumber, name: 'Olga' });
  ana = whatsapp.addPhone({ number: '34600000003', name: 'Ana' });
  links = [];
  notice = () => undefined;
  directory = mkdtempSync(join(tmpdir(), 'shopbell-app-'));
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  const { unanswered } = whatsapp;
  await whatsapp.close();
  rmSync(directory, { recursive: true, force: true });
  expect(unanswered).toEqual([]);
});

async function startBot(owners = [`+${ownerNumber}`]): Promise<void> {
  app = await startApp({
    opened: {
      database,
      kind: 'embedded',
      ping: async () => undefined,
      lease: () => alwaysHeld,
      close: async () => undefined,
    },
    dataDirectory: directory,
    clock: systemClock,
    log: silentLog,
    owners: owners.map((phone) => parsePhoneNumber(phone)).filter((phone) => phone !== undefined),
    firstSettings: { 'shop.name': 'Mug Shop', 'shop.timezone': 'Europe/Madrid' },
    whatsapp: { encryptionKey: undefined, url: whatsapp.url, rootKey: whatsapp.rootKey },
    web: { host: '127.0.0.1', port: 0, token },
    onLink(link) {
      links.push(link);
      notice();
    },
  });
}

/** Resolves with the first link from now on, the present one included, that matches. */
function linkWhen<Wanted extends Link>(matches: (link: Link) => link is Wanted): Promise<Wanted> {
  return new Promise((resolve) => {
    notice = () => {
      const last = links.at(-1);
      if (last && matches(last)) {
        resolve(last);
      }
    };
    notice();
  });
}

const inState =
  <State extends Link['state']>(state: State) =>
  (link: Link): link is Extract<Link, { state: State }> =>
    link.state === state;

async function startLinkedBot(owners?: string[]): Promise<void> {
  await startBot(owners);
  const { qr } = await linkWhen(inState('pairing'));
  await shop.scan(qr);
  await linkWhen(inState('linked'));
  await whatsapp.online(shop);
}

async function ask(phone: Phone, text: string): Promise<string> {
  await phone.send(shopNumber, text);
  return (await phone.nextMessage(({ from }) => from === shopNumber)).text;
}

function page(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${app?.port}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}` },
  });
}

describe('the bot', () => {
  it('links by QR, logs a customer without answering, and answers its owner', async () => {
    await startLinkedBot();

    await ana.send(shopNumber, 'Do you have blue mugs?');
    const answer = await ask(owner, 'help');
    await whatsapp.drained();

    expect(answer).toContain('*Mug Shop* — this is what you can ask me');
    expect(await loggedFrom('contact')).toEqual([
      { text: 'help', direction: 'in', phone: `+${ownerNumber}` },
      { text: 'Do you have blue mugs?', direction: 'in', phone: '+34600000003' },
    ]);
    expect(ana.chats.with(shopNumber).filter(({ from }) => from === shopNumber)).toEqual([]);
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  });

  it('links by a code that is typed on the phone', async () => {
    await startBot();
    await linkWhen(inState('pairing'));

    const answer = await page('/pair/code', {
      method: 'POST',
      body: new URLSearchParams({ phone: '+34 600 000 001' }),
    });
    const { code } = (await answer.json()) as { code: string };
    await shop.enterPairingCode(code);
    await linkWhen(inState('linked'));

    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    expect(await ask(owner, 'help')).toContain('Mug Shop');
  });

  it('lets the first owner in by the code of the pairing page', async () => {
    await startLinkedBot([]);
    const { claimCode } = (await (await page('/pair.json')).json()) as { claimCode: string };

    expect(await ask(ana, `claim ${claimCode}`)).toContain('You are now the owner of the bot of *Mug Shop*');

    expect(await ask(ana, 'status')).toContain('Owners: 1');
    expect(await (await page('/pair.json')).json()).not.toHaveProperty('claimCode');
  });

  it('follows an answer of its own from sent to read', async () => {
    await startLinkedBot();
    await ask(owner, 'help');
    owner.markRead(shopNumber);

    await shop.ticks(owner.chats.with(shopNumber).at(-1)?.id ?? '', 'read');
    await expect.poll(async () => (await database.select().from(outbox)).map(({ state }) => state)).toEqual(['read']);
  });

  it('logs what the shop types on its own phone, and what came while it was away', async () => {
    await startLinkedBot();
    await app?.stop();
    await ana.send(shopNumber, 'Are you there?');
    await shop.send('34600000003', 'Yes, how can I help?');
    links = [];
    await startBot();
    await linkWhen(inState('linked'));
    await whatsapp.online(shop);
    await whatsapp.drained();

    await expect
      .poll(() => loggedFrom('shop-phone'))
      .toEqual([{ text: 'Yes, how can I help?', direction: 'out', phone: '+34600000003' }]);
    expect(await loggedFrom('contact')).toEqual([{ text: 'Are you there?', direction: 'in', phone: '+34600000003' }]);
    expect(await database.select({ arrival: messages.arrival }).from(messages)).toEqual([
      { arrival: 'offline' },
      { arrival: 'offline' },
    ]);
  });

  it('takes a message of 60 kB from a customer whole', async () => {
    await startLinkedBot();
    const text = 'ñandú 🦤 '.repeat(6000);

    await ana.send(shopNumber, text);
    await whatsapp.drained();

    await expect.poll(async () => (await loggedFrom('contact'))[0]?.text).toBe(text);
  });

  it.each(['lid', 'pn'] as const)(
    'answers 300 questions in bursts from 10 people at once, and no phone asks for a retry (%s addressing)',
    async (addressing) => {
      const people = Array.from({ length: 10 }, (_, index) =>
        whatsapp.addPhone({ number: `3460000010${index}`, name: `Member ${index}`, addressing }),
      );
      await startLinkedBot(people.map(({ number }) => `+${number}`));

      for (let burst = 0; burst < 6; burst++) {
        const questions = Array.from({ length: 5 }, (_, index) => `help ${burst}${index}`);
        await Promise.all(
          people.flatMap((person) => [
            ...questions.map((question) => person.send(shopNumber, question)),
            ...questions.map(() => person.nextMessage(({ from }) => from === shopNumber)),
          ]),
        );
      }

      const answers = people.map(
        (person) => person.chats.with(shopNumber).filter(({ from }) => from === shopNumber).length,
      );
      expect(answers).toEqual(people.map(() => 30));
      expect(people.map(({ retriesAsked, retriesAnswered }) => retriesAsked + retriesAnswered)).toEqual(
        people.map(() => 0),
      );
      expect(whatsapp.refusals).toEqual([]);
      expect(whatsapp.idsSeenTwice).toEqual([]);
    },
    120_000,
  );
});

describe('when the link breaks', () => {
  it('connects again by itself after the connection was cut, and loses nothing', async () => {
    await startLinkedBot();
    links = [];
    whatsapp.dropConnections();
    await ana.send(shopNumber, 'Hello?');

    await linkWhen((link): link is Link => links.some(inState('connecting')) && link.state === 'linked');
    await whatsapp.drained();

    await expect.poll(() => loggedFrom('contact')).toHaveLength(1);
  });

  it('archives the login when the phone has ended the link, and offers a new pairing that works', async () => {
    await startLinkedBot();
    links = [];
    shop.unlinkDevices();

    const { qr, after } = await linkWhen(inState('pairing'));
    expect(after).toBe('logged-out');
    expect(await (await page('/pair.json')).json()).toMatchObject({ title: 'the link was ended on the phone' });
    await shop.scan(qr);
    await linkWhen(inState('linked'));

    expect(await ask(owner, 'help')).toContain('Mug Shop');
    const sessions = await database.select().from(whatsappSessions).orderBy(asc(whatsappSessions.id));
    expect(sessions.map(({ endedBecause }) => endedBecause)).toEqual(['logged-out', null]);
  });

  it('does not fight for a session that is used elsewhere, and says what to do', async () => {
    await startLinkedBot();
    whatsapp.replaceSession(shop);

    const { because, until, since } = await linkWhen(inState('stopped'));

    expect(because).toBe('replaced');
    expect((until?.getTime() ?? 0) - since.getTime()).toBe(600_000);
    expect(await (await page('/readyz')).json()).toEqual({
      database: 'ok',
      whatsapp: 'stopped',
      state: 'another program uses the same link',
      advice: 'Stop the other one, then restart me. I try once more by myself after ten minutes.',
    });
  });

  it('waits while WhatsApp is busy, and says until when', async () => {
    await startLinkedBot();
    links = [];
    whatsapp.sendStreamError(shop, 503);

    const link = await linkWhen((one): one is Extract<Link, { state: 'connecting' }> => one.state === 'connecting');

    expect(link.trouble).toBe('server-unavailable');
    expect((link.retryAt?.getTime() ?? 0) - link.since.getTime()).toBeGreaterThanOrEqual(5000);
  });
});

async function loggedFrom(author: 'contact' | 'shop-phone') {
  return database
    .select({ text: messages.text, direction: messages.direction, phone: contactAddresses.value })
    .from(messages)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, messages.contactId))
    .where(and(eq(messages.author, author), eq(contactAddresses.kind, 'phone')))
    .orderBy(asc(messages.contactId), asc(messages.id));
}
