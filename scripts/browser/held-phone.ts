import type { Locator, Page } from 'playwright-core';
import type { SeenMessage } from './compare-with-log.ts';

/** A phone on the page, in somebody's hand. */
export class HeldPhone {
  readonly name: string;
  readonly screen: Locator;

  constructor(tab: Page, name: string) {
    this.name = name;
    this.screen = tab.getByRole('region', { name: `${name}’s phone` });
  }

  async shown(): Promise<void> {
    await this.screen.waitFor();
  }

  async number(): Promise<string> {
    return (await this.screen.getAttribute('data-phone')) ?? '';
  }

  button(name: string): Locator {
    return this.screen.getByRole('button', { name, exact: true });
  }

  /** Where one writes, in the chat that is open. */
  get field(): Locator {
    return this.screen.getByRole('textbox', { name: /^Message to / });
  }

  async toChats(): Promise<void> {
    const back = this.button('Back');
    const chats = this.button('New chat');
    await back.or(chats).first().waitFor();
    if (await back.isVisible()) {
      await back.click();
    }
    await chats.waitFor();
  }

  /** Opens the chat with somebody, a new one if there is none yet. */
  async openChat(name: string): Promise<void> {
    await this.toChats();
    const known = this.row(name);
    if (!(await known.isVisible())) {
      await this.button('New chat').click();
    }
    await known.click();
    await this.screen.getByRole('heading', { name, exact: true }).waitFor();
  }

  /** A line of the list of chats, or of the people one can write to. */
  row(name: string): Locator {
    return this.screen.locator('[data-chat]').filter({ has: this.screen.page().getByText(name, { exact: true }) });
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await this.mine(text).waitFor();
  }

  /** The latest message in the open chat with these words in it. */
  message(words: string | RegExp): Locator {
    return this.screen.locator('[data-message]').filter({ hasText: words }).last();
  }

  mine(words: string | RegExp): Locator {
    return this.screen.locator('[data-message][data-mine="true"]').filter({ hasText: words }).last();
  }

  /** Chooses something that can be done with a message. */
  async choose(message: Locator, entry: string | RegExp): Promise<void> {
    await message.hover();
    await message.getByRole('button', { name: 'Message options' }).click();
    await this.screen
      .getByRole('menu', { name: 'Message options' })
      .locator('[role^=menuitem]', { hasText: entry })
      .click();
  }

  async reply(message: Locator, text: string): Promise<void> {
    await this.choose(message, 'Reply');
    await this.write(text);
    await this.mine(text).getByText('In answer to').waitFor({ state: 'attached' });
  }

  async react(message: Locator, emoji: string): Promise<void> {
    await this.choose(message, emoji);
    await message.getByRole('button', { name: `${emoji} from ${this.name}` }).waitFor();
  }

  async edit(message: Locator, text: string): Promise<void> {
    await this.choose(message, 'Edit');
    await this.field.fill(text);
    await this.field.press('Enter');
    await this.mine(text).getByText('edited', { exact: true }).waitFor();
  }

  async delete(message: Locator): Promise<void> {
    const id = await message.getAttribute('data-message');
    await this.choose(message, 'Delete');
    await this.button('Delete for everyone').click();
    await this.screen.locator(`[data-message="${id}"][data-kind="deleted"]`).waitFor();
  }

  /** Sends one of what the page has ready, which comes as a message of this kind. */
  async attach(entry: string, kind: string): Promise<void> {
    const before = await this.ofKind(kind).count();
    await this.#chooseAttachment(entry);
    await this.ofKind(kind).nth(before).waitFor();
  }

  async attachFile(entry: string, file: string, caption: string): Promise<void> {
    const chooser = this.screen.page().waitForEvent('filechooser');
    await this.#chooseAttachment(entry);
    await (await chooser).setFiles(file);
    await this.screen.getByLabel('Caption').fill(caption);
    await this.button('Send the file').click();
    await this.mine(caption).waitFor();
  }

  async sendLocation(): Promise<void> {
    await this.#chooseAttachment('Location');
    await this.button('Send the location').click();
    await this.ofKind('location').last().waitFor();
  }

  async sendContact(name: string): Promise<void> {
    await this.#chooseAttachment('Contact');
    await this.screen.getByRole('dialog', { name: 'Send a contact' }).getByRole('button', { name }).click();
    await this.ofKind('contacts').last().waitFor();
  }

  async sendPoll(question: string, options: readonly string[]): Promise<void> {
    await this.#chooseAttachment('Poll');
    await this.screen.getByLabel('Question').fill(question);
    for (const [index, option] of options.entries()) {
      await this.screen.getByLabel(`Option ${index + 1}`).fill(option);
    }
    await this.button('Send the poll').click();
    await this.ofKind('poll').last().waitFor();
  }

  /** Votes in the latest poll of the open chat. */
  async vote(option: string): Promise<void> {
    const choice = this.ofKind('poll').last().getByLabel(option);
    await choice.click();
    await this.ofKind('poll').last().locator('input:checked').waitFor();
  }

  async call(): Promise<void> {
    await this.#chooseAttachment('Missed call');
  }

  async switchOff(): Promise<void> {
    await this.button('Switch off').click();
    await this.button('Switch on').waitFor();
  }

  async switchOn(): Promise<void> {
    await this.button('Switch on').click();
    await this.button('Switch off').waitFor();
  }

  /** The messages of a kind in the open chat that were written here. */
  ofKind(kind: string): Locator {
    return this.screen.locator(`[data-message][data-kind="${kind}"][data-mine="true"]`);
  }

  /** Resolves when the message has come so far. */
  async ticks(message: Locator, ticks: 'sent' | 'delivered' | 'read'): Promise<void> {
    await message.locator(`[data-ticks="${ticks}"]`).waitFor();
  }

  /** Everything in every chat, as soon as all that was written here has come to somebody's phone. */
  async everything(): Promise<readonly SeenMessage[]> {
    const phone = await this.number();
    const seen: SeenMessage[] = [];
    await this.toChats();
    const chats = await this.screen
      .locator('[data-chat]')
      .evaluateAll((rows) => rows.map((row) => row.dataset['chat'] ?? ''));
    for (const chat of chats) {
      await this.toChats();
      await this.screen.locator(`[data-chat="${chat}"]`).click();
      await this.field.waitFor();
      if (chat !== phone) {
        await this.#settled();
      }
      seen.push(...(await this.#seen(phone, chat)));
    }
    return seen;
  }

  /** Resolves when nothing of one's own in the open chat is still on its way. */
  async #settled(): Promise<void> {
    const underWay = this.screen.locator(
      '[data-message][data-mine="true"]:is([data-ticks="pending"],[data-ticks="sent"])',
    );
    await underWay.first().waitFor({ state: 'detached' });
  }

  async #seen(phone: string, chat: string): Promise<readonly SeenMessage[]> {
    return this.screen.locator('[data-message]').evaluateAll(
      (messages, where) =>
        messages.map((message) => {
          const { message: id = '', kind = '', mine } = message.dataset;
          return { ...where, id, kind, mine: mine === 'true', drawn: message.innerText };
        }),
      { phone, chat },
    );
  }

  async #chooseAttachment(entry: string): Promise<void> {
    await this.button('Attach').click();
    await this.screen.getByRole('menuitem', { name: entry, exact: true }).click();
  }
}
