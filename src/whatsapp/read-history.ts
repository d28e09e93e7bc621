import { buffer } from 'node:stream/consumers';
import { inflateSync } from 'node:zlib';
import { proto } from '@whiskeysockets/baileys';
import type { Address } from '../contacts/address.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import { type Milliseconds, minutes } from '../lib/time.ts';
import { addressOf } from './jid.ts';
import { MEDIA_HOST } from './media.ts';
import { downloadMedia } from './media-download.ts';
import { readWebMessage } from './read-web-message.ts';

const FETCH_WITHIN: Milliseconds = minutes(1);

/**
 * The messages of a piece of history that the phone shares when this device is linked (facts/whatsapp §3.6). A large piece lies on
 * WhatsApp's media server and is fetched.
 */
export async function readHistory(notification: proto.Message.IHistorySyncNotification): Promise<IncomingMessage[]> {
  const payload = notification.initialHistBootstrapInlinePayload;
  const sync = payload?.length ? proto.HistorySync.decode(inflateSync(payload)) : await fetchHistory(notification);
  const aliases = aliasesIn(sync);
  return (sync.conversations ?? []).flatMap(({ id, pnJid, lidJid, messages }) => {
    const others = [pnJid, lidJid, aliases.get(id ?? '')]
      .map((jid) => addressOf(jid ?? undefined))
      .filter((address): address is Address => address !== undefined);
    return (messages ?? []).flatMap(({ message }) => (message ? readWebMessage(message, others, 'history') : []));
  });
}

async function fetchHistory({
  mediaKey,
  directPath,
}: proto.Message.IHistorySyncNotification): Promise<proto.HistorySync> {
  if (!mediaKey || !directPath?.startsWith('/')) {
    throw new Error('The history says not where it is');
  }
  const signal = AbortSignal.timeout(FETCH_WITHIN);
  const content = await downloadMedia(MEDIA_HOST, { mediaKey, directPath }, 'md-msg-hist', signal);
  return proto.HistorySync.decode(inflateSync(await buffer(content)));
}

/** Who is called how, both ways. */
function aliasesIn({ phoneNumberToLidMappings }: proto.IHistorySync): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const { pnJid, lidJid } of phoneNumberToLidMappings ?? []) {
    if (pnJid && lidJid) {
      aliases.set(pnJid, lidJid).set(lidJid, pnJid);
    }
  }
  return aliases;
}
