import { type proto, WAMessageStatus } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Clock } from '../lib/time.ts';
import { LinkingFailed } from './device-pairing.ts';
import type { LoginFault } from './faults.ts';
import type { StockBot } from './stock-bot.ts';
import { startTrial, type Trial } from './trial.ts';

let trial: Trial;

beforeEach(async () => {
  // libsignal writes to the console whenever a session is closed or a message cannot be decrypted.
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
  trial = await startTrial();
});

afterEach(async () => {
  await trial.end();
  vi.restoreAllMocks();
  expect(trial.whatsapp.unanswered).toEqual([]);
});

// Linking and logging in

it('links a bot by QR code, tells it to restart, and lets it log in', async () => {
  const bot = await trial.linkedBot();

  expect(bot.closeCodes).toEqual([515]);
  expect(bot.memory.creds.me?.id).toBe('34600000001:1@s.whatsapp.net');
  expect(bot.memory.creds.me?.lid).toBe(`${trial.shop.lid}:1@lid`);
  expect(bot.memory.creds.me?.name).toBe('Mug Shop');
});

it('links a bot by pairing code', async () => {
  const bot = trial.bot();
  await bot.qr();

  const code = await bot.socket.requestPairingCode(trial.shop.number);
  await bot.asksForCode();
  await trial.shop.enterPairingCode(code);

  await bot.online();
  expect(bot.memory.creds.me?.id).toBe('34600000001:1@s.whatsapp.net');
});

it('does not link a bot when the owner mistypes the code', async () => {
  const bot = trial.bot();
  await bot.qr();
  await bot.socket.requestPairingCode(trial.shop.number, 'ABCDEFGH');
  await bot.asksForCode();

  await expect(trial.shop.enterPairingCode('ABCDEFGX')).rejects.toThrow('not the code');
});

it('refuses a QR code that no bot shows any more', async () => {
  const bot = trial.bot();
  const qr = await bot.qr();
  await bot.stop();
  await trial.whatsapp.noSockets();

  await expect(trial.shop.scan(qr)).rejects.toThrow(LinkingFailed);
});

it('survives a bot that is killed while it is being linked', async () => {
  const killed = trial.bot();
  killed.onStanza = ({ content }) => {
    if (Array.isArray(content) && content[0]?.tag === 'pair-success') {
      trial.whatsapp.dropConnections();
    }
  };
  await expect(trial.shop.scan(await killed.qr())).rejects.toThrow('went away');

  const bot = await trial.linkedBot();

  expect(bot.memory.creds.me?.id).toMatch(/^34600000001:\d@/);
});

it('forgets a bot that was linked and lost its memory before its first login', async () => {
  const lost = trial.bot();
  lost.onStanza = ({ tag }) => tag === 'stream:error' && void lost.stop();
  await trial.shop.scan(await lost.qr());
  await trial.ana.send(trial.shop.number, 'For the lost one');

  const bot = await trial.linkedBot();

  expect(bot.memory.creds.me?.id).toBe('34600000001:2@s.whatsapp.net');
  expect(trial.whatsapp.owedTo(trial.shop)).toBe(0);
});

it('needs no new linking when a bot restarts with the same memory', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();

  const restarted = trial.bot(bot.memory);

  await restarted.online();
  expect(restarted.closeCodes).toEqual([]);
});

it('gives a new companion the keys of the app state and the history of the chats', async () => {
  await trial.ana.send(trial.shop.number, 'Before the bot');
  await trial.shop.nextMessage();

  const bot = await trial.linkedBot();

  await bot.until(() => bot.memory.creds.myAppStateKeyId, 'the key of the app state');
  await bot.until(() => bot.history.find((text) => text === 'Before the bot'), 'the history');
});

it('takes 812 one-time keys from a new bot, and five more when they run low', async () => {
  const bot = await trial.linkedBot();
  const total = bot.memory.creds.nextPreKeyId - 1;

  trial.whatsapp.usePrekeys(trial.shop, 4);
  await trial.whatsapp.prekeysReach(trial.shop, 9);

  expect(total).toBe(812);
  await trial.whatsapp.drained();
});

// Messages to the bot

