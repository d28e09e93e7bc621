import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { downloadMediaMessage, generateWAMessageFromContent, proto } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Place } from './content.ts';
import type { CallEnd } from './phone-calls.ts';
import { type Stanza, stanza } from './stanza.ts';
import type { StockBot } from './stock-bot.ts';
import { startTrial, type Trial } from './trial.ts';
import { trustInThisProcess } from './trust.ts';

let trial: Trial;
let endTrust: () => Promise<void>;

beforeEach(async () => {
  // libsignal writes to the console whenever a session is closed or a message cannot be decrypted.
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation(() => undefined);
  }
  trial = await startTrial();
  endTrust = trustInThisProcess(trial.whatsapp);
});

afterEach(async () => {
  await trial.end();
  await endTrust();
  vi.restoreAllMocks();
  expect(trial.whatsapp.unanswered).toEqual([]);
});

const bytes = Buffer.from('the bytes of a file, which are longer than one block of the cipher');

// What the bot sends

it.each<[string, Parameters<StockBot['send']>[1], string]>([
  ['a picture', { image: bytes, caption: 'Look', jpegThumbnail: '' }, 'Look'],
  ['a voice message', { audio: bytes, ptt: true, seconds: 2 }, ''],
  ['a document', { document: bytes, mimetype: 'application/pdf', fileName: 'bill.pdf' }, 'bill.pdf'],
])('shows %s of the bot, with its file', async (_title, content, text) => {
  const bot = await trial.linkedBot();

  const id = await bot.send(addressOf(trial.ana), content);

  expect(await trial.ana.nextMessage()).toMatchObject({ id, text });
  expect(await trial.ana.file(id)).toEqual(bytes);
  await trial.shop.nextMessage();
  expect(await trial.shop.file(id)).toEqual(bytes);
});

it.each<[string, Parameters<StockBot['send']>[1], string]>([
  ['a place', { location: { degreesLatitude: 1, degreesLongitude: 2, name: 'Shop' } }, 'Shop'],
  ['a contact', { contacts: { contacts: [{ displayName: 'Eva', vcard: 'BEGIN:VCARD\nEND:VCARD' }] } }, 'Eva'],
  ['a poll', { poll: { name: 'When?', values: ['now', 'later'] } }, 'When?'],
])('shows %s of the bot', async (_title, content, text) => {
  const bot = await trial.linkedBot();

  const id = await bot.send(addressOf(trial.ana), content);

  expect(await trial.ana.nextMessage()).toMatchObject({ id, text, byDevice: true });
});

it('shows what the bot does to earlier messages: a quote, a reaction, an edit, a deletion', async () => {
  const bot = await trial.linkedBot();
  const jid = addressOf(trial.ana);
  const question = await trial.ana.send(trial.shop.number, 'Do you have mugs?');
  const { message } = await bot.hears('Do you have mugs?');

  const answer = await bot.send(jid, { text: 'Yse' }, { quoted: message });
  expect(await trial.ana.nextMessage()).toMatchObject({ id: answer, quotes: question.id });
  await bot.send(jid, { react: { text: '👍', key: message.key } });
  await trial.ana.shows(question.id, ({ reactions }) => reactions[trial.shop.number] === '👍');
  await bot.send(jid, { react: { text: '', key: message.key } });
  await trial.ana.shows(question.id, ({ reactions }) => !(trial.shop.number in reactions));
  await bot.send(jid, { text: 'Yes', edit: { remoteJid: jid, fromMe: true, id: answer } });
  await trial.ana.shows(answer, ({ text, edited }) => edited && text === 'Yes');
  await bot.send(jid, { delete: { remoteJid: jid, fromMe: true, id: answer } });
  await trial.ana.shows(answer, ({ text, deleted }) => deleted && text === '');

  await trial.shop.shows(answer, ({ deleted }) => deleted);
  expect(trial.ana.chats.with(trial.shop.number)).toHaveLength(2);
});

