import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { HeldPhone } from './held-phone.ts';

/** Room for four phones side by side. */
const LAPTOP = { width: 1440, height: 900 };

/** Nothing here takes so long, except on a machine that is very busy. */
const PATIENCE_MS = 60_000;

/** The page of phones in a tab of a browser, used as a person does: by what it says and not by how it is made. */
export class PhonesPage {
  readonly tab: Page;

  constructor(tab: Page) {
    this.tab = tab;
  }

  /** Opens it on a laptop, unless the options say otherwise. */
  static async open(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<PhonesPage> {
    const tab = await browser.newPage({ viewport: LAPTOP, ...options });
    tab.setDefaultTimeout(PATIENCE_MS);
    await tab.goto(address);
    return new PhonesPage(tab);
  }

  /** The shop's phone scans the code as soon as the bot shows one. Resolves when the phones are there. */
  async link(): Promise<void> {
    await this.button('Link a device').click();
    await this.button('On to the phones').click();
    await this.phone('Olga').shown();
  }

  phone(name: string): HeldPhone {
    return new HeldPhone(this.tab, name);
  }

  button(name: string) {
    return this.tab.getByRole('button', { name, exact: true });
  }

  /** One of the things that can be broken. */
  async break(what: 'Kill the bot' | 'Cut the network'): Promise<void> {
    await this.button('Break something').click();
    await this.button(what).click();
  }

  /** Resolves when the page says that the bot is so. */
  async botIs(state: string): Promise<void> {
    await this.tab.locator(`header[data-bot-state="${state}"]`).waitFor();
  }

  /** Opens the list of what was done to this world and what followed, the latest first. */
  async story(): Promise<Locator> {
    const toggle = this.tab.getByRole('button', { name: 'What happened', expanded: false });
    if (await toggle.isVisible()) {
      await toggle.click();
    }
    return this.tab.getByRole('complementary', { name: 'What happened' }).getByRole('listitem');
  }
}
