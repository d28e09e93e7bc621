import { downloadMediaMessage, proto, WAMessageStatus } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hours, later } from '../lib/time.ts';
import type { AckFault, Faults, LoginFault } from './faults.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { childOf, childrenOf, stanza } from './stanza.ts';
import type { StockBot } from './stock-bot.ts';
import { startTrial, type Trial } from './trial.ts';
import { trustInThisProcess } from './trust.ts';

const MORNING = new Date('2026-11-23T09:00:00Z');

let trial: Trial;
let clock: SimulatedClock;
let endTrust: () => Promise<void>;

beforeEach(async () => {
  // libsignal writes to the console whenever a session is closed or a message cannot be decrypted.
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
  clock = new SimulatedClock(MORNING);
  trial = await startTrial(clock);
  endTrust = trustInThisProcess(trial.whatsapp);
});

afterEach(async () => {
  await trial.end();
  await endTrust();
  vi.restoreAllMocks();
  expect(trial.whatsapp.unanswered).toEqual([]);
});

// Acks

it.each<[string, AckFault, [string | undefined, string | undefined, string | undefined]]>([
  ['every message', { error: 429 }, ['429', '429', '429']],
  ['those to one person', { error: 400, to: '34600000002' }, ['400', undefined, '400']],
  ['each second one', { error: 479, every: 2 }, [undefined, '479', undefined]],
  ['those with buttons', { error: 405, only: 'interactive' }, [undefined, undefined, undefined]],
])('refuses %s with an error, until the repair', async (_title, acks, errors) => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks });

  const ids = [];
  for (const customer of [trial.ana, trial.bob, trial.ana]) {
    const id = await bot.sendText(addressOf(customer), 'Hello');
    await bot.acknowledged(id);
    ids.push(id);
  }
  trial.whatsapp.repair();
  const last = await bot.sendText(addressOf(trial.ana), 'After the repair');
  await bot.acknowledged(last);

  expect(ids.map((id) => ackOf(bot, id)?.['error'])).toEqual(errors);
  expect(ackOf(bot, last)?.['error']).toBeUndefined();
  await trial.ana.nextMessage(({ id }) => id === last);
});

it('refuses only what carries buttons', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks: { error: 405, only: 'interactive' } });
  const flow = stanza('native_flow', { v: '9', name: 'mixed' });
  const biz = stanza('biz', {}, [stanza('interactive', { type: 'native_flow', v: '1' }, [flow])]);

  const id = await bot.socket.relayMessage(
    addressOf(trial.ana),
    { interactiveMessage: { body: { text: 'Hello' } } },
    { additionalNodes: [biz] },
  );
  await bot.acknowledged(id);

  expect(ackOf(bot, id)?.['error']).toBe('405');
});

it('puts an ack off for a while, and delivers the message at once', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks: { delay: hours(1) } });
  const id = await bot.sendText(addressOf(trial.ana), 'Hello');
  await trial.ana.nextMessage();
  expect(bot.isAcknowledged(id)).toBe(false);

  clock.advance(hours(1));

  await bot.acknowledged(id);
});

it('loses an ack for good, and delivers the message', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks: { lost: true, every: 2 } });
  const first = await bot.sendText(addressOf(trial.ana), 'First');
  const lost = await bot.sendText(addressOf(trial.ana), 'Second');
  await trial.ana.nextMessage(({ id }) => id === lost);

  trial.whatsapp.repair();
  const last = await bot.sendText(addressOf(trial.ana), 'Third');
  await bot.acknowledged(last);

  expect([first, lost, last].map((id) => bot.isAcknowledged(id))).toEqual([true, false, true]);
});

it('tells the bot that it uses a hidden id which is no longer the person’s own', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  const former = addressOf(trial.ana);

  trial.ana.changeLid();

  const old = await bot.sendText(former, 'To the old one');
  expect(await trial.ana.nextMessage()).toMatchObject({ id: old });
  await bot.acknowledged(old);
  expect(ackOf(bot, old)?.['refresh_lid']).toBe('true');
  await trial.ana.send(trial.shop.number, 'From the new one');
  const { message } = await bot.hears('From the new one');
  expect(message.key).toMatchObject({ remoteJid: addressOf(trial.ana), remoteJidAlt: '34600000002@s.whatsapp.net' });
  const id = await bot.sendText(addressOf(trial.ana), 'To the new one');
  await bot.acknowledged(id);
  expect(ackOf(bot, id)?.['refresh_lid']).toBeUndefined();
});

