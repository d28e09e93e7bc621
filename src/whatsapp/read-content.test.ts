import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { readContent } from './read-content.ts';
import { writeContent, writeFresh } from './write-content.ts';

const { REVOKE, MESSAGE_EDIT, EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;
const key = { remoteJid: '111@lid', fromMe: false, id: 'TARGET' };
const contextInfo = { stanzaId: 'QUOTED', participant: '222@lid' };
const card = 'BEGIN:VCARD\nVERSION:3.0\nFN:Ben Mug\nTEL;type=CELL;waid=34600000009:+34 600 000 009\nEND:VCARD';

/** As it comes: through the wire's own encoding, padded numbers and all. */
function read(message: proto.IMessage) {
  return readContent(proto.Message.decode(proto.Message.encode(message).finish()));
}

const cases: readonly [what: string, message: proto.IMessage, expected: object][] = [
  ['a text', { conversation: 'Hello' }, { details: { kind: 'text' }, text: 'Hello' }],
  [
    'a text that answers something impossible',
    { extendedTextMessage: { text: 'Yes', contextInfo: { stanzaId: 'QUO\0TED' } } },
    { text: 'Yes', quotedId: 'QUOTED' },
  ],
  [
    'a text that answers another',
    { extendedTextMessage: { text: 'Yes', contextInfo } },
    { details: { kind: 'text' }, text: 'Yes', quotedId: 'QUOTED' },
  ],
  [
    'a text in a chat whose messages disappear',
    { ephemeralMessage: { message: { extendedTextMessage: { text: 'Soon gone' } } } },
    { details: { kind: 'text' }, text: 'Soon gone' },
  ],
  [
    'a picture with its caption',
    { imageMessage: { mimetype: 'image/jpeg', caption: 'This one', fileLength: 1234, contextInfo } },
    { details: { kind: 'image', mime: 'image/jpeg', bytes: 1234 }, text: 'This one', quotedId: 'QUOTED' },
  ],
  [
    'a picture to be seen once',
    { viewOnceMessageV2: { message: { imageMessage: { mimetype: 'image/jpeg' } } } },
    { details: { kind: 'image', mime: 'image/jpeg' } },
  ],
  [
    'a video',
    { videoMessage: { mimetype: 'video/mp4', seconds: 12, caption: 'Look' } },
    { details: { kind: 'video', mime: 'video/mp4', seconds: 12 }, text: 'Look' },
  ],
  ['a round video', { ptvMessage: { mimetype: 'video/mp4' } }, { details: { kind: 'video', mime: 'video/mp4' } }],
  [
    'a voice note',
    { audioMessage: { mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 4 } },
    { details: { kind: 'voice', mime: 'audio/ogg; codecs=opus', seconds: 4 } },
  ],
  ['a sound', { audioMessage: { mimetype: 'audio/mpeg' } }, { details: { kind: 'audio', mime: 'audio/mpeg' } }],
  [
    'a document with a caption',
    {
      documentWithCaptionMessage: {
        message: { documentMessage: { mimetype: 'application/pdf', fileName: 'bill.pdf', caption: 'My bill' } },
      },
    },
    { details: { kind: 'document', mime: 'application/pdf', name: 'bill.pdf' }, text: 'My bill' },
  ],
  [
    'a document without words, by its name',
    { documentMessage: { mimetype: 'application/pdf', fileName: 'bill.pdf' } },
    { details: { kind: 'document', name: 'bill.pdf' }, text: 'bill.pdf' },
  ],
  ['a sticker', { stickerMessage: { mimetype: 'image/webp' } }, { details: { kind: 'sticker', mime: 'image/webp' } }],
  [
    'an album',
    { albumMessage: { expectedImageCount: 3, expectedVideoCount: 1 } },
    { details: { kind: 'album', images: 3, videos: 1 } },
  ],
  [
    'a place',
    { locationMessage: { degreesLatitude: 40.4, degreesLongitude: -3.7, name: 'Mug Shop', address: 'Calle 1' } },
    {
      details: { kind: 'location', latitude: 40.4, longitude: -3.7, live: false, name: 'Mug Shop', address: 'Calle 1' },
      text: 'Mug Shop, Calle 1',
    },
  ],
  [
    'a place that moves',
    { liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, caption: 'On my way' } },
    { details: { kind: 'location', latitude: 1, longitude: 2, live: true }, text: 'On my way' },
  ],
  [
    'a contact card',
    { contactMessage: { displayName: 'Ben Mug', vcard: card } },
    {
      details: { kind: 'contacts', people: [{ name: 'Ben Mug', phones: ['+34600000009'] }] },
      text: 'Ben Mug +34600000009',
    },
  ],
  [
    'several contact cards, one of them broken',
    {
      contactsArrayMessage: {
        contacts: [
          { displayName: 'Ben', vcard: card },
          { displayName: 'Eva', vcard: '???' },
        ],
      },
    },
    {
      details: {
        kind: 'contacts',
        people: [
          { name: 'Ben', phones: ['+34600000009'] },
          { name: 'Eva', phones: [] },
        ],
      },
    },
  ],
  [
    'a poll',
    { pollCreationMessageV3: { name: 'Which?', options: [{ optionName: 'Blue' }, { optionName: 'Red' }] } },
    { details: { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] }, text: 'Which?' },
  ],
  [
    'a vote, still closed',
    { pollUpdateMessage: { pollCreationMessageKey: key } },
    { details: { kind: 'vote' }, targetId: 'TARGET' },
  ],
  [
    'a reaction',
    { reactionMessage: { key, text: '👍' } },
    { details: { kind: 'reaction', emoji: '👍' }, text: '👍', targetId: 'TARGET' },
  ],
  [
    'a reaction that is taken back',
    { reactionMessage: { key, text: '' } },
    { details: { kind: 'reaction', emoji: undefined }, text: undefined, targetId: 'TARGET' },
  ],
  [
    'an edit',
    {
      editedMessage: {
        message: { protocolMessage: { type: MESSAGE_EDIT, key, editedMessage: { conversation: 'Two' } } },
      },
    },
    { details: { kind: 'edit', readable: true }, text: 'Two', targetId: 'TARGET' },
  ],
  [
    'an edit of a caption',
    { protocolMessage: { type: MESSAGE_EDIT, key, editedMessage: { imageMessage: { caption: 'Better' } } } },
    { details: { kind: 'edit', readable: true }, text: 'Better', targetId: 'TARGET' },
  ],
  [
    'an edit in the encrypted form',
    { secretEncryptedMessage: { targetMessageKey: key, encPayload: Buffer.from('x') } },
    { details: { kind: 'edit', readable: false }, targetId: 'TARGET' },
  ],
  ['a deletion', { protocolMessage: { type: REVOKE, key } }, { details: { kind: 'delete' }, targetId: 'TARGET' }],
  [
    'a tapped button',
    {
      interactiveResponseMessage: {
        body: { text: 'View cart' },
        contextInfo,
        nativeFlowResponseMessage: { name: 'quick_reply', paramsJson: '{"id":"t0k3n"}' },
      },
    },
    { details: { kind: 'choice', token: 't0k3n' }, text: 'View cart', quotedId: 'QUOTED' },
  ],
  [
    'a tapped button with parameters that are none',
    { interactiveResponseMessage: { body: { text: 'View cart' }, nativeFlowResponseMessage: { paramsJson: '{' } } },
    { details: { kind: 'choice', token: undefined }, text: 'View cart' },
  ],
  [
    'a button of the older kind',
    { buttonsResponseMessage: { selectedButtonId: 'b1', selectedDisplayText: 'Yes', contextInfo } },
    { details: { kind: 'choice', token: 'b1' }, text: 'Yes', quotedId: 'QUOTED' },
  ],
  [
    'a button of a template',
    { templateButtonReplyMessage: { selectedId: 'b2', selectedDisplayText: 'No' } },
    { details: { kind: 'choice', token: 'b2' }, text: 'No' },
  ],
  [
    'a row of a list',
    { listResponseMessage: { title: 'Blue', singleSelectReply: { selectedRowId: 'r1' } } },
    { details: { kind: 'choice', token: 'r1' }, text: 'Blue' },
  ],
  [
    'an order from the catalogue',
    {
      orderMessage: {
        orderId: '42',
        token: 'tok',
        itemCount: 2,
        totalAmount1000: 24_990,
        totalCurrencyCode: 'EUR',
        orderTitle: 'Mug Shop',
        message: 'As a gift, please',
      },
    },
    {
      details: { kind: 'order', orderId: '42', token: 'tok', items: 2, total: 24.99, currency: 'EUR' },
      text: 'Mug Shop\nAs a gift, please',
    },
  ],
  [
    'a product',
    {
      productMessage: {
        product: {
          productId: 'p1',
          title: 'Blue mug',
          priceAmount1000: 9_500,
          currencyCode: 'EUR',
          url: 'https://shop.example/p1',
        },
      },
    },
    {
      details: { kind: 'product', productId: 'p1', price: 9.5, currency: 'EUR', url: 'https://shop.example/p1' },
      text: 'Blue mug',
    },
  ],
  [
    'a product with words of its sender',
    { productMessage: { body: 'Is this one blue?', product: { productId: 'p1', title: 'Blue mug' } } },
    { details: { kind: 'product', productId: 'p1', price: undefined }, text: 'Blue mug\nIs this one blue?' },
  ],
  [
    'a poll in its first form',
    { pollCreationMessage: { name: 'Which?' } },
    { details: { kind: 'poll', question: 'Which?', options: [] } },
  ],
  ['a poll in its second form', { pollCreationMessageV2: { name: 'Which?' } }, { text: 'Which?' }],
  ['a poll in its fifth form', { pollCreationMessageV5: { name: 'Which?' } }, { text: 'Which?' }],
  [
    'a tapped button whose token is no text',
    { interactiveResponseMessage: { body: { text: 'View' }, nativeFlowResponseMessage: { paramsJson: '{"id":5}' } } },
    { details: { kind: 'choice', token: undefined }, text: 'View' },
  ],
  [
    'an edit whose new words are missing',
    { protocolMessage: { type: MESSAGE_EDIT, key } },
    { details: { kind: 'edit', readable: false }, text: undefined, targetId: 'TARGET' },
  ],
  [
    'a kind without a name of its own yet',
    { groupInviteMessage: { groupName: 'Mugs' } },
    { details: { kind: 'other', field: 'groupInviteMessage' } },
  ],
  [
    'a text that the database would refuse, cleaned',
    { conversation: 'a\0b' },
    { details: { kind: 'text' }, text: 'ab' },
  ],
];

