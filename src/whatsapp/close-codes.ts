import { hours, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import type { StopReason, Trouble } from '../outbox/link.ts';

/** What the session does after a connection has ended. */
export type Reaction =
  | { readonly kind: 'reconnect'; readonly trouble: Trouble; readonly pace: 'at-once' | 'back-off' | 'slow-back-off' }
  /** The link was ended from outside: archive the login and offer a new pairing. */
  | { readonly kind: 'pair-again' }
  /** No more tries; `for` says after what time one more is made, without it only a restart or a command does. */
  | { readonly kind: 'stop'; readonly because: StopReason; readonly for?: Milliseconds };

export interface ConnectionEnd {
  /** The status code of Baileys' `lastDisconnect` error. */
  readonly code: number;
  /** A login exists; without one the connection was a round of pairing. */
  readonly paired: boolean;
  /** Seconds until a temporary ban ends, when WhatsApp has said so. */
  readonly banSeconds?: number;
}

/** WhatsApp's clock and ours differ a little; a ban is not tested on its last second. */
const BAN_MARGIN = minutes(10);

const BAN_WITHOUT_END = hours(24);

/** facts/whatsapp §3.3: a session that was opened elsewhere is tried once more after ten minutes. */
const REPLACED_RETRY = minutes(10);

const reconnect = (trouble: Trouble, pace: 'at-once' | 'back-off' | 'slow-back-off' = 'back-off'): Reaction => ({
  kind: 'reconnect',
  trouble,
  pace,
});

const stop = (because: StopReason): Reaction => ({ kind: 'stop', because });

/** The code of connections that the watchdog ends; none of WhatsApp's. */
export const ENDED_BY_WATCHDOG = 4000;

/** Every close code that means something, and what to do (facts/whatsapp §3.3). */
export const reactions: Readonly<Record<number, Reaction>> = {
  401: { kind: 'pair-again' },
  402: stop('temporarily-banned'),
  403: stop('blocked'),
  405: stop('outdated'),
  406: stop('banned'),
  408: reconnect('unreachable'),
  409: stop('identity-refused'),
  411: stop('not-multi-device'),
  413: reconnect('refused', 'slow-back-off'),
  414: reconnect('refused', 'slow-back-off'),
  415: reconnect('refused', 'slow-back-off'),
  418: reconnect('refused', 'slow-back-off'),
  428: reconnect('connection-lost'),
  440: { kind: 'stop', because: 'replaced', for: REPLACED_RETRY },
  500: reconnect('server-error'),
  503: reconnect('server-unavailable', 'slow-back-off'),
  515: reconnect('restart-asked', 'at-once'),
  [ENDED_BY_WATCHDOG]: reconnect('connection-lost', 'at-once'),
};

export function reactTo({ code, paired, banSeconds }: ConnectionEnd): Reaction {
  if (code === 402) {
    const ban = banSeconds === undefined ? BAN_WITHOUT_END : seconds(banSeconds) + BAN_MARGIN;
    return { kind: 'stop', because: 'temporarily-banned', for: ban };
  }
  if (code === 401 && !paired) {
    // Nothing to archive: a pairing that was given up half-way.
    return reconnect('refused');
  }
  return reactions[code] ?? reconnect('server-error');
}

const FIRST_DELAY = seconds(1);
const FIRST_SLOW_DELAY = seconds(10);
const LONGEST_DELAY = minutes(5);

/**
 * How long to wait before try number `failures` (1 is the first after an end): doubling from 1 s (10 s when WhatsApp itself is in
 * trouble), times 0.5 to 1.5 by `chance` (0 to 1), never above 5 minutes.
 */
export function backOff(
  pace: 'at-once' | 'back-off' | 'slow-back-off',
  failures: number,
  chance: number,
): Milliseconds {
  if (pace === 'at-once' && failures <= 1) {
    return 0;
  }
  const first = pace === 'slow-back-off' ? FIRST_SLOW_DELAY : FIRST_DELAY;
  const doubled = first * 2 ** Math.min(failures - 1, 20);
  return Math.min(doubled * (0.5 + chance), LONGEST_DELAY);
}