it('lets nobody change the message of somebody else', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, 'Mine');
  await bot.hears('Mine');

  await bot.send(addressOf(trial.ana), { delete: { remoteJid: addressOf(trial.ana), fromMe: true, id } });
  await bot.sendText(addressOf(trial.ana), 'Last');
  await trial.ana.nextMessage();

  expect(trial.ana.chats.find(id)).toMatchObject({ text: 'Mine', deleted: false });
});

it('tells the bot that its own phone has its message, which says nothing of the customer', async () => {
  const bot = await trial.linkedBot();
  trial.ana.switchOff();

  const id = await bot.sendText(addressOf(trial.ana), 'Hello');

  const receipt = await bot.until(() => receiptsFor(bot, id)[0], 'a receipt');
  expect(receipt.attrs).toMatchObject({ type: 'sender', recipient: addressOf(trial.ana) });
});

// Buttons

const flow = stanza('native_flow', { v: '9', name: 'mixed' });
const rightBiz = stanza('biz', {}, [stanza('interactive', { type: 'native_flow', v: '1' }, [flow])]);
const quickReplies: proto.IMessage = {
  interactiveMessage: {
    body: { text: 'May I help?' },
    nativeFlowMessage: {
      buttons: [
        { name: 'quick_reply', buttonParamsJson: '{"display_text":"View Cart","id":"token-1"}' },
        { name: 'cta_url', buttonParamsJson: '{"display_text":"Shop","url":"https://shop.test"}' },
      ],
    },
  },
};
const list: proto.IMessage = {
  listMessage: {
    title: 'Cups',
    description: 'Which one?',
    buttonText: 'Choose',
    listType: proto.Message.ListMessage.ListType.SINGLE_SELECT,
    sections: [{ title: 'All', rows: [{ title: 'Red', rowId: 'token-2' }] }],
  },
};

it('shows buttons, and a tap on one goes back to the bot', async () => {
  const bot = await trial.linkedBot();
  const id = await relay(bot, quickReplies, [rightBiz]);
  expect(await trial.ana.nextMessage()).toMatchObject({ id, text: 'May I help?' });

  const tap = await trial.ana.tap(id, 'View Cart');
  const nothing = await trial.ana.tap(id, 'Shop');

  const { message } = await bot.hearsId(tap?.id ?? '');
  expect(message.message?.interactiveResponseMessage).toMatchObject({
    body: { text: 'View Cart' },
    nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"token-1"}' },
    contextInfo: { stanzaId: id },
  });
  expect(nothing).toBeUndefined();
  await expect(trial.ana.tap(id, 'Stop')).rejects.toThrow('no choice');
});

it('shows a list, and a chosen row goes back to the bot', async () => {
  const bot = await trial.linkedBot();
  const biz = stanza('biz', {}, [stanza('list', { type: 'product_list', v: '2' })]);
  const id = await relay(bot, list, [biz]);
  await trial.ana.nextMessage();

  const tap = await trial.ana.tap(id, 'token-2');

  const { message } = await bot.hearsId(tap?.id ?? '');
  expect(message.message?.listResponseMessage?.singleSelectReply?.selectedRowId).toBe('token-2');
});

it('knows of each choice which button opens the list that it is in', async () => {
  const bot = await trial.linkedBot();
  const rows = [{ title: 'Blue', id: 'token-3' }];
  const withList: proto.IMessage = {
    interactiveMessage: {
      nativeFlowMessage: {
        buttons: [
          ...(quickReplies.interactiveMessage?.nativeFlowMessage?.buttons ?? []),
          { name: 'single_select', buttonParamsJson: JSON.stringify({ title: 'All colours', sections: [{ rows }] }) },
        ],
      },
    },
  };

  const listsOf = async (message: proto.IMessage, biz: Stanza) => {
    const { choices } = await trial.ana.shows(await relay(bot, message, [biz]));
    return choices.map(({ label, list }) => [label, list]);
  };

  expect(await listsOf(withList, rightBiz)).toEqual([
    ['View Cart', undefined],
    ['Shop', undefined],
    ['Blue', 'All colours'],
  ]);
  expect(await listsOf(list, stanza('biz', {}, [stanza('list', { type: 'product_list', v: '2' })]))).toEqual([
    ['Red', 'Choose'],
  ]);
});

