import { proto } from '@whiskeysockets/baileys';
import { addressOf } from './addresses.ts';
import type { ChatMessage } from './chat-list.ts';
import { olderMessages } from './first-sync.ts';
import type { Phone } from './phone.ts';
import { unixTime } from './stanza.ts';

const {
  APP_STATE_SYNC_KEY_REQUEST,
  APP_STATE_SYNC_KEY_SHARE,
  PEER_DATA_OPERATION_REQUEST_MESSAGE,
  PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
} = proto.Message.ProtocolMessage.Type;
const { PLACEHOLDER_MESSAGE_RESEND } = proto.Message.PeerDataOperationRequestType;

/** What a phone answers to one of its own companions, or `undefined` when there is nothing to say. */
export function answerPeerRequest(
  phone: Phone,
  requestId: string,
  request: proto.Message.IProtocolMessage,
): proto.IMessage | undefined {
  if (request.type === APP_STATE_SYNC_KEY_REQUEST) {
    return shareKeys(phone, request.appStateSyncKeyRequest?.keyIds ?? []);
  }
  const operation = request.peerDataOperationRequestMessage;
  if (request.type !== PEER_DATA_OPERATION_REQUEST_MESSAGE || !operation) {
    return undefined;
  }
  const history = operation.historySyncOnDemandRequest;
  if (history) {
    return olderMessages(phone, phone.knownChats(), history, requestId);
  }
  const wanted = operation.placeholderMessageResendRequest ?? [];
  const results = wanted
    .map(({ messageKey }) => phone.chats.find(messageKey?.id ?? ''))
    .filter((message) => message !== undefined)
    .map((message) => ({ placeholderMessageResendResponse: { webMessageInfoBytes: stored(phone, message) } }));
  return {
    protocolMessage: {
      type: PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE,
      peerDataOperationRequestResponseMessage: {
        peerDataOperationRequestType: PLACEHOLDER_MESSAGE_RESEND,
        stanzaId: requestId,
        peerDataOperationResult: results,
      },
    },
  };
}

/** Exactly those of the wanted keys that the phone has given before. */
function shareKeys(phone: Phone, wanted: readonly proto.Message.IAppStateSyncKeyId[]): proto.IMessage {
  const keys = phone.appStateKeys.filter((known) =>
    wanted.some(({ keyId }) => keyId && Buffer.from(keyId).equals(known.keyId.keyId)),
  );
  return { protocolMessage: { type: APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys } } };
}

function stored(phone: Phone, { id, from, chat, content, time }: ChatMessage): Uint8Array {
  const person = phone.personAt(chat);
  return proto.WebMessageInfo.encode({
    key: { remoteJid: addressOf(person, person.addressing), fromMe: from === phone.number, id },
    message: content,
    messageTimestamp: Number(unixTime(time)),
    pushName: from === phone.number ? null : person.name,
  }).finish();
}