// Delivery

it('mixes up the chats and keeps the order inside each', async () => {
  const bot = await trial.linkedBot();
  const prepared = [];
  for (const words of ['one', 'two', 'three']) {
    prepared.push(await trial.ana.prepare(trial.shop.number, `Ana ${words}`));
    prepared.push(await trial.bob.prepare(trial.shop.number, `Bob ${words}`));
  }
  trial.whatsapp.setFaults({ delivery: 'reordered' });

  trial.whatsapp.release(prepared);
  await trial.whatsapp.drained();

  await bot.until(() => bot.heard.length === 6 || undefined, 'all messages');
  const arrived = bot.received.filter(({ tag, attrs }) => tag === 'message' && attrs['category'] !== 'peer');
  const [ana1, bob1, ana2, bob2, ana3, bob3] = prepared.map(({ id }) => id);
  expect(arrived.map(({ attrs }) => attrs['id'])).toEqual([bob1, bob2, bob3, ana1, ana2, ana3]);
});

it('mixes up the chats of a backlog too', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();
  await trial.whatsapp.noSockets();
  await trial.ana.send(trial.shop.number, 'Ana');
  await trial.bob.send(trial.shop.number, 'Bob');
  trial.whatsapp.setFaults({ delivery: 'reordered' });

  const restarted = trial.bot(bot.memory);

  await restarted.hears('Ana');
  const senders = restarted.received.filter(({ tag }) => tag === 'message').map(({ attrs }) => attrs['from']);
  expect(senders).toEqual([addressOf(trial.bob), addressOf(trial.ana)]);
});

it.each<[string, Faults['receipts'], (trial: Trial) => void]>([
  ['until the repair', 'held', ({ whatsapp }) => whatsapp.repair()],
  ['for a while', { delay: hours(1) }, () => clock.advance(hours(1))],
])('holds receipts back %s', async (_title, receipts, end) => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ receipts });
  const id = await bot.sendText(addressOf(trial.ana), 'Hello');
  await trial.ana.nextMessage();
  await bot.acknowledged(id);
  const delivered = () =>
    bot.received.some(({ tag, attrs }) => tag === 'receipt' && attrs['id'] === id && attrs['type'] === undefined);
  expect(delivered()).toBe(false);

  end(trial);

  await bot.until(() => delivered() || undefined, 'the receipt');
});

it('spoils the first copy of a message, and the second can be read', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  trial.whatsapp.setFaults({ ciphertexts: 'spoilt-once' });

  const { id } = await trial.ana.send(trial.shop.number, 'Readable in the end');

  expect((await bot.hears('Readable in the end')).message.key.id).toBe(id);
  expect(trial.ana.retriesAnswered).toBeGreaterThan(0);
});

it('spoils every copy of a message, so that no key fits, until the repair', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  trial.whatsapp.setFaults({ ciphertexts: 'spoilt' });

  const { id } = await trial.ana.send(trial.shop.number, 'Never readable');
  const { message } = await bot.hearsId(id);
  await bot.until(() => trial.ana.retriesAnswered >= 2 || undefined, 'the phone has sent it again');

  expect(message.messageStubType).toBe(proto.WebMessageInfo.StubType.CIPHERTEXT);
  expect(bot.heard.every(({ text }) => text !== 'Never readable')).toBe(true);
  trial.whatsapp.repair();
  await trial.bob.send(trial.shop.number, 'Readable');
  await bot.hears('Readable');
});

it('gives a deaf session no answer of its own phone either, only acks, until the repair', async () => {
  const bot = await trial.linkedBot();
  const known = await bot.until(() => bot.memory.creds.myAppStateKeyId, 'the key of the app state');
  const shares = bot.keyShares.length;
  trial.whatsapp.setFaults({ delivery: 'withheld' });
  const { APP_STATE_SYNC_KEY_REQUEST } = proto.Message.ProtocolMessage.Type;
  const keyIds = [{ keyId: Buffer.from(known, 'base64') }];

  const id = await bot.socket.relayMessage(
    `${trial.shop.number}@s.whatsapp.net`,
    { protocolMessage: { type: APP_STATE_SYNC_KEY_REQUEST, appStateSyncKeyRequest: { keyIds } } },
    { additionalAttributes: { category: 'peer', push_priority: 'high' } },
  );
  await bot.acknowledged(id);
  expect(await bot.socket.onWhatsApp(trial.ana.number)).toHaveLength(1);
  expect(bot.keyShares).toHaveLength(shares);
  trial.whatsapp.repair();

  await bot.until(() => bot.keyShares.length > shares || undefined, 'the answer of the phone');
});

