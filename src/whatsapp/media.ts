import type { Readable } from 'node:stream';
import { normalizeMessageContent, proto, type WASocket } from '@whiskeysockets/baileys';
import { LARGEST_FILE } from '../conversations/attachment.ts';
import type { OrderLine } from '../conversations/message.ts';
import { type Clock, type Milliseconds, seconds, within } from '../lib/time.ts';
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

/** A message whose file is wanted. */
export interface WantedFile {
  readonly raw: Uint8Array;
  readonly whatsappId: string;
  /** WhatsApp's id of the chat. */
  readonly chat: string;
  /** Whether the shop wrote it. */
  readonly ours: boolean;
}

/** The phone may have to be woken, and the file to be uploaded. */
const PHONE_ANSWERS_WITHIN: Milliseconds = seconds(60);

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
export async function openFile(
  socket: WASocket,
  clock: Clock,
  wanted: WantedFile,
  signal: AbortSignal,
): Promise<Readable> {
  const message = proto.Message.decode(wanted.raw);
  const content = normalizeMessageContent(message.deviceSentMessage?.message ?? message) ?? {};
  const file = fileOf(content);
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
  const type = mediaTypes[file.kind];
  try {
    return await downloadMedia(host, { mediaKey, directPath }, type, signal);
  } catch (error) {
    if (!(error instanceof MediaGone)) {
      throw error;
    }
    const again = await uploadedAgain(socket, clock, wanted, content);
    return downloadMedia(host, { mediaKey, directPath: again }, type, signal);
  }
}

/**
 * Asks the shop's phone to upload a file again that WhatsApp has forgotten, which it does after some days (facts/whatsapp §7.3).
 *
 * @returns where it lies now
 * @throws AttachmentGone when the phone does not have it either, or does not answer
 */
async function uploadedAgain(
  socket: WASocket,
  clock: Clock,
  { chat, ours, whatsappId }: WantedFile,
  content: proto.IMessage,
): Promise<string> {
  const before = fileOf(content)?.message.directPath;
  const key = { remoteJid: chat, fromMe: ours, id: whatsappId };
  const asked = socket.updateMediaMessage({ key, message: content });
  // The answer changes the message itself.
  await within(clock, PHONE_ANSWERS_WITHIN, asked).catch(() => undefined);
  const directPath = fileOf(content)?.message.directPath;
  if (!directPath?.startsWith('/') || directPath === before) {
    throw new AttachmentGone('gone', 'neither WhatsApp nor the phone has the file any more');
  }
  return directPath;
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
