import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import { addressOf, type Person } from './addresses.ts';
import type { ChatMessage } from './chat-list.ts';
import { unixTime } from './stanza.ts';

/** How much of each chat the phone shows to a new companion. */
const RECENT_MESSAGES = 50;
const PROGRESS_DONE = 100;

export interface KnownChat {
  readonly person: Person;
  readonly messages: readonly ChatMessage[];
}

/** The four messages with which a phone introduces a new companion to the account, in their order (facts: keys, bootstrap, names, recent). */
export function introductions(owner: Person, chats: readonly KnownChat[], now: Date): readonly proto.IMessage[] {
  const { INITIAL_BOOTSTRAP, PUSH_NAME, RECENT } = proto.HistorySync.HistorySyncType;
  return [
    appStateKeys(now),
    history({
      syncType: INITIAL_BOOTSTRAP,
      phoneNumberToLidMappings: chats.map(({ person }) => ({
        pnJid: addressOf(person, 'pn'),
        lidJid: addressOf(person, 'lid'),
      })),
    }),
    history({
      syncType: PUSH_NAME,
      pushnames: chats.map(({ person }) => ({ id: addressOf(person, person.addressing), pushname: person.name })),
    }),
    history({
      syncType: RECENT,
      progress: PROGRESS_DONE,
      conversations: chats.map((chat) => conversation(owner, chat)),
    }),
  ];
}

function appStateKeys(now: Date): proto.IMessage {
  const { APP_STATE_SYNC_KEY_SHARE } = proto.Message.ProtocolMessage.Type;
  const keyData = {
    keyData: randomBytes(32),
    fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0, 1] },
    timestamp: now.getTime(),
  };
  const keys = [{ keyId: { keyId: randomBytes(6) }, keyData }];
  return { protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys } } };
}

function history(sync: proto.IHistorySync & { readonly syncType: proto.HistorySync.HistorySyncType }): proto.IMessage {
  const { HISTORY_SYNC_NOTIFICATION } = proto.Message.ProtocolMessage.Type;
  const payload = deflateSync(proto.HistorySync.encode(sync).finish());
  return {
    protocolMessage: {
      type: HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: sync.syncType as number,
        progress: sync.progress ?? null,
        initialHistBootstrapInlinePayload: payload,
      },
    },
  };
}

function conversation(owner: Person, { person, messages }: KnownChat): proto.IConversation {
  const id = addressOf(person, person.addressing);
  return {
    id,
    pnJid: addressOf(person, 'pn'),
    lidJid: addressOf(person, 'lid'),
    messages: messages.slice(-RECENT_MESSAGES).map((message) => ({
      message: {
        key: { remoteJid: id, fromMe: message.from === owner.number, id: message.id },
        message: message.content,
        messageTimestamp: Number(unixTime(message.time)),
      },
    })),
  };
}