// Lines and logins

it.each<[LoginFault, number]>([
  [{ kind: 'failure', reason: 401 }, 401],
  [{ kind: 'failure', reason: 402, code: 101, expire: 3600 }, 402],
  [{ kind: 'failure', reason: 405 }, 405],
  [{ kind: 'failure', reason: 406 }, 406],
  [{ kind: 'failure', reason: 409 }, 409],
  [{ kind: 'failure', reason: 411 }, 411],
  [{ kind: 'stream-error', code: 500 }, 500],
])('meets every login with %o until the repair', async (fault, code) => {
  const bot = await trial.linkedBot();
  await bot.stop();
  trial.whatsapp.setFaults({ everyLogin: fault });

  await trial.bot(bot.memory).closedWith(code);
  const second = trial.bot(bot.memory);
  await second.closedWith(code);
  if (fault.kind === 'failure' && fault.expire !== undefined) {
    const failure = second.received.find(({ tag }) => tag === 'failure');
    expect(failure?.attrs).toMatchObject({ code: '101', expire: '3600' });
  }
  trial.whatsapp.repair();

  await trial.bot(bot.memory).online();
});

it('takes a login and says nothing', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();
  trial.whatsapp.setFaults({ nextLogin: { kind: 'silence' } });

  const unheard = trial.bot(bot.memory);
  await trial.whatsapp.loginFaultMet();

  expect(unheard.received).toEqual([]);
  await trial.bot(bot.memory).online();
});

it('hears everything on a silent line, says nothing, and makes up for it after the repair', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  trial.whatsapp.setFaults({ line: 'silent' });
  const heardBefore = bot.received.length;
  const ids = [];
  for (const text of ['One', 'Two', 'Three']) {
    ids.push(await bot.sendText(addressOf(trial.ana), text));
    await trial.ana.nextMessage();
  }
  await trial.bob.send(trial.shop.number, 'Are you there?');
  expect(bot.received).toHaveLength(heardBefore);

  trial.whatsapp.repair();

  await bot.hears('Are you there?');
  for (const id of ids) {
    await bot.acknowledged(id);
  }
});

// Keys

it('lets a phone open a session without a one-time key', async () => {
  const bot = await trial.linkedBot();
  const before = trial.whatsapp.prekeysOf(trial.shop);
  trial.whatsapp.setFaults({ prekeys: 'exhausted' });

  await trial.ana.send(trial.shop.number, 'Hello');
  await bot.hears('Hello');
  await bot.sendText(addressOf(trial.bob), 'Hello, Bob');
  await trial.bob.nextMessage();

  expect(trial.whatsapp.prekeysOf(trial.shop)).toBe(before);
  const bundles = bot.received
    .flatMap((answer) => childrenOf(childOf(answer, 'list'), 'user'))
    .filter((user) => childOf(user, 'skey'));
  expect(bundles.some(({ attrs }) => attrs['jid']?.startsWith(trial.bob.lid))).toBe(true);
  expect(bundles.filter((user) => childOf(user, 'key'))).toEqual([]);
});

it('tells the bot of the new identity of a reinstalled phone, and both go on', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);

  const former = trial.ana.signal.identity.public;

  await trial.ana.reinstall();

  expect(trial.ana.signal.identity.public).not.toEqual(former);
  const isNews = ({ tag, attrs }: (typeof bot.received)[number]) =>
    tag === 'notification' && attrs['type'] === 'encrypt' && attrs['from'] === addressOf(trial.ana);
  await bot.until(() => bot.received.find(isNews), 'the news');
  await trial.ana.send(trial.shop.number, 'A new phone');
  await bot.hears('A new phone');
  const id = await bot.sendText(addressOf(trial.ana), 'Nice');
  expect(await trial.ana.nextMessage()).toMatchObject({ id, text: 'Nice' });
});

