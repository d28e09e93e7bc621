import {
  decryptPollVote,
  downloadMediaMessage,
  normalizeMessageContent,
  type proto,
  type WAMessage,
} from '@whiskeysockets/baileys';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Content, malformedMessage, messageFromTheFuture, type SendOptions } from './content.ts';
import { childOf } from './stanza.ts';
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

// What people send

it.each<[string, Content, string, string | undefined, object]>([
  ['words', 'Hello', 'text', undefined, { conversation: 'Hello' }],
  ['longer words', { kind: 'text', text: 'Hi' }, 'text', undefined, { extendedTextMessage: { text: 'Hi' } }],
  ['an album', { kind: 'album', images: 2, videos: 1 }, 'text', undefined, { albumMessage: { expectedImageCount: 2 } }],
  [
    'a place',
    { kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Shop', address: 'Gran Vía 1' },
    'media',
    'location',
    { locationMessage: { degreesLatitude: 40.4, name: 'Shop', address: 'Gran Vía 1' } },
  ],
  [
    'a live place',
    { kind: 'location', latitude: 40.4, longitude: -3.7, live: true },
    'media',
    'livelocation',
    { liveLocationMessage: { degreesLongitude: -3.7 } },
  ],
  [
    'a contact',
    { kind: 'contacts', people: [{ name: 'Eva', phones: ['34600000009'] }] },
    'media',
    'vcard',
    { contactMessage: { displayName: 'Eva', vcard: expect.stringContaining('waid=34600000009:+34600000009') } },
  ],
  [
    'two contacts',
    {
      kind: 'contacts',
      people: [
        { name: 'Eva', phones: [] },
        { name: 'Leo', phones: [] },
      ],
    },
    'media',
    'contact_array',
    { contactsArrayMessage: { contacts: [{ displayName: 'Eva' }, { displayName: 'Leo' }] } },
  ],
  [
    'an order',
    { kind: 'order', orderId: '7', token: 'T', items: 2, total: 24.5, currency: 'EUR', text: 'Please' },
    'media',
    'order',
    { orderMessage: { orderId: '7', itemCount: 2, totalCurrencyCode: 'EUR', message: 'Please' } },
  ],
  [
    'a product',
    { kind: 'product', productId: 'mug', title: 'Mug', price: 12, currency: 'EUR' },
    'media',
    'product',
    { productMessage: { product: { productId: 'mug', title: 'Mug', currencyCode: 'EUR' } } },
  ],
  [
    'a tapped button',
    { kind: 'button', id: 'T1', label: 'View Cart' },
    'media',
    'native_flow_response',
    { interactiveResponseMessage: { nativeFlowResponseMessage: { paramsJson: '{"id":"T1"}' } } },
  ],
  [
    'a template’s button',
    { kind: 'template-reply', id: 'T1', label: 'View Cart' },
    'text',
    undefined,
    { templateButtonReplyMessage: { selectedId: 'T1', selectedDisplayText: 'View Cart' } },
  ],
  [
    'a row of a list',
    { kind: 'list-reply', id: 'T1', label: 'View Cart' },
    'media',
    'list_response',
    { listResponseMessage: { singleSelectReply: { selectedRowId: 'T1' } } },
  ],
  [
    'an old button',
    { kind: 'legacy-button', id: 'T1', label: 'View Cart' },
    'media',
    'buttons_response',
    { buttonsResponseMessage: { selectedButtonId: 'T1' } },
  ],
  ['a raw message', { call: { callKey: Buffer.from('1') } }, 'text', undefined, { call: {} }],
])('brings %s', async (_title, content, type, mediatype, expected) => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, content);

  const { message } = await bot.hearsId(id);
  expect(message.message).toMatchObject(expected);
  const stanza = stanzaOf(bot, id);
  expect(stanza?.attrs['type']).toBe(type);
  expect(childOf(stanza, 'enc')?.attrs['mediatype']).toBe(mediatype);
  await trial.whatsapp.drained();
});

it.each<[Extract<Content, { kind: string; bytes: Uint8Array }>['kind'], string]>([
  ['image', 'image'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['voice', 'ptt'],
  ['document', 'document'],
  ['sticker', 'sticker'],
])('brings a file of the kind %s, which the bot can fetch', async (kind, mediatype) => {
  const bot = await trial.linkedBot();
  if (kind === 'bytes') {
    throw new Error('not a file');
  }

  const { id } = await trial.ana.send(trial.shop.number, {
    kind,
    bytes,
    caption: 'Look',
    name: 'file.bin',
    seconds: 3,
  });

  const { message } = await bot.hearsId(id);
  expect(await downloadMediaMessage(message, 'buffer', {})).toEqual(bytes);
  expect(await trial.shop.file(id)).toEqual(bytes);
  expect(childOf(stanzaOf(bot, id), 'enc')?.attrs['mediatype']).toBe(mediatype);
});

it.each<[string, SendOptions, (message: proto.IMessage) => unknown]>([
  ['a view-once message', { viewOnce: true }, (message) => message.viewOnceMessageV2?.message],
  ['a disappearing message', { disappearing: 86_400 }, (message) => message.ephemeralMessage?.message],
])('wraps %s', async (_title, options, unwrap) => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, 'Hello', options);

  const { message } = await bot.hearsId(id);
  expect(unwrap(message.message ?? {})).toBeTruthy();
});