it.each<[string, proto.IMessage, Stanza[]]>([
  ['without a biz node', quickReplies, []],
  ['with two', quickReplies, [rightBiz, rightBiz]],
  [
    'with an old version',
    quickReplies,
    [
      stanza('biz', {}, [
        stanza('interactive', { type: 'native_flow', v: '1' }, [stanza('native_flow', { v: '2', name: 'mixed' })]),
      ]),
    ],
  ],
  ['that are a list wrapped as buttons', list, [rightBiz]],
])('takes buttons %s and shows nothing', async (_title, message, nodes) => {
  const bot = await trial.linkedBot();

  const id = await relay(bot, message, nodes);

  await bot.hasStatus(id, proto.WebMessageInfo.Status.DELIVERY_ACK);
  expect(trial.ana.invisible).toEqual([id]);
  expect(trial.ana.chats.with(trial.shop.number)).toEqual([]);
});

it.each<[string, string, Stanza]>([
  ['old buttons', '405', stanza('biz', {}, [stanza('buttons')])],
  ['an empty wrapping', '479', stanza('biz', {}, [stanza('interactive', { type: 'native_flow', v: '1' })])],
  ['a request for a call', '473', named('call_permission_request')],
  ['a page', '405', named('open_webview')],
])('refuses %s with %s', async (_title, error, biz) => {
  const bot = await trial.linkedBot();

  const id = await relay(bot, quickReplies, [biz]);
  await bot.acknowledged(id);

  expect(bot.received.find(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id)?.attrs['error']).toBe(error);
  expect(trial.ana.invisible).toEqual([]);
});

// What the shop's own phone does

it('brings the bot what the owner does on the phone to earlier messages', async () => {
  const bot = await trial.linkedBot();
  const { id: question } = await trial.ana.send(trial.shop.number, 'Open today?');
  const { id: poll } = await trial.ana.send(trial.shop.number, {
    kind: 'poll',
    question: 'When?',
    options: ['9', '10'],
  });
  await trial.shop.shows(poll);

  const acts = [
    await trial.shop.send(trial.ana.number, { kind: 'reaction', to: question, emoji: '👀' }),
    await trial.shop.send(trial.ana.number, { kind: 'vote', poll, options: ['10'] }),
  ];
  const { id } = await trial.shop.send(trial.ana.number, 'Yse', { quoting: question });
  acts.push(await trial.shop.send(trial.ana.number, { kind: 'edit', of: id, text: 'Yes' }));

  for (const act of acts) {
    expect((await bot.hearsId(act.id)).message.key).toMatchObject({ fromMe: true, remoteJid: addressOf(trial.ana) });
  }
  await trial.ana.shows(question, ({ reactions }) => reactions[trial.shop.number] === '👀');
  await trial.ana.shows(poll, ({ votes }) => votes[trial.shop.number]?.[0] === '10');
  await trial.ana.shows(id, ({ text, quotes }) => text === 'Yes' && quotes === question);
  await trial.whatsapp.drained();
});

it('never tells the bot the number of a person who hides it', async () => {
  const eva = trial.whatsapp.addPhone({ number: '34600000008', name: 'Eva', hidesNumber: true });
  const { id: before } = await eva.send(trial.shop.number, 'Before the bot');
  await trial.shop.shows(before);
  const bot = await trial.linkedBot();

  await eva.send(trial.shop.number, 'Hello');
  const { message } = await bot.hears('Hello');
  eva.calls.ring(trial.shop.number);
  await bot.until(() => bot.calls[0], 'the phone rings');
  await bot.sendText(message.key.remoteJid ?? '', 'Hello yourself');
  await eva.nextMessage();

  expect(message.key.remoteJid).toBe(`${eva.lid}@lid`);
  expect(message.key.remoteJidAlt).toBeUndefined();
  expect(bot.calls[0]?.callerPn).toBeUndefined();
  expect(JSON.stringify(bot.received)).not.toContain(eva.number);
});

// What is no message with content

