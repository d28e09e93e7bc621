import { createHash } from 'node:crypto';
import {
  addTransactionCapability,
  areJidsSameUser,
  type BinaryNode,
  DEFAULT_CONNECTION_CONFIG,
  isJidGroup,
  isJidStatusBroadcast,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { cleanText } from '../conversations/message.ts';
import type { AuthStore } from './auth.store.ts';
import { readEventStanza } from './event-stanza.ts';
import type { Arrival, ArrivalEvent } from './journal.store.ts';
import { JOURNAL, type KeyChanges } from './key.store.ts';

type MakeSignalRepository = SocketConfig['makeSignalRepository'];

/** All Signal work shares this one mutex. It must not be the name of a key type: those have locks of their own. */
const ALL_SIGNAL_WORK = 'all-signal-work';

/** The store itself tries again; a commit that fails there has ended the session already. */
const COMMIT_ONCE = { maxCommitRetries: 1, delayBetweenTriesMs: 0 };

/** Which stanza a ciphertext came in: Baileys hands `decryptMessage` the very buffer of the stanza, and nothing else. */
export class StanzaOfCiphertext {
  readonly #stanzas = new WeakMap<object, BinaryNode>();

  /** To be called with every node that a socket receives, before Baileys works on it (the `frame` event). */
  remember(node: BinaryNode): void {
    if (node.tag !== 'message' || !Array.isArray(node.content)) {
      return;
    }
    for (const child of node.content) {
      if (child.tag === 'enc' && child.content instanceof Uint8Array) {
        this.#stanzas.set(child.content, node);
      }
    }
  }

  find(ciphertext: Uint8Array): BinaryNode | undefined {
    return this.#stanzas.get(ciphertext);
  }
}

export interface LosslessParts {
  readonly auth: AuthStore;
  readonly stanzas: StanzaOfCiphertext;
  readonly findPlaintext: (author: string, messageId: string, hash: Buffer) => Promise<Uint8Array | undefined>;
  /** An arrival is safely in the journal. */
  readonly onArrival: () => void;
  /** A message could be read, and is in the journal now or was before. */
  readonly onCommitted?: (attributes: BinaryNode['attrs']) => void;
}

/**
 * Baileys' Signal repository, made lossless (DESIGN §5): a message's plaintext is committed together with the ratchet step that
 * decrypted it, before the receipt leaves; and a ciphertext that comes again is answered from the journal.
 *
 * The repository gets a transaction instance of its own, with one mutex for everything: simultaneous sending and receiving would
 * otherwise overwrite each other's ratchets (facts/whatsapp-server §3c).
 */
export function losslessSignalRepository(parts: LosslessParts): MakeSignalRepository {
  return (auth, logger, findLids) => {
    const capable = addTransactionCapability(parts.auth.keys, logger, COMMIT_ONCE);
    const keys = {
      ...capable,
      transaction: <Result>(work: () => Promise<Result>) => capable.transaction(work, ALL_SIGNAL_WORK),
    };
    const stock = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ ...auth, keys }, logger, findLids);

    async function decryptMessage(message: Parameters<typeof stock.decryptMessage>[0]) {
      const stanza = parts.stanzas.find(message.ciphertext);
      if (!stanza || !belongsInJournal(stanza)) {
        return stock.decryptMessage(message);
      }
      const arrival = describe(stanza, message.ciphertext, parts.auth.creds.me);
      let fits = false;
      try {
        const plaintext = await keys.transaction(async () => {
          const plain = await stock.decryptMessage(message);
          fits = true;
          const changes: KeyChanges = {
            [JOURNAL]: { [`${arrival.author}/${arrival.messageId}`]: { ...arrival, plaintext: plain } },
          };
          await keys.set(changes);
          return plain;
        });
        parts.onArrival();
        parts.onCommitted?.(stanza.attrs);
        return plaintext;
      } catch (error) {
        return answerUndecryptable(parts, arrival, fits, error);
      }
    }

    return { ...stock, decryptMessage };
  };
}