it('brings an answer that quotes, and a forwarded message', async () => {
  const bot = await trial.linkedBot();
  const question = await bot.sendText(`${trial.ana.lid}@lid`, 'One or two?');
  await trial.ana.nextMessage();

  const answer = await trial.ana.send(trial.shop.number, 'Two', { quoting: question });
  const forwarded = await trial.ana.send(trial.shop.number, 'Look at this', { forwarded: true });

  const { message } = await bot.hearsId(answer.id);
  expect(message.message?.extendedTextMessage?.contextInfo).toMatchObject({
    stanzaId: question,
    participant: `${trial.shop.lid}@lid`,
    quotedMessage: { extendedTextMessage: { text: 'One or two?' } },
  });
  const heard = await bot.hearsId(forwarded.id);
  expect(heard.message.message?.extendedTextMessage?.contextInfo?.isForwarded).toBe(true);
  await trial.shop.shows(answer.id, ({ quotes }) => quotes === question);
});

it('brings a message of a kind that nobody knows yet', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, messageFromTheFuture());

  const { message } = await bot.hearsId(id);
  expect(Object.keys(message.message ?? {})).toEqual([]);
  await trial.whatsapp.drained();
});

it('brings bytes that decrypt and are no message, as often as the bot asks for them', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, malformedMessage);

  const { message } = await bot.hearsId(id);
  expect(message.messageStubParameters?.[0]).toMatch(/index out of range/);
  await bot.until(() => trial.ana.retriesAnswered > 0 || undefined, 'the phone sends it again');
});

it.each<'ana' | 'bob'>(['ana', 'bob'])('brings a reaction of %s and takes it back', async (who) => {
  const bot = await trial.linkedBot();
  const customer = trial[who];
  const offer = await bot.sendText(addressOf(customer), 'An offer');
  await customer.nextMessage();

  const { id } = await customer.send(trial.shop.number, { kind: 'reaction', to: offer, emoji: '👍' });
  const { message } = await bot.hearsId(id);
  expect(message.message?.reactionMessage).toMatchObject({ text: '👍', key: { id: offer, fromMe: true } });
  expect(stanzaOf(bot, id)?.attrs['type']).toBe('reaction');
  expect((await trial.shop.shows(offer, ({ reactions }) => customer.number in reactions)).reactions).toEqual({
    [customer.number]: '👍',
  });
  await customer.send(trial.shop.number, { kind: 'reaction', to: offer, emoji: '' });

  await trial.shop.shows(offer, ({ reactions }) => !(customer.number in reactions));
});

it('brings an edit and a deletion', async () => {
  const bot = await trial.linkedBot();
  const { id } = await trial.ana.send(trial.shop.number, 'Two mgs');

  const edit = await trial.ana.send(trial.shop.number, { kind: 'edit', of: id, text: 'Two mugs' });
  const sealed = await trial.ana.send(trial.shop.number, { kind: 'edit', of: id, text: 'Three', sealed: true });
  await trial.shop.shows(id, ({ text, edited }) => edited && text === 'Two mugs');
  const deletion = await trial.ana.send(trial.shop.number, { kind: 'delete', of: id });

  const heard = await bot.hearsId(edit.id);
  expect(normalizeMessageContent(heard.message.message)?.protocolMessage).toMatchObject({
    key: { id },
    editedMessage: { conversation: 'Two mugs' },
  });
  expect(stanzaOf(bot, edit.id)?.attrs['edit']).toBe('1');
  expect((await bot.hearsId(sealed.id)).message.message?.secretEncryptedMessage?.targetMessageKey?.id).toBe(id);
  await trial.shop.shows(id, ({ text, deleted }) => deleted && text === '');
  await bot.until(() => stanzaOf(bot, deletion.id), 'the deletion');
  expect(stanzaOf(bot, deletion.id)?.attrs['edit']).toBe('7');
});

