import type { MessageDetails } from './message.ts';

/** A line of a conversation as it is now, for somebody who reads it. */
export interface ConversationLine {
  readonly author: 'contact' | 'bot' | 'shop-phone';
  readonly sentAt: Date;
  readonly details: MessageDetails;
  /** As it was written first. */
  readonly text: string | undefined;
  readonly editedText: string | undefined;
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  /** The words of the message that this line is about, of reactions and votes. */
  readonly about: string | undefined;
  /** Of what the bot sent: how far it came, and why not further. */
  readonly delivery: { readonly state: string; readonly reason: string | undefined } | undefined;
}

export interface Conversation {
  /** Of the newest ones, the oldest first. */
  readonly lines: readonly ConversationLine[];
  /** Lines there are in all. */
  readonly count: number;
  /** Messages to this person that have not left yet. */
  readonly waiting: number;
}

/** What somebody has written to the shop, told in short. */
export interface Writings {
  readonly count: number;
  readonly last: { readonly at: Date; readonly details: MessageDetails; readonly text: string | undefined } | undefined;
}
