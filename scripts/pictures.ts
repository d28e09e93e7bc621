import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { DemoProgram } from './browser/demo-program.ts';
import { findBrowser } from './browser/find-browser.ts';
import { HeldStore } from './browser/held-store.ts';
import { openBrowser } from './browser/open-browser.ts';
import { PhonesPage } from './browser/phones-page.ts';

// `npm run pictures`: plays a short scene on the page of phones and takes the pictures of the README. Colour emoji need a font such as
// Debian's fonts-noto-color-emoji.

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));

/** Whether every picture that can be seen has come; in the browser. */
const allDrawn = `[...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return !image.checkVisibility() || image.naturalWidth > 0 || bottom < 0 || top > innerHeight;
})`;

const program = findBrowser();
if (!program) {
  console.error('Pictures need Chromium or Chrome; TEST_BROWSER=/path/to/it names one in an unusual place.');
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const browser = await openBrowser(program);
const demo = await DemoProgram.start();
try {
  await takePictures(browser, demo.address);
} finally {
  await browser.close();
  await demo.stop();
}

async function takePictures(browser: Browser, address: string): Promise<void> {
  const open = (options: BrowserContextOptions = {}) =>
    PhonesPage.open(browser, address, { reducedMotion: 'reduce', ...options });
  const page = await open();
  await page.tab.getByAltText('The code to scan').waitFor();
  await takePicture(page, 'linking');
  await page.link();
  await play(page);
  await takePicture(page, 'phones');
  for (const [name, options] of [
    ['phones-dark', { colorScheme: 'dark' }],
    ['phones-small', { viewport: { width: 380, height: 800 } }],
  ] as const) {
    const another = await open(options);
    await another.phone('Olga').message('Your tap reached me').waitFor();
    await takePicture(another, name);
  }
  const ana = page.phone('Ana');
  await ana.choose(ana.mine('Good morning'), 'What the bot knows');
  await page.tab.getByRole('complementary', { name: 'Inspector' }).getByText('Good morning').first().waitFor();
  await takePicture(page, 'inspector');
  await buy(page);
  await takePicture(page, 'online-shop');
}

/** Somebody buys, and the owner asks the bot about them. */
async function buy(page: PhonesPage): Promise<void> {
  await page.tab.getByRole('button', { name: 'Close: Inspector' }).click();
  const store = new HeldStore(page.tab);
  await store.open();
  await store.add('Stoneware Mug - Moss');
  await store.add('Teapot');
  await store.checkOut('Ana', true);
  await store.pay();
  await store.turnTo('Office');
  await store.press('Complete order #1001');
  await expectTaken(store, 'orders/fulfilled');
  const olga = page.phone('Olga');
  // What was stored is taken in a moment later.
  await page.tab.waitForTimeout(1000);
  await olga.write(`contact +${await page.phone('Ana').number()}`);
  await olga.message('completed').waitFor();
}

async function expectTaken({ panel }: HeldStore, topic: string): Promise<void> {
  await panel.getByRole('listitem').filter({ hasText: topic }).getByText('taken').waitFor();
}

/** A morning in the shop, as short as can be. */
async function play(page: PhonesPage): Promise<void> {
  const [olga, ana, marta, shop] = [page.phone('Olga'), page.phone('Ana'), page.phone('Marta'), page.phone('Mug Shop')];
  await olga.write('status');
  await olga.message('linked as').waitFor();
  await olga.write('test buttons');
  const question = olga.message('Do you see two buttons');
  await question.getByRole('button', { name: 'Yes, I see them' }).click();
  await olga.message('Your tap reached me').waitFor();
  await ana.write('Good morning! Do you have this one in blue?');
  await ana.attach('A photo of a mug', 'image');
  await shop.openChat('Ana');
  await shop.reply(shop.message('Do you have'), 'Yes, and in green too 😊');
  await ana.react(ana.message('in green too'), '❤️');
  await ana.attach('Catalogue order', 'order');
  await marta.write('I can take the chats today');
  await marta.attach('A voice note', 'voice');
  await shop.toChats();
}

/** JPEG, because PNG would be too large for what is mostly a photo of a mug. */
async function takePicture({ tab }: PhonesPage, name: string): Promise<void> {
  await tab.waitForFunction(allDrawn);
  await tab.screenshot({ path: join(folder, `${name}.jpg`), type: 'jpeg', quality: 80 });
}
