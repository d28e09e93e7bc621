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

/** A key with which a phone and its companions seal the settings of the account. */
export interface AppStateKey {
  readonly keyId: { readonly keyId: Uint8Array };
  readonly keyData: proto.Message.IAppStateSyncKeyData;
}

/** The four messages with which a phone introduces a new companion to the account, in their order (facts: keys, bootstrap, names, recent). */
export function introductions(
  owner: Person,
  keys: readonly AppStateKey[],
  chats: readonly KnownChat[],
): readonly proto.IMessage[] {
  const { INITIAL_BOOTSTRAP, PUSH_NAME, RECENT } = proto.HistorySync.HistorySyncType;
  return [
    {
      protocolMessage: {
        type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_SHARE,
        appStateSyncKeyShare: { keys: [...keys] },
      },
    },
    history({
      syncType: INITIAL_BOOTSTRAP,
      phoneNumberToLidMappings: chats
        .filter(({ person }) => !person.hidesNumber)
        .map(({ person }) => ({ pnJid: addressOf(person, 'pn'), lidJid: addressOf(person, 'lid') })),
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

export function makeAppStateKey(now: Date): AppStateKey {
  const keyData = {
    keyData: randomBytes(32),
    fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0, 1] },
    timestamp: now.getTime(),
  };
  return { keyId: { keyId: randomBytes(6) }, keyData };
}

/** The messages of one chat that came before a given one, as a companion may ask for them at any time. */
export function olderMessages(
  owner: Person,
  chats: readonly KnownChat[],
  { oldestMsgId, onDemandMsgCount }: proto.Message.PeerDataOperationRequestMessage.IHistorySyncOnDemandRequest,
  requestId: string,
): proto.IMessage {
  const chat = chats.find(({ messages }) => messages.some(({ id }) => id === oldestMsgId));
  const end = chat?.messages.findIndex(({ id }) => id === oldestMsgId) ?? 0;
  const older = chat?.messages.slice(Math.max(0, end - (onDemandMsgCount ?? RECENT_MESSAGES)), end) ?? [];
  return history(
    {
      syncType: proto.HistorySync.HistorySyncType.ON_DEMAND,
      conversations: chat ? [conversation(owner, { ...chat, messages: older })] : [],
    },
    requestId,
  );
}

function history(
  sync: proto.IHistorySync & { readonly syncType: proto.HistorySync.HistorySyncType },
  requestId?: string,
): proto.IMessage {
  const { HISTORY_SYNC_NOTIFICATION } = proto.Message.ProtocolMessage.Type;
  const payload = deflateSync(proto.HistorySync.encode(sync).finish());
  return {
    protocolMessage: {
      type: HISTORY_SYNC_NOTIFICATION,
      historySyncNotification: {
        syncType: sync.syncType as number,
        progress: sync.progress ?? null,
        initialHistBootstrapInlinePayload: payload,
        peerDataRequestSessionId: requestId ?? null,
      },
    },
  };
}

function conversation(owner: Person, { person, messages }: KnownChat): proto.IConversation {
  const id = addressOf(person, person.addressing);
  return {
    id,
    pnJid: person.hidesNumber ? null : addressOf(person, 'pn'),
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
