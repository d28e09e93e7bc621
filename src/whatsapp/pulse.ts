import { days, elapsed, hours, later, type Milliseconds } from '../lib/time.ts';
import type { Cause, Cure, Observed, Probe } from './watchdog.ts';

/** Before anything is learned, and the longest gap that counts: nights say nothing about a shop's rhythm. */
const LONGEST_GAP: Milliseconds = hours(6);

/** Each gap moves the usual one by this share towards itself. */
const LEARNING = 1 / 16;

const CURES_KEPT: Milliseconds = days(1);

/** More do not tell more; a bound, because a sick connection may bring thousands. */
const UNCOMMITTED_KEPT = 16;

/**
 * Keeps the times from which the watchdog judges, of fixed size however long it runs. What concerns one connection begins anew with
 * the next; the shop's rhythm, the silent phone and the cures outlive it.
 */
export class Pulse {
  #linkedAt: Date | undefined;
  #lastFrameAt: Date | undefined;
  #uncommittedSince: Date | undefined;
  readonly #uncommitted = new Set<string>();
  #lastArrivalAt: Date | undefined;
  #lastCustomerAt: Date | undefined;
  #lastCommitAt: Date | undefined;
  #lastAckAt: Date | undefined;
  #usualGap: Milliseconds = LONGEST_GAP;
  #openSilence: Milliseconds = 0;
  #lookedAt: Date | undefined;
  #probe: (Probe & { readonly id: string }) | undefined;
  #unanswered = 0;
  #cures: readonly Cure[] = [];
  /** The silence before the last new connection: what was written in it and comes only now was withheld. */
  #doubted: { readonly from: Date; readonly to: Date } | undefined;

  linked(now: Date): void {
    this.#linkedAt = now;
    this.#lastFrameAt = now;
    this.#lookedAt = now;
  }

  unlinked(): void {
    this.#linkedAt = undefined;
    this.#uncommittedSince = undefined;
    this.#uncommitted.clear();
    this.#probe = undefined;
  }

  frame(now: Date): void {
    this.#lastFrameAt = now;
  }

  /** WhatsApp has pushed something. `ours`: the phone's own housekeeping, which says nothing about the shop's rhythm. */
  arrived(ours: boolean, now: Date): void {
    if (!ours) {
      const gap = this.#lastCustomerAt ? Math.min(elapsed(this.#lastCustomerAt, now), LONGEST_GAP) : LONGEST_GAP;
      this.#usualGap += (gap - this.#usualGap) * LEARNING;
      this.#lastCustomerAt = now;
    }
    this.#lastArrivalAt = now;
    this.#openSilence = 0;
  }

  /** A message came that belongs in the journal. */
  shouldCommit(id: string, now: Date): void {
    this.#uncommittedSince ??= now;
    if (this.#uncommitted.size < UNCOMMITTED_KEPT) {
      this.#uncommitted.add(id);
    }
  }

  /** Whether nothing waits to be stored, and nothing was for the given time. */
  isSettled(quiet: Milliseconds, now: Date): boolean {
    const last = this.#lastCommitAt;
    return this.#uncommittedSince === undefined && (last === undefined || elapsed(last, now) >= quiet);
  }

  committed(fromPhone: boolean, now: Date): void {
    this.#uncommittedSince = undefined;
    this.#uncommitted.clear();
    this.#lastCommitAt = now;
    if (fromPhone) {
      this.#unanswered = 0;
      this.#probe &&= { ...this.#probe, answeredAt: this.#probe.answeredAt ?? now };
    }
  }

  probed(id: string, now: Date): void {
    this.#probe = { id, sentAt: now, ackedAt: undefined, answeredAt: undefined };
  }

  /** The question never left, for a reason of our own: that says nothing about the connection. */
  notProbed(id: string, now: Date): void {
    if (this.#probe?.id === id) {
      this.#probe = { ...this.#probe, ackedAt: now };
    }
  }

  acked(id: string, now: Date): void {
    this.#lastAckAt = now;
    if (this.#probe?.id === id) {
      this.#probe = { ...this.#probe, ackedAt: now };
    }
  }

  cured(because: Cause, now: Date): void {
    if (because === 'no-answer') {
      this.#unanswered += 1;
    }
    this.#doubted = { from: this.#lastArrivalAt ?? this.#linkedAt ?? now, to: now };
    this.#cures = [...this.#cures.filter(({ at }) => elapsed(at, now) < CURES_KEPT), { because, at: now }];
  }

  /**
   * A message that was kept for us came with a new connection. When it was written in the silence before, the old connection was
   * deaf, and the phone's silence said nothing about the phone.
   *
   * @returns whether it is the first such proof
   */
  broughtLate(writtenAt: Date): boolean {
    const { from, to } = this.#doubted ?? {};
    if (!from || !to || writtenAt <= later(from, MARGIN) || writtenAt >= later(to, -MARGIN)) {
      return false;
    }
    this.#doubted = undefined;
    this.#unanswered = 0;
    return true;
  }

  /** What is known now; `undefined` while there is no link. To be asked at least once a minute. */
  observe(open: boolean, canProbe: boolean, now: Date): Observed | undefined {
    if (!this.#linkedAt || !this.#lastFrameAt) {
      return undefined;
    }
    if (open && this.#lookedAt) {
      this.#openSilence += elapsed(this.#lookedAt, now);
    }
    this.#lookedAt = now;
    return {
      linkedAt: this.#linkedAt,
      lastFrameAt: this.#lastFrameAt,
      uncommitted: this.#uncommittedSince && { since: this.#uncommittedSince, messages: this.#uncommitted.size },
      lastArrivalAt: this.#lastArrivalAt,
      lastCommitAt: this.#lastCommitAt,
      lastAckAt: this.#lastAckAt,
      usualGap: this.#usualGap,
      open,
      openSilence: this.#openSilence,
      canProbe,
      probe: this.#probe,
      unanswered: this.#unanswered,
      cures: this.#cures,
    };
  }
}

/** WhatsApp's clock and ours differ a little, and it tells whole seconds. */
const MARGIN: Milliseconds = 30_000;
