import type { Address } from '../../contacts/address.ts';
import { parsePhoneNumber } from '../../contacts/phone.ts';
import { elapsed, formatLocalTime, formatSpan, later, type Milliseconds } from '../../lib/time.ts';
import type { ChatMessage } from '../chat-list.ts';
import { FastForwardClock } from '../fast-forward-clock.ts';
import { startWhatsAppServer, type WhatsAppServer } from '../whatsapp-server.ts';
import { BOT_HOST, BotSeat } from './bot-seat.ts';
import type { BotBeginning } from './bot-talk.ts';
import { type Cast, inviteCast, newcomer, type Player } from './cast.ts';
import type { DemoBot } from './demo-bot.ts';
import { fastForward } from './fast-forward.ts';
import { findFreePort } from './free-port.ts';
import type { Part, PhoneState, WorldState } from './page-state.ts';
import { needPower, Refusal } from './refusal.ts';
import { readScreen } from './screen.ts';
import { Store } from './store.ts';
import { Story } from './story.ts';

/** Of a message in the story. */
const LONGEST_WORDS = 60;

interface WorldParts {
  /** Starts a process for the bot. */
  readonly spawn: () => DemoBot;
  readonly timeZone: string;
  readonly language: BotBeginning['language'];
  readonly logLevel: BotBeginning['logLevel'];
}

/** What is there before anybody does anything. */
interface Ground {
  readonly whatsapp: WhatsAppServer;
  readonly clock: FastForwardClock;
  readonly cast: Cast;
  readonly store: Store;
  /** For the bot. */
  readonly port: number;
}

/** One phone's screen, by its number, or everything else. */
export type Changed = string;

/** A WhatsApp, everybody's phones, at most one bot, and the time they live in. */
export class World {
  readonly whatsapp: WhatsAppServer;
  readonly clock: FastForwardClock;
  readonly story: Story;
  readonly seat: BotSeat;
  readonly store: Store;
  readonly #timeZone: string;
  readonly #cast: Cast;
  readonly #players: Player[];
  readonly #listeners = new Set<(changed: Changed) => void>();
  #network: WorldState['network'] = 'up';
  #forwardTo: Date | undefined;