// People

it('accepts messages to somebody who has blocked the shop, and never delivers them', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ blockers: [trial.ana.number] });
  const id = await bot.sendText(addressOf(trial.ana), 'Hello?');
  await bot.acknowledged(id);
  expect(await trial.shop.nextMessage()).toMatchObject({ id });
  trial.whatsapp.repair();

  const last = await bot.sendText(addressOf(trial.ana), 'Hello again');

  expect(await trial.ana.nextMessage()).toMatchObject({ id: last });
  expect(ackOf(bot, id)?.['error']).toBeUndefined();
});

it('does not know a number, and refuses messages to it', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ unknown: [trial.bob.number] });

  expect(await bot.socket.onWhatsApp(trial.bob.number)).toEqual([]);
  const id = await bot.sendText(addressOf(trial.bob), 'Hello?');
  await bot.acknowledged(id);
  expect(ackOf(bot, id)?.['error']).toBe('404');
  trial.whatsapp.repair();

  expect(await bot.socket.onWhatsApp(trial.bob.number)).toHaveLength(1);
});

it('refuses messages to strangers while the account may not write to them, and tells until when', async () => {
  const bot = await trial.linkedBot();
  await trial.ana.send(trial.shop.number, 'Hello');
  await bot.hears('Hello');
  const until = later(MORNING, hours(24));
  trial.whatsapp.setFaults({ reachoutTimelock: { until, type: 'WEB_COMPANION_ONLY' } });

  const ids = [await bot.sendText(addressOf(trial.ana), 'Hi'), await bot.sendText(addressOf(trial.bob), 'Hi')];
  for (const id of ids) {
    await bot.acknowledged(id);
  }

  expect(ids.map((id) => ackOf(bot, id)?.['error'])).toEqual([undefined, '463']);
  expect(await bot.socket.fetchAccountReachoutTimelock()).toEqual({
    isActive: true,
    timeEnforcementEnds: until,
    enforcementType: 'WEB_COMPANION_ONLY',
  });
  const pushed: unknown[] = [];
  bot.socket.ev.on('connection.update', ({ reachoutTimeLock }) => pushed.push(reachoutTimeLock));
  trial.whatsapp.announceLimits(trial.shop);
  await trial.whatsapp.drained();
  expect(pushed).toEqual([{ isActive: true, timeEnforcementEnds: until, enforcementType: 'WEB_COMPANION_ONLY' }]);
  clock.advance(hours(24));
  const later24 = await bot.sendText(addressOf(trial.bob), 'Hi');
  await bot.acknowledged(later24);
  expect(ackOf(bot, later24)?.['error']).toBeUndefined();
});

it('tells how many new chats are left, when asked and of its own accord', async () => {
  const bot = await trial.linkedBot();
  const cycleEnds = later(MORNING, hours(48));
  trial.whatsapp.setFaults({ newChatCap: { total: 100, used: 95, status: 'SECOND_WARNING', cycleEnds } });
  const told: unknown[] = [];
  bot.socket.ev.on('message-capping.update', (update) => told.push(update));

  const answer = await bot.socket.fetchNewChatMessageCap();
  trial.whatsapp.announceLimits(trial.shop);
  await trial.whatsapp.drained();

  expect(answer).toMatchObject({ total_quota: 100, used_quota: 95, capping_status: 'SECOND_WARNING' });
  expect(told).toEqual([answer]);
});

it('needs the person’s token, which the person gives', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ trustedTokens: 'required' });
  const refused = await bot.sendText(addressOf(trial.ana), 'Without');
  await bot.acknowledged(refused);
  trial.ana.trust(trial.shop.number);
  await trial.whatsapp.drained();

  const taken = await bot.sendText(addressOf(trial.ana), 'With');
  await bot.acknowledged(taken);

  expect([refused, taken].map((id) => ackOf(bot, id)?.['error'])).toEqual(['463', undefined]);
});

it('leaves a query without an answer, until the repair', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ unanswered: ['blocklist get -'] });
  let answered = false;
  const asking = bot.socket.fetchBlocklist().then(() => {
    answered = true;
  });
  // Whatever is asked later is answered later.
  await bot.socket.onWhatsApp(trial.ana.number);
  expect(answered).toBe(false);
  trial.whatsapp.repair();

  expect(await bot.socket.fetchBlocklist()).toEqual([]);
  void asking.catch(() => undefined);
});

