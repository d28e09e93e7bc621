import { S_WHATSAPP_NET } from '@whiskeysockets/baileys';
import type { Clock } from '../lib/time.ts';
import { hiddenAddress, phoneAddress } from './addresses.ts';
import type { CompanionSocket } from './companion-socket.ts';
import type { FaultBoard } from './faults.ts';
import type { KeyBundle } from './key-bundle.ts';
import type { NoticeBoard } from './notice-board.ts';
import { OfflineQueue, queueKey } from './offline-queue.ts';
import { type DeviceKeys, PrekeyShelf } from './prekey-shelf.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

/** facts: any value that is not empty marks a stanza as kept for the device. */
const KEPT_MARK = '1';

interface Parts {
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly board: NoticeBoard;
}

interface DeviceIdentity {
  readonly number: string;
  readonly lid: string;
  /** 1 and up; 0 is the phone itself. */
  readonly id: number;
  readonly keyIndex: number;
  /** The long-lived Noise key by which a login proves to be this device. */
  readonly noiseKey: Uint8Array;
  readonly keys: DeviceKeys;
}

/** A bot as the server knows it: a companion of somebody's phone, with its keys, its queue and, when online, its socket. */
export class LinkedDevice {
  readonly identity: DeviceIdentity;
  readonly shelf: PrekeyShelf;
  /** The phone sends the keys of the app state and the history once, after the first login. */
  introduced = false;
  /** Whether it ever came back after linking; one that did not was lost while it was being linked. */
  hasLoggedIn = false;
  presence: 'available' | 'unavailable' = 'unavailable';
  readonly #parts: Parts;
  readonly #queue = new OfflineQueue();
  /** Messages for which a retry receipt came: the error that follows it speaks of the old copy. */
  readonly #askedAgain = new Set<string>();
  readonly #mixing: Stanza[] = [];
  #socket: CompanionSocket | undefined;
  #live = false;
  #linked = true;
  #notifications = 0;

  constructor(identity: DeviceIdentity, parts: Parts) {
    this.identity = identity;
    this.shelf = new PrekeyShelf(identity.keys);
    this.#parts = parts;
  }

  /** `number:device@s.whatsapp.net` */
  get jid(): string {
    return phoneAddress(this.identity.number, this.identity.id);
  }

  /** `lid:device@lid`, the address under which phones keep their Signal session with it. */
  get lidJid(): string {
    return hiddenAddress(this.identity.lid, this.identity.id);
  }

  get linked(): boolean {
    return this.#linked;
  }

  /** Online and past the offline phase: stanzas go straight to it. */
  get live(): boolean {
    return this.#live;
  }

  /** How many stanzas it has neither receipted nor acknowledged. */
  get owed(): number {
    return this.#queue.size;
  }

  /** Takes a login; an older connection of the same device is told that it was replaced. */
  attach(socket: CompanionSocket): void {
    this.#socket?.part(stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]));
    this.#socket = socket;
    this.#live = false;
    this.hasLoggedIn = true;
    this.#askedAgain.clear();
  }

  detach(socket: CompanionSocket): void {
    if (this.#socket === socket) {
      this.#socket = undefined;
      this.#live = false;
      this.#parts.board.changed();
    }
  }

  isOn(socket: CompanionSocket): boolean {
    return this.#socket === socket;
  }

  get socket(): CompanionSocket | undefined {
    return this.#socket;
  }

  /** Answers on the present connection; lost when there is none. */
  answer(reply: Stanza): void {
    this.#socket?.send(reply);
  }

  /** Passes on what is worth nothing later, such as typing. */
  pass(fleeting: Stanza): void {
    if (this.#live) {
      this.#socket?.send(fleeting);
    }
  }

  /** Keeps a message, receipt or notification until the device has confirmed it, and sends it now if it is online. */
  deliver(kept: Stanza): void {
    const line = this.#openLine();
    this.#queue.keep(kept, line);
    if (line && this.#parts.faults.current.delivery === 'reordered') {
      this.#sendMixed(line, kept);
    } else {
      this.#send(line, kept);
    }
  }

  /** Sends what has not gone out over the present connection. */
  flush(): void {
    const line = this.#openLine();
    for (const unsent of line ? this.#queue.takeUnsent(line) : []) {
      this.#send(line, unsent);
    }
  }

