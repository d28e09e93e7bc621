import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { jidNormalizedUser, proto, type WASocket } from '@whiskeysockets/baileys';
import { type Clock, wholeSeconds } from '../lib/time.ts';
import type { OutgoingContent } from '../outbox/outgoing-content.ts';
import { CannotBeSent } from '../outbox/transport.ts';
import { buttonNodes } from './buttons.ts';
import {
  isFresh,
  type Passage,
  rewrap,
  textRendition,
  type WireMessage,
  writeContent,
  writeFresh,
} from './write-content.ts';

/** A message of ours as it is stored. */
export interface SentMessage {
  readonly content: OutgoingContent;
  /** As it went over the wire, where the content alone does not give the same again. */
  readonly wire: Uint8Array | undefined;
}

export interface SenderParts {
  readonly clock: Clock;
  /** Where the files lie that are sent. */
  readonly dataDirectory: string;
  readonly findSent: (whatsappId: string) => Promise<SentMessage | undefined>;
  readonly rememberWire: (whatsappId: string, wire: Uint8Array) => Promise<void>;
}

/** Writes a message and hands it to the socket. Resolves when it is written there. @throws CannotBeSent */
export async function sendOver(
  socket: WASocket,
  parts: SenderParts,
  chat: string,
  whatsappId: string,
  content: OutgoingContent,
): Promise<void> {
  const passage = { chat, whatsappId, self: jidNormalizedUser(socket.user?.id) };
  const { message, attributes, nodes = [] } = await write(socket, parts, passage, content);
  await socket.relayMessage(chat, message, {
    messageId: whatsappId,
    ...(attributes ? { additionalAttributes: attributes } : {}),
    additionalNodes: [...nodes, ...buttonNodes(content, wholeSeconds(parts.clock.now()))],
  });
  if (content.kind === 'choices') {
    // Baileys looks into this cache before it asks us, when a phone wants the message again.
    socket.messageRetryManager?.addRecentMessage(chat, whatsappId, textRendition(content, passage));
  }
}

/** A second try, and a phone that asks again, get what was written first. */
async function write(
  socket: WASocket,
  { dataDirectory, findSent, rememberWire }: SenderParts,
  passage: Passage,
  content: OutgoingContent,
): Promise<WireMessage> {
  if (!isFresh(content)) {
    return writeContent(content, passage);
  }
  const earlier = await findSent(passage.whatsappId);
  if (earlier?.wire) {
    return rewrap(proto.Message.decode(earlier.wire), content);
  }
  const path = 'file' in content ? pathOf(dataDirectory, content.file) : undefined;
  const written = await writeFresh(content, path, passage, socket.waUploadToServer);
  await rememberWire(passage.whatsappId, proto.Message.encode(written.message).finish());
  return written;
}

function pathOf(dataDirectory: string, file: string): string {
  const path = resolve(dataDirectory, file);
  if (!path.startsWith(resolve(dataDirectory) + sep) || !existsSync(path)) {
    throw new CannotBeSent('file-missing');
  }
  return path;
}

/** What a phone gets that asks for a message of ours again. */
export function writeAgain({ content, wire }: SentMessage, passage: Passage): proto.IMessage | undefined {
  if (wire) {
    return proto.Message.decode(wire);
  }
  if (content.kind === 'choices') {
    return proto.Message.fromObject(textRendition(content, passage));
  }
  return isFresh(content) ? undefined : proto.Message.fromObject(writeContent(content, passage).message);
}