// Files

it.each<[string, Faults['downloads']]>([
  ['gone', { status: 404 }],
  ['gone for good', { status: 410 }],
])('has a file that is %s, until the repair', async (_title, downloads) => {
  const bot = await trial.linkedBot();
  const bytes = Buffer.alloc(100, 'x');
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes });
  const { message } = await bot.hearsId(id);
  trial.whatsapp.setFaults({ downloads });

  await expect(downloadMediaMessage(message, 'buffer', {})).rejects.toThrow();

  trial.whatsapp.repair();
  expect(await downloadMediaMessage(message, 'buffer', {})).toEqual(bytes);
});

it('cuts a file in the middle, until the repair', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes: Buffer.alloc(100_000) });
  const { message } = await bot.hearsId(id);
  const url = message.message?.imageMessage?.url ?? '';
  trial.whatsapp.setFaults({ downloads: { cutAfter: 20_000 } });

  // Not by Baileys' own download: it hangs then, and the error of the connection ends the process.
  await expect(fetch(url).then((response) => response.arrayBuffer())).rejects.toThrow('terminated');

  trial.whatsapp.repair();
  expect((await (await fetch(url)).arrayBuffer()).byteLength).toBeGreaterThan(100_000);
});

it('gives a file slowly', async () => {
  const bot = await trial.linkedBot();
  const bytes = Buffer.alloc(100, 'x');
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes });
  const { message } = await bot.hearsId(id);
  trial.whatsapp.setFaults({ downloads: { delay: hours(1) } });

  const download = downloadMediaMessage(message, 'buffer', {});
  await trial.whatsapp.downloadWaits();
  clock.advance(hours(1));

  expect(await download).toEqual(bytes);
});

it('gives a file that is larger than announced', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes: Buffer.alloc(100) });
  const { message } = await bot.hearsId(id);
  trial.whatsapp.setFaults({ downloads: { padTo: 1_000_000 } });

  const response = await fetch(message.message?.imageMessage?.url ?? '');

  expect((await response.arrayBuffer()).byteLength).toBe(1_000_000);
});

it('takes no files for a while', async () => {
  const bot = await trial.linkedBot();
  const picture = { image: Buffer.alloc(100), jpegThumbnail: '' };
  trial.whatsapp.setFaults({ uploads: { status: 507 } });
  await expect(bot.send(addressOf(trial.ana), picture)).rejects.toThrow('upload failed on all hosts');

  trial.whatsapp.repair();

  await bot.send(addressOf(trial.ana), picture);
  await trial.ana.nextMessage();
});

// The judge's books

it('counts texts that a person was shown twice under different ids', async () => {
  const bot = await trial.linkedBot();
  for (const text of ['Your cart', 'Hello', 'Your cart', 'Hello']) {
    await bot.sendText(addressOf(trial.ana), text);
  }
  await bot.sendText(addressOf(trial.bob), 'Your cart');
  await trial.bob.nextMessage();
  await trial.ana.nextMessage(() => trial.ana.chats.with(trial.shop.number).length === 4);

  const repeated = trial.whatsapp.textsShownTwice((text) => text.startsWith('Your'));

  expect(repeated.map(({ text, from }) => ({ text, from }))).toEqual([{ text: 'Your cart', from: trial.shop.number }]);
});

/** A question and an answer, after which both sides share a session that works in both directions. */
async function chat(bot: StockBot): Promise<void> {
  await trial.ana.send(trial.shop.number, 'Hello');
  await bot.hears('Hello');
  const id = await bot.sendText(addressOf(trial.ana), 'Hello yourself');
  await trial.ana.nextMessage();
  await bot.hasStatus(id, WAMessageStatus.DELIVERY_ACK);
  await trial.whatsapp.drained();
}

function ackOf(bot: StockBot, id: string): Readonly<Record<string, string>> | undefined {
  return bot.received.find(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id)?.attrs;
}

function addressOf({ addressing, lid, number }: Trial['ana']): string {
  return addressing === 'lid' ? `${lid}@lid` : `${number}@s.whatsapp.net`;
}