describe('what a message says', () => {
  it.each(cases)('is read: %s', (_what, message, expected) => {
    expect(read(message)).toMatchObject(expected);
  });

  it.each<[string, proto.IMessage]>([
    [
      'that messages disappear from now on',
      { protocolMessage: { type: EPHEMERAL_SETTING, ephemeralExpiration: 86_400 } },
    ],
    ['the key of a group', { senderKeyDistributionMessage: { groupId: '1@g.us' } }],
    ['nothing but its own context', { messageContextInfo: { deviceListMetadataVersion: 2 } }],
    ['to delete something, and not what', { protocolMessage: { type: REVOKE } }],
  ])('is no line of the log when devices only tell each other %s', (_what, message) => {
    expect(read(message)).toBeUndefined();
  });

  // PostgreSQL takes no such character in a text, nor in the JSON of the details.
  it.each<[string, proto.IMessage]>([
    ['the type of a file', { imageMessage: { mimetype: 'image\0/jpeg' } }],
    ['the name of a document', { documentMessage: { fileName: 'bi\0ll.pdf' } }],
    ['a place', { locationMessage: { name: 'Mug\0 Shop', address: 'Calle\0 1' } }],
    ['a contact card', { contactMessage: { displayName: 'B\0en', vcard: card.replace('Ben', 'B\0en') } }],
    ['the number of a contact card', { contactMessage: { vcard: card.replace('waid=', 'waid=\0') } }],
    ['a poll', { pollCreationMessage: { name: 'Wh\0ich?', options: [{ optionName: 'Bl\0ue' }] } }],
    ['a reaction', { reactionMessage: { key, text: '\0👍' } }],
    ['a tapped button', { buttonsResponseMessage: { selectedButtonId: 'b\0', selectedDisplayText: 'Y\0es' } }],
    ['an order', { orderMessage: { orderId: '4\0', token: 't\0', totalCurrencyCode: 'E\0', message: 'x\0' } }],
    [
      'a product',
      { productMessage: { product: { productId: 'p\0', title: 'x\0', currencyCode: 'E\0', url: 'https://a\0' } } },
    ],
    ['what is quoted', { extendedTextMessage: { text: 'x', contextInfo: { stanzaId: 'Q\0' } } }],
    ['what it is about', { reactionMessage: { key: { ...key, id: 'T\0' }, text: '👍' } }],
  ])('holds no character that the database would refuse in %s', (_what, message) => {
    expect(JSON.stringify(read(message))).not.toContain('\\u0000');
  });
});

