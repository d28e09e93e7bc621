import type { Readable } from 'node:stream';
import { normalizeMessageContent, proto, type WASocket } from '@whiskeysockets/baileys';
import { LARGEST_FILE } from '../conversations/attachment.ts';
import type { OrderLine } from '../conversations/message.ts';
import { downloadMedia, MediaGone } from './media-download.ts';
import { fileOf } from './read-content.ts';

/** It will never be there: no longer kept by WhatsApp, larger than we take, or from somewhere we do not go. */
export class AttachmentGone extends Error {
  override readonly name = 'AttachmentGone';
  readonly state: 'gone' | 'too-large';

  constructor(state: 'gone' | 'too-large', why: string) {
    super(why);
    this.state = state;
  }
}

const mediaTypes = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'audio',
  document: 'document',
  sticker: 'sticker',
} as const;

/** WhatsApp's own media servers, and the one it is when a message does not say. */
export const MEDIA_HOST = 'mmg.whatsapp.net';
const WHATSAPP_HOST = /^[\w.-]+\.whatsapp\.net$/;

/**
 * Begins to download the file of a message, decrypted.
 *
 * @throws AttachmentGone
 */
export async function openFile(socket: WASocket, raw: Uint8Array, signal: AbortSignal): Promise<Readable> {
  const message = proto.Message.decode(raw);
  const file = fileOf(normalizeMessageContent(message.deviceSentMessage?.message ?? message) ?? {});
  if (!file) {
    throw new AttachmentGone('gone', 'the message has no file');
  }
  const { mediaKey, directPath, url, fileLength } = file.message;
  if (Number(fileLength ?? 0) > LARGEST_FILE) {
    throw new AttachmentGone('too-large', `${fileLength} bytes`);
  }
  const host = await trustedHost(socket, url ?? undefined);
  if (!mediaKey || !directPath?.startsWith('/') || !host) {
    throw new AttachmentGone('gone', 'the message does not say where its file is on WhatsApp');
  }
  try {
    return await downloadMedia(host, { mediaKey, directPath }, mediaTypes[file.kind], signal);
  } catch (error) {
    throw error instanceof MediaGone ? new AttachmentGone('gone', error.message) : error;
  }
}

/**
 * Where a file is fetched from: WhatsApp's servers, and those that the server we are linked to names. The sender writes the address
 * into the message, so anything else would let a stranger send this machine anywhere.
 */
async function trustedHost(socket: WASocket, url: string | undefined): Promise<string | undefined> {
  const named = url && URL.canParse(url) ? new URL(url).host : MEDIA_HOST;
  if (WHATSAPP_HOST.test(named)) {
    return named;
  }
  const { hosts } = await socket.refreshMediaConn(false);
  return hosts.some(({ hostname }) => hostname === named) ? named : undefined;
}

/** The lines of an order from the shop's catalogue; prices in the currency's own unit. */
export async function fetchOrder(socket: WASocket, orderId: string, token: string): Promise<readonly OrderLine[]> {
  const { products } = await socket.getOrderDetails(orderId, token);
  return products.map(({ id, name, quantity, price, currency }) => ({
    productId: id,
    name,
    quantity,
    price: Number.isFinite(price) ? price / 1000 : undefined,
    currency: currency || undefined,
  }));
}