it.each<['ana' | 'bob', string]>([
  ['ana', 'hidden id'],
  ['bob', 'phone number'],
])(
  'brings messages from %s, who is addressed by %s, first with a new session and after an answer without',
  async (who) => {
    const bot = await trial.linkedBot();
    const customer = trial[who];
    const { id } = await customer.send(trial.shop.number, 'Hello');
    const { message } = await bot.hears('Hello');
    await bot.sendText(message.key.remoteJid ?? '', 'Hello yourself');
    await customer.nextMessage();

    await customer.send(trial.shop.number, 'Do you have mugs?');
    await bot.hears('Do you have mugs?');

    const own = { lid: `${customer.lid}@lid`, pn: `${customer.number}@s.whatsapp.net` };
    const [remoteJid, remoteJidAlt] = customer.addressing === 'lid' ? [own.lid, own.pn] : [own.pn, own.lid];
    expect(message.key).toMatchObject({ id, remoteJid, remoteJidAlt, fromMe: false });
    expect(message.pushName).toBe(customer.name);
    expect(encryptionOf(bot, remoteJid)).toEqual(['pkmsg', 'msg']);
    expect(trial.whatsapp.accepted.map(({ from, to, text }) => ({ from, to, text }))).toEqual([
      { from: customer.number, to: trial.shop.number, text: 'Hello' },
      { from: customer.number, to: trial.shop.number, text: 'Do you have mugs?' },
    ]);
  },
);

it('shows the customer when the bot got a message and when it read it', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, 'Hello');
  expect(trial.ana.chats.find(id)?.ticks).toBe('sent');
  await trial.ana.ticks(id, 'delivered');
  expect(trial.ana.chats.find(id)?.ticks).toBe('delivered');

  const { message } = await bot.hears('Hello');
  await bot.socket.readMessages([message.key]);

  await trial.ana.ticks(id, 'read');
});

it('keeps messages for a bot that is away and brings them as older ones', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();
  await trial.whatsapp.noSockets();
  await trial.ana.send(trial.shop.number, 'Anybody there?');
  await trial.bob.send(trial.shop.number, 'Hello?');
  expect(trial.whatsapp.owedTo(trial.shop)).toBe(2);

  const restarted = trial.bot(bot.memory);

  expect(await restarted.hears('Anybody there?')).toMatchObject({ kind: 'append' });
  expect(await restarted.hears('Hello?')).toMatchObject({ kind: 'append' });
  await trial.whatsapp.drained();
});

it('brings a message again that the bot did not confirm, and encrypts it anew when the bot cannot read it any more', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  bot.onStanza = (stanza) => stanza.tag === 'message' && trial.whatsapp.dropConnections();
  const { id } = await trial.ana.send(trial.shop.number, 'Do not lose me');
  await bot.closedWith(428);
  expect(trial.whatsapp.owedTo(trial.shop)).toBe(1);

  const restarted = trial.bot(bot.memory);

  const { message } = await restarted.hears('Do not lose me');
  expect(message.key.id).toBe(id);
  expect(trial.ana.retriesAnswered).toBe(1);
  await trial.whatsapp.drained();
});

it('opens a new session with a bot that has lost the old one', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  await bot.memory.keys.set({ session: { [`${trial.ana.lid}_1.0`]: null } });

  await trial.ana.send(trial.shop.number, 'Do you still know me?');

  await bot.hears('Do you still know me?');
  expect(trial.ana.retriesAnswered).toBe(2);
  await trial.whatsapp.drained();
});

it('shows the bot what the owner writes on the phone, to a customer and to herself', async () => {
  const bot = await trial.linkedBot();

  await trial.shop.send(trial.ana.number, 'Written by hand');
  await trial.shop.send(trial.bob.number, 'By hand, too');
  await trial.shop.send(trial.shop.number, 'A note');

  const jid = `${trial.ana.lid}@lid`;
  expect((await bot.hears('Written by hand')).message.key).toMatchObject({ remoteJid: jid, fromMe: true });
  expect((await bot.hears('By hand, too')).message.key).toMatchObject({
    remoteJid: '34600000003@s.whatsapp.net',
    fromMe: true,
  });
  expect((await bot.hears('A note')).message.key).toMatchObject({ remoteJid: `${trial.shop.lid}@lid`, fromMe: true });
  expect(await trial.ana.nextMessage()).toMatchObject({ from: trial.shop.number, text: 'Written by hand' });
  await trial.whatsapp.drained();
});

it('shows the owner on the phone what customers write to the bot', async () => {
  await trial.linkedBot();

  await trial.ana.send(trial.shop.number, 'Hello');

  expect(await trial.shop.nextMessage()).toMatchObject({ chat: trial.ana.number, text: 'Hello' });
});

