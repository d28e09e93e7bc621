import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SEALED = 'sealed1:';
const OPEN = 'open1:';

/** A stored value of the WhatsApp login that cannot be read; the message is a sentence for the operator. */
export class SessionUnreadable extends Error {
  override readonly name = 'SessionUnreadable';
  readonly because: 'wrong-key' | 'key-missing' | 'corrupt';

  constructor(because: SessionUnreadable['because'], place: string, cause?: unknown) {
    super(`${sentences[because]} (${place})`, { cause });
    this.because = because;
  }
}

const sentences = {
  'wrong-key':
    'The WhatsApp login in the database cannot be decrypted: ENCRYPTION_KEY is not the key it was encrypted with, or the row was changed. ' +
    'Start with the right key. If it is lost for good, empty the table whatsapp_sessions and link the phone again',
  'key-missing':
    'The WhatsApp login in the database is encrypted, but ENCRYPTION_KEY is not set. Start with the key it was encrypted with',
  corrupt:
    'The WhatsApp login in the database is damaged, and Shopbell does not replace it by itself. ' +
    'Restore the database from a backup, or empty the table whatsapp_sessions and link the phone again',
} as const;

/** Writes and reads stored values of the login: as they are, or encrypted with the operator's key. */
export interface Seal {
  /** `place` names the row; a value moved to another row does not open. */
  close(text: string, place: string): string;
  /** @throws SessionUnreadable */
  open(stored: string, place: string): string;
  /** Whether a stored value is in the form that this seal writes. */
  isCurrent(stored: string): boolean;
}

export function makeSeal(key: Buffer | undefined): Seal {
  return {
    close: (text, place) => (key ? SEALED + encrypt(key, text, place) : OPEN + text),
    open(stored, place) {
      if (stored.startsWith(OPEN)) {
        return stored.slice(OPEN.length);
      }
      if (!stored.startsWith(SEALED)) {
        throw new SessionUnreadable('corrupt', place);
      }
      if (!key) {
        throw new SessionUnreadable('key-missing', place);
      }
      return decrypt(key, stored.slice(SEALED.length), place);
    },
    isCurrent: (stored) => stored.startsWith(key ? SEALED : OPEN),
  };
}

function encrypt(key: Buffer, text: string, place: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
}

function decrypt(key: Buffer, sealed: string, place: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new SessionUnreadable('wrong-key', place, cause);
  }
}
