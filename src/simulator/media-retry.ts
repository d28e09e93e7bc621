import { randomBytes } from 'node:crypto';
import { aesEncryptGCM, hkdf, normalizeMessageContent, proto } from '@whiskeysockets/baileys';
import { addressOf } from './addresses.ts';
import type { LinkedDevice } from './linked-device.ts';
import { fileOf } from './media-crypto.ts';
import type { Phone } from './phone.ts';
import type { PostOffice } from './post-office.ts';
import { type Stanza, stanza, unixTime } from './stanza.ts';

const KEY_NAME = 'WhatsApp Media Retry Notification';
const { SUCCESS } = proto.MediaRetryNotification.ResultType;
const NOT_FOUND = '2';

/** The phone uploads a file once more and tells its companion where it lies now, sealed with the file's own key. */
export function answerMediaRetry(phone: Phone, device: LinkedDevice, messageId: string, post: PostOffice): void {
  const message = phone.chats.find(messageId);
  const file = message && fileOf(normalizeMessageContent(message.content) ?? message.content);
  const place = post.media.keepAgain(file?.fields.directPath ?? '');
  const person = message && phone.personAt(message.chat);
  const rmr = stanza('rmr', {
    jid: person && addressOf(person, person.addressing),
    from_me: String(message?.from === phone.number),
  });
  const mediaKey = file?.fields.mediaKey;
  const answer =
    place && mediaKey ? sealAnswer(messageId, mediaKey, place.directPath) : stanza('error', { code: NOT_FOUND });
  device.deliver(
    stanza(
      'notification',
      { from: addressOf(phone, 'pn'), type: 'mediaretry', id: messageId, t: unixTime(post.clock.now()) },
      [answer, rmr],
    ),
  );
}

function sealAnswer(stanzaId: string, mediaKey: Uint8Array, directPath: string): Stanza {
  const answer = proto.MediaRetryNotification.encode({ stanzaId, directPath, result: SUCCESS }).finish();
  const key = hkdf(Buffer.from(mediaKey), 32, { info: KEY_NAME });
  const iv = randomBytes(12);
  return stanza('encrypt', {}, [
    stanza('enc_p', {}, aesEncryptGCM(answer, key, iv, Buffer.from(stanzaId))),
    stanza('enc_iv', {}, iv),
  ]);
}
