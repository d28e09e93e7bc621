import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { proto } from '@whiskeysockets/baileys';
import type { FileKind } from './content.ts';

const MAC_LENGTH = 10;

/** facts: a file's keys are derived under the name of its kind. */
const keyNames: Readonly<Record<FileKind, string>> = {
  image: 'Image',
  sticker: 'Image',
  video: 'Video',
  audio: 'Audio',
  voice: 'Audio',
  document: 'Document',
};

export interface SealedFile {
  readonly ciphertext: Buffer;
  readonly mediaKey: Buffer;
  readonly fileSha256: Buffer;
  readonly fileEncSha256: Buffer;
  readonly fileLength: number;
}

export function sealFile(bytes: Uint8Array, kind: FileKind): SealedFile {
  const mediaKey = randomBytes(32);
  const { iv, cipherKey, macKey } = fileKeys(mediaKey, kind);
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  const ciphertext = Buffer.concat([body, mac(macKey, iv, body)]);
  return {
    ciphertext,
    mediaKey,
    fileSha256: sha256(bytes),
    fileEncSha256: sha256(ciphertext),
    fileLength: bytes.length,
  };
}

/** @throws when the file is not the one that the message speaks of */
export function openFile(sealed: Uint8Array, kind: FileKind, message: FileFields): Buffer {
  if (!message.mediaKey) {
    throw new Error('The message carries no key for its file');
  }
  const { iv, cipherKey, macKey } = fileKeys(message.mediaKey, kind);
  const body = sealed.subarray(0, -MAC_LENGTH);
  if (!mac(macKey, iv, body).equals(sealed.subarray(-MAC_LENGTH))) {
    throw new Error('The file was changed on its way');
  }
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  const bytes = Buffer.concat([decipher.update(body), decipher.final()]);
  if (message.fileSha256 && !sha256(bytes).equals(message.fileSha256)) {
    throw new Error('The file is not the one that was announced');
  }
  return bytes;
}

export type FileFields = Pick<
  proto.Message.IDocumentMessage,
  'mediaKey' | 'fileSha256' | 'fileLength' | 'directPath' | 'mimetype' | 'url'
>;

/** The file that a message carries, with what is needed to fetch it. */
export function fileOf(content: proto.IMessage): { readonly kind: FileKind; readonly fields: FileFields } | undefined {
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = content;
  const candidates: readonly [FileKind, FileFields | null | undefined][] = [
    ['image', imageMessage],
    ['video', videoMessage],
    [audioMessage?.ptt ? 'voice' : 'audio', audioMessage],
    ['document', documentMessage],
    ['sticker', stickerMessage],
  ];
  const found = candidates.find(([, fields]) => fields);
  return found?.[1] ? { kind: found[0], fields: found[1] } : undefined;
}

function fileKeys(mediaKey: Uint8Array, kind: FileKind) {
  const keys = Buffer.from(hkdfSync('sha256', mediaKey, Buffer.alloc(32), `WhatsApp ${keyNames[kind]} Keys`, 112));
  return { iv: keys.subarray(0, 16), cipherKey: keys.subarray(16, 48), macKey: keys.subarray(48, 80) };
}

function mac(key: Uint8Array, iv: Uint8Array, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(iv).update(body).digest().subarray(0, MAC_LENGTH);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