it('tells the bot that the owner has opened a chat on the phone', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, 'Hello');
  await bot.hears('Hello');
  await trial.shop.nextMessage();

  trial.shop.markRead(trial.ana.number);

  await bot.hasStatus(id, WAMessageStatus.READ);
  expect(trial.ana.chats.find(id)?.ticks).toBe('read');
  await trial.whatsapp.drained();
});

it('releases prepared messages all at once and waits until the bot has confirmed them', async () => {
  const bot = await trial.linkedBot();
  const prepared = [];
  for (let number = 1; number <= 20; number += 1) {
    prepared.push(await trial.ana.prepare(trial.shop.number, `Message ${number}`));
    prepared.push(await trial.bob.prepare(trial.shop.number, `Message ${number}`));
  }
  expect(trial.whatsapp.accepted).toEqual([]);

  trial.whatsapp.release(prepared);
  await trial.whatsapp.drained();

  await bot.until(() => bot.heard.length === prepared.length || undefined, 'all messages');
  expect(bot.heard.map(({ message }) => message.key.id).toSorted()).toEqual(prepared.map(({ id }) => id).toSorted());
  expect(trial.whatsapp.accepted).toHaveLength(prepared.length);
  expect(trial.whatsapp.refusals).toEqual([]);
});

it('stamps messages with the time of the given clock', async () => {
  const noon = new Date('2026-11-22T12:00:00Z');
  const clock: Clock = {
    now: () => noon,
    sleepUntil: () => Promise.resolve(),
    ticks: () => noon.getTime(),
    sleep: () => Promise.resolve(),
  };
  await trial.end();
  trial = await startTrial(clock);
  const bot = await trial.linkedBot();

  await trial.ana.send(trial.shop.number, 'High noon');

  const { message } = await bot.hears('High noon');
  expect(Number(message.messageTimestamp)).toBe(noon.getTime() / 1000);
});

// Messages from the bot

it.each<['ana' | 'bob', 'lid' | 'pn']>([
  ['ana', 'lid'],
  ['bob', 'pn'],
  ['ana', 'pn'],
])('brings a first message to %s, written to by %s, and tells the bot how far it came', async (who, addressing) => {
  const bot = await trial.linkedBot();
  const customer = trial[who];
  const jid = addressing === 'lid' ? `${customer.lid}@lid` : `${customer.number}@s.whatsapp.net`;

  const id = await bot.sendText(jid, 'Your order is on its way');
  expect(await customer.nextMessage()).toMatchObject({ id, from: trial.shop.number, text: 'Your order is on its way' });
  await bot.hasStatus(id, WAMessageStatus.DELIVERY_ACK);
  customer.markRead(trial.shop.number);
  await bot.hasStatus(id, WAMessageStatus.READ);

  expect(await trial.shop.nextMessage()).toMatchObject({ id, chat: customer.number, from: trial.shop.number });
  await trial.shop.ticks(id, 'read');
  await trial.whatsapp.drained();
  expect(trial.whatsapp.idsSeenTwice).toEqual([]);
});

it('shows a second companion of the shop what customers write and what the first one answers', async () => {
  const bot = await trial.linkedBot();
  const second = await trial.linkedBot();
  expect(second.memory.creds.me?.id).toBe('34600000001:2@s.whatsapp.net');

  await trial.ana.send(trial.shop.number, 'Hello, both of you');
  await bot.hears('Hello, both of you');
  await second.hears('Hello, both of you');
  await bot.sendText(`${trial.ana.lid}@lid`, 'Hello yourself');

  const { message } = await second.hears('Hello yourself');
  expect(message.key).toMatchObject({ remoteJid: `${trial.ana.lid}@lid`, fromMe: true });
  await trial.whatsapp.drained();
});

it('leaves a message with one tick while the customer’s phone is switched off', async () => {
  const bot = await trial.linkedBot();
  trial.ana.switchOff();
  const id = await bot.sendText(`${trial.ana.lid}@lid`, 'Hello');
  await trial.shop.nextMessage();
  await bot.acknowledged(id);
  expect(trial.shop.chats.find(id)?.ticks).toBe('sent');

  trial.ana.switchOn();

  await bot.hasStatus(id, WAMessageStatus.DELIVERY_ACK);
});

it('asks the bot for a message that the phone cannot decrypt, and shows it once', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  await trial.ana.forgetSessions();

  const id = await bot.sendText(`${trial.ana.lid}@lid`, 'Can you read this?');

  expect(await trial.ana.nextMessage()).toMatchObject({ id, text: 'Can you read this?' });
  expect(trial.ana.retriesAsked).toBe(1);
  expect(trial.ana.chats.with(trial.shop.number).filter((message) => message.id === id)).toHaveLength(1);
  expect(trial.whatsapp.idsSeenTwice).toEqual([]);
  await trial.whatsapp.drained();
});

