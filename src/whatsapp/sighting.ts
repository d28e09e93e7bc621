import { areJidsSameUser, type BinaryNode, jidDecode } from '@whiskeysockets/baileys';
import { isMessageForJournal } from './signal-repository.ts';

/** What one incoming stanza says about receiving. */
export interface Sighting {
  /** A message, receipt, notification or call: what WhatsApp sends by itself, not an ack or an answer to a query. */
  readonly pushed: boolean;
  /** The id of a message whose plaintext belongs in the journal. */
  readonly message: string | undefined;
  /** The shop's own phone (device 0) wrote it. */
  readonly fromPhone: boolean;
  /** When what was kept for this device had been written. */
  readonly keptSince: Date | undefined;
  /** The message of ours that WhatsApp's server has taken or refused. */
  readonly ackOf: string | undefined;
  /** When the phone itself was active, as far as this stanza tells. */
  readonly phoneSeenAt: Date | undefined;
}

export interface Account {
  readonly id: string;
  readonly lid?: string;
}

const PUSHED: ReadonlySet<string> = new Set(['message', 'receipt', 'notification', 'call']);

/** Reading on the phone is told to the other devices by these. */
const READ_ON_PHONE: ReadonlySet<string> = new Set(['read-self', 'played-self']);

export function readSighting(node: BinaryNode, me: Account | undefined, now: Date): Sighting {
  const { tag, attrs } = node;
  const pushed = PUSHED.has(tag);
  const fromPhone = isOwnPhone(attrs['participant'] ?? attrs['from'], me);
  const writtenAt = attrs['t'] ? new Date(Number(attrs['t']) * 1000) : undefined;
  return {
    pushed,
    message: isMessageForJournal(node) ? attrs['id'] : undefined,
    fromPhone,
    keptSince: pushed && attrs['offline'] !== undefined ? writtenAt : undefined,
    ackOf: tag === 'ack' && attrs['class'] === 'message' ? attrs['id'] : undefined,
    phoneSeenAt: tellsOfPhone(node, fromPhone) ? notAfter(now, writtenAt) : undefined,
  };
}

function tellsOfPhone({ tag, attrs }: BinaryNode, fromPhone: boolean): boolean {
  return tag === 'receipt' ? fromPhone || READ_ON_PHONE.has(attrs['type'] ?? '') : tag === 'message' && fromPhone;
}

function notAfter(now: Date, instant: Date | undefined): Date {
  return instant && instant < now ? instant : now;
}

/** The phone itself is device 0, which is never written; other numbers are the account's other linked devices. */
function isOwnPhone(author: string | undefined, me: Account | undefined): boolean {
  const own = author !== undefined && (areJidsSameUser(author, me?.id) || areJidsSameUser(author, me?.lid));
  return own && !jidDecode(author)?.device;
}
