import type { Readable } from 'node:stream';
import { generateMessageIDV2, WA_CERT_DETAILS } from '@whiskeysockets/baileys';
import type { Address } from '../contacts/address.ts';
import type { WantedAttachment } from '../conversations/attachments.store.ts';
import type { OrderLine } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import type { Lease, Tenure } from '../database/lease.ts';
import { assert } from '../lib/assert.ts';
import type { Log } from '../lib/log.ts';
import { aborted, type Clock, elapsed, later, type Milliseconds, minutes, seconds } from '../lib/time.ts';
import { describe } from '../lib/work-loop.ts';
import type { Link } from '../outbox/link.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { CannotBeSent, NotLinked, type Progress, type Transport } from '../outbox/transport.ts';
import type { AttachmentSource } from './attachments.worker.ts';
import { type AuthStore, openAuthStore } from './auth.store.ts';
import { backOff, type ConnectionEnd, ENDED_BY_WATCHDOG, type Reaction, reactTo } from './close-codes.ts';
import { type Connection, makeSocketCaches, openConnection } from './connection.ts';
import { addressOf, jidOf } from './jid.ts';
import { findPlaintext } from './journal.store.ts';
import { askForLids, findLids, type LidOfPhone } from './lid-query.ts';
import { fetchOrder, openFile } from './media.ts';
import { Pairing, type PairingCodeOutcome } from './pairing.ts';
import { askPhone } from './probe.ts';
import { libraryLog } from './quiet-libraries.ts';
import { makeSeal, type Seal, SessionUnreadable } from './seal.ts';
import { type SenderParts, sendOver } from './sender.ts';
import { journalEvent, type LosslessParts, losslessSignalRepository, StanzaOfCiphertext } from './signal-repository.ts';
import { Watch, type WatchHooks } from './watch.ts';
import { type WebVersion, WebVersionChoice } from './web-version.ts';

export interface WhatsAppParts extends SenderParts {
  readonly database: Database;
  /** There is a connection, and the login is in memory, only while it is held. */
  readonly lease: Lease;
  readonly clock: Clock;
  readonly log: Log;
  readonly encryptionKey: Buffer | undefined;
  /** Another WhatsApp server, with its certificate root in hex. */
  readonly url: string | undefined;
  readonly rootKey: string | undefined;
  /** A number from 0 to 1, for the jitter between tries. */
  readonly chance: () => number;
  /** An arrival is safely in the journal. */
  readonly onArrival: () => void;
  readonly onProgress: (progress: Progress) => void;
  readonly onLink: (link: Link) => void;
  /** Everything that WhatsApp had kept while we were away has come. */
  readonly onCaughtUp: () => void;
  /** Asks for the newest version of WhatsApp Web, when WhatsApp no longer accepts ours. */
  readonly fetchWebVersion?: () => Promise<WebVersion | undefined>;
  /** Without it nobody looks whether a linked session still receives. */
  readonly watch?: WatchHooks;
}

/** A connection that held this long starts the counting of failures anew. */
const STABLE_AFTER: Milliseconds = minutes(1);

/** After the database was away: long enough to come back, short enough that people hardly notice. */
const DATABASE_PAUSE: Milliseconds = seconds(5);

/**
 * The shop's WhatsApp: links, stays linked, sends, all of it only while this process holds the lease. A single loop opens one
 * connection after another, so there is never more than one socket; what the end of each means is decided by the table of close codes.
 */
export class WhatsAppSession implements Transport, AttachmentSource {
  readonly #parts: WhatsAppParts;
  readonly #seal: Seal;
  readonly #caches = makeSocketCaches();
  readonly #stanzas = new StanzaOfCiphertext();
  readonly #stopping = new AbortController();
  readonly #watch: Watch | undefined;
  readonly #pairing: Pairing;
  readonly #version: WebVersionChoice;
  #link: Link;
  #tenure: Tenure | undefined;
  /** Aborted when what is being done is over: the session stops, or the lease is lost. */
  #over: AbortSignal = this.#stopping.signal;
  #auth: AuthStore | undefined;
  #connection: Connection | undefined;
  #caughtUpAt: Date | undefined;
  #running: Promise<void> = Promise.resolve();
  #storeFailure: Error | undefined;
  #failures = 0;
  /** The one new try after another program took the session has been used. */
  #triedAfterReplaced = false;
  #resume: () => void = () => undefined;

