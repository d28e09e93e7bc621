import type { BinaryNode } from '@whiskeysockets/baileys';
import type { Database } from '../database/database.ts';
import type { Log } from '../lib/log.ts';
import { type Clock, elapsed, hours, later, type Milliseconds, minutes, seconds, steadyInstants } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import { Pulse } from './pulse.ts';
import { keepLinkedAt, keepPhoneSeen, readSessionTimes } from './session-times.store.ts';
import { type Account, readSighting } from './sighting.ts';
import { judge, type Verdict } from './watchdog.ts';

export interface WatchParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly hooks: WatchHooks;
}

export interface WatchHooks {
  /** Whether the shop is open: the time in which silence is odd soon. */
  isOpen(now: Date): Promise<boolean>;
  /** A new connection has not helped: only a new process can. */
  onIncurable(because: string): void;
  /** What WhatsApp kept while there was no link has come and is in the journal. */
  onCaughtUp(gap: Gap): void;
  /** When the shop's phone was last heard of, about once an hour while linked. */
  onPhoneSeen(seenAt: Date): void;
}

/** The time without a link before a connection. */
export interface Gap {
  readonly from: Date;
  readonly to: Date;
}

/** What the watch may do to the connection that it looks after. */
export interface Watched {
  readonly sessionId: number;
  canProbe(): boolean;
  chooseMessageId(): string;
  /** Asks the phone. Rejects when the question could not be written. */
  probe(messageId: string): Promise<void>;
  /** Ends the connection; the session opens a new one. */
  end(): void;
}

const NOTE_LINKED_EVERY: Milliseconds = minutes(1);
const NOTE_PHONE_EVERY: Milliseconds = hours(1);

/** The replay is over when so long nothing of it was stored any more; a message that cannot be stored does not hold it up. */
const REPLAY_SETTLED: Milliseconds = seconds(5);
const REPLAY_PATIENCE: Milliseconds = minutes(1);

/**
 * Looks after the session while it is linked, and acts as the watchdog says. How long it has been silent is measured in elapsed time: a
 * correction of the machine's clock is no silence.
 */