it.each<'ana' | 'bob'>(['ana', 'bob'])('brings the vote of %s on the bot’s poll, and a changed one', async (who) => {
  const bot = await trial.linkedBot();
  const customer = trial[who];
  const poll = await bot.send(addressOf(customer), {
    poll: { name: 'Colour?', values: ['red', 'blue'], selectableCount: 1 },
  });
  expect(await customer.nextMessage()).toMatchObject({ id: poll, text: 'Colour?' });

  const vote = await customer.send(trial.shop.number, { kind: 'vote', poll, options: ['red'] });
  await customer.send(trial.shop.number, { kind: 'vote', poll, options: ['blue'] });

  const { message } = await bot.hearsId(vote.id);
  const update = message.message?.pollUpdateMessage;
  const [creator, voter] =
    who === 'ana'
      ? [`${trial.shop.lid}@lid`, addressOf(customer)]
      : ['34600000001@s.whatsapp.net', addressOf(customer)];
  const secret = customer.chats.find(poll)?.content.messageContextInfo?.messageSecret ?? new Uint8Array();
  const opened = decryptPollVote(update?.vote ?? {}, {
    pollCreatorJid: creator,
    pollMsgId: poll,
    pollEncKey: secret,
    voterJid: voter,
  });
  expect(opened.selectedOptions).toHaveLength(1);
  expect(stanzaOf(bot, vote.id)?.attrs['type']).toBe('poll');
  await trial.shop.shows(poll, ({ votes }) => votes[customer.number]?.[0] === 'blue');
  await customer.shows(poll, ({ votes }) => votes[customer.number]?.[0] === 'blue');
});

it('tells the lines of an order to who knows its token', async () => {
  const bot = await trial.linkedBot();
  const lines = [{ productId: 'mug', name: 'Mug', quantity: 2, price: 12.25 }];
  const order = { kind: 'order', orderId: '7', token: 'T', items: 2, total: 24.5, currency: 'EUR', lines } as const;

  const { id } = await trial.ana.send(trial.shop.number, order);

  await bot.hearsId(id);
  expect(await bot.socket.getOrderDetails('7', 'T')).toMatchObject({
    price: { total: 24_500, currency: 'EUR' },
    products: [{ id: 'mug', name: 'Mug', quantity: 2, price: 12_250, currency: 'EUR' }],
  });
  await expect(bot.socket.getOrderDetails('7', 'wrong')).rejects.toThrow('item-not-found');
});

it('brings the pictures of an album as messages that name it', async () => {
  const bot = await trial.linkedBot();
  const { id: album } = await trial.ana.send(trial.shop.number, { kind: 'album', images: 1, videos: 0 });

  const { id } = await trial.ana.send(trial.shop.number, { kind: 'image', bytes }, { album });

  const { message } = await bot.hearsId(id);
  expect(message.message?.messageContextInfo?.messageAssociation?.parentMessageKey?.id).toBe(album);
});

it('lets a customer make a poll', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.ana.send(trial.shop.number, {
    kind: 'poll',
    question: 'When?',
    options: ['now', 'later'],
  });

  const { message } = await bot.hearsId(id);
  expect(message.message).toMatchObject({
    pollCreationMessageV3: { name: 'When?', options: [{ optionName: 'now' }, { optionName: 'later' }] },
    messageContextInfo: { messageSecret: expect.anything() },
  });
});

// What the shop's own phone sends

it.each<[string, Content]>([
  ['words', 'By hand'],
  ['a picture', { kind: 'image', bytes, caption: 'By hand' }],
  ['a contact', { kind: 'contacts', people: [{ name: 'By hand', phones: [] }] }],
  ['a poll', { kind: 'poll', question: 'By hand', options: ['yes', 'no'] }],
])('brings the bot %s that the owner sends from the phone', async (_title, content) => {
  const bot = await trial.linkedBot();

  const { id } = await trial.shop.send(trial.ana.number, content);

  const heard = await bot.hearsId(id);
  expect(heard.text).toBe('By hand');
  expect(heard.message.key).toMatchObject({ fromMe: true, remoteJid: addressOf(trial.ana) });
  expect(await trial.ana.nextMessage()).toMatchObject({ id, text: 'By hand' });
});

it('brings the bot what no schema knows also from the owner’s phone', async () => {
  const bot = await trial.linkedBot();

  const { id } = await trial.shop.send(trial.ana.number, messageFromTheFuture());

  expect((await bot.hearsId(id)).message.key.fromMe).toBe(true);
});

it('shows a new bot pictures and own messages of the time before', async () => {
  const sent = await trial.ana.send(trial.shop.number, { kind: 'image', bytes, caption: 'Before' });
  await trial.shop.nextMessage();
  const own = await trial.shop.send(trial.ana.number, 'Answered before');

  const bot = await trial.linkedBot();

  const find = (id: string) => bot.until(() => bot.historyMessages.find(({ key }) => key.id === id), 'the history');
  const picture: WAMessage = await find(sent.id);
  expect(await downloadMediaMessage(picture, 'buffer', {})).toEqual(bytes);
  expect((await find(own.id)).key.fromMe).toBe(true);
});

/** The stanza in which a message came. */
function stanzaOf(bot: StockBot, id: string) {
  return bot.received.find(({ tag, attrs }) => tag === 'message' && attrs['id'] === id);
}

function addressOf({ addressing, lid, number }: Trial['ana']): string {
  return addressing === 'lid' ? `${lid}@lid` : `${number}@s.whatsapp.net`;
}
