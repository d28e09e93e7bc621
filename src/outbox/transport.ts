import type { Address } from '../contacts/address.ts';
import type { Link } from './link.ts';
import type { OutgoingContent } from './outgoing-content.ts';

/** What became of a message that was sent, as WhatsApp reports it. Reports may repeat and come in any order. */
export type Progress =
  | { readonly kind: 'accepted'; readonly whatsappId: string }
  | { readonly kind: 'delivered'; readonly whatsappId: string }
  | { readonly kind: 'read'; readonly whatsappId: string }
  | { readonly kind: 'refused'; readonly whatsappId: string; readonly code: string }
  /** Of who it was sent to: the LID that we know is out of date. */
  | { readonly kind: 'lid-stale'; readonly whatsappId: string };

/** The message did not leave: there is no link to WhatsApp now. It can be sent later under the same id. */
export class NotLinked extends Error {
  override readonly name = 'NotLinked';
}

/** The message can never be sent as it is; `reason` is one of ours and has its words in `texts/`. */
export class CannotBeSent extends Error {
  override readonly name = 'CannotBeSent';
  readonly reason: 'file-missing' | 'no-address';

  constructor(reason: 'file-missing' | 'no-address') {
    super(`Cannot be sent: ${reason}`);
    this.reason = reason;
  }
}

/**
 * The way to people's phones. WhatsApp through Baileys is one, the in-memory one of the scenario tests another.
 */
export interface Transport {
  link(): Link;

  /** A new message id in WhatsApp's form. It is stored before the message is sent, so a second try can use it again. */
  chooseMessageId(): string;

  /**
   * Hands a message over to the wire. Resolving means *written to the socket*, not taken by WhatsApp: that comes as progress.
   *
   * @throws NotLinked when nothing was written
   * @throws CannotBeSent when it never can be
   */
  send(to: Address, whatsappId: string, content: OutgoingContent): Promise<void>;

  /** Shows the person that somebody is typing (or recording), or no longer so. Lost when there is no link. */
  showTyping(to: Address, typing: 'composing' | 'recording' | 'paused'): Promise<void>;

  /** When the present connection had brought everything that WhatsApp had kept; absent before that. */
  caughtUpAt(): Date | undefined;
}