export class Watch {
  readonly #parts: WatchParts;
  readonly #steady: () => Date;
  readonly #pulse = new Pulse();
  #now: { readonly watched: Watched; readonly over: AbortController } | undefined;
  #phoneSeenAt: Date | undefined;
  #linkedNotedAt: Date | undefined;
  #phoneNotedAt: Date | undefined;
  #isReplayed = false;
  #gap: Promise<Gap | undefined> = Promise.resolve(undefined);

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#steady = steadyInstants(parts.clock);
  }

  /** Every stanza that comes in. */
  heard(node: BinaryNode, me: Account | undefined): void {
    const now = this.#steady();
    const wall = this.#parts.clock.now();
    const sighting = readSighting(node, me, wall);
    this.#pulse.frame(now);
    if (sighting.pushed) {
      this.#pulse.arrived(sighting.fromPhone, now);
    }
    if (sighting.message) {
      this.#pulse.shouldCommit(sighting.message, now);
    }
    if (sighting.ackOf) {
      this.#pulse.acked(sighting.ackOf, now);
    }
    if (sighting.phoneSeenAt && (!this.#phoneSeenAt || sighting.phoneSeenAt > this.#phoneSeenAt)) {
      this.#phoneSeenAt = sighting.phoneSeenAt;
    }
    const { keptSince, message } = sighting;
    if (keptSince && message && this.#pulse.broughtLate(later(now, -elapsed(keptSince, wall)))) {
      this.#parts.log.warn('The last connection was deaf: messages of its time came with the new one');
    }
  }

  /** A message is safely in the journal. */
  committed(fromPhone: boolean): void {
    this.#pulse.committed(fromPhone, this.#steady());
  }

  linked(watched: Watched): void {
    const over = new AbortController();
    this.#now = { watched, over };
    this.#pulse.linked(this.#steady());
    this.#gap = this.#readGap(this.#parts.clock.now());
    void this.#gap.then(() => this.#look(watched, over.signal));
    if (this.#isReplayed) {
      void this.#catchUp(over.signal);
    }
  }

  unlinked(): void {
    this.#now?.over.abort();
    this.#now = undefined;
    this.#linkedNotedAt = undefined;
    this.#isReplayed = false;
    this.#pulse.unlinked();
  }

  /** WhatsApp says that it has sent everything that it had kept: before or after the link counts as up. */
  replayed(): void {
    this.#isReplayed = true;
    const signal = this.#now?.over.signal;
    if (signal) {
      void this.#catchUp(signal);
    }
  }

  async #look(watched: Watched, stop: AbortSignal): Promise<void> {
    const { clock, hooks } = this.#parts;
    while (!stop.aborted) {
      await this.#keepNotes(watched.sessionId);
      const open = await hooks.isOpen(clock.now()).catch(() => true);
      const now = this.#steady();
      const observed = stop.aborted ? undefined : this.#pulse.observe(open, watched.canProbe(), now);
      if (!observed) {
        return;
      }
      const verdict = judge(observed, now);
      this.#act(verdict, watched, now);
      await this.#rest(verdict.kind === 'fine' ? elapsed(now, verdict.until) : 1, stop);
    }
  }

  /** Until it is time to look again, or a note is due by the clock on the wall. */
  async #rest(span: Milliseconds, stop: AbortSignal): Promise<void> {
    if (stop.aborted) {
      return;
    }
    const { clock } = this.#parts;
    const over = new AbortController();
    const end = () => over.abort();
    stop.addEventListener('abort', end);
    const noteDue = later(this.#linkedNotedAt ?? clock.now(), NOTE_LINKED_EVERY);
    await Promise.race([clock.sleep(span, over.signal), clock.sleepUntil(noteDue, over.signal)]);
    stop.removeEventListener('abort', end);
    over.abort();
  }

  #act(verdict: Verdict, watched: Watched, now: Date): void {
    const { log, hooks } = this.#parts;
    switch (verdict.kind) {
      case 'fine':
        return;
      case 'probe': {
        const messageId = watched.chooseMessageId();
        this.#pulse.probed(messageId, now);
        log.debug('Nothing was received for a while; the phone is asked to answer');
        watched.probe(messageId).catch((error) => {
          this.#pulse.notProbed(messageId, this.#steady());
          log.info({ error: describe(error) }, 'The phone could not be asked');
        });
        return;
      }
      case 'new-socket':
        log.warn({ because: verdict.because }, 'The session may no longer receive; connecting anew');
        this.#pulse.cured(verdict.because, now);
        this.unlinked();
        watched.end();
        return;
      case 'exit':
        log.error({ because: verdict.because }, 'The session receives nothing, and a new connection did not help');
        this.unlinked();
        hooks.onIncurable(verdict.because);
        return;
    }
  }

  /** The database's memory of the link and of the phone, written seldom. What cannot be written now is written later. */
  async #keepNotes(sessionId: number): Promise<void> {
    const { database, clock, log, hooks } = this.#parts;
    const now = clock.now();
    try {
      if (isDue(this.#linkedNotedAt, NOTE_LINKED_EVERY, now)) {
        this.#linkedNotedAt = now;
        await keepLinkedAt(database, sessionId, now);
      }
      if (isDue(this.#phoneNotedAt, NOTE_PHONE_EVERY, now)) {
        this.#phoneNotedAt = now;
        // A fresh link has just been scanned by the phone.
        const { phoneSeenAt } = await readSessionTimes(database);
        const seenAt = this.#phoneSeenAt ?? phoneSeenAt ?? now;
        await keepPhoneSeen(database, sessionId, seenAt);
        hooks.onPhoneSeen(phoneSeenAt && phoneSeenAt > seenAt ? phoneSeenAt : seenAt);
      }
    } catch (error) {
      log.warn({ error: describe(error) }, 'The times of the session could not be noted');
    }
  }

  async #readGap(to: Date): Promise<Gap | undefined> {
    const times = await readSessionTimes(this.#parts.database).catch(() => undefined);
    return times?.lastLinkedAt && { from: times.lastLinkedAt, to };
  }

  async #catchUp(stop: AbortSignal): Promise<void> {
    const { clock, hooks } = this.#parts;
    const giveUp = later(this.#steady(), REPLAY_PATIENCE);
    const gap = await this.#gap;
    while (!stop.aborted && gap) {
      const now = this.#steady();
      if (now >= giveUp || this.#pulse.isSettled(REPLAY_SETTLED, now)) {
        hooks.onCaughtUp(gap);
        return;
      }
      await clock.sleep(seconds(1), stop);
    }
  }
}

function isDue(last: Date | undefined, every: Milliseconds, now: Date): boolean {
  return last === undefined || elapsed(last, now) >= every;
}
