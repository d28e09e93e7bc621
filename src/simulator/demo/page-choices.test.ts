import { generateWAMessageFromContent, type proto } from '@whiskeysockets/baileys';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../scripts/browser/find-browser.ts';
import type { HeldPhone } from '../../../scripts/browser/held-phone.ts';
import { openBrowser } from '../../../scripts/browser/open-browser.ts';
import { PhonesPage } from '../../../scripts/browser/phones-page.ts';
import { silentLog } from '../../lib/log.ts';
import { silenceConsole } from '../../whatsapp/quiet-libraries.ts';
import { addressOf } from '../addresses.ts';
import { stanza } from '../stanza.ts';
import { StockBot } from '../stock-bot.ts';
import { makePage, type PageServer, servePage } from './page-server.ts';
import { Refusal } from './refusal.ts';
import { World } from './world.ts';

// Our bot sends no lists, and no links as buttons. So plain Baileys sends them here, to see that the phones know them.

const program = findBrowser();
const title = program
  ? 'A phone on the page'
  : 'A phone on the page (left out: no Chromium or Chrome here, see TEST_BROWSER)';

const flow = stanza('native_flow', { v: '9', name: 'mixed' });
const mayHaveButtons = stanza('biz', {}, [stanza('interactive', { type: 'native_flow', v: '1' }, [flow])]);

const offer: proto.IMessage = {
  interactiveMessage: {
    header: { title: 'Cups' },
    body: { text: 'Which one do you like?' },
    footer: { text: 'All in stock' },
    nativeFlowMessage: {
      buttons: [
        button('quick_reply', { display_text: 'None', id: 'token-none' }),
        button('cta_url', { display_text: 'See the shop', url: 'https://shop.test/cups' }),
        button('single_select', {
          title: 'All colours',
          sections: [
            {
              rows: [
                { title: 'Blue', id: 'token-blue' },
                { title: 'Green', id: 'token-green' },
              ],
            },
          ],
        }),
      ],
    },
  },
};

function button(name: string, parameters: object) {
  return { name, buttonParamsJson: JSON.stringify(parameters) };
}

describe.skipIf(!program)(title, () => {
  let world: World;
  let bot: StockBot;
  let server: PageServer;
  let browser: Browser;
  let ana: HeldPhone;

  beforeAll(async () => {
    silenceConsole(silentLog);
    world = await World.open({
      spawn: () => {
        throw new Refusal('There is no bot of ours in this test.');
      },
      timeZone: 'Europe/Madrid',
      language: undefined,
      logLevel: 'silent',
    });
    bot = new StockBot(world.whatsapp).start();
    await world.shop.phone.scan(await bot.qr());
    await bot.online();
    server = await servePage(makePage(world), 0);
    browser = await openBrowser(program ?? '');
    ana = (await PhonesPage.open(browser, `http://127.0.0.1:${server.port}`)).phone('Ana');
    await sendOffer();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await bot?.stop();
    await world?.close();
  });

  async function sendOffer(): Promise<void> {
    const to = addressOf(world.player(await ana.number()).phone, 'lid');
    const { key, message } = generateWAMessageFromContent(to, offer, { userJid: bot.socket.user?.id ?? '' });
    await bot.socket.relayMessage(to, message ?? {}, { messageId: key.id ?? '', additionalNodes: [mayHaveButtons] });
    await ana.message('Which one do you like?').waitFor();
  }

  it('shows what stands over and under a message with buttons', async () => {
    const drawn = await ana.message('Which one do you like?').innerText();
    expect(drawn).toMatch(/Cups[\s\S]*Which one do you like\?[\s\S]*All in stock/);
  });

  it('opens a list, and the row that is tapped on goes back to the bot', async () => {
    await ana.button('All colours').click();
    await ana.screen.getByRole('dialog', { name: 'All colours' }).getByRole('button', { name: 'Green' }).click();

    await ana.ofKind('choice').filter({ hasText: 'Green' }).waitFor();
    const { message } = await bot.hears('Green');
    expect(JSON.stringify(message.message)).toContain('token-green');
  });

  it('leads to a web page by a link, which tells the bot nothing', async () => {
    const link = ana.screen.getByRole('link', { name: 'See the shop' });
    expect(await link.getAttribute('href')).toBe('https://shop.test/cups');
    expect(await link.getAttribute('rel')).toContain('noopener');
  });

  it('shows the bot’s typing until the message is there', async () => {
    const to = addressOf(world.player(await ana.number()).phone, 'lid');
    await bot.socket.sendPresenceUpdate('composing', to);
    await ana.screen.getByText('typing…').waitFor();

    await bot.sendText(to, 'Take your time');
    await ana.message('Take your time').waitFor();
    expect(await ana.screen.getByText('typing…').count()).toBe(0);
  });
});
