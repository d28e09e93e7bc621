import { setImmediate as afterThis } from 'node:timers/promises';
import { z } from 'zod';
import { days, type Milliseconds, seconds, systemClock } from '../../lib/time.ts';
import type { Content, FileKind, SendOptions } from '../content.ts';
import type { Phone } from '../phone.ts';
import type { Act, MessageAct, PhoneAct } from './page-state.ts';
import type { StoreStep } from './page-store.ts';
import { needPower, Refusal } from './refusal.ts';
import type { World } from './world.ts';
import { composeWritten } from './written.ts';

/** How long a call rings until nobody has answered. */
const RINGING: Milliseconds = seconds(3);

/** WhatsApp's own limits. */
const LONGEST_TEXT = 65_536;
const LONGEST_POLL_LINE = 255;
const MOST_POLL_OPTIONS = 12;

/** In the online shop. */
const LONGEST_BUYER = 60;
const LONGEST_PHONE = 30;
const MOST_PIECES = 99;
const LONGEST_NAME = 25;

/** WhatsApp takes 100 MB and more; what a demo keeps in memory is less. */
export const LARGEST_FILE = 16_000_000;

const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty; write something')
    .max(most, `is too long; at most ${most.toLocaleString('en')} characters`);
const FORWARD = 'is out of range; the time can be moved on by 1 second to 31 days';
const QUANTITY = `is out of range; there can be 0 to ${MOST_PIECES} pieces`;
const id = z.string().min(1).max(200);
const number = z.string().regex(/^\d{5,15}$/, 'is no phone number; write its digits with the country’s code');

const written = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: words(LONGEST_TEXT) }),
  z.object({
    kind: z.literal('location'),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    name: words(LONGEST_POLL_LINE).optional(),
    address: words(LONGEST_POLL_LINE).optional(),
  }),
  z.object({ kind: z.literal('contact'), number }),
  z.object({
    kind: z.literal('poll'),
    question: words(LONGEST_POLL_LINE),
    options: z
      .array(words(LONGEST_POLL_LINE))
      .min(2, 'are too few; a poll has at least 2 answers')
      .max(MOST_POLL_OPTIONS, `are too many; a poll has at most ${MOST_POLL_OPTIONS} answers`),
    several: z.boolean(),
  }),
  z.object({ kind: z.literal('order') }),
  z.object({ kind: z.literal('product') }),
  z.object({
    kind: z.literal('sample'),
    sample: z.enum(['photo', 'video', 'voice', 'sound', 'document', 'sticker']),
    caption: words(LONGEST_TEXT).optional(),
  }),
]);

const phone = { phone: number };
const onMessage = { ...phone, message: id };

const record = z.int().positive();

const storeStep = z.discriminatedUnion('do', [
  z.object({ do: z.literal('add'), variant: record }),
  z.object({
    do: z.literal('quantity'),
    variant: record,
    quantity: z.int().min(0, QUANTITY).max(MOST_PIECES, QUANTITY),
  }),
  z.object({ do: z.literal('empty') }),
  z.object({
    do: z.literal('checkout'),
    name: words(LONGEST_BUYER),
    phone: words(LONGEST_PHONE),
    consents: z.boolean(),
  }),
  z.object({ do: z.literal('pay') }),
  z.object({ do: z.literal('leave') }),
  z.object({ do: z.enum(['complete', 'refund', 'cancel']), order: record }),
  z.object({ do: z.literal('consent'), customer: record, agrees: z.boolean() }),
  z.object({ do: z.literal('uninstall') }),
  z.object({ do: z.literal('install') }),
]) satisfies z.ZodType<StoreStep>;

const actSchema = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('send'),
    ...phone,
    to: number,
    content: written,
    quoting: id.optional(),
    viewOnce: z.boolean().optional(),
  }),
  z.object({ act: z.literal('tap'), ...onMessage, token: id }),
  z.object({ act: z.literal('vote'), ...onMessage, options: z.array(z.string()).max(MOST_POLL_OPTIONS) }),
  z.object({ act: z.literal('react'), ...onMessage, emoji: z.string().max(32) }),
  z.object({ act: z.literal('edit'), ...onMessage, text: words(LONGEST_TEXT) }),
  z.object({ act: z.literal('delete'), ...onMessage }),
  z.object({ act: z.literal('read'), ...phone, chat: number }),
  z.object({ act: z.literal('type'), ...phone, to: number, typing: z.enum(['composing', 'recording', 'paused']) }),
  z.object({ act: z.literal('call'), ...phone, to: number, video: z.boolean() }),
  z.object({ act: z.literal('power'), ...phone, on: z.boolean() }),
  z.object({ act: z.literal('scan') }),
  z.object({ act: z.literal('unlink') }),
  z.object({ act: z.literal('add-phone'), name: words(LONGEST_NAME), part: z.enum(['customer', 'advisor']) }),
  z.object({ act: z.literal('bot'), do: z.enum(['kill', 'start']) }),
  z.object({ act: z.literal('network'), up: z.boolean() }),
  z.object({ act: z.literal('store'), step: storeStep }),
  z.object({ act: z.literal('forward'), by: z.int().min(seconds(1), FORWARD).max(days(31), FORWARD) }),
]) satisfies z.ZodType<Act>;

