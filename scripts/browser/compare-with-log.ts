import { eq } from 'drizzle-orm';
import type { Database } from '../../src/database/database.ts';
import { attachments, contactAddresses, messages, outbox } from '../../src/database/schema.ts';

/** A message as it can be seen in a chat on the page. */
export interface SeenMessage {
  /** Whose phone, and with whom the chat is: numbers as the page has them. */
  readonly phone: string;
  readonly chat: string;
  readonly id: string;
  readonly kind: string;
  /** Whether it was written on this phone, or by the bot that is linked to it. */
  readonly mine: boolean;
  /** All that the page writes in it: its words without WhatsApp's marks for bold and the like, its time, names of files. */
  readonly drawn: string;
}

type Line = typeof messages.$inferSelect & { readonly phone: string };

/**
 * Compares what the phones show with what the bot has stored: every message that either side has of a chat with the shop is on the
 * other's, on both phones and in the log, once and with the same words, what the bot sent has come, and files were fetched.
 *
 * @param shop the number of the shop's phone
 * @returns the differences in sentences, none when all is the same
 */
export async function compareWithLog(
  database: Database,
  shop: string,
  seen: readonly SeenMessage[],
): Promise<readonly string[]> {
  const lines = await readLines(database);
  const withShop = seen.filter(({ phone, chat }) => phone === shop || chat === shop);
  return [
    ...repeated(withShop.map(({ phone, id }) => `message ${id} on the phone ${phone}`)),
    ...repeated(lines.map(({ whatsappId }) => `message ${whatsappId} in the log`)),
    ...lines.flatMap((line) => missingOnPhones(line, shop, withShop)),
    ...withShop.flatMap((message) => missingInLog(message, shop, lines)),
    ...(await undelivered(database)),
    ...(await unfetched(database)),
  ];
}

/** The lines that are messages by themselves. Edits, votes and the like show in what they are about; a call is no message. */
async function readLines(database: Database): Promise<readonly Line[]> {
  const rows = await database
    .select({ line: messages, phone: contactAddresses.value })
    .from(messages)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, messages.contactId))
    .where(eq(contactAddresses.kind, 'phone'));
  return rows
    .filter(({ line }) => line.targetId === null && line.kind !== 'call')
    .map(({ line, phone }) => ({ ...line, phone: phone.replace('+', '') }));
}

function repeated(names: readonly string[]): readonly string[] {
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return [...new Set(twice)].map((name) => `${name} is there more than once`);
}

function missingOnPhones(line: Line, shop: string, seen: readonly SeenMessage[]): readonly string[] {
  const onShopPhone = { phone: shop, chat: line.phone };
  const places = line.phone === shop ? [onShopPhone] : [{ phone: line.phone, chat: shop }, onShopPhone];
  return places
    .filter(
      (place) =>
        !seen.some(({ id, phone, chat }) => id === line.whatsappId && phone === place.phone && chat === place.chat),
    )
    .map(({ phone }) => `the phone ${phone} does not show ${line.kind} ${line.whatsappId} of the log: ${line.text}`);
}

function missingInLog(message: SeenMessage, shop: string, lines: readonly Line[]): readonly string[] {
  const line = lines.find(({ whatsappId }) => whatsappId === message.id);
  const customer = message.phone === shop ? message.chat : message.phone;
  const about = `${message.kind} ${message.id} on the phone ${message.phone}`;
  if (!line) {
    return [`${about} is not in the log: ${message.drawn}`];
  }
  const isKind = message.kind === (line.deletedAt === null ? line.kind : 'deleted');
  const fromShop = message.mine === (message.phone === shop);
  const author = message.drawn.includes('Written by the bot') ? 'bot' : 'shop-phone';
  const isBy = line.author === (fromShop ? author : 'contact');
  return [
    ...(line.phone === customer ? [] : [`${about} is with ${line.phone} in the log`]),
    ...(isKind ? [] : [`${about} is ${line.kind} in the log`]),
    ...(isBy ? [] : [`${about} is by ${line.author} in the log`]),
    ...(saysTheSame(message, line)
      ? []
      : [`${about} says “${message.drawn}”, in the log “${wordsOf(line).join(' ')}”`]),
  ];
}

function saysTheSame({ drawn }: SeenMessage, line: Line): boolean {
  if (line.deletedAt !== null) {
    return /deleted this message|message was deleted/.test(drawn) && !(line.text && drawn.includes(line.text));
  }
  return wordsOf(line).every((words) => bare(drawn).includes(bare(words)));
}

/** What the log says, in the parts in which the page draws it. */
function wordsOf({ kind, text, editedText }: Line): readonly string[] {
  const words = editedText ?? text ?? '';
  switch (kind) {
    case 'location':
      return words.split(', ');
    case 'product':
      return words.split('\n');
    case 'order':
      // The log names the shop; the page shows what was ordered.
      return [];
    default:
      return [words];
  }
}

/** What is left of words without spaces and without the marks that the page draws instead of writing. */
function bare(text: string): string {
  return text.replaceAll(/[\s*_~`]/gu, '');
}

async function undelivered(database: Database): Promise<readonly string[]> {
  const rows = await database.select().from(outbox);
  return rows
    .filter(({ state }) => state !== 'delivered' && state !== 'read')
    .map(({ whatsappId, state, reason }) => `the bot’s message ${whatsappId} is ${state}: ${reason}`);
}

async function unfetched(database: Database): Promise<readonly string[]> {
  const rows = await database.select().from(attachments);
  return rows
    .filter(({ state }) => state !== 'stored')
    .map(({ kind, state, problem }) => `a ${kind} of a message is ${state}: ${problem}`);
}
