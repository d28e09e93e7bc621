import type { OpenDatabase } from '../../src/database/database.ts';
import { type Milliseconds, seconds } from '../../src/lib/time.ts';
import { isLogged, readLog } from './bot-log.ts';
import { note, typingLine } from './chat-lines.ts';
import type { ChatView } from './chat-view.ts';
import type { Paint } from './paint.ts';
import type { Player } from './players.ts';
import type { World } from './world.ts';

/** How long an answer of the bot, or its line in the log, is waited for. */
const ANSWER_WITHIN: Milliseconds = seconds(20);

/** Linking takes a second or two; a machine that is very busy takes longer. */
const LINK_WITHIN: Milliseconds = seconds(90);

/** As long as a timer can be: somebody may type at any time. */
const FOR_EVER: Milliseconds = 2 ** 31 - 1;

interface GameParts {
  readonly world: World;
  readonly view: ChatView;
  readonly paint: Paint;
  readonly print: (text: string) => void;
  readonly openDatabase: () => Promise<OpenDatabase>;
}

/** What the person at the terminal can do: be somebody, write, read, switch phones off, restart the bot. */
export class Game {
  readonly #parts: GameParts;
  readonly #off = new Set<Player>();
  /** What a written line still waits for; a program that types waits for it too, a person does not. */
  readonly #awaited = new Set<Promise<void>>();
  #current: Player;
  #correspondent: Player;
  #silenceExplained = false;

  constructor(parts: GameParts) {
    const { shop, owner } = parts.world.players;
    this.#parts = parts;
    this.#current = owner;
    this.#correspondent = this.everybody.find(({ part }) => part === 'customer') ?? shop;
  }

  get everybody(): readonly Player[] {
    return this.#parts.world.players.all;
  }

  get prompt(): string {
    const { paint } = this.#parts;
    const to = this.#current.part === 'shop' ? ` → ${paint.person(this.#correspondent.name)}` : '';
    const off = this.#off.has(this.#current) ? paint.faint(' (off)') : '';
    return `${paint.person(this.#current.name)}${off}${to} › `;
  }

  get pairingPage(): string {
    return this.#parts.world.pairingPage;
  }

  say(text: string): void {
    this.#parts.print(note(text, this.#parts.paint));
  }

  /** Starts the bot and resolves when it is linked; when it shows a code, the shop’s phone scans it. */
  async startBot(openDatabase = this.#parts.openDatabase): Promise<{ readonly scanned: boolean }> {
    const { world } = this.#parts;
    const bot = await world.startBot(openDatabase);
    let scanned = false;
    const scanning = bot.codeDrawn.then(async ({ qr, again }) => {
      scanned = true;
      if (again) {
        this.say('These data are of an earlier demo, whose phones are gone; hence a new code.');
      }
      this.say('The phone of Mug Shop scans this code. (Yours cannot: it belongs to the WhatsApp on this machine.)');
      await world.players.shop.phone.scan(qr);
      await bot.linked;
    });
    await within(LINK_WITHIN, Promise.race([bot.linked, scanning]), 'The bot did not link to the simulated WhatsApp');
    return { scanned };
  }

  become(player: Player): void {
    this.#current = player;
    if (player.part === 'shop') {
      this.#correspondent = this.#latestCustomer() ?? this.#correspondent;
      this.say(`You hold the shop’s own phone and write to ${this.#correspondent.name}; /to ben chooses another.`);
      return;
    }
    const part = player.part === 'owner' ? 'the owner' : 'a customer';
    this.say(`You are ${player.name}, ${part}. What you type goes to the shop’s number.`);
  }

  writeTo(player: Player): void {
    if (this.#current.part !== 'shop') {
      this.say(`${this.#current.name} writes to the shop only. /shop takes the shop’s phone.`);
      return;
    }
    this.#correspondent = player;
    this.say(`The shop’s phone now writes to ${player.name}.`);
  }

  /** Writes as the current person. */
  write(text: string): void {
    const { view, world } = this.#parts;
    const writer = this.#current;
    const to = writer.part === 'shop' ? this.#correspondent : world.players.shop;
    const answersBefore = view.answersTo(writer).length;
    const sending = writer.phone.send(to.phone.number, text);
    // Shown on the writer's phone at once; when that is off, it goes out later.
    const id = writer.phone.chats.with(to.phone.number).at(-1)?.id ?? '';
    sending.catch((error) => world.bot && this.say(`The message could not be sent: ${error}`));
    if (writer.part === 'shop') {
      view.typedByHand(id);
    } else if (!this.#off.has(writer)) {
      this.#await(writer.part === 'owner' ? this.#answer(writer, answersBefore) : this.#logLine(writer, id));
    }
  }

