import makeWASocket, {
  type BinaryNode,
  type CacheStore,
  type ConnectionState,
  jidNormalizedUser,
  type SocketConfig,
  type WASocket,
} from '@whiskeysockets/baileys';
import { LRUCache } from 'lru-cache';
import { hours, type Milliseconds, minutes } from '../lib/time.ts';
import type { Progress } from '../outbox/transport.ts';
import type { AuthStore } from './auth.store.ts';
import { readProgress } from './progress.ts';
import { type SentMessage, writeAgain } from './sender.ts';
import type { StanzaOfCiphertext } from './signal-repository.ts';
import type { WebVersion } from './web-version.ts';

/** How a connection ended, as Baileys reports it. */
interface ConnectionClosed {
  readonly code: number;
  readonly banSeconds: number | undefined;
  /** For the log. */
  readonly because: string;
}

export interface ConnectionEvents {
  onQr(qr: string): void;
  onOpen(): void;
  /** Everything that WhatsApp had kept for this device has come. */
  onCaughtUp(): void;
  onProgress(progress: Progress): void;
  /** WhatsApp has answered the request for a pairing code. */
  onPairingAnswer(accepted: boolean): void;
}

export interface Connection {
  readonly socket: WASocket;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly closed: Promise<ConnectionClosed>;
  /** Ends it at once, without waiting for WhatsApp to hang up as well. */
  cut(): void;
}

const ANSWERS_KEPT = 10_000;

/** Caches that must outlive a socket: a new one with empty caches would ask for the same retries for ever. */
export function makeSocketCaches(): Pick<
  SocketConfig,
  'msgRetryCounterCache' | 'userDevicesCache' | 'callOfferCache' | 'placeholderResendCache'
> {
  return {
    msgRetryCounterCache: makeCache(hours(1)),
    userDevicesCache: makeCache(minutes(5)),
    callOfferCache: makeCache(minutes(5)),
    placeholderResendCache: makeCache(hours(1)),
  };
}

function ownId({ creds }: AuthStore): string {
  return jidNormalizedUser(creds.me?.id);
}

function makeCache(ttl: Milliseconds): CacheStore {
  const cache = new LRUCache<string, NonNullable<unknown>>({ max: ANSWERS_KEPT, ttl });
  return {
    get: <Value>(key: string) => cache.get(key) as Value | undefined,
    set: (key, value) => void cache.set(key, value as NonNullable<unknown>),
    del: (key) => void cache.delete(key),
    flushAll: () => cache.clear(),
  };
}

/** Opens one connection to WhatsApp. Nothing of it is left when `closed` has resolved. */
export function openConnection(
  parts: {
    readonly auth: AuthStore;
    readonly url: string | undefined;
    readonly version: WebVersion;
    readonly logger: SocketConfig['logger'];
    readonly caches: ReturnType<typeof makeSocketCaches>;
    readonly stanzas: StanzaOfCiphertext;
    readonly makeSignalRepository: SocketConfig['makeSignalRepository'];
    /** Every node that comes in, before anything else is done with it. */
    readonly onFrame: (node: BinaryNode) => void;
    readonly findSent: (whatsappId: string) => Promise<SentMessage | undefined>;
  },
  events: ConnectionEvents,
): Connection {
  const { auth, url, version, logger, caches, stanzas, makeSignalRepository, onFrame, findSent } = parts;
  const socket = makeWASocket({
    auth: { creds: auth.creds, keys: auth.keys },
    logger,
    makeSignalRepository,
    ...caches,
    ...(url === undefined ? {} : { waWebSocketUrl: url }),
    version: [...version],
    // Available would silence the phone's own notifications.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    emitOwnEvents: false,
    generateHighQualityLinkPreview: false,
    async getMessage({ id, remoteJid }) {
      const sent = id ? await findSent(id) : undefined;
      const passage = { whatsappId: id ?? '', chat: jidNormalizedUser(remoteJid ?? ''), self: ownId(auth) };
      return sent && writeAgain(sent, passage);
    },
  });
  // Before anything is decrypted: the call above returns before the first network event.
  const hear = (node: BinaryNode | Uint8Array) => {
    // The handshake comes as bytes.
    if (node instanceof Uint8Array) {
      return;
    }
    stanzas.remember(node);
    onFrame(node);
    watchFrame(node, events);
  };
  socket.ws.on('frame', hear);
  socket.ev.on(
    'creds.update',
    () => void auth.saveCreds().catch(() => socket.end(new Error('Credentials not stored'))),
  );
  const closed = new Promise<ConnectionClosed>((resolve) => {
    socket.ev.on('connection.update', (update) => {
      report(update, events);
      if (update.connection === 'close') {
        socket.ws.off('frame', hear);
        endQueries(socket);
        resolve(readClose(update));
      }
    });
  });
  const cut = () => {
    // Baileys itself closes politely, which takes half a minute when the network is gone.
    (socket.ws as unknown as { readonly socket?: { terminate(): void } }).socket?.terminate();
    void socket.end(undefined);
  };
  return { socket, closed, cut };
}

/** Baileys leaves questions without an answer waiting for a minute after the end, and the whole socket with them. */
function endQueries({ ws }: WASocket): void {
  if (ws.listenerCount('error') > 0) {
    ws.emit(
      'error',
      Object.assign(new Error('The connection has ended'), { output: { statusCode: CONNECTION_CLOSED } }),
    );
  }
}

const CONNECTION_CLOSED = 428;

function report(
  { qr, connection, receivedPendingNotifications }: Partial<ConnectionState>,
  events: ConnectionEvents,
): void {
  if (qr) {
    events.onQr(qr);
  }
  if (connection === 'open') {
    events.onOpen();
  }
  if (receivedPendingNotifications) {
    events.onCaughtUp();
  }
}

function watchFrame(node: BinaryNode, events: ConnectionEvents): void {
  for (const progress of readProgress(node)) {
    events.onProgress(progress);
  }
  if (node.tag === 'iq' && Array.isArray(node.content)) {
    const pairing = node.content.some(({ tag }) => tag === 'link_code_companion_reg');
    if (pairing || node.attrs['type'] === 'error') {
      events.onPairingAnswer(pairing && node.attrs['type'] === 'result');
    }
  }
}

/** Statuses are those of Baileys' Boom errors; a connection that ends without one counts as an error of the server. */
const UNKNOWN_END = 500;

function readClose({ lastDisconnect }: Partial<ConnectionState>): ConnectionClosed {
  const error = lastDisconnect?.error as
    | { message?: string; output?: { statusCode?: number }; data?: { expire?: string } }
    | undefined;
  const expire = Number(error?.data?.expire);
  return {
    code: error?.output?.statusCode ?? UNKNOWN_END,
    banSeconds: Number.isFinite(expire) && expire > 0 ? expire : undefined,
    // The library's own words, such as why a name could not be found; never more than a line, and no long numbers.
    because: (error?.message ?? '').replaceAll(/\d{5,}/g, '…').slice(0, 200),
  };
}
