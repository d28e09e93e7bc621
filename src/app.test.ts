import { and, asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, startApp } from './app.ts';
import { parsePhoneNumber } from './contacts/phone.ts';
import type { Database } from './database/database.ts';
import { contactAddresses, messages, whatsappSessions } from './database/schema.ts';
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
let onLink: (link: Link) => void;

beforeEach(async () => {
  silenceConsole(silentLog);
  database = await emptyTestDatabase();
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: shopNumber, name: 'Mug Shop' });
  owner = whatsapp.addPhone({ number: ownerNumber, name: 'Olga' });
  ana = whatsapp.addPhone({ number: '34600000003', name: 'Ana' });
  links = [];
  onLink = () => undefined;
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  const { unanswered } = whatsapp;
  await whatsapp.close();
  expect(unanswered).toEqual([]);
});

async function startBot({ owners = [`+${ownerNumber}`] } = {}): Promise<App> {
  return startApp({
    opened: { database, kind: 'embedded', ping: async () => undefined, close: async () => undefined },
    clock: systemClock,
    log: silentLog,
    owners: owners.map((phone) => parsePhoneNumber(phone)).filter((phone) => phone !== undefined),
    firstSettings: { 'shop.name': 'Mug Shop', 'shop.timezone': 'Europe/Madrid' },
    whatsapp: { encryptionKey: undefined, url: whatsapp.url, rootKey: whatsapp.rootKey },
    web: { host: '127.0.0.1', port: 0, token },
    onLink(link) {
      links.push(link);
      onLink(link);
    },
  });
}

function linkThat<State extends Link['state']>(state: State): Promise<Extract<Link, { state: State }>> {
  return new Promise((resolve) => {
    const check = (link: Link) => {
      if (link.state === state) {
        resolve(link as Extract<Link, { state: State }>);
      }
    };
    const last = links.at(-1);
    if (last) {
      check(last);
    }
    onLink = check;
  });
}

async function linkedBot(options: { owners?: string[] } = {}): Promise<App> {
  const started = await startBot(options);
  const { qr } = await linkThat('pairing');
  await shop.scan(qr);
  await linkThat('linked');
  await whatsapp.online(shop);
  return started;
}

async function ask(phone: Phone, text: string): Promise<string> {
  const before = Date.now();
  await phone.send(shopNumber, text);
  const answer = await phone.nextMessage((message) => message.from === shopNumber);
  expect(Date.now() - before).toBeLessThan(30_000);
  return answer.text;
}

describe('the bot', () => {
  it('links by QR, logs a customer without answering, and answers its owner', async () => {
    app = await linkedBot();

    await ana.send(shopNumber, 'Do you have blue mugs?');
    const answer = await ask(owner, 'help');

    expect(answer).toContain('*Mug Shop*');
    const lines = await database
      .select({
        text: messages.text,
        direction: messages.direction,
        kind: contactAddresses.kind,
        value: contactAddresses.value,
      })
      .from(messages)
      .innerJoin(contactAddresses, eq(contactAddresses.contactId, messages.contactId))
      .where(and(eq(messages.author, 'contact'), eq(contactAddresses.kind, 'phone')))
      .orderBy(asc(messages.contactId), asc(messages.id));
    expect(lines).toEqual([
      { text: 'Do you have blue mugs?', direction: 'in', kind: 'phone', value: '+34600000003' },
      { text: 'help', direction: 'in', kind: 'phone', value: `+${ownerNumber}` },
    ]);
    expect(await database.select().from(whatsappSessions)).toHaveLength(1);
  });
});
