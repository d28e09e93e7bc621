import { systemClock } from '../lib/time.ts';
import type { Phone } from './phone.ts';
import { StockBot } from './stock-bot.ts';
import { startWhatsAppServer, type WhatsAppServer } from './whatsapp-server.ts';

/** A server with a shop and two customers, and unmodified Baileys as the shop's bot: the stage of one test. */
export interface Trial {
  readonly whatsapp: WhatsAppServer;
  readonly shop: Phone;
  /** Her chats are addressed by hidden id. */
  readonly ana: Phone;
  /** His chats are addressed by phone number. */
  readonly bob: Phone;
  /** A bot that has been started and is not linked; with the memory of another it is the same device. */
  bot(memory?: StockBot['memory']): StockBot;
  /** A bot that is linked to the shop, logged in and past its first synchronisation. */
  linkedBot(): Promise<StockBot>;
  end(): Promise<void>;
}

export async function startTrial(clock = systemClock): Promise<Trial> {
  const whatsapp = await startWhatsAppServer({ clock });
  const shop = whatsapp.addPhone({ number: '34600000001', name: 'Mug Shop' });
  const ana = whatsapp.addPhone({ number: '34600000002', name: 'Ana' });
  const bob = whatsapp.addPhone({ number: '34600000003', name: 'Bob', addressing: 'pn' });
  const bots: StockBot[] = [];
  const startBot = (memory?: StockBot['memory']) => {
    const bot = new StockBot(whatsapp, memory).start();
    bots.push(bot);
    return bot;
  };
  return {
    whatsapp,
    shop,
    ana,
    bob,
    bot: startBot,
    async linkedBot() {
      const bot = startBot();
      await shop.scan(await bot.qr());
      await bot.online();
      await whatsapp.online(shop);
      await whatsapp.drained();
      return bot;
    },
    async end() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await whatsapp.close();
    },
  };
}
