import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { DEFAULT_ORIGIN, getMediaKeys, type MediaType } from '@whiskeysockets/baileys';

/** WhatsApp no longer keeps the file. */
export class MediaGone extends Error {
  override readonly name = 'MediaGone';
}

/** A file on WhatsApp's media server ends with the first bytes of its authentication code. */
const MAC_LENGTH = 10;

/**
 * Downloads and decrypts a file (facts/whatsapp-server §5.8). The library's own download leaves an error in the middle of a file
 * unheard, which ends the process, and does not check the authentication code.
 *
 * @returns the stream of decrypted bytes; it fails when the file is cut short or was tampered with
 * @throws MediaGone
 */
export async function downloadMedia(
  host: string,
  { mediaKey, directPath }: { readonly mediaKey: Uint8Array; readonly directPath: string },
  type: MediaType,
  signal: AbortSignal,
): Promise<Readable> {
  const { iv, cipherKey, macKey } = await getMediaKeys(mediaKey, type);
  const response = await fetch(`https://${host}${directPath}`, {
    headers: { Origin: DEFAULT_ORIGIN },
    redirect: 'error',
    signal,
  });
  if (response.status === 404 || response.status === 410) {
    throw new MediaGone('WhatsApp no longer has the file');
  }
  if (!response.ok || !response.body || !macKey) {
    throw new Error(`The media server answered ${response.status}`);
  }
  const encrypted = Readable.fromWeb(response.body);
  const decrypted = decrypt(iv, cipherKey, macKey);
  encrypted.on('error', (error) => decrypted.destroy(error));
  return encrypted.pipe(decrypted);
}

function decrypt(iv: Uint8Array, cipherKey: Uint8Array, macKey: Uint8Array): Transform {
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const mac = createHmac('sha256', macKey).update(iv);
  let tail = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([tail, chunk]);
      const body = bytes.subarray(0, Math.max(0, bytes.length - MAC_LENGTH));
      tail = bytes.subarray(body.length);
      mac.update(body);
      done(null, decipher.update(body));
    },
    flush(done) {
      const whole = tail.length === MAC_LENGTH && timingSafeEqual(mac.digest().subarray(0, MAC_LENGTH), tail);
      if (!whole) {
        done(new Error('The file is cut short or was changed on its way'));
        return;
      }
      try {
        done(null, decipher.final());
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