  /** Announces what is kept; the device answers by asking for it (facts: preview, batch, end of the offline phase). */
  announceBacklog(): void {
    const count = String(this.#queue.size);
    this.answer(
      stanza('ib', { from: S_WHATSAPP_NET }, [
        stanza('offline_preview', { count, message: count, receipt: '0', notification: '0', appdata: '0' }),
      ]),
    );
  }

  /**
   * Sends everything kept, ends the offline phase and goes live. Messages between the phone and its own companion follow
   * as live ones: Baileys starts its synchronisation only from those.
   */
  sendBacklog(): void {
    const socket = this.#socket;
    if (!socket || this.#live) {
      return;
    }
    const withheld = this.#parts.faults.current.delivery === 'withheld';
    const backlog = withheld ? [] : this.#queue.takeUnsent(socket, (kept) => kept.attrs['category'] !== 'peer');
    const isMixed = this.#parts.faults.current.delivery === 'reordered';
    for (const kept of isMixed ? mixChats(backlog) : backlog) {
      socket.send({ ...kept, attrs: { ...kept.attrs, offline: KEPT_MARK } });
    }
    socket.send(stanza('ib', { from: S_WHATSAPP_NET }, [stanza('offline', { count: String(backlog.length) })]));
    this.#live = true;
    this.flush();
    this.#parts.board.changed();
  }

  /** The device has confirmed a stanza, by a receipt or an ack. */
  settle(stanzaClass: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#queue.settle(queueKey(stanzaClass, attributes))) {
      this.#parts.board.changed();
    }
  }

  /** It could not decrypt a message and asked for it again; the old copy stays kept until the new one replaces it. */
  askAgain(id: string): void {
    this.#askedAgain.add(id);
  }

  /** Whether an error for this message belongs to a copy that has been asked for again; true once. */
  takeAskedAgain(id: string): boolean {
    return this.#askedAgain.delete(id);
  }

  takeBundle(): KeyBundle {
    if (this.#parts.faults.current.prekeys === 'exhausted') {
      return { ...this.shelf.keys, preKey: undefined };
    }
    const bundle = this.shelf.takeBundle();
    this.warnOfLowKeys();
    return bundle;
  }

  /** facts: the server says how many one-time keys are left, the device uploads more. */
  warnOfLowKeys(): void {
    if (this.shelf.runsLow()) {
      this.notify('encrypt', [stanza('count', { value: String(this.shelf.count) })]);
    }
  }

  /** From the server itself, unless the attributes name somebody else. */
  notify(type: string, content: readonly Stanza[], attributes: Readonly<Record<string, string>> = {}): void {
    this.#notifications += 1;
    const id = `${this.identity.id}.${this.#notifications}`;
    const t = unixTime(this.#parts.clock.now());
    this.deliver(stanza('notification', { from: S_WHATSAPP_NET, type, id, t, ...attributes }, content));
  }

  /** Ends the link for good; the device may not log in again. */
  unlink(lastWords?: Stanza): void {
    this.#linked = false;
    this.#live = false;
    const socket = this.#socket;
    this.#socket = undefined;
    if (lastWords) {
      socket?.part(lastWords);
    }
    this.#parts.board.changed();
  }

  #openLine(): CompanionSocket | undefined {
    return this.#live && this.#parts.faults.current.delivery !== 'withheld' ? this.#socket : undefined;
  }

  /** Waits for whatever else is handed in at the same moment, and sends it all in another order of the chats. */
  #sendMixed(line: CompanionSocket, kept: Stanza): void {
    this.#mixing.push(kept);
    if (this.#mixing.length === 1) {
      setImmediate(() => {
        for (const mixed of mixChats(this.#mixing.splice(0))) {
          this.#send(line, mixed);
        }
      });
    }
  }

  #send(line: CompanionSocket | undefined, stanzaToSend: Stanza): void {
    line?.send(stanzaToSend);
    if (this.#parts.faults.current.delivery === 'twice') {
      line?.send(stanzaToSend);
    }
  }
}

/** The last chat first; inside each chat the order stays. */
function mixChats(stanzas: readonly Stanza[]): readonly Stanza[] {
  const chats = new Map<string, Stanza[]>();
  for (const each of stanzas) {
    const chat = each.attrs['recipient'] ?? each.attrs['from'] ?? '';
    chats.set(chat, [...(chats.get(chat) ?? []), each]);
  }
  return [...chats.values()].toReversed().flat();
}