  markRead(): void {
    const { phone, name } = this.#current;
    if (this.#off.has(this.#current)) {
      this.say(`${name}’s phone is off; /on switches it on.`);
      return;
    }
    const unread = phone.chats.chats
      .flatMap((chat) => phone.chats.with(chat))
      .filter(({ from, ticks }) => from !== phone.number && ticks !== 'read');
    for (const chat of phone.chats.chats) {
      phone.markRead(chat);
    }
    if (unread.length === 0) {
      this.say(`There is nothing new on ${name}’s phone.`);
    }
  }

  switchOff(): void {
    const { phone, name, part } = this.#current;
    if (this.#off.has(this.#current)) {
      this.say(`${name}’s phone is off already.`);
      return;
    }
    this.#off.add(this.#current);
    phone.switchOff();
    const then = part === 'shop' ? 'The bot works on without it.' : 'What comes meanwhile waits at WhatsApp.';
    this.say(`${name}’s phone is off. ${then} /on switches it on again.`);
  }

  switchOn(): void {
    const { phone, name, part } = this.#current;
    if (!this.#off.delete(this.#current)) {
      this.say(`${name}’s phone is on already.`);
      return;
    }
    this.say(`${name}’s phone is on.`);
    const waiting = phone.chats.chats
      .flatMap((chat) => phone.chats.with(chat))
      .some(({ ticks }) => ticks === 'pending');
    if (waiting && part === 'owner') {
      this.#await(this.#answer(this.#current, this.#parts.view.answersTo(this.#current).length));
    }
    phone.switchOn();
  }

  async restart(): Promise<void> {
    const { world } = this.#parts;
    this.say('Stopping the bot …');
    await world.stopBot();
    this.say('Starting it again with the same data …');
    const since = performance.now();
    const { scanned } = await this.startBot();
    const took = ((performance.now() - since) / 1000).toFixed(1);
    this.say(
      scanned
        ? `Linked after ${took} s, with a new code: the login was gone.`
        : `Linked again after ${took} s without a new code: the login is in the bot’s data.`,
    );
  }

  async showLog(lines: number): Promise<void> {
    const { world, paint, print } = this.#parts;
    const log = world.bot ? await readLog(world.bot.database, lines, paint) : [];
    this.say(log.length === 0 ? 'The bot’s log is empty.' : 'The last lines of the bot’s own log, from its database:');
    for (const line of log) {
      print(`  ${line}`);
    }
  }

  /** Shows on whose phone the bot is seen typing, until the simulated WhatsApp closes. */
  watchTyping(): void {
    const { shop, all } = this.#parts.world.players;
    for (const player of all.filter((one) => one !== shop)) {
      const watch = async () => {
        for (;;) {
          await player.phone.sees(shop.phone.number, 'composing', FOR_EVER);
          this.#parts.print(typingLine(new Date(), shop.name, player.name, this.#parts.paint));
          await player.phone.sees(shop.phone.number, 'paused', FOR_EVER);
        }
      };
      watch().catch(() => undefined);
    }
  }

  /** Resolves when everything that was written has had its effect, and all of it is in the terminal. */
  async caughtUp(): Promise<void> {
    await Promise.all(this.#awaited);
    await this.#parts.view.settled();
  }

  #await(effect: Promise<void>): void {
    const settled = effect.catch(() => undefined).finally(() => this.#awaited.delete(settled));
    this.#awaited.add(settled);
  }

  async #answer(writer: Player, before: number): Promise<void> {
    const { view, world } = this.#parts;
    const answered = await view.until(() => view.answersTo(writer).length > before, ANSWER_WITHIN);
    if (!answered && world.bot && !this.#off.has(writer)) {
      this.say(`No answer to ${writer.name} within ${ANSWER_WITHIN / 1000} seconds.`);
    }
  }

  async #logLine(writer: Player, id: string): Promise<void> {
    const { view, world } = this.#parts;
    const logged = await view.until(
      async () => world.bot !== undefined && isLogged(world.bot.database, id),
      ANSWER_WITHIN,
    );
    await view.settled();
    if (logged && !this.#silenceExplained) {
      this.#silenceExplained = true;
      this.say(`${writer.name}’s message is in the shop’s log (/log shows it); the bot answers staff only.`);
    }
  }

  #latestCustomer(): Player | undefined {
    const { shop } = this.#parts.world.players;
    const latest = this.everybody
      .filter(({ part }) => part === 'customer')
      .map((player) => ({ player, last: shop.phone.chats.with(player.phone.number).at(-1) }))
      .filter(({ last }) => last !== undefined)
      .toSorted((one, other) => Number(other.last?.time) - Number(one.last?.time));
    return latest[0]?.player;
  }
}

async function within<Value>(limit: Milliseconds, work: Promise<Value>, otherwise: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${limit / 1000} seconds`)), limit);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
