import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  Curve,
  derivePairingCodeKey,
  hkdf,
  type KeyPair,
} from '@whiskeysockets/baileys';

/** facts: salt 32 bytes, iv 16, then the ephemeral key. */
const SALT_BYTES = 32;
const CTR_IV_BYTES = 16;
const GCM_IV_BYTES = 12;
const KEY_BYTES = 32;
const BUNDLE_INFO = 'link_code_pairing_key_bundle_encryption_key';
const SECRET_INFO = 'adv_secret';

/** Both sides hide their ephemeral keys behind the code, so that only someone who knows it can take part. */
export async function wrapWithCode(ephemeral: Uint8Array, code: string): Promise<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(CTR_IV_BYTES);
  const key = await derivePairingCodeKey(code, salt);
  return Buffer.concat([salt, iv, aesEncryptCTR(ephemeral, key, iv)]);
}

export async function unwrapWithCode(wrapped: Buffer, code: string): Promise<Buffer> {
  const salt = wrapped.subarray(0, SALT_BYTES);
  const iv = wrapped.subarray(SALT_BYTES, SALT_BYTES + CTR_IV_BYTES);
  const key = await derivePairingCodeKey(code, salt);
  return aesDecryptCTR(wrapped.subarray(SALT_BYTES + CTR_IV_BYTES), key, iv);
}

export interface CompanionBundle {
  readonly companionIdentity: Buffer;
  /** With this secret the phone proves to the companion that it is the one that was given the code. */
  readonly advSecret: Buffer;
}

/** Opens the companion's last message; `undefined` when the two sides did not use the same code. */
export function openBundle(
  bundle: Buffer,
  ephemeral: KeyPair,
  companionEphemeral: Buffer,
  identity: KeyPair,
): CompanionBundle | undefined {
  const shared = Curve.sharedKey(ephemeral.private, companionEphemeral);
  const salt = bundle.subarray(0, SALT_BYTES);
  const key = Buffer.from(hkdf(shared, KEY_BYTES, { salt, info: BUNDLE_INFO }));
  const opened = decrypt(bundle.subarray(SALT_BYTES), key);
  if (!opened) {
    return undefined;
  }
  const companionIdentity = opened.subarray(0, KEY_BYTES);
  const random = opened.subarray(2 * KEY_BYTES);
  const secret = Buffer.concat([shared, Curve.sharedKey(identity.private, companionIdentity), random]);
  return { companionIdentity, advSecret: Buffer.from(hkdf(secret, KEY_BYTES, { info: SECRET_INFO })) };
}

function decrypt(sealed: Buffer, key: Buffer): Buffer | undefined {
  const iv = sealed.subarray(0, GCM_IV_BYTES);
  try {
    return aesDecryptGCM(sealed.subarray(GCM_IV_BYTES), key, iv, Buffer.alloc(0));
  } catch {
    return undefined;
  }
}