it.each<[CallEnd, string]>([
  ['timeout', 'timeout'],
  ['terminate', 'terminate'],
  ['reject', 'reject'],
  ['accept', 'accept'],
])('rings, and ends the call by %s', async (end, status) => {
  const bot = await trial.linkedBot();

  const id = trial.ana.calls.ring(trial.shop.number, { video: true });
  await bot.until(() => bot.calls.find((call) => call.id === id), 'the phone rings');
  trial.ana.calls.end(trial.shop.number, id, end);

  await bot.until(() => bot.calls.find((call) => call.id === id && call.status === status), `the end by ${end}`);
  expect(bot.calls[0]).toMatchObject({
    status: 'offer',
    from: addressOf(trial.ana),
    callerPn: '34600000002@s.whatsapp.net',
    isVideo: true,
  });
  await trial.whatsapp.drained();
});

it('shows the caller that the bot has rejected the call', async () => {
  const bot = await trial.linkedBot();
  const id = trial.ana.calls.ring(trial.shop.number);
  await bot.until(() => bot.calls[0], 'the phone rings');

  await bot.socket.rejectCall(id, addressOf(trial.ana));

  await trial.ana.calls.isRejected(id);
});

it('keeps a missed call for a bot that is away', async () => {
  const bot = await trial.linkedBot();
  await bot.stop();
  await trial.whatsapp.noSockets();
  const id = trial.ana.calls.ring(trial.shop.number);
  trial.ana.calls.end(trial.shop.number, id, 'timeout');

  const restarted = trial.bot(bot.memory);

  await restarted.until(() => restarted.calls.find((call) => call.status === 'timeout'), 'the missed call');
  expect(restarted.calls[0]).toMatchObject({ id, offline: true });
  await trial.whatsapp.drained();
});

it('shows the bot that there is a view-once message, and no more', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(
    trial.shop.number,
    { kind: 'image', bytes },
    { viewOnce: true, unavailable: 'view-once' },
  );

  const { message } = await bot.hearsId(id);
  expect(message.key).toMatchObject({ isViewOnce: true });
  expect(message.message).toBeFalsy();
  expect(await trial.shop.file(id)).toEqual(bytes);
  await trial.whatsapp.drained();
});

it('gives the bot a message that came without content when it asks its own phone', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, 'I saw your ad', { unavailable: 'absent' });
  const { message } = await bot.hearsId(id);
  expect(message.messageStubParameters?.[0]).toBe('Message absent from node');

  expect((await bot.hears('I saw your ad')).message.key.id).toBe(id);
  await trial.whatsapp.drained();
});

it('brings the real message later under the id of the one without content', async () => {
  const bot = await trial.linkedBot();
  trial.shop.switchOff();
  const { id } = await trial.ana.send(trial.shop.number, 'I saw your ad', { unavailable: 'absent' });
  await bot.hearsId(id);

  await trial.ana.sendLater(id);

  expect((await bot.hears('I saw your ad')).message.key.id).toBe(id);
});

it.each<[Place, RegExp]>([
  ['group', /@g\.us$/],
  ['status', /^status@broadcast$/],
  ['broadcast-list', /^\d+@broadcast$/],
  ['newsletter', /@newsletter$/],
])('brings the bot what comes through a %s, which is no chat with a person', async (through, from) => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, 'To everybody', { through });

  const { message } = await bot.hearsId(id);
  expect(message.key.remoteJid).toMatch(from);
  expect(trial.whatsapp.accepted).toEqual([]);
  expect(trial.shop.chats.chats).toEqual([]);
  await trial.whatsapp.drained();
});

// What a bot asks its own phone

