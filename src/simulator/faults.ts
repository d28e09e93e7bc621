import type { Milliseconds } from '../lib/time.ts';

/** What goes wrong on purpose. `noFaults` is a server in good health; a test or a chaos run replaces single fields. */
export interface Faults {
  /** What the next login meets; that login uses it up. */
  readonly nextLogin: LoginFault | undefined;
  /** What every login meets until the repair. */
  readonly everyLogin: LoginFault | undefined;
  /** On a silent line everything the bot says still arrives, and nothing comes back, not even the answer to a ping. */
  readonly line: 'alive' | 'silent';
  /** What becomes of the server's acks of a device's messages; a message answered with an error is not delivered. */
  readonly acks: AckFault;
  /**
   * How messages, receipts and notifications reach a device: `withheld` is a session that answers pings and is deaf; `reordered`
   * mixes up the chats and keeps the order inside each.
   */
  readonly delivery: 'once' | 'twice' | 'withheld' | 'reordered';
  /** Receipts of other people's phones for a device's messages. */
  readonly receipts: 'prompt' | 'held' | { readonly delay: Milliseconds };
  /** Whether a device has keys for what it gets: not for the first copy of a message, or never. */
  readonly ciphertexts: 'fitting' | 'spoilt-once' | 'spoilt';
  /** Whether somebody who opens a session still finds a one-time key. */
  readonly prekeys: 'given' | 'exhausted';
  /** Numbers of people who have blocked the others: what bots write is accepted and never reaches them. */
  readonly blockers: readonly string[];
  /** Numbers that this WhatsApp pretends not to know. */
  readonly unknown: readonly string[];
  /** While it lasts, WhatsApp refuses messages to people who have not written first (463). */
  readonly reachoutTimelock: { readonly until: Date; readonly type?: string } | undefined;
  /** The quota for messages to people who do not answer, as WhatsApp tells it; it refuses nothing by itself. */
  readonly newChatCap: NewChatCap | undefined;
  /** Whether a message needs the recipient's token; without one it is refused (463). */
  readonly trustedTokens: 'ignored' | 'required';
  /** What becomes of a bot's downloads. Files that a phone has uploaded again are never gone. */
  readonly downloads:
    | 'given'
    | { readonly status: number }
    | { readonly delay: Milliseconds }
    | { readonly cutAfter: number }
    /** The file grows to so many bytes, whatever the message announced. */
    | { readonly padTo: number };
  readonly uploads: 'taken' | { readonly status: number };
  /** Queries that get no answer, each by namespace, type and first child: `fb:thrift_iq get order`. */
  readonly unanswered: readonly string[];
}

export type LoginFault =
  /** Reasons as in facts/whatsapp §3.3; a temporary ban (402) says for what (`code`) and for how many seconds (`expire`). */
  | { readonly kind: 'failure'; readonly reason: number; readonly code?: number; readonly expire?: number }
  | { readonly kind: 'stream-error'; readonly code: number }
  /** The connection is taken, and nobody answers. */
  | { readonly kind: 'silence' };

/** Which of a device's messages a fault concerns: all, unless narrowed. */
export interface AckScope {
  /** The number of the recipient. */
  readonly to?: string;
  /** Messages that carry buttons or a list. */
  readonly only?: 'interactive';
  /** Each n-th of those; 1 unless given. */
  readonly every?: number;
}

export type AckFault =
  | 'sent'
  | 'held'
  | ({ readonly error: number } & AckScope)
  | ({ readonly delay: Milliseconds } & AckScope)
  | ({ readonly lost: true } & AckScope);

interface NewChatCap {
  readonly total: number;
  readonly used: number;
  readonly status: 'NONE' | 'FIRST_WARNING' | 'SECOND_WARNING' | 'CAPPED';
  readonly cycleEnds: Date;
}

export const noFaults: Faults = {
  nextLogin: undefined,
  everyLogin: undefined,
  line: 'alive',
  acks: 'sent',
  delivery: 'once',
  receipts: 'prompt',
  ciphertexts: 'fitting',
  prekeys: 'given',
  blockers: [],
  unknown: [],
  reachoutTimelock: undefined,
  newChatCap: undefined,
  trustedTokens: 'ignored',
  downloads: 'given',
  uploads: 'taken',
  unanswered: [],
};

/** The faults in force at this moment, shared by every part of the server. */
export class FaultBoard {
  #current: Faults = noFaults;

  get current(): Faults {
    return this.#current;
  }

  set(changes: Partial<Faults>): void {
    this.#current = { ...this.#current, ...changes };
  }

  takeLoginFault(): LoginFault | undefined {
    const { nextLogin, everyLogin } = this.#current;
    this.set({ nextLogin: undefined });
    return nextLogin ?? everyLogin;
  }
}
