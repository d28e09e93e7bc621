import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { count, eq } from 'drizzle-orm';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareWithLog, type SeenMessage } from '../../../scripts/browser/compare-with-log.ts';
import { DemoProgram } from '../../../scripts/browser/demo-program.ts';
import { findBrowser } from '../../../scripts/browser/find-browser.ts';
import type { HeldPhone } from '../../../scripts/browser/held-phone.ts';
import { HeldStore } from '../../../scripts/browser/held-store.ts';
import { openBrowser } from '../../../scripts/browser/open-browser.ts';
import { PhonesPage } from '../../../scripts/browser/phones-page.ts';
import { type Database, openEmbeddedDatabase } from '../../database/database.ts';
import { messages } from '../../database/schema.ts';

// The demo as a person has it: the program in processes of its own, and its page in a real browser.

const program = findBrowser();
const title = program
  ? 'The page of phones'
  : 'The page of phones (left out: no Chromium or Chrome here, see TEST_BROWSER)';

/** All of the story, on a busy machine. */
const PATIENCE_MS = 300_000;

const samples = new URL('../page/samples/', import.meta.url);

describe.skipIf(!program)(title, () => {
  let temporary: string;
  let data: string;
  let demo: DemoProgram;
  let browser: Browser;
  let page: PhonesPage;
  let olga: HeldPhone;
  let ana: HeldPhone;
  let marta: HeldPhone;
  let shop: HeldPhone;

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'page-test-'));
    data = join(temporary, 'data');
    [demo, browser] = await Promise.all([
      DemoProgram.start({ arguments: ['--data', data], environment: { TMPDIR: temporary } }),
      openBrowser(program ?? ''),
    ]);
    page = await PhonesPage.open(browser, demo.address, { reducedMotion: 'reduce' });
    [olga, ana, marta, shop] = [page.phone('Olga'), page.phone('Ana'), page.phone('Marta'), page.phone('Mug Shop')];
  });

  afterAll(async () => {
    await browser?.close();
    demo?.kill();
    rmSync(temporary, { recursive: true, force: true });
  });

  /** Says what was being done when it fails. */
  async function step(name: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  }

  it(
    'plays the real bot on every phone, and shows what the bot has stored',
    async () => {
      await step('the shop’s phone links the bot', linkTheBot);
      await step('the owner runs it from the chat', runFromTheChat);
      await step('what happens in the online shop, the owner hears from the bot', buyInTheShop);
      for (const [phone, other] of [
        [ana, 'Mug Shop'],
        [marta, 'Mug Shop'],
        [olga, 'Mug Shop'],
        [shop, 'Ana'],
      ] as const) {
        await step(`${phone.name} sends every kind of message`, () => sendEveryKind(phone, other));
      }
      await step('the shop’s phone writes to itself', writeToOneself);
      await step('the ticks of a message change, and a phone that was off catches up', followTheTicks);
      await step('typing is seen', seeTyping);
      await step('a bot that was killed finds everything again', killTheBot);
      await step('a bot that was cut off answers when it can', cutTheNetwork);
      await step('an hour passes at once', passAnHour);
      await step('a reload shows the same', reload);
      await step('somebody comes with another phone', addAPhone);
      await step('the inspector tells what the bot knows', inspect);
      await step('the keyboard is enough', useTheKeyboard);
      await step('a narrow and dark screen has room for it', useASmallDarkScreen);
      await step('what the phones show is what the bot has stored', compare);
    },
    PATIENCE_MS,
  );

  async function linkTheBot(): Promise<void> {
    await page.link();
    await page.botIs('linked');
  }

  async function runFromTheChat(): Promise<void> {
    await olga.openChat('Mug Shop');
    await olga.write('help');
    const help = olga.message('this is what you can ask me');
    await help.waitFor();
    await olga.write('settings');
    await olga.message('shop.language').waitFor();
    await olga.reply(help, 'status');
    await olga.message('linked as').waitFor();
    await olga.react(help, '👍');
    await olga.write('set shop.language es');
    await olga.message('en → es').waitFor();
    await olga.write('ayuda');
    await olga.message('esto es lo que puedes pedirme').waitFor();
    await olga.write('cambiar shop.language en');
    await olga.message('es → en').waitFor();
    await olga.write('test buttons');
    await olga.message('Do you see two buttons').getByRole('button', { name: 'Yes, I see them' }).click();
    await olga.ofKind('choice').waitFor();
    await olga.message('Your tap reached me').waitFor();
  }

  async function buyInTheShop(): Promise<void> {
    const store = new HeldStore(page.tab);
    await store.open();
    await store.add('Stoneware Mug - Moss');
    await store.add('Teapot');
    await store.turnTo('Cart');
    await store.press('One more: Teapot');
    const box = store.panel.getByRole('checkbox', { name: /on WhatsApp$/ });
    expect(await box.isChecked()).toBe(false);
    await store.checkOut('Ana', false);
    await botSaysOfAna(/Open cart: .*182.*2 × Teapot.*Checkout begun/s);
    await store.press('Change');
    await store.checkOut('Ana', true);
    await botSaysOfAna('Offers: yes');
    await store.pay();
    await botSaysOfAna(/1 order.*#1001.*paid/s);

    await store.turnTo('Office');
    await store.press('Complete order #1001');
    await botSaysOfAna(/#1001.*completed/s);
    await store.press('Refund order #1001');
    await botSaysOfAna(/#1001.*refunded/s);
    await store.press('Withdraw consent: Ana');
    await botSaysOfAna('Offers: no more');
    const marks = store.panel.locator('.told .mark');
    await expect.poll(async () => new Set(await marks.allInnerTexts())).toEqual(new Set(['taken, answer 200']));
    await store.close();
  }

  /** What the bot is told it takes in on its own time, so the owner asks until it has. */
  async function botSaysOfAna(words: string | RegExp): Promise<void> {
    await olga.openChat('Mug Shop');
    const answered = olga.message(words);
    const asked = async () => {
      await olga.write(`contact +${await ana.number()}`);
      return answered.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(asked, { timeout: 30_000 }).toBe(true);
  }

  async function sendEveryKind(phone: HeldPhone, other: string): Promise<void> {
    await phone.openChat(other);
    await phone.write(`Hello from ${phone.name}`);
    await phone.reply(phone.mine('Hello from'), 'An answer to it');
    await phone.attach('A photo of a mug', 'image');
    await phone.attach('A video', 'video');
    await phone.attach('A voice note', 'voice');
    await phone.attach('A sound', 'audio');
    await phone.attach('A PDF', 'document');
    await phone.attach('A sticker', 'sticker');
    await phone.attach('Catalogue order', 'order');
    await phone.attach('Product question', 'product');
    await phone.attachFile('Photo', fileURLToPath(new URL('photo.jpg', samples)), 'From my own files');
    await phone.sendLocation();
    await phone.sendContact('Marta');
    await phone
      .ofKind('contacts')
      .getByText(/^\+34 ?600/)
      .last()
      .waitFor();
    await phone.sendPoll('Which colour?', ['Blue', 'Green']);
    await phone.vote('Blue');
    await phone.react(phone.mine('Hello from'), '❤️');
    await phone.write('Wiht a mistake');
    await phone.edit(phone.mine('Wiht a mistake'), 'Without a mistake');
    await phone.write('Not meant for you');
    await phone.delete(phone.mine('Not meant for you'));
    await phone.call();
  }

  async function writeToOneself(): Promise<void> {
    await shop.openChat('Mug Shop (you)');
    await shop.write('Order more blue mugs');
    await shop.ticks(shop.mine('Order more'), 'read');
  }

  async function followTheTicks(): Promise<void> {
    await marta.toChats();
    await marta.switchOff();
    await shop.openChat('Marta');
    await shop.write('Are you there?');
    await shop.write('We have green mugs now');
    const waiting = shop.mine('We have green mugs now');
    await shop.ticks(waiting, 'sent');

    await marta.switchOn();
    await shop.ticks(waiting, 'delivered');
    await marta.row('Mug Shop').getByText('2 unread').waitFor();

    await marta.openChat('Mug Shop');
    await shop.ticks(waiting, 'read');
    await marta.toChats();
    await expect.poll(() => marta.row('Mug Shop').innerText()).not.toContain('unread');
  }

  async function seeTyping(): Promise<void> {
    await ana.openChat('Mug Shop');
    await ana.write('One moment');
    await shop.openChat('Ana');
    await seesTyping();
    await shop.toChats();
    await seesTyping();
    await ana.field.press('Enter');
    await shop.screen.getByText('typing…').waitFor({ state: 'detached' });
  }

  /** Whoever rests is not typing any more; so Ana goes on. */
  async function seesTyping(): Promise<void> {
    const isSeen = async () => {
      await ana.field.pressSequentially('I am thinking ');
      return await shop.screen.getByText('typing…').isVisible();
    };
    await expect.poll(isSeen).toBe(true);
  }

  async function killTheBot(): Promise<void> {
    await page.break('Kill the bot');
    await page.botIs('ended');
    await ana.openChat('Mug Shop');
    await ana.write('Written while the bot was dead');
    // The shop's phone has it, which is all that the ticks say; the bot has it when it is in the log.
    await ana.ticks(ana.mine('Written while the bot was dead'), 'delivered');
    await marta.openChat('Mug Shop');
    await marta.attach('A photo of a mug', 'image');

    await page.button('Start the bot').click();
    await page.botIs('linked');
  }

  async function cutTheNetwork(): Promise<void> {
    await page.break('Cut the network');
    await page.botIs('connecting');
    await olga.openChat('Mug Shop');
    await olga.write('health');
    await ana.openChat('Mug Shop');
    await ana.write('Written while the bot was cut off');

    await page.button('Mend the network').click();
    await page.botIs('linked');
    await olga.message('Database: embedded').waitFor();
  }

  async function passAnHour(): Promise<void> {
    await page.button('1 hour').click();
    const story = await page.story();
    await story.filter({ hasText: '60 minutes later' }).waitFor();
    for (const phone of [ana, marta, olga, shop]) {
      await story.filter({ hasText: `did not answer ${phone.name}’s call` }).waitFor();
    }
    await page.tab.getByText('+1 h', { exact: true }).waitFor();
    await page.botIs('linked');
  }

  async function reload(): Promise<void> {
    await ana.openChat('Mug Shop');
    // The phone's own clock, the first time on each screen, goes on meanwhile.
    const textOf = async ({ screen }: HeldPhone) => (await screen.innerText()).replace(/\d\d:\d\d/, '');
    const shown = () => Promise.all([olga, ana, marta, shop].map(textOf));
    const before = await shown();
    await page.tab.reload();
    await expect.poll(shown).toEqual(before);
  }

  async function addAPhone(): Promise<void> {
    await shop.toChats();
    await page.button('Add a phone').click();
    await page.tab.getByLabel('Name').fill('Ben');
    await page.button('Add').click();
    const ben = page.phone('Ben');
    await ben.openChat('Mug Shop');
    await ben.write('Ben is new here');
    await shop.row('Ben').getByText('1 unread').waitFor();
  }

  async function inspect(): Promise<void> {
    await ana.choose(ana.mine('Written while the bot was dead'), 'What the bot knows');
    const drawer = page.tab.getByRole('complementary', { name: 'Inspector' });
    await drawer.getByText('Written while the bot was dead').first().waitFor();
    await drawer.getByRole('button', { name: /^Close/ }).click();
  }

  async function useTheKeyboard(): Promise<void> {
    const { keyboard } = page.tab;
    await page.tab.reload();
    await olga.shown();
    await keyboard.press('Tab');
    await page.tab.getByRole('link', { name: 'Skip to the phones' }).press('Enter');
    const isInField = () => olga.field.evaluate((field) => field === field.ownerDocument.activeElement);
    for (let stops = 0; stops < 25 && !(await isInField()); stops++) {
      await keyboard.press('Tab');
    }
    expect(await isInField()).toBe(true);
    await keyboard.type('Written without a mouse');
    await keyboard.press('Enter');
    await olga.mine('Written without a mouse').waitFor();
  }

  async function useASmallDarkScreen(): Promise<void> {
    const viewport = { width: 380, height: 800 };
    const small = await PhonesPage.open(browser, demo.address, { viewport, colorScheme: 'dark' });
    for (const name of ['Olga', 'Ana', 'Marta', 'Mug Shop', 'Ben']) {
      await small.tab.getByRole('tab', { name }).click();
      await small.phone(name).shown();
      expect(await small.tab.locator('html').evaluate((html) => html.scrollWidth), name).toBeLessThanOrEqual(380);
    }
    await buyOnASmallScreen(small);
    expect(await brightness(small.tab)).toBeLessThan(64);
    expect(await brightness(page.tab)).toBeGreaterThan(192);
    await small.tab.close();
    for (const role of ['button', 'link', 'textbox', 'img'] as const) {
      expect(await page.tab.getByRole(role, { name: /^\s*$/ }).count(), `${role}s without a name`).toBe(0);
    }
  }

  /** By the keyboard alone. */
  async function buyOnASmallScreen({ tab }: PhonesPage): Promise<void> {
    const store = new HeldStore(tab);
    const { keyboard } = tab;
    await tab.getByRole('button', { name: 'Online shop' }).press('Enter');
    await store.panel.getByRole('button', { name: /^Add to the cart: Dinner Plate/ }).press('Enter');
    await store.panel.getByRole('tab', { name: 'Shop' }).focus();
    for (const [key, name] of [
      ['ArrowRight', 'Cart (1)'],
      ['ArrowRight', 'Office'],
      ['Home', 'Shop'],
      ['ArrowRight', 'Cart (1)'],
    ] as const) {
      await keyboard.press(key);
      await store.panel.locator('[role=tab]:focus', { hasText: name }).waitFor();
      expect(await tab.locator('html').evaluate((html) => html.scrollWidth), name).toBeLessThanOrEqual(380);
      for (const role of ['button', 'checkbox', 'textbox', 'tab'] as const) {
        expect(await store.panel.getByRole(role, { name: /^\s*$/ }).count(), `${role}s without a name`).toBe(0);
      }
    }
    const phone = store.panel.getByLabel('Phone');
    await phone.fill('nobody');
    await keyboard.press('Enter');
    await store.panel.getByRole('alert').getByText('This is no phone number.').waitFor();
    await store.panel.getByRole('button', { name: 'Leave without buying' }).press('Enter');
    await store.panel.getByText('The cart is empty.').waitFor();
    await keyboard.press('Escape');
    await store.panel.waitFor({ state: 'detached' });
  }

  async function compare(): Promise<void> {
    const seen: SeenMessage[] = [];
    for (const phone of [olga, ana, marta, page.phone('Ben'), shop]) {
      seen.push(...(await phone.everything()));
    }
    const shopNumber = await shop.number();
    expect(await demo.stop(), demo.output).toBe(0);
    expect(seen.length).toBeGreaterThan(100);

    const { database, close } = await openEmbeddedDatabase(data);
    expect(await compareWithLog(database, shopNumber, seen)).toEqual([]);
    // Of each phone one; the owner has reacted to the bot as well, and the shop's own call is none to the shop.
    expect(await countKinds(database)).toMatchObject({ reaction: 5, vote: 4, edit: 4, delete: 4, call: 3 });
    expect(await endsOfCalls(database)).toEqual(['missed', 'missed', 'missed']);
    await close();
  }
});

async function endsOfCalls(database: Database): Promise<readonly unknown[]> {
  const calls = await database.select({ details: messages.details }).from(messages).where(eq(messages.kind, 'call'));
  return calls.map(({ details }) => (details as { readonly outcome: unknown }).outcome);
}

async function countKinds(database: Database): Promise<Readonly<Record<string, number>>> {
  const rows = await database.select({ kind: messages.kind, count: count() }).from(messages).groupBy(messages.kind);
  return Object.fromEntries(rows.map((row) => [row.kind, row.count]));
}

/** Of the page's background, from 0 to 255. */
async function brightness(tab: Page): Promise<number> {
  const background = await tab
    .locator('body')
    .evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).backgroundColor ?? '');
  const [red = 0, green = 0, blue = 0] = (background.match(/\d+/g) ?? []).map(Number);
  return (red + green + blue) / 3;
}