  private constructor(
    { spawn, timeZone, language, logLevel }: WorldParts,
    { whatsapp, clock, cast, store, port }: Ground,
  ) {
    const onChange = () => this.#tell('world');
    this.whatsapp = whatsapp;
    this.clock = clock;
    this.story = new Story(clock, onChange);
    this.#timeZone = timeZone;
    this.store = store;
    store.watch({ onTold: (text) => this.story.tell(text), onChange });
    this.#cast = cast;
    const { owner, others, shop } = cast;
    this.#players = [owner, ...others, shop];
    for (const { phone } of this.#players) {
      phone.watch(() => this.#tell(phone.number));
    }
    const owners = [parsePhoneNumber(`+${owner.phone.number}`)].filter((phone) => phone !== undefined);
    const { url, rootKey, certificate } = whatsapp;
    this.seat = new BotSeat({
      spawn,
      beginning: {
        whatsapp: { url, rootKey, certificate },
        owners,
        shopify: store.access,
        shopName: shop.phone.name,
        timeZone,
        language,
        logLevel,
      },
      ahead: () => clock.ahead,
      tell: (text) => this.story.tell(text),
      onChange,
      port,
      onListening: () => store.botIsBack(),
    });
  }

  static async open(parts: WorldParts): Promise<World> {
    const clock = new FastForwardClock();
    const whatsapp = await startWhatsAppServer({ clock, phonesConfirm: true });
    const cast = inviteCast(whatsapp);
    const { timeZone } = parts;
    const store = await Store.open({ clock, name: cast.shop.phone.name, timeZone });
    return new World(parts, { whatsapp, clock, cast, store, port: await findFreePort(BOT_HOST) });
  }

  get state(): WorldState {
    return {
      shopName: this.#cast.shop.phone.name,
      clock: {
        now: this.clock.now().toISOString(),
        timeZone: this.#timeZone,
        ahead: this.clock.ahead,
        forwardTo: this.#forwardTo?.toISOString(),
      },
      bot: this.seat.state,
      network: this.#network,
      phones: this.#players.map(({ phone }) => phone.number),
      happenings: this.story.happenings,
      store: this.store.state,
    };
  }

  get timeZone(): string {
    return this.#timeZone;
  }

  /** @throws Refusal when nobody has this number */
  player(number: string): Player {
    const player = this.#players.find(({ phone }) => phone.number === number);
    if (!player) {
      throw new Refusal(`There is no phone with the number ${number} here.`);
    }
    return player;
  }

  get shop(): Player {
    return this.#cast.shop;
  }

  /** @throws Refusal when nobody has this number */
  screen(number: string): PhoneState {
    const { phone, part } = this.player(number);
    return readScreen(
      phone,
      part,
      this.#players.map((player) => player.phone),
    );
  }

  /** Every address by which the bot may know somebody. */
  addressesOf(number: string): readonly Address[] {
    const { phone } = this.player(number);
    return [
      { kind: 'phone', value: `+${number}` },
      { kind: 'lid', value: phone.lid },
    ];
  }

  watch(listener: (changed: Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  addPhone(name: string, part: Part): void {
    const phone = this.whatsapp.addPhone({ name, ...newcomer(this.#players.length) });
    this.#players.push({ part, phone });
    phone.watch(() => this.#tell(phone.number));
    this.story.tell(`${name} has a phone now, as ${part === 'advisor' ? 'an advisor' : 'a customer'}.`);
    this.#tell(phone.number);
  }

  /** The shop's phone scans the code that the bot shows. @throws Refusal when there is none, or the phone is off */
  async scan(): Promise<void> {
    needPower(this.shop.phone);
    const { code } = this.seat;
    if (code === undefined) {
      throw new Refusal('The bot shows no code just now.');
    }
    await this.shop.phone.scan(code);
    this.story.tell(`The phone of ${this.shop.phone.name} scanned the code.`);
  }

  /** The shop's phone removes the bot. @throws Refusal when none is linked to it, or the phone is off */
  unlink(): void {
    needPower(this.shop.phone);
    if (this.shop.phone.linkedDevices === 0) {
      throw new Refusal('No bot is linked to the shop’s phone.');
    }
    this.story.tell('The shop’s phone removed the bot under “Linked devices”.');
    this.shop.phone.unlinkDevices();
  }

  /** Cuts or mends the bot's way to WhatsApp; the phones keep theirs. */
  async setNetwork(network: WorldState['network']): Promise<void> {
    if (network === this.#network) {
      return;
    }
    this.#network = network;
    if (network === 'down') {
      this.whatsapp.stopListening();
      this.whatsapp.dropConnections();
      this.story.tell('The bot’s network was cut.');
    } else {
      await this.whatsapp.startListening();
      this.story.tell('The bot’s network works again.');
    }
  }

  /** Moves the time of this world on. @throws Refusal while it is being moved already */
  async forward(by: Milliseconds): Promise<void> {
    if (this.#forwardTo) {
      throw new Refusal('The time is being moved already. Wait until it has arrived.');
    }
    const from = this.clock.now();
    const target = later(from, by);
    const before = this.#idsByBot();
    this.#forwardTo = target;
    this.#tell('world');
    try {
      const due = await fastForward(
        { clock: this.clock, bot: () => this.seat.bot, onStep: () => this.#tell('world') },
        target,
      );
      const sent = this.#messagesByBot().filter(({ id }) => !before.has(id));
      const span = formatSpan(elapsed(from, target), 'en');
      this.story.tell(`${span} later: ${this.#written(from)} → ${this.#written(target)}.`, [
        'WhatsApp’s clock, the phones’ and the bot’s moved together.',
        this.seat.bot
          ? `Timers that came due in the bot: ${due}.`
          : 'The bot was not running: it gets the time when it starts.',
        ...(sent.length === 0 ? ['The bot sent nothing.'] : sent.map((message) => this.#describe(message))),
      ]);
    } finally {
      this.#forwardTo = undefined;
      this.#tell('world');
    }
  }

  async close(): Promise<void> {
    await this.seat.close();
    await this.store.close();
    await this.whatsapp.close();
  }

  #tell(changed: Changed): void {
    for (const listener of this.#listeners) {
      listener(changed);
    }
  }

  /** As the shop's own phone has them: all that its linked device has written. */
  #messagesByBot(): readonly ChatMessage[] {
    const { chats } = this.shop.phone;
    return chats.chats.flatMap((chat) => chats.with(chat)).filter(({ byDevice }) => byDevice);
  }

  #idsByBot(): ReadonlySet<string> {
    return new Set(this.#messagesByBot().map(({ id }) => id));
  }

  #describe({ chat, text }: ChatMessage): string {
    const words = text.length > LONGEST_WORDS ? `${text.slice(0, LONGEST_WORDS - 1)}…` : text;
    return `The bot wrote to ${this.player(chat).phone.name}: “${words}”`;
  }

  #written(instant: Date): string {
    return formatLocalTime(instant, this.#timeZone, 'en-GB');
  }
}