it('shows a message once that the bot sends twice under the same id, and counts it', async () => {
  const bot = await trial.linkedBot();
  const id = await bot.sendText(`${trial.ana.lid}@lid`, 'Once');
  await bot.sendText(`${trial.ana.lid}@lid`, 'Once', id);
  await bot.sendText(`${trial.ana.lid}@lid`, 'Last');

  await trial.ana.nextMessage(({ text }) => text === 'Last');

  expect(trial.ana.chats.with(trial.shop.number).map(({ text }) => text)).toEqual(['Once', 'Last']);
  expect(trial.whatsapp.idsSeenTwice).toEqual([id]);
});

it('shows typing in both directions', async () => {
  const bot = await trial.linkedBot();

  trial.ana.type(trial.shop.number, 'composing');
  await bot.sees(`${trial.ana.lid}@lid`, 'composing');
  trial.bob.type(trial.shop.number, 'recording');
  await bot.sees('34600000003@s.whatsapp.net', 'recording');
  await bot.socket.sendPresenceUpdate('composing', `${trial.ana.lid}@lid`);
  await trial.ana.sees(trial.shop.number, 'composing');
  await bot.socket.sendPresenceUpdate('paused', `${trial.ana.lid}@lid`);
  await trial.ana.sees(trial.shop.number, 'paused');
});

it('carries any kind of message, such as the tap on a button', async () => {
  const bot = await trial.linkedBot();
  const tap: proto.IMessage = {
    interactiveResponseMessage: {
      body: { text: 'View Cart' },
      nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"token-1"}', version: 1 },
    },
  };

  await trial.ana.send(trial.shop.number, tap);

  const { message } = await bot.hears('View Cart');
  const response = message.message?.interactiveResponseMessage?.nativeFlowResponseMessage;
  expect(response?.paramsJson).toBe('{"id":"token-1"}');
});

// Questions of the bot

it('knows which numbers are on WhatsApp', async () => {
  const bot = await trial.linkedBot();

  const known = await bot.socket.onWhatsApp('34600000002');
  const unknown = await bot.socket.onWhatsApp('34600009999');

  expect(known).toEqual([{ jid: '34600000002@s.whatsapp.net', exists: true }]);
  expect(unknown).toEqual([]);
});

it('finds the hidden id behind a number', async () => {
  const bot = await trial.linkedBot();

  const lid = await bot.socket.signalRepository.lidMapping.getLIDForPN('34600000003@s.whatsapp.net');

  expect(lid).toBe(`${trial.bob.lid}@lid`);
});

it('answers what the account may do', async () => {
  const bot = await trial.linkedBot();

  expect(await bot.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: false });
  expect(await bot.socket.fetchNewChatMessageCap()).toMatchObject({ capping_status: 'NONE' });
  const until = new Date('2026-12-01T00:00:00Z');
  trial.whatsapp.setFaults({ reachoutTimelock: { until } });
  expect(await bot.socket.fetchAccountReachoutTimelock()).toMatchObject({ isActive: true, timeEnforcementEnds: until });
});

it('answers the other questions of Baileys', async () => {
  const bot = await trial.linkedBot();
  const { socket } = bot;
  const jid = `${trial.ana.lid}@lid`;

  expect(await socket.fetchBlocklist()).toEqual([]);
  expect(await socket.fetchPrivacySettings(true)).toEqual({ readreceipts: 'all' });
  expect(await socket.groupFetchAllParticipating()).toEqual({});
  await expect(socket.profilePictureUrl(jid)).rejects.toThrow('item-not-found');
  expect(await socket.getBusinessProfile(jid)).toBeUndefined();
  await socket.updateProfileStatus('Open');
  await socket.updateDefaultDisappearingMode(0);
  await socket.rotateSignedPreKey();
  await socket.presenceSubscribe(jid);
  await bot.sees(jid, 'unavailable');
  await expect(socket.refreshMediaConn()).resolves.toMatchObject({
    hosts: [{ hostname: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }],
  });
});

// Ends and faults

it('tells a bot that the owner has removed it, and does not let it in again', async () => {
  const bot = await trial.linkedBot();

  trial.shop.unlinkDevices();
  await bot.closedWith(401);

  const again = trial.bot(bot.memory);
  await again.closedWith(401);
});

