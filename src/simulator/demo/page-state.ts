import type { StoreState, StoreStep } from './page-store.ts';

/**
 * What the page of phones is told, as JSON: everything that it shows is in here, and everything in here is read from the phones and the
 * bot as they are. Instants are ISO 8601 in UTC, spans are milliseconds, phone numbers are digits with the country's code.
 */

/** The event `world`: all that is not on a phone's screen. */
export interface WorldState {
  readonly shopName: string;
  readonly clock: ClockState;
  readonly bot: BotState;
  /** The bot's way to WhatsApp. */
  readonly network: 'up' | 'down';
  /** Numbers of the phones, in the order of the page. */
  readonly phones: readonly string[];
  /** What was done to this world, oldest first. */
  readonly happenings: readonly Happening[];
  readonly store: StoreState;
}

export interface ClockState {
  /** The time in this world when the event was made; it goes on from there as fast as any clock. */
  readonly now: string;
  /** IANA name of the zone in which the page tells the time. */
  readonly timeZone: string;
  /** How far this world is ahead of the machine's own clock. */
  readonly ahead: number;
  /** The instant that a running fast-forward goes to. */
  readonly forwardTo: string | undefined;
}

export interface BotState {
  /** `ended` after a kill: nothing of it is left but its files. */
  readonly process: 'starting' | 'running' | 'ended';
  /** What the bot itself says of its link; absent before its first word and when it has ended. */
  readonly link: LinkState | undefined;
  /** Its own pairing page, as an operator sees it. */
  readonly pairingPage: string | undefined;
}

export interface LinkState {
  readonly state: 'connecting' | 'pairing' | 'linked' | 'standby' | 'stopped';
  /** The bot's own words for it, and its advice. */
  readonly title: string;
  readonly advice: string;
  readonly since: string;
  /** Address of the picture of the code to scan; another one for each code. */
  readonly qr: string | undefined;
  readonly qrExpiresAt: string | undefined;
  /** When it tries again, while something is in the way. */
  readonly retryAt: string | undefined;
}

/** A line of the story that the page tells: something that somebody did to this world, or that the bot's link did by itself. */
export interface Happening {
  readonly id: number;
  readonly time: string;
  readonly text: string;
  /** What followed, in further lines, such as the timers that came due. */
  readonly details: readonly string[];
}

/** Whom somebody plays; what the bot takes them for is the bot's own matter. */
export type Part = 'shop' | 'owner' | 'advisor' | 'customer';

/** The event `phone`: one phone's whole screen. */
export interface PhoneState {
  readonly number: string;
  /** The number as people write it. */
  readonly writtenNumber: string;
  readonly name: string;
  readonly part: Part;
  readonly power: 'on' | 'off';
  /** How many devices are linked to it: one, when the bot is. Only the shop's phone has any. */
  readonly linkedDevices: number;
  /** The chat with the latest message first. */
  readonly chats: readonly ChatState[];
}

export interface ChatState {
  /** The other person's number; on the shop's phone, its own for notes to oneself. */
  readonly with: string;
  readonly name: string;
  readonly unread: number;
  /** What the other side is doing just now. */
  readonly typing: 'composing' | 'recording' | undefined;
  /** Oldest first. */
  readonly bubbles: readonly Bubble[];
}

export type Ticks = 'pending' | 'sent' | 'delivered' | 'read';

export interface Bubble {
  readonly id: string;
  /** Written in this phone's account: by its person, or by the bot that is linked to it. */
  readonly mine: boolean;
  /** Written by the bot, and by no person. Real phones do not show this. */
  readonly byBot: boolean;
  readonly author: string;
  readonly time: string;
  /** How far it came, for one's own; for those of others `read` once it was read here. */
  readonly ticks: Ticks;
  readonly content: BubbleContent;
  /** The words, or the caption, as they read now; empty when it was deleted or has none. */
  readonly text: string;
  /** Over and under the words, in messages with buttons. */
  readonly title: string | undefined;
  readonly footer: string | undefined;
  readonly edited: boolean;
  readonly deleted: boolean;
  readonly viewOnce: boolean;
  readonly forwarded: boolean;
  /** The message that this one answers, if the phone still has it. */
  readonly quoted: Quoted | undefined;
  readonly reactions: readonly Reaction[];
  readonly choices: readonly ShownChoice[];
}

export interface Quoted {
  readonly id: string;
  readonly author: string;
  readonly mine: boolean;
  /** Its words, or what kind it is. */
  readonly summary: string;
}

export interface Reaction {
  readonly emoji: string;
  /** Names; the phone's own person first. */
  readonly by: readonly string[];
  readonly mine: boolean;
}

/** Something under a message that one can tap on. */
export interface ShownChoice {
  readonly label: string;
  /** What to name when tapping; absent for what tells nobody, such as a web address. */
  readonly token: string | undefined;
  readonly url: string | undefined;
  /** The words of the button that opens the list it is in; absent when it is a button by itself. */
  readonly list: string | undefined;
}