  constructor(parts: WhatsAppParts) {
    this.#parts = parts;
    this.#seal = makeSeal(parts.encryptionKey);
    this.#link = { state: 'connecting', since: parts.clock.now() };
    this.#pairing = new Pairing(parts.clock);
    this.#version = new WebVersionChoice(parts.fetchWebVersion);
    this.#watch = parts.watch && new Watch({ ...parts, hooks: parts.watch });
  }

  /** Opens the login and begins to connect, or stands by. @throws SessionUnreadable */
  async start(): Promise<void> {
    const { rootKey } = this.#parts;
    if (rootKey) {
      WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(rootKey, 'hex');
    }
    const waiting = new AbortController();
    const tenure = await this.#acquire(AbortSignal.any([this.#stopping.signal, waiting.signal]), () => waiting.abort());
    this.#running = this.#run(tenure && (await this.#begin(tenure)));
  }

  /** Leaves without unlinking; what was being written is finished first. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    void this.#connection?.socket.end(undefined);
    await this.#running;
    await this.#auth?.saveCreds();
    await this.#auth?.keys.close();
  }

  link(): Link {
    return this.#link;
  }

  chooseMessageId(): string {
    return generateMessageIDV2(this.#auth?.creds.me?.id);
  }

  async send(to: Address, whatsappId: string, content: OutgoingContent): Promise<void> {
    const jid = jidOf(to);
    if (jid === undefined) {
      throw new CannotBeSent('no-address');
    }
    await sendOver(this.#openSocket(), this.#parts, jid, whatsappId, content);
  }

  async showTyping(to: Address, typing: 'composing' | 'recording' | 'paused'): Promise<void> {
    const jid = jidOf(to);
    if (jid && this.#link.state === 'linked') {
      await this.#openSocket().sendPresenceUpdate(typing, jid);
    }
  }

  caughtUpAt(): Date | undefined {
    return this.#caughtUpAt;
  }

  async openFile({ address, ...wanted }: WantedAttachment, signal: AbortSignal): Promise<Readable> {
    const chat = (address && jidOf(address)) ?? '';
    return openFile(this.#openSocket(), this.#parts.clock, { ...wanted, chat }, signal);
  }

  async fetchOrder(orderId: string, token: string): Promise<readonly OrderLine[]> {
    return fetchOrder(this.#openSocket(), orderId, token);
  }

  /** WhatsApp's ids of the shop's own number. */
  ownIds(): readonly string[] {
    const { id, lid } = this.#auth?.creds.me ?? {};
    return [id, lid].filter((one) => one !== undefined);
  }

  /** Asks for a code that can be typed on the phone with this number (E.164), instead of scanning. */
  async requestPairingCode(phone: string): Promise<PairingCodeOutcome> {
    if (!this.#connection || this.#link.state !== 'pairing') {
      return { ok: false, because: 'too-early' };
    }
    const outcome = await this.#pairing.requestCode(this.#connection.socket, phone);
    if (this.#link.state !== 'pairing') {
      return { ok: false, because: 'refused' };
    }
    if (outcome.ok) {
      this.#setLink({ ...this.#link, code: outcome.code });
    }
    return outcome;
  }

  /** Somebody is looking at the pairing page: asks for codes again after nobody had scanned. */
  resumePairing(): void {
    this.#resume();
  }