it('lets a bot unlink itself', async () => {
  const bot = await trial.linkedBot();

  await bot.socket.logout();

  const again = trial.bot(bot.memory);
  await again.closedWith(401);
});

it('replaces the session of a bot that logs in a second time', async () => {
  const bot = await trial.linkedBot();

  const second = trial.bot(bot.memory);
  await bot.closedWith(440);

  await second.online();
  await trial.ana.send(trial.shop.number, 'Hello');
  await second.hears('Hello');
  expect(trial.whatsapp.mostSocketsOfOneDevice).toBe(2);
});

it.each<[string, number, (trial: Trial) => void]>([
  ['a stream error', 503, ({ whatsapp, shop }) => whatsapp.sendStreamError(shop, 503)],
  ['somebody else using the session', 440, ({ whatsapp, shop }) => whatsapp.replaceSession(shop)],
  ['a lost network', 428, ({ whatsapp }) => whatsapp.dropConnections()],
])('ends a session by %s with code %i, and the bot may come back', async (_title, code, strike) => {
  const bot = await trial.linkedBot();

  strike(trial);
  await bot.closedWith(code);

  await trial.bot(bot.memory).online();
});

it.each<[LoginFault]>([
  [{ kind: 'failure', reason: 503 }],
  [{ kind: 'failure', reason: 403 }],
  [{ kind: 'stream-error', code: 503 }],
])('meets the next login with %o and then lets the bot in', async (fault) => {
  const bot = await trial.linkedBot();
  await bot.stop();
  trial.whatsapp.setFaults({ nextLogin: fault });

  await trial.bot(bot.memory).closedWith(fault.kind === 'failure' ? fault.reason : 503);

  await trial.bot(bot.memory).online();
});

it('cannot be reached while it does not listen', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();
  trial.whatsapp.stopListening();
  await trial.bot(bot.memory).closedWith(408);

  await trial.whatsapp.startListening();

  await trial.bot(bot.memory).online();
});

it('holds its acks back and sends them after the repair', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks: 'held' });
  const id = await bot.sendText(`${trial.ana.lid}@lid`, 'Hello');
  await trial.ana.nextMessage();
  expect(bot.isAcknowledged(id)).toBe(false);

  trial.whatsapp.repair();

  await bot.acknowledged(id);
});

it('refuses a message with an error instead of delivering it', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ acks: { error: 479 } });

  const id = await bot.sendText(`${trial.ana.lid}@lid`, 'Refused');
  await bot.acknowledged(id);

  expect(bot.received.find(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id)?.attrs['error']).toBe('479');
  expect(trial.ana.chats.with(trial.shop.number)).toEqual([]);
});

it('keeps messages back from a deaf session until the repair', async () => {
  const bot = await trial.linkedBot();
  trial.whatsapp.setFaults({ delivery: 'withheld' });
  await trial.ana.send(trial.shop.number, 'Can you hear me?');
  expect(await bot.socket.onWhatsApp('34600000002')).toHaveLength(1);
  expect(bot.heard).toEqual([]);

  trial.whatsapp.repair();

  await bot.hears('Can you hear me?');
});

it('can bring everything twice', async () => {
  const bot = await trial.linkedBot();
  await chat(bot);
  trial.whatsapp.setFaults({ delivery: 'twice' });

  await trial.ana.send(trial.shop.number, 'Twice');
  await bot.hears('Twice');

  const copies = bot.received.filter(({ tag, attrs }) => tag === 'message' && attrs['from'] === `${trial.ana.lid}@lid`);
  expect(copies.length).toBeGreaterThanOrEqual(3);
});

it('ends everything when it is closed, also for those who still wait', async () => {
  const bot = await trial.linkedBot();
  const waiting = expect(trial.ana.nextMessage()).rejects.toThrow('closed');

  await trial.whatsapp.close();

  await waiting;
  await bot.closedWith(428);
});

/** A question and an answer, after which both sides share a session that works in both directions. */
async function chat(bot: StockBot): Promise<void> {
  await trial.ana.send(trial.shop.number, 'Hello');
  await bot.hears('Hello');
  await bot.sendText(`${trial.ana.lid}@lid`, 'Hello yourself');
  await trial.ana.nextMessage();
  await trial.whatsapp.drained();
}

/** How the messages from this address were encrypted, in their order. */
function encryptionOf(bot: StockBot, from: string): readonly (string | undefined)[] {
  return bot.received
    .filter(({ tag, attrs }) => tag === 'message' && attrs['from'] === from)
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .filter(({ tag }) => tag === 'enc')
    .map(({ attrs }) => attrs['type']);
}