export type FileKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

export type BubbleContent =
  | { readonly kind: 'text' }
  /** The answer that a tap gave. */
  | { readonly kind: 'choice' }
  | { readonly kind: FileKind; readonly file: ShownFile }
  | { readonly kind: 'album'; readonly images: number; readonly videos: number }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly live: boolean;
      readonly name: string | undefined;
      readonly address: string | undefined;
    }
  | {
      readonly kind: 'contacts';
      readonly people: readonly { readonly name: string; readonly phones: readonly string[] }[];
    }
  | {
      readonly kind: 'poll';
      readonly question: string;
      readonly options: readonly PollOption[];
      /** Whether one may choose more than one. */
      readonly several: boolean;
    }
  | { readonly kind: 'order'; readonly items: number; readonly total: number; readonly currency: string }
  | {
      readonly kind: 'product';
      readonly title: string;
      readonly price: number;
      readonly currency: string;
      readonly url: string | undefined;
    }
  /** A kind that the page cannot draw, by WhatsApp's own name for it. */
  | { readonly kind: 'other'; readonly field: string };

export interface ShownFile {
  /** Where the page gets it, fetched by this phone and decrypted. */
  readonly url: string;
  readonly mime: string;
  readonly bytes: number;
  readonly name: string | undefined;
  readonly seconds: number | undefined;
}

export interface PollOption {
  readonly name: string;
  readonly voters: readonly string[];
  /** Whether this phone's person has chosen it. */
  readonly mine: boolean;
}

/** Files that come with the demo, for who has none at hand. */
export type Sample = 'photo' | 'video' | 'voice' | 'sound' | 'document' | 'sticker';

/** What can be written without a file. */
export type Written =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string | undefined;
      readonly address?: string | undefined;
    }
  | { readonly kind: 'contact'; readonly number: string }
  | { readonly kind: 'poll'; readonly question: string; readonly options: readonly string[]; readonly several: boolean }
  /** Three mugs from the shop's catalogue. */
  | { readonly kind: 'order' }
  /** A question about one mug of the catalogue. */
  | { readonly kind: 'product' }
  | { readonly kind: 'sample'; readonly sample: Sample; readonly caption?: string | undefined };

/** What a person does to a message that a phone shows; `message` is its id. */
export type MessageAct =
  | { readonly act: 'tap'; readonly phone: string; readonly message: string; readonly token: string }
  | { readonly act: 'vote'; readonly phone: string; readonly message: string; readonly options: readonly string[] }
  /** No emoji takes the reaction back. */
  | { readonly act: 'react'; readonly phone: string; readonly message: string; readonly emoji: string }
  | { readonly act: 'edit'; readonly phone: string; readonly message: string; readonly text: string }
  | { readonly act: 'delete'; readonly phone: string; readonly message: string };

/** What a person does with a phone; `phone` is whose. */
export type PhoneAct =
  | MessageAct
  | {
      readonly act: 'send';
      readonly phone: string;
      readonly to: string;
      readonly content: Written;
      readonly quoting?: string | undefined;
      readonly viewOnce?: boolean | undefined;
    }
  /** Opens a chat: all in it is read. */
  | { readonly act: 'read'; readonly phone: string; readonly chat: string }
  | {
      readonly act: 'type';
      readonly phone: string;
      readonly to: string;
      readonly typing: 'composing' | 'recording' | 'paused';
    }
  /** Rings and hangs up when nobody answers. */
  | { readonly act: 'call'; readonly phone: string; readonly to: string; readonly video: boolean }
  | { readonly act: 'power'; readonly phone: string; readonly on: boolean };

/** What a person does on the page; the body of `POST /acts`. */
export type Act =
  | PhoneAct
  /** The shop's phone scans the code that the bot shows. */
  | { readonly act: 'scan' }
  /** The shop's phone removes the bot under "Linked devices". */
  | { readonly act: 'unlink' }
  | { readonly act: 'add-phone'; readonly name: string; readonly part: 'customer' | 'advisor' }
  | { readonly act: 'bot'; readonly do: 'kill' | 'start' }
  | { readonly act: 'network'; readonly up: boolean }
  | { readonly act: 'store'; readonly step: StoreStep }
  /** Moves the time of this world on, by at most 31 days. */
  | { readonly act: 'forward'; readonly by: number };

/** The answer to an act that could not be done: what was wrong, and what would be right. */
export interface Refused {
  readonly error: string;
}

/** `GET /inspect/message/:phone/:id` and `GET /inspect/contact/:number`: what the bot has stored, and why it did what it did. */
export interface Inspection {
  readonly title: string;
  /** The story in sentences, in the order of what happened. */
  readonly why: readonly string[];
  readonly sections: readonly InspectedSection[];
}

/** A row of the bot's database in words, or what an outside witness saw. */
export interface InspectedSection {
  readonly title: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
}
