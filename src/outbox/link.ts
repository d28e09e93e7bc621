/**
 * How the bot stands with the shop's WhatsApp. Every state has a sentence and a next step in `texts/`, so whoever looks knows what
 * to do.
 */
export type Link =
  | { readonly state: 'connecting'; readonly since: Date; readonly trouble?: Trouble; readonly retryAt?: Date }
  | {
      readonly state: 'pairing';
      readonly since: Date;
      /** The text that the QR picture holds. */
      readonly qr: string;
      readonly qrExpiresAt: Date;
      /** The pairing code that WhatsApp has confirmed, for a phone that cannot scan. */
      readonly code?: string;
      /** Set when the bot was linked before and the link was ended from outside. */
      readonly after?: 'logged-out';
    }
  | { readonly state: 'linked'; readonly since: Date; readonly phone: string; readonly name?: string }
  /** Another process on the same database has the link; this one takes over when that one ends. */
  | { readonly state: 'standby'; readonly since: Date }
  | { readonly state: 'stopped'; readonly since: Date; readonly because: StopReason; readonly until?: Date };

/** What is in the way while the bot keeps trying. */
export type Trouble =
  | 'unreachable'
  | 'connection-lost'
  | 'restart-asked'
  | 'server-unavailable'
  | 'server-error'
  | 'database-unavailable'
  | 'refused';

/** Why the bot no longer tries by itself. */
export type StopReason =
  | 'replaced'
  | 'blocked'
  | 'banned'
  | 'temporarily-banned'
  | 'outdated'
  | 'identity-refused'
  | 'not-multi-device'
  | 'pairing-expired'
  | 'session-unreadable'
  | 'shut-down';

/** The sentences and the pages need to know only whether the bot can send now. */
export function isLinked(link: Link): boolean {
  return link.state === 'linked';
}