describe('what the bot writes', () => {
  const passage = { chat: '111@lid', self: '34600000001@s.whatsapp.net', whatsappId: 'OURS' };

  it.each([
    [
      { kind: 'text', text: 'Hi', quoting: { whatsappId: 'QUOTED', ours: false, text: 'Hello?' } },
      { text: 'Hi', quotedId: 'QUOTED' },
    ],
    [
      { kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Mug Shop' },
      { details: { kind: 'location', latitude: 40.4 } },
    ],
    [
      { kind: 'contacts', people: [{ name: 'Ben Mug', phones: ['+34600000009'] }] },
      { details: { kind: 'contacts', people: [{ name: 'Ben Mug', phones: ['+34600000009'] }] } },
    ],
    [
      {
        kind: 'contacts',
        people: [
          { name: 'Ben', phones: ['+34600000009'] },
          { name: 'Eva; Mug', phones: [] },
        ],
      },
      {
        details: {
          people: [
            { name: 'Ben', phones: ['+34600000009'] },
            { name: 'Eva; Mug', phones: [] },
          ],
        },
      },
    ],
    [
      { kind: 'reaction', to: { whatsappId: 'TARGET', ours: false }, emoji: '👍' },
      { details: { emoji: '👍' }, targetId: 'TARGET' },
    ],
    [
      { kind: 'edit', of: 'TARGET', text: 'Two' },
      { details: { kind: 'edit' }, text: 'Two', targetId: 'TARGET' },
    ],
    [
      { kind: 'delete', of: 'TARGET' },
      { details: { kind: 'delete' }, targetId: 'TARGET' },
    ],
  ] as const)('reads back as it was meant: %j', (content, expected) => {
    expect(read(writeContent(content, passage).message)).toMatchObject(expected);
  });

  it('marks an edit and a deletion on the envelope, as WhatsApp wants it', () => {
    expect(writeContent({ kind: 'edit', of: 'A', text: 'B' }, passage).attributes).toEqual({ edit: '1' });
    expect(writeContent({ kind: 'delete', of: 'A' }, passage).attributes).toEqual({ edit: '7' });
  });

  it.each([
    [{ kind: 'edit', of: 'A', text: 'B' }, true],
    [{ kind: 'delete', of: 'A' }, true],
    [{ kind: 'reaction', to: { whatsappId: 'A', ours: true }, emoji: '👍' }, true],
    [{ kind: 'reaction', to: { whatsappId: 'A', ours: false }, emoji: '👍' }, false],
  ] as const)('says of the message that %j is about whose it is', (content, fromMe) => {
    const { protocolMessage, reactionMessage } = writeContent(content, passage).message;
    expect((protocolMessage ?? reactionMessage)?.key).toEqual({ remoteJid: passage.chat, fromMe, id: 'A' });
  });

  it('lets people choose one option of a poll', async () => {
    const poll = { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] } as const;
    const { message } = await writeFresh(poll, undefined, passage, () => expect.fail('nothing to upload'));
    expect(message.pollCreationMessageV3?.selectableOptionsCount).toBe(1);
    expect(message.messageContextInfo?.messageSecret).toHaveLength(32);
  });

  it('quotes the shop by its own id and a customer by theirs', () => {
    const quoting = { whatsappId: 'Q', text: 'Q' };
    const participant = (ours: boolean) =>
      writeContent({ kind: 'text', text: 'A', quoting: { ...quoting, ours } }, passage).message.extendedTextMessage
        ?.contextInfo?.participant;
    expect([participant(true), participant(false)]).toEqual([passage.self, passage.chat]);
  });
});
