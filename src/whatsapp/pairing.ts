import type { WASocket } from '@whiskeysockets/baileys';
import { type Clock, later, type Milliseconds, minutes, seconds, within } from '../lib/time.ts';
import type { Link } from '../outbox/link.ts';
import type { Reaction } from './close-codes.ts';

export type PairingCodeOutcome =
  | { readonly ok: true; readonly code: string }
  | { readonly ok: false; readonly because: 'too-early' | 'refused' };

type PairingLink = Extract<Link, { state: 'pairing' }>;

/** WhatsApp shows the first code for a minute and the next ones for 20 s each; five such rounds are a quarter of an hour. */
const ROUNDS = 5;
const FIRST_QR_LIFETIME = minutes(1);
const NEXT_QR_LIFETIME = seconds(20);

const ANSWER_WITHIN: Milliseconds = seconds(15);

/** What is offered while no phone has taken this device: rounds of QR codes, and codes to type. */
export class Pairing {
  readonly #clock: Clock;
  #rounds = 0;
  #qrsOfRound = 0;
  #afterLogout = false;
  #onAnswer: (accepted: boolean) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A connection begins, and with it the codes. */
  beginRound(): void {
    this.#qrsOfRound = 0;
  }

  /** Everything from the start: the phone has ended the link, somebody looks again, or a phone has taken the device. */
  reset({ afterLogout }: { readonly afterLogout: boolean }): void {
    this.#rounds = 0;
    this.#afterLogout = afterLogout;
  }

  /** The link that shows a code to scan. A code that was asked for stays valid while the picture changes, but not longer than its round. */
  show(qr: string, now: Link): PairingLink {
    const since = this.#clock.now();
    const isFirst = this.#qrsOfRound === 0;
    const code = !isFirst && now.state === 'pairing' ? now.code : undefined;
    this.#qrsOfRound += 1;
    return {
      state: 'pairing',
      since,
      qr,
      qrExpiresAt: later(since, isFirst ? FIRST_QR_LIFETIME : NEXT_QR_LIFETIME),
      ...(code === undefined ? {} : { code }),
      ...(this.#afterLogout ? { after: 'logged-out' } : {}),
    };
  }

  /** A round that nobody used is followed by another, up to a limit. */
  endUnusedRound(): Reaction {
    this.#rounds += 1;
    return this.#rounds < ROUNDS
      ? { kind: 'reconnect', trouble: 'restart-asked', pace: 'at-once' }
      : { kind: 'stop', because: 'pairing-expired' };
  }

  /** WhatsApp has answered the request for a code. */
  answered(accepted: boolean): void {
    this.#onAnswer(accepted);
  }

  /** Asks for a code that can be typed on the phone with this number (E.164), and waits until WhatsApp has confirmed it. */
  async requestCode(socket: WASocket, phone: string): Promise<PairingCodeOutcome> {
    const answered = new Promise<boolean>((resolve) => {
      this.#onAnswer = resolve;
    });
    const code = await socket.requestPairingCode(phone.replace('+', ''));
    const accepted = await within(this.#clock, ANSWER_WITHIN, answered).catch(() => false);
    return accepted ? { ok: true, code } : { ok: false, because: 'refused' };
  }
}