/** Reads what the page sends. @throws Refusal when it is none of the acts */
export function readAct(body: unknown): Act {
  const read = actSchema.safeParse(body);
  if (!read.success) {
    const [problem] = read.error.issues;
    const [place, index] = (problem?.path ?? []).slice(-2);
    const what =
      typeof index === 'number' ? `${String(place).replace(/s$/, '')} ${index + 1}` : String(index ?? place ?? 'act');
    throw new Refusal(`Not done: “${what}” ${problem?.message ?? 'cannot be used'}.`);
  }
  return read.data;
}

/** Does what somebody does with a phone, or to this world. @throws Refusal */
export async function perform(world: World, act: Act): Promise<void> {
  switch (act.act) {
    case 'scan':
      return world.scan();
    case 'unlink':
      return world.unlink();
    case 'add-phone':
      return world.addPhone(act.name, act.part);
    case 'bot':
      return act.do === 'kill' ? world.seat.kill() : world.seat.start();
    case 'network':
      return world.setNetwork(act.up ? 'up' : 'down');
    case 'store':
      return world.store.perform(act.step);
    case 'forward':
      return world.forward(act.by);
    default:
      return performOnPhone(world, act);
  }
}

async function performOnPhone(world: World, act: PhoneAct): Promise<void> {
  const { phone: holder } = world.player(act.phone);
  if (act.act === 'power') {
    return switchPower(world, holder, act.on);
  }
  needPower(holder);
  switch (act.act) {
    case 'send':
      return send(world, holder, act);
    case 'read':
      return holder.markRead(act.chat);
    case 'type':
      return holder.type(world.player(act.to).phone.number, act.typing);
    case 'call':
      return call(world, holder, world.player(act.to).phone, act.video);
    default:
      return performOnMessage(world, holder, act);
  }
}

async function performOnMessage(world: World, holder: Phone, act: MessageAct): Promise<void> {
  const shown = holder.chats.find(act.message);
  if (!shown) {
    throw new Refusal(`${holder.name}’s phone does not show this message any more.`);
  }
  const { id: of, chat, from, deleted } = shown;
  const write = (content: Content) => handIn(world, holder, chat, content);
  if (deleted) {
    throw new Refusal('This message was deleted.');
  }
  if ((act.act === 'edit' || act.act === 'delete') && from !== holder.number) {
    throw new Refusal('Only who wrote a message can change or delete it.');
  }
  switch (act.act) {
    case 'tap':
      return soon(holder.tap(of, act.token));
    case 'vote':
      return write({ kind: 'vote', poll: of, options: act.options });
    case 'react':
      return write({ kind: 'reaction', to: of, emoji: act.emoji });
    case 'edit':
      return write({ kind: 'edit', of, text: act.text });
    case 'delete':
      return write({ kind: 'delete', of });
  }
}

async function send(world: World, holder: Phone, act: PhoneAct & { readonly act: 'send' }): Promise<void> {
  const content = await composeWritten(act.content, (known) => world.player(known).phone.name);
  await handIn(world, holder, act.to, content, act);
}

export interface FileToSend {
  readonly phone: string;
  readonly to: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly mime: string;
  readonly name: string;
  readonly caption?: string | undefined;
  readonly quoting?: string | undefined;
  readonly viewOnce?: boolean | undefined;
  readonly seconds?: number | undefined;
}

/** Sends a file that somebody has chosen or recorded on the page. @throws Refusal */
export async function sendFile(world: World, file: FileToSend): Promise<void> {
  const { phone: holder } = world.player(file.phone);
  needPower(holder);
  const { kind, bytes, mime, name, caption, seconds: length } = file;
  const content = { kind, bytes, mime, name, ...(caption && { caption }), ...(length && { seconds: length }) };
  await handIn(world, holder, file.to, content, file);
}

interface Manner {
  readonly quoting?: string | undefined;
  readonly viewOnce?: boolean | undefined;
}

function handIn(
  world: World,
  holder: Phone,
  to: string,
  content: Content,
  { quoting, viewOnce }: Manner = {},
): Promise<void> {
  const other = world.player(to).phone;
  if (other === holder && holder !== world.shop.phone) {
    throw new Refusal('Only the shop’s phone writes to itself here.');
  }
  if (quoting !== undefined && !holder.chats.find(quoting)) {
    throw new Refusal(`${holder.name}’s phone does not show the message any more that this was to answer.`);
  }
  const options: SendOptions = { ...(quoting && { quoting }), ...(viewOnce && { viewOnce }) };
  return soon(holder.send(other.number, content, options));
}

/** What is wrong with a message is known at once; how far it comes shows on the phones. */
async function soon(sending: Promise<unknown>): Promise<void> {
  sending.catch(() => undefined);
  await Promise.race([sending, afterThis()]);
}

function switchPower(world: World, holder: Phone, on: boolean): void {
  if (on === holder.isOn) {
    return;
  }
  if (on) {
    holder.switchOn();
  } else {
    holder.switchOff();
  }
  world.story.tell(`${holder.name}’s phone was switched ${on ? 'on' : 'off'}.`);
}

/** Rings, and hangs up after a while; what is said on the phone is no matter of the bot. */
function call(world: World, caller: Phone, callee: Phone, video: boolean): void {
  const ringing = caller.calls.ring(callee.number, { video });
  world.story.tell(`${caller.name} calls ${callee.name}.`);
  void systemClock.sleep(RINGING, new AbortController().signal).then(() => {
    caller.calls.end(callee.number, ringing, 'timeout');
    world.story.tell(`${callee.name} did not answer ${caller.name}’s call.`);
  });
}
