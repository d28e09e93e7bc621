import type { Locator, Page } from 'playwright-core';

/** The online shop on the page, as a customer and then its staff use it. */
export class HeldStore {
  readonly panel: Locator;
  readonly #tab: Page;

  constructor(tab: Page) {
    this.#tab = tab;
    // Beside the phones, or over them on a small screen.
    this.panel = tab
      .getByRole('complementary', { name: 'Online shop' })
      .or(tab.getByRole('dialog', { name: 'Online shop' }));
  }

  async open(): Promise<void> {
    await this.#tab.getByRole('button', { name: 'Online shop', exact: true }).click();
    await this.panel.waitFor();
  }

  async close(): Promise<void> {
    await this.panel.getByRole('button', { name: /^Close/ }).click();
    await this.panel.waitFor({ state: 'detached' });
  }

  async turnTo(page: 'Shop' | 'Cart' | 'Office'): Promise<void> {
    await this.panel.getByRole('tab', { name: page }).click();
  }

  async press(name: string | RegExp): Promise<void> {
    await this.panel.getByRole('button', { name }).click();
  }

  async add(name: string): Promise<void> {
    await this.turnTo('Shop');
    await this.press(new RegExp(`^Add to the cart: ${name}`));
  }

  /** Says at the checkout who buys, in words of the page for somebody with a phone there. */
  async checkOut(name: string, consents: boolean): Promise<void> {
    await this.turnTo('Cart');
    await this.press(name);
    const box = this.panel.getByRole('checkbox', { name: /on WhatsApp$/ });
    await box.setChecked(consents);
    await this.press('Go on to the payment');
    await this.panel.getByRole('button', { name: /^Pay / }).waitFor();
  }

  async pay(): Promise<void> {
    await this.press(/^Pay /);
    await this.panel.getByText('Thank you').waitFor();
  }
}
