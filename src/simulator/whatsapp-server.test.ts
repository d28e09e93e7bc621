import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../lib/time.ts';
import type { Phone } from './phone.ts';
import { StockBot } from './stock-bot.ts';
import { startWhatsAppServer, type WhatsAppServer } from './whatsapp-server.ts';

let whatsapp: WhatsAppServer;
let shop: Phone;
let ana: Phone;
let bob: Phone;
const bots: StockBot[] = [];

beforeEach(async () => {
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
  whatsapp = await startWhatsAppServer({ clock: systemClock });
  shop = whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' });
  ana = whatsapp.addPhone({ number: '34600000002', name: 'Ana' });
  bob = whatsapp.addPhone({ number: '34600000003', name: 'Bob', addressing: 'pn' });
});

afterEach(async () => {
  expect(whatsapp.unanswered).toEqual([]);
  await Promise.all(bots.splice(0).map((bot) => bot.stop()));
  await whatsapp.close();
  vi.restoreAllMocks();
});

it('links unmodified Baileys by QR code', async () => {
  const bot = await linkedBot();

  expect(bot.closeCodes).toEqual([515]);
  expect(bot.memory.creds.me?.id).toBe('34600000001:1@s.whatsapp.net');
  expect(bot.memory.creds.me?.lid).toBe(`${shop.lid}:1@lid`);
});

it('brings a message from a phone to the bot', async () => {
  const bot = await linkedBot();

  const sent = await ana.send(shop.number, 'Hello');

  const heard = await bot.hears('Hello');
  expect(heard.message.key.id).toBe(sent.id);
});

async function linkedBot(): Promise<StockBot> {
  const bot = new StockBot(whatsapp).start();
  bots.push(bot);
  await shop.scan(await bot.qr());
  await whatsapp.online(shop);
  await bot.online();
  return bot;
}

it('brings a message from someone who is addressed by phone number', async () => {
  const bot = await linkedBot();

  await bob.send(shop.number, 'Hello from Bob');

  const heard = await bot.hears('Hello from Bob');
  expect(heard.message.key.remoteJid).toBe('34600000003@s.whatsapp.net');
  expect(heard.message.key.remoteJidAlt).toBe(`${bob.lid}@lid`);
});
