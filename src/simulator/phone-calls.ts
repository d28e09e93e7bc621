import { randomBytes } from 'node:crypto';
import type { Milliseconds } from '../lib/time.ts';
import { seconds } from '../lib/time.ts';
import { addressOf, alternativeOf } from './addresses.ts';
import type { NoticeBoard } from './notice-board.ts';
import type { Phone } from './phone.ts';
import type { PostOffice } from './post-office.ts';
import { stanza, unixTime } from './stanza.ts';

const PATIENCE: Milliseconds = seconds(20);

/** How a call ends: nobody answers, the caller hangs up, or the shop's own phone rejects or takes it. */
export type CallEnd = 'timeout' | 'terminate' | 'reject' | 'accept';

/** The calls that a person makes from this phone. What is said in them is no matter of WhatsApp's stanzas. */
export class PhoneCalls {
  readonly #phone: Phone;
  readonly #post: PostOffice;
  readonly #board: NoticeBoard;
  readonly #rejected = new Set<string>();
  #sent = 0;

  constructor(phone: Phone, post: PostOffice, board: NoticeBoard) {
    this.#phone = phone;
    this.#post = post;
    this.#board = board;
  }

  /** Rings at a number. @returns the id of the call */
  ring(to: string, { video = false } = {}): string {
    const id = randomBytes(16).toString('hex').toUpperCase();
    const media = [stanza('audio', { enc: 'opus', rate: '16000' }), ...(video ? [stanza('video')] : [])];
    this.#tell(to, 'offer', id, { media });
    return id;
  }

  end(to: string, id: string, how: CallEnd): void {
    if (how === 'timeout' || how === 'terminate') {
      this.#tell(to, 'terminate', id, how === 'timeout' ? { reason: 'timeout' } : {});
    } else {
      this.#tell(to, how, id, {});
    }
  }

  /** The other side does not want the call. */
  rejected(id: string): void {
    this.#rejected.add(id);
    this.#board.changed();
  }

  /** Resolves when the other side's bot has rejected the call. */
  async isRejected(id: string, limit = PATIENCE): Promise<void> {
    await this.#board.until(() => this.#rejected.has(id) || undefined, `call ${id} is rejected`, limit);
  }

  #tell(
    to: string,
    event: string,
    callId: string,
    { media, reason }: { readonly media?: readonly ReturnType<typeof stanza>[]; readonly reason?: string },
  ): void {
    const from = addressOf(this.#phone, this.#phone.addressing);
    const names = { 'call-id': callId, 'call-creator': from, caller_pn: alternativeOf(this.#phone, 'lid').pn, reason };
    this.#sent += 1;
    const id = `${callId}-${this.#sent}`;
    const t = unixTime(this.#post.clock.now());
    for (const device of this.#post.devicesOf(this.#post.phone(to))) {
      device.deliver(stanza('call', { from, id, t, notify: this.#phone.name }, [stanza(event, names, media)]));
    }
  }
}