  /** What WhatsApp calls these people besides their phone number; the unknown are left out. */
  async findLids(phones: readonly Address[]): Promise<readonly LidOfPhone[]> {
    return findLids(this.#openSocket(), phones);
  }

  /** The same, asked of WhatsApp itself even where an answer is remembered. */
  async askForLids(phones: readonly Address[]): Promise<readonly LidOfPhone[]> {
    return askForLids(this.#openSocket(), phones);
  }

  async #run(first: AuthStore | undefined): Promise<void> {
    let auth = first;
    while (!this.#stopping.signal.aborted) {
      auth ??= await this.#takeOver();
      if (auth) {
        await this.#serve(auth);
      }
      auth = undefined;
    }
    this.#setLink({ state: 'stopped', since: this.#now(), because: 'shut-down' });
  }

  /** Stands by until this process may hold the link, and reads the login as it is then. */
  async #takeOver(): Promise<AuthStore | undefined> {
    const tenure = await this.#acquire(this.#stopping.signal);
    try {
      return tenure && (await this.#begin(tenure));
    } catch (error) {
      return this.#recover(error);
    }
  }

  #acquire(stop: AbortSignal, onWait: () => void = () => undefined): Promise<Tenure | undefined> {
    return this.#parts.lease.acquire(stop, (waitingFor) => {
      this.#showWaiting(waitingFor);
      onWait();
    });
  }

  #showWaiting(waitingFor: 'holder' | 'database'): void {
    if (waitingFor === 'database') {
      this.#setLink({ state: 'connecting', since: this.#troubleSince(), trouble: 'database-unavailable' });
    } else if (this.#link.state !== 'standby') {
      this.#setLink({ state: 'standby', since: this.#now() });
    }
  }

  /** Trouble lasts since it began, however many tries there are. */
  #troubleSince(): Date {
    return this.#link.state === 'connecting' && this.#link.trouble ? this.#link.since : this.#now();
  }

  async #begin(tenure: Tenure): Promise<AuthStore> {
    this.#tenure = tenure;
    this.#over = AbortSignal.any([this.#stopping.signal, tenure.lost]);
    this.#auth = await this.#openAuth();
    // What another process, or an earlier life of this one, has left in the journal is ours to handle now.
    this.#parts.onArrival();
    return this.#auth;
  }

  /** Keeps the link up until the session stops or the lease is lost. */
  async #serve(first: AuthStore): Promise<void> {
    let auth = first;
    const cut = () => this.#connection?.cut();
    this.#tenure?.lost.addEventListener('abort', cut);
    while (!this.#over.aborted) {
      try {
        auth = await this.#follow(await this.#connectOnce(auth), auth);
      } catch (error) {
        auth = (await this.#recover(error)) ?? auth;
      }
      this.#auth = auth;
    }
    this.#tenure?.lost.removeEventListener('abort', cut);
    if (this.#tenure?.lost.aborted) {
      this.#parts.log.warn('The lease on WhatsApp is lost; leaving it to whoever takes over');
      // What is still being written is refused by the database; there is nothing to wait for.
      void auth.keys.close();
      this.#auth = undefined;
      this.#setLink({ state: 'connecting', since: this.#now() });
    }
  }

  /** One connection from its opening to its end, and what its end means. */
  async #connectOnce(auth: AuthStore): Promise<Reaction> {
    if (!isPaired(auth)) {
      forgetHalfPairing(auth);
    } else if (this.#link.state !== 'connecting') {
      this.#setLink({ state: 'connecting', since: this.#now() });
    }
    const openedAt = this.#now();
    this.#pairing.beginRound();
    this.#connection = this.#open(auth, await this.#version.current(auth.keys));
    if (this.#over.aborted) {
      this.#connection.cut();
    }
    const { code, banSeconds, because } = await this.#connection.closed;
    this.#connection = undefined;
    this.#caughtUpAt = undefined;
    this.#watch?.unlinked();
    if (this.#storeFailure) {
      throw this.#storeFailure;
    }
    if (elapsed(openedAt, this.#now()) >= STABLE_AFTER) {
      this.#failures = 0;
      this.#triedAfterReplaced = false;
    }
    if (!this.#over.aborted) {
      const wasUp = this.#link.state === 'linked' || this.#link.state === 'pairing';
      const what = wasUp ? 'The connection to WhatsApp ended' : 'There is no connection to WhatsApp yet';
      this.#parts.log.info({ code, because }, what);
    }
    return this.#decide({ code, paired: isPaired(auth), ...(banSeconds === undefined ? {} : { banSeconds }) });
  }

  #open(auth: AuthStore, version: WebVersion): Connection {
    const { database, url, log, findSent, onArrival, onProgress } = this.#parts;
    const stanzas = this.#stanzas;
    const lossless: LosslessParts = {
      auth,
      stanzas,
      findPlaintext: (author, id, hash) => findPlaintext(database, this.#seal, auth.sessionId, author, id, hash),
      onArrival,
      onCommitted: ({ category }) => this.#watch?.committed(category === 'peer'),
    };
    return openConnection(
      {
        auth,
        url,
        version,
        logger: libraryLog(log),
        caches: this.#caches,
        stanzas,
        findSent,
        makeSignalRepository: losslessSignalRepository(lossless),
        onFrame: (node) => {
          this.#watch?.heard(node, auth.creds.me);
          // A failure to store has ended the session already.
          void journalEvent(lossless, node).catch(() => undefined);
        },
      },
      {
        onQr: (qr) => this.#setLink(this.#pairing.show(qr, this.#link)),
        onOpen: () => this.#opened(auth),
        onCaughtUp: () => this.#caughtUp(),
        onProgress,
        onPairingAnswer: (accepted) => this.#pairing.answered(accepted),
      },
    );
  }

  #opened(auth: AuthStore): void {
    this.#pairing.reset({ afterLogout: false });
    const phone = addressOf(auth.creds.me?.id)?.value ?? '';
    this.#setLink({ state: 'linked', since: this.#now(), phone });
    this.#parts.log.info('Linked to WhatsApp');
    // A failure to store has ended the session already.
    this.#version.worked(auth.keys).catch(() => undefined);
    this.#lookAfter(auth);
  }

  #lookAfter(auth: AuthStore): void {
    const { socket } = this.#connection ?? {};
    if (socket) {
      this.#watch?.linked({
        sessionId: auth.sessionId,
        canProbe: () => auth.creds.myAppStateKeyId !== undefined,
        chooseMessageId: () => this.chooseMessageId(),
        probe: (messageId) => askPhone(socket, messageId),
        end: () => void socket.end(endedByWatchdog()),
      });
    }
  }

  #caughtUp(): void {
    this.#caughtUpAt = this.#now();
    this.#watch?.replayed();
    this.#parts.onCaughtUp();
  }

  /** What the table says, except that codes which nobody has scanned are no failure. */
  #decide(end: ConnectionEnd): Reaction {
    const noneScanned = !end.paired && end.code === 408 && this.#link.state === 'pairing';
    return noneScanned ? this.#pairing.endUnusedRound() : reactTo(end);
  }

  /** Does what the end of a connection asks for. @returns the login to go on with */
  async #follow(reaction: Reaction, auth: AuthStore): Promise<AuthStore> {
    if (this.#over.aborted) {
      return auth;
    }
    switch (reaction.kind) {
      case 'reconnect':
        await this.#pauseBefore(reaction);
        return auth;
      case 'stop':
        if (reaction.because !== 'outdated' || !(await this.#findNewVersion(auth))) {
          await this.#stand(reaction);
        }
        return auth;
      case 'pair-again':
        this.#parts.log.warn('The link was ended on the phone');
        await auth.end('logged-out');
        this.#pairing.reset({ afterLogout: true });
        return this.#openAuth();
    }
  }

  /** WhatsApp may accept a newer version than the one this release knows. @returns whether there is one to try */
  async #findNewVersion(auth: AuthStore): Promise<boolean> {
    const version = await this.#version.findNewer(auth.keys);
    if (version) {
      this.#parts.log.warn(
        { version: version.join('.') },
        'WhatsApp no longer accepts this version; trying a newer one',
      );
    }
    return version !== undefined;
  }

  async #pauseBefore({ trouble, pace }: Extract<Reaction, { kind: 'reconnect' }>): Promise<void> {
    if (pace === 'at-once') {
      return;
    }
    this.#failures += 1;
    await this.#keepTrying(trouble, backOff(pace, this.#failures, this.#parts.chance()));
  }

  async #keepTrying(trouble: NonNullable<Extract<Link, { state: 'connecting' }>['trouble']>, pause: Milliseconds) {
    const retryAt = later(this.#now(), pause);
    this.#setLink({ state: 'connecting', since: this.#troubleSince(), trouble, retryAt });
    await this.#parts.clock.sleepUntil(retryAt, this.#over);
  }

  /** Stays away from WhatsApp until the reason's time is over, or somebody asks for a new try. */
  async #stand({ because, for: wanted }: Extract<Reaction, { kind: 'stop' }>): Promise<void> {
    const { clock, log } = this.#parts;
    const since = this.#now();
    const span = because === 'replaced' && this.#triedAfterReplaced ? undefined : wanted;
    this.#triedAfterReplaced = because === 'replaced';
    log.warn({ because }, 'Not connecting to WhatsApp any more');
    const until = span === undefined ? undefined : later(since, span);
    this.#setLink({ state: 'stopped', since, because, ...(until ? { until } : {}) });
    const resumed = new AbortController();
    this.#resume = because === 'pairing-expired' ? () => resumed.abort() : () => undefined;
    const over = AbortSignal.any([this.#over, resumed.signal]);
    await (until ? clock.sleepUntil(until, over) : aborted(over));
    this.#pairing.reset({ afterLogout: false });
  }

  /** The store or the database failed: what is in memory may differ from what is stored, so the login is read anew. */
  async #recover(first: unknown): Promise<AuthStore | undefined> {
    const { log } = this.#parts;
    this.#connection = undefined;
    let error = first;
    while (!this.#over.aborted) {
      if (error instanceof SessionUnreadable) {
        log.error(error.message);
        await this.#giveUp();
        return undefined;
      }
      log.error({ error: describe(error) }, 'The WhatsApp login could not be stored or read');
      await this.#keepTrying('database-unavailable', DATABASE_PAUSE);
      try {
        return await this.#openAuth();
      } catch (again) {
        error = again;
      }
    }
    return undefined;
  }

  /** Nothing can be done with this login here; a process that has the right key may try. */
  async #giveUp(): Promise<void> {
    this.#setLink({ state: 'stopped', since: this.#now(), because: 'session-unreadable' });
    await this.#parts.lease.release();
    await aborted(this.#stopping.signal);
  }

  #openAuth(): Promise<AuthStore> {
    const { database, clock, log } = this.#parts;
    const tenure = this.#tenure;
    assert(tenure, 'the login is opened by whoever holds the lease');
    this.#storeFailure = undefined;
    return openAuthStore({
      database,
      tenure,
      clock,
      log,
      seal: this.#seal,
      onFailure: (error) => {
        this.#storeFailure ??= error;
        void this.#connection?.socket.end(error);
      },
    });
  }

  #openSocket() {
    if (this.#link.state !== 'linked' || !this.#connection || !this.#tenure?.isHeld()) {
      throw new NotLinked('There is no link to WhatsApp now');
    }
    return this.#connection.socket;
  }

  #setLink(next: Link): void {
    this.#link = next;
    this.#parts.onLink(next);
  }

  #now(): Date {
    return this.#parts.clock.now();
  }
}

/** The account has confirmed this device; before that, `creds.me` may hold a number that a code was asked for. */
function isPaired(auth: AuthStore): boolean {
  return auth.creds.account !== undefined;
}

/** A pairing that was given up leaves a number behind, with which Baileys would try to log in instead of pairing. */
function forgetHalfPairing(auth: AuthStore): void {
  delete auth.creds.me;
  auth.creds.pairingCode = undefined;
  auth.creds.registered = false;
}

/** In the form of Baileys' own errors, from which the code of an end is read. */
function endedByWatchdog(): Error {
  return Object.assign(new Error('Ended by the watchdog'), { output: { statusCode: ENDED_BY_WATCHDOG } });
}