it('gives a bot again exactly those keys that it gave before, and only while the phone is on', async () => {
  const bot = await trial.linkedBot();
  const known = await bot.until(() => bot.memory.creds.myAppStateKeyId, 'the key of the app state');
  trial.shop.switchOff();
  const requestId = await askForKeys(bot, [known, Buffer.from('unknown').toString('base64')]);
  await bot.acknowledged(requestId);
  const before = bot.keyShares.length;
  expect(receiptsFor(bot, requestId)).toEqual([]);

  trial.shop.switchOn();

  const receipt = await bot.until(() => receiptsFor(bot, requestId)[0], 'the receipt of the phone');
  expect(receipt.attrs['type']).toBe('peer_msg');
  await bot.until(() => bot.keyShares.length > before || undefined, 'the keys');
  expect(bot.keyShares.at(-1)).toEqual([known]);
  await askForKeys(bot, [Buffer.from('unknown').toString('base64')]);
  await bot.until(() => bot.keyShares.length > before + 1 || undefined, 'the second answer');
  expect(bot.keyShares.at(-1)).toEqual([]);
  await trial.whatsapp.drained();
});

it('shows a bot the older messages of a chat when it asks for them', async () => {
  // The first history shows fifty of them.
  const ids: string[] = [];
  for (let number = 0; number <= 50; number += 1) {
    ids.push((await trial.ana.send(trial.shop.number, `Message ${number}`)).id);
  }
  await trial.shop.shows(ids.at(-1) ?? '');
  const bot = await trial.linkedBot();
  await bot.until(() => bot.history.find((text) => text === 'Message 1'), 'the history');
  const before = bot.historyMessages.length;

  await bot.socket.fetchMessageHistory(10, { remoteJid: addressOf(trial.ana), fromMe: false, id: ids[1] ?? '' }, 0);

  await bot.until(() => bot.historyMessages.length > before || undefined, 'older messages');
  expect(bot.historyMessages.slice(before).map(({ key }) => key.id)).toEqual(ids.slice(0, 1));
});

// Files

it('is trusted by another process that is given its certificate', async () => {
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes });
  const url = trial.ana.chats.find(id)?.content.imageMessage?.url ?? '';
  const program = `fetch(process.argv[1]).then(({ status }) => console.log(status), ({ cause }) => console.log(cause.code))`;
  const run = async (env: NodeJS.ProcessEnv) =>
    (await promisify(execFile)(process.execPath, ['-e', program, url], { env })).stdout.trim();

  expect(await run({ ...trial.whatsapp.environment })).toBe('200');
  expect(await run({})).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

it('uploads a file again when the bot finds it gone', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes });
  const { message } = await bot.hearsId(id);
  trial.whatsapp.setFaults({ downloads: { status: 410 } });
  await expect(downloadMediaMessage(message, 'buffer', {})).rejects.toThrow('Failed to fetch');

  // Baileys names the host that it was told of last; before that, the real one.
  await bot.socket.refreshMediaConn();
  const updated = await bot.socket.updateMediaMessage(message);

  expect(await downloadMediaMessage(updated, 'buffer', {})).toEqual(bytes);
});

async function relay(bot: StockBot, message: proto.IMessage, additionalNodes: Stanza[]): Promise<string> {
  const jid = addressOf(trial.ana);
  const full = generateWAMessageFromContent(jid, message, { userJid: bot.socket.user?.id ?? '' });
  await bot.socket.relayMessage(jid, full.message ?? {}, { messageId: full.key.id ?? '', additionalNodes });
  return full.key.id ?? '';
}

function named(name: string): Stanza {
  const inside = stanza('native_flow', { v: '9', name });
  return stanza('biz', {}, [stanza('interactive', { type: 'native_flow', v: '1' }, [inside])]);
}

async function askForKeys(bot: StockBot, ids: readonly string[]): Promise<string> {
  const { socket } = bot;
  const jid = `${trial.shop.number}@s.whatsapp.net`;
  return await socket.relayMessage(
    jid,
    {
      protocolMessage: {
        type: proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST,
        appStateSyncKeyRequest: { keyIds: ids.map((id) => ({ keyId: Buffer.from(id, 'base64') })) },
      },
    },
    { additionalAttributes: { category: 'peer', push_priority: 'high' } },
  );
}

function receiptsFor(bot: StockBot, id: string): readonly Stanza[] {
  return bot.received.filter(({ tag, attrs }) => tag === 'receipt' && attrs['id'] === id);
}

function addressOf({ addressing, lid, number }: Trial['ana']): string {
  return addressing === 'lid' ? `${lid}@lid` : `${number}@s.whatsapp.net`;
}
