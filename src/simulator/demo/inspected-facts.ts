import type { Address } from '../../contacts/address.ts';
import type {
  attachments,
  contactAddresses,
  contactMerges,
  contacts,
  conversations,
  journal,
  members,
  messages,
  outbox,
} from '../../database/schema.ts';
import type { Texts } from '../../texts/en.ts';
import type { ArrivalEvent } from '../../whatsapp/journal.store.ts';

// What the bot's database says about a message or a person, for the sentences that are made of it. Of bytes only how many there are.

export type Line = Omit<typeof messages.$inferSelect, 'raw'> & { readonly rawBytes: number | null };

export type JournalEntry = Omit<typeof journal.$inferSelect, 'plaintext' | 'ciphertextHash' | 'stanza'> & {
  readonly plaintextBytes: number;
  /** WhatsApp had kept it while the bot was away. */
  readonly offline: boolean;
  /** Set for what had nothing to decrypt, or could not be. */
  readonly event: ArrivalEvent | undefined;
};

export type Outgoing = Omit<typeof outbox.$inferSelect, 'wire'> & { readonly wireBytes: number | null };

export type Attachment = typeof attachments.$inferSelect;

/** Somebody whom the bot knows, under all the addresses it has of them. */
export interface KnownPerson {
  readonly contact: typeof contacts.$inferSelect;
  readonly addresses: readonly (typeof contactAddresses.$inferSelect)[];
  readonly member: typeof members.$inferSelect | undefined;
}

/** A line of the log, with what hangs on it. */
export interface LoggedMessage {
  readonly person: KnownPerson;
  readonly line: Line;
  /** Reactions, votes, edits and deletions of it, by WhatsApp's time. */
  readonly about: readonly Line[];
  /** What it quotes or is about, as far as that is logged. */
  readonly quoted: Line | undefined;
  readonly target: Line | undefined;
  readonly attachment: Attachment | undefined;
  /** The bot's answer to it. */
  readonly answer: Outgoing | undefined;
  /** What its author had written lately when it was taken in, itself last. */
  readonly recentTexts: readonly string[];
}

export interface MessageFacts {
  readonly addresses: readonly Address[];
  readonly people: readonly KnownPerson[];
  readonly journal: readonly JournalEntry[];
  readonly logged: readonly LoggedMessage[];
  readonly outgoing: Outgoing | undefined;
  /** The line that an answer answers. */
  readonly question: { readonly line: Line; readonly person: KnownPerson } | undefined;
  /** Since when the shop has had an owner. */
  readonly ownedSince: Date | undefined;
  /** In the language that the shop has now. */
  readonly texts: Texts;
}

export interface Merge extends Omit<typeof contactMerges.$inferSelect, 'moved'> {
  /** The name of the one who was absorbed, as it was then. */
  readonly absorbedName: string | null;
}

export interface PersonFacts {
  readonly person: KnownPerson;
  readonly conversation: typeof conversations.$inferSelect | undefined;
  readonly merges: readonly Merge[];
  readonly answersGoTo: Address | undefined;
  /** How many lines of the log there are by each author. */
  readonly lines: Readonly<Record<Line['author'], number>>;
  readonly lastLine: Line | undefined;
  /** What is not sent yet, and what did not arrive; the newest last. */
  readonly unsettled: readonly Outgoing[];
}

export interface ContactFacts {
  readonly addresses: readonly Address[];
  readonly people: readonly PersonFacts[];
}
