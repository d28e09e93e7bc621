import { proto, type WASocket } from '@whiskeysockets/baileys';
import { addressOf, jidOf } from './jid.ts';

/**
 * Asks the shop's phone for a key that this device has already. Nobody sees the message, and the phone's answer is pushed, encrypted
 * and stored like a customer's message: whoever gets it, receives. The form is that of Baileys' own messages to the phone.
 *
 * @returns whether it could be asked
 */
export async function askPhone(socket: WASocket, messageId: string): Promise<void> {
  const { me, myAppStateKeyId } = socket.authState.creds;
  const own = addressOf(me?.id);
  const phone = own && jidOf(own);
  if (!phone || !myAppStateKeyId) {
    throw new Error('This login has no key to ask for');
  }
  const message: proto.IMessage = {
    protocolMessage: {
      type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST,
      appStateSyncKeyRequest: { keyIds: [{ keyId: Buffer.from(myAppStateKeyId, 'base64') }] },
    },
  };
  await socket.relayMessage(phone, message, {
    messageId,
    additionalAttributes: { category: 'peer', push_priority: 'high_force' },
    additionalNodes: [{ tag: 'meta', attrs: { appdata: 'default' } }],
  });
}