/**
 * A message that could not be taken: either it was decrypted before, then the journal has it; or no key `fits`, then its sender will
 * be asked for it again, and a placeholder stands in the log until the real message comes; or it could not be stored.
 */
async function answerUndecryptable(
  parts: LosslessParts,
  arrival: Omit<Arrival, 'plaintext'>,
  fits: boolean,
  error: unknown,
): Promise<Uint8Array> {
  const stored = await parts.findPlaintext(arrival.author, arrival.messageId, arrival.ciphertextHash);
  if (stored) {
    parts.onCommitted?.(arrival.stanza.attrs);
    return stored;
  }
  if (!fits && arrival.stanza.attrs['category'] !== 'peer') {
    await noteEvent(parts, arrival, { kind: 'unreadable', because: 'undecryptable' });
  }
  throw error;
}

/** What a device was told besides messages that it can decrypt: from the frame itself, because Baileys tells it late or not at all. */
export async function journalEvent(parts: LosslessParts, node: BinaryNode): Promise<void> {
  const event = belongsInJournal(node) ? readEventStanza(node) : undefined;
  if (event) {
    const arrival = describe({ attrs: attributesOf(node) }, new Uint8Array(), parts.auth.creds.me);
    // Each thing that happens to a call is an arrival of its own.
    const messageId = event.kind === 'call' ? `${event.callId}/${event.outcome}` : arrival.messageId;
    await noteEvent(parts, { ...arrival, messageId }, event);
  }
}

/** A call names the caller's phone number only inside. */
function attributesOf({ attrs, content }: BinaryNode): BinaryNode['attrs'] {
  const callerPhone = Array.isArray(content) ? content[0]?.attrs['caller_pn'] : undefined;
  return callerPhone === undefined ? attrs : { ...attrs, caller_pn: callerPhone };
}

async function noteEvent(
  { auth, onArrival }: LosslessParts,
  arrival: Omit<Arrival, 'plaintext'>,
  event: ArrivalEvent,
): Promise<void> {
  const changes: KeyChanges = {
    [JOURNAL]: {
      [`event/${arrival.author}/${arrival.messageId}`]: {
        ...arrival,
        stanza: { ...arrival.stanza, event },
        ciphertextHash: NO_CIPHERTEXT,
        plaintext: NO_CIPHERTEXT,
      },
    },
  };
  await auth.keys.set(changes);
  onArrival();
}

const NO_CIPHERTEXT = Buffer.alloc(0);

/** A stanza whose plaintext `decryptMessage` is to put into the journal. */
export function isMessageForJournal(node: BinaryNode): boolean {
  const parts = node.tag === 'message' && Array.isArray(node.content) ? node.content : [];
  return belongsInJournal(node) && parts.some(({ tag, attrs }) => tag === 'enc' && ONE_TO_ONE.has(attrs['type'] ?? ''));
}

/** The two forms of a message from one device to another; a group's has its own. */
const ONE_TO_ONE: ReadonlySet<string> = new Set(['pkmsg', 'msg']);

/** Conversations with one person, and the phone's own messages to this device; groups and status have no reader here. */
function belongsInJournal({ attrs }: BinaryNode): boolean {
  return (
    Boolean(attrs['id'] && attrs['from']) && !isJidGroup(attrs['from']) && !isJidStatusBroadcast(attrs['from'] ?? '')
  );
}

function describe(
  { attrs }: Pick<BinaryNode, 'attrs'>,
  ciphertext: Uint8Array,
  me: { id: string; lid?: string } | undefined,
): Omit<Arrival, 'plaintext'> {
  const author = attrs['participant'] ?? attrs['from'] ?? '';
  return {
    author,
    // Chosen by the sender: what the database would refuse must not keep the ratchet from its commit.
    messageId: cleanText(attrs['id'] ?? ''),
    stanza: { attrs, fromMe: areJidsSameUser(author, me?.id) || areJidsSameUser(author, me?.lid) },
    ciphertextHash: createHash('sha256').update(ciphertext).digest(),
  };
}
