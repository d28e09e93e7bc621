import type { Phone } from '../../src/simulator/phone.ts';
import type { PreparedMessage } from '../../src/simulator/prepared-message.ts';
import type { WhatsAppServer } from '../../src/simulator/whatsapp-server.ts';
import type { Figures } from './bot-talk.ts';
import type { BotUnderTest } from './bot-under-test.ts';
import { built } from './built.ts';
import { closeLater } from './closing.ts';

/** How long a bot may take for one release of messages. */
export const PATIENCE_MS = 300_000;
const LOOK_AGAIN_MS = 10;
/** While phones encrypt, bots get an answer to their pings at least this often. */
const ENCRYPTED_AT_ONCE = 50;

/** A local WhatsApp with people on it. */
export interface Stage {
  readonly whatsapp: WhatsAppServer;
  addShop(): Phone;
  addCustomers(count: number): readonly Phone[];
}

export async function startStage(): Promise<Stage> {
  const { startWhatsAppServer } =
    await built<typeof import('../../src/simulator/whatsapp-server.ts')>('simulator/whatsapp-server.js');
  const { systemClock } = await built<typeof import('../../src/lib/time.ts')>('lib/time.js');
  const whatsapp = await startWhatsAppServer({ clock: systemClock });
  closeLater(() => whatsapp.close());
  let people = 0;
  const addPhone = (name: string) => {
    people += 1;
    return whatsapp.addPhone({ number: String(34_600_000_000 + people), name: `${name} ${people}` });
  };
  return {
    whatsapp,
    addShop: () => addPhone('Shop'),
    addCustomers: (count) => Array.from({ length: count }, () => addPhone('Customer')),
  };
}

/** The variables that lead a bot to this WhatsApp. */
export function wayTo({ whatsapp }: Stage): Readonly<Record<string, string>> {
  return { WHATSAPP_URL: whatsapp.url, WHATSAPP_ROOT_KEY: whatsapp.rootKey };
}

/** Links a bot that was just started, and waits until its first synchronisation is over. */
export async function link({ whatsapp }: Stage, shop: Phone, bot: BotUnderTest): Promise<void> {
  await shop.scan(await bot.qr());
  await bot.whileAlive(whatsapp.online(shop));
  await bot.whileAlive(whatsapp.drained());
}

/** Has every customer write once and the bot answer each: from then on their messages need no new session. */
export async function openChats(
  stage: Stage,
  shop: Phone,
  bot: BotUnderTest,
  customers: readonly Phone[],
): Promise<void> {
  await deliver(stage, bot, await encrypt(customers, shop, customers.length));
  await bot.answer(customers.map(({ lid }) => lid));
  const answered = customers.map((customer) => customer.nextMessage(({ from }) => from === shop.number, PATIENCE_MS));
  await customers[0]?.send(shop.number, textOf(0));
  await bot.whileAlive(Promise.all(answered));
  await bot.whileAlive(stage.whatsapp.drained());
}

/** Messages of the customers in turn, ready to be released. */
export async function encrypt(customers: readonly Phone[], shop: Phone, count: number): Promise<PreparedMessage[]> {
  const prepared: PreparedMessage[] = [];
  while (prepared.length < count) {
    for (const customer of customers.slice(0, count - prepared.length)) {
      prepared.push(await customer.prepare(shop.number, textOf(prepared.length)));
      if (prepared.length % ENCRYPTED_AT_ONCE === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  return prepared;
}

/** About 85 characters, as long as what people write to shops. */
function textOf(number: number): string {
  return `Hello! Do you still have the blue mug with the sailing boat? I saw it on page ${number} of it`;
}

export interface Effort {
  readonly seconds: number;
  /** Processor time of the bot's process. */
  readonly cpuMs: number;
}

/** From the release of messages until the bot has confirmed them all and, when it is one that stores, has them in its log. */
export async function deliver(
  { whatsapp }: Stage,
  bot: BotUnderTest,
  messages: readonly PreparedMessage[],
): Promise<Effort> {
  const before = await bot.figures();
  const isStored = ({ stored }: Figures) => stored === undefined || stored >= (before.stored ?? 0) + messages.length;
  const started = performance.now();
  whatsapp.release(messages);
  await bot.whileAlive(whatsapp.drained(PATIENCE_MS));
  let after = await bot.figures();
  while (!isStored(after)) {
    if (performance.now() - started > PATIENCE_MS) {
      throw new Error('The bot has confirmed messages that never appeared in its log');
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    after = await bot.figures();
  }
  return { seconds: (performance.now() - started) / 1000, cpuMs: after.cpuMs - before.cpuMs };
}

/** Stops at anything that makes the figures worthless: messages refused, or stanzas that the local WhatsApp does not know. */
export function checkTruth({ whatsapp }: Stage): void {
  const { refusals, unanswered } = whatsapp;
  if (refusals.length > 0 || unanswered.length > 0) {
    throw new Error(`Not a valid measurement: ${refusals.length} refusals, not understood: ${unanswered.join('; ')}`);
  }
}
