import type { Role } from '../contacts/member.ts';
import type { SplitOutcome } from '../contacts/split.ts';
import type { Link } from '../outbox/link.ts';
import type { SettingKey, Settings } from '../settings/registry.ts';
import type { Connection } from '../shop/connection-health.ts';
import type { Texts } from '../texts/en.ts';
import type { ConfirmationVerdict } from './confirmations.ts';
import type { Outside } from './outside.ts';
import type { People } from './people.ts';

/**
 * Something that staff can ask for. Help, rights and the reference page are derived from these records; the words (usage, help,
 * aliases in each language) are in `texts/` under the same name.
 */
export interface Command {
  readonly name: CommandName;
  readonly allowed: readonly Role[];
  run(request: Request, shop: Shop): Promise<Reply>;
}

/** Every command has its words, and every command with words exists: the list is checked against this type. */
export type CommandName = keyof Texts['commands'];

export interface Request {
  /** What follows the command's name: as single words, and as typed. */
  readonly words: readonly string[];
  readonly rest: string;
  /** Whether a tap on a choice said it, not words. */
  readonly tapped: boolean;
}

export interface Reply {
  /** Complete without the choices. */
  readonly text: string;
  /** Buttons under the answer; a tap on one is heard like the command behind it. */
  readonly choices?: readonly CommandChoice[];
  /** A picture or a document; the text is its caption, and there are no choices. */
  readonly file?: ReplyFile;
}

interface ReplyFile {
  readonly kind: 'image' | 'document';
  readonly mime: string;
  /** As it is shown. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface CommandChoice {
  readonly label: string;
  /** As one would type it in English. */
  readonly command: string;
}

const TOKEN = 'command:';

/** What comes back when the choice is tapped. */
export function tokenOf({ command }: CommandChoice): string {
  return TOKEN + command;
}

/** The command behind a tapped choice; `undefined` when the choice was none of ours. */
export function commandBehind(token: string | undefined): string | undefined {
  return token?.startsWith(TOKEN) ? token.slice(TOKEN.length) : undefined;
}

/** What a command may see and do; each uses the little that it needs. */
export interface Shop {
  readonly now: Date;
  readonly settings: Settings;
  readonly texts: Texts;
  /** The commands that the asking person may use, for help. */
  readonly commands: readonly Command[];
  link(): Link;
  vitals(): Promise<Vitals>;
  /** Takes every arrival that was set aside as new. @returns how many there were */
  replayArrivals(): Promise<number>;
  /** Undoes the latest joining of the contact with this phone number (E.164). */
  splitContact(phone: string): Promise<SplitOutcome>;
  readonly people: People;
  readonly outside: Outside;
  /** Asks for a typed code before something that cannot be undone; `act` says what it is, for whom. @returns the code */
  confirm(act: string): string;
  /** Whether this code was asked for `act`, by the same member, and is still valid. */
  isConfirmed(act: string, code: string): ConfirmationVerdict;
  changeSetting(key: SettingKey, before: string, after: string): Promise<void>;
}

/** A command as one would type it in the language of `texts`. */
export function spell(name: CommandName, texts: Texts, ...words: readonly string[]): string {
  return [texts.commands[name].usage.split(' ')[0], ...words].join(' ');
}

/** The bot's own condition. */
export interface Vitals {
  readonly startedAt: Date;
  readonly memoryBytes: number;
  readonly database: { readonly kind: 'embedded' | 'server'; readonly tookMs: number };
  /** Messages from and to customers within the last 24 hours. */
  readonly received: number;
  readonly sent: number;
  readonly lastReceivedAt: Date | undefined;
  /** Messages of the bot that have not left yet. */
  readonly waiting: number;
  /** Arrivals that are not in the log: on their way, and set aside because they could not be read. */
  readonly arrivalsPending: number;
  readonly arrivalsFailed: number;
  /** What shops have delivered and is not taken in: on its way, and set aside because it could not be read. */
  readonly deliveriesPending: number;
  readonly deliveriesFailed: number;
  /** Messages of the last 24 hours that did not arrive, by WhatsApp's code or our reason. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
  readonly owners: number;
  /** When the shop's phone itself was last heard of; WhatsApp ends the link of a phone that stays silent for 14 days. */
  readonly phoneSeenAt: Date | undefined;
  /** Every outside system that somebody has looked at. */
  readonly connections: readonly Connection[];
}
