import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { and, asc, eq, ne } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from './database/database.ts';
import { attachments, journal, messages, outbox } from './database/schema.ts';
import { emptyTestDatabase } from './database/test-database.ts';
import { queueMessage } from './outbox/outbox.store.ts';
import type { OutgoingContent } from './outbox/outgoing-content.ts';
import { type Content, malformedMessage, messageFromTheFuture, type SendOptions } from './simulator/content.ts';
import type { Phone } from './simulator/phone.ts';
import { ShopStage } from './simulator/shop-stage.ts';
import { trustInThisProcess } from './simulator/trust.ts';

// Every kind of message, from a phone through real Baileys into the log, and from the bot onto a phone.

const PICTURE = Buffer.from('a picture of a mug, as far as anybody here can tell');

let database: Database;
let stage: ShopStage;
let endTrust: () => Promise<void>;

beforeEach(async () => {
  database = await emptyTestDatabase();
  stage = await ShopStage.open(database);
  endTrust = trustInThisProcess(stage.whatsapp);
  await stage.startLinkedBot();
});

afterEach(async () => {
  expect(await stage.close()).toEqual([]);
  await endTrust();
});

async function lines() {
  return database
    .select()
    .from(messages)
    .where(ne(messages.author, 'bot'))
    .orderBy(asc(messages.sentAt), asc(messages.id));
}

/** The line of a message, as soon as it is in the log. */
async function lineOf(whatsappId: string) {
  const find = async () => (await database.select().from(messages).where(eq(messages.whatsappId, whatsappId)))[0];
  await expect.poll(find).toBeDefined();
  return find();
}

describe('what a customer sends is in the log with what a reader needs', () => {
  const vcf = [{ name: 'Ben Mug', phones: ['34600000009'] }];
  const cases: readonly [what: string, content: Content, expected: object, options?: SendOptions][] = [
    ['a text', 'Hello', { kind: 'text', text: 'Hello' }],
    ['a text that will disappear', 'Soon gone', { kind: 'text', text: 'Soon gone' }, { disappearing: 86_400 }],
    [
      'a picture with a caption',
      { kind: 'image', bytes: PICTURE, caption: 'This one' },
      { kind: 'image', text: 'This one', details: { kind: 'image', mime: 'image/jpeg', bytes: PICTURE.length } },
    ],
    [
      'a video',
      { kind: 'video', bytes: PICTURE, seconds: 7 },
      { kind: 'video', details: { kind: 'video', seconds: 7 } },
    ],
    [
      'a voice note',
      { kind: 'voice', bytes: PICTURE, seconds: 4 },
      { kind: 'voice', details: { kind: 'voice', seconds: 4 } },
    ],
    ['a sound', { kind: 'audio', bytes: PICTURE }, { kind: 'audio' }],
    [
      'a document with a caption',
      { kind: 'document', bytes: PICTURE, name: 'bill.pdf', mime: 'application/pdf', caption: 'My bill' },
      { kind: 'document', text: 'My bill', details: { kind: 'document', name: 'bill.pdf', mime: 'application/pdf' } },
    ],
    ['a sticker', { kind: 'sticker', bytes: PICTURE }, { kind: 'sticker' }],
    ['an album', { kind: 'album', images: 2, videos: 1 }, { kind: 'album', details: { images: 2, videos: 1 } }],
    [
      'a place',
      { kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Home' },
      { kind: 'location', text: 'Home', details: { latitude: 40.4, longitude: -3.7, live: false } },
    ],
    ['a place that moves', { kind: 'location', latitude: 1, longitude: 2, live: true }, { details: { live: true } }],
    [
      'a contact card',
      { kind: 'contacts', people: vcf },
      { kind: 'contacts', details: { people: [{ name: 'Ben Mug', phones: ['+34600000009'] }] } },
    ],
    [
      'a poll',
      { kind: 'poll', question: 'Which?', options: ['Blue', 'Red'] },
      { kind: 'poll', text: 'Which?', details: { question: 'Which?', options: ['Blue', 'Red'] } },
    ],
    [
      'a tapped button',
      { kind: 'button', id: 't0k3n', label: 'View cart' },
      { kind: 'choice', text: 'View cart', details: { token: 't0k3n' } },
    ],
    [
      'a tapped template',
      { kind: 'template-reply', id: 't1', label: 'Yes' },
      { kind: 'choice', text: 'Yes', details: { token: 't1' } },
    ],
    [
      'a row of a list',
      { kind: 'list-reply', id: 'r1', label: 'Blue' },
      { kind: 'choice', text: 'Blue', details: { token: 'r1' } },
    ],
    [
      'an older button',
      { kind: 'legacy-button', id: 'b1', label: 'No' },
      { kind: 'choice', text: 'No', details: { token: 'b1' } },
    ],
    [
      'a product',
      { kind: 'product', productId: 'p1', title: 'Blue mug', price: 9.5, currency: 'EUR' },
      { kind: 'product', text: 'Blue mug', details: { productId: 'p1', price: 9.5, currency: 'EUR' } },
    ],
    [
      'an order',
      { kind: 'order', orderId: '42', token: 'tok', items: 2, total: 24.99, currency: 'EUR', text: 'As a gift' },
      {
        kind: 'order',
        text: expect.stringContaining('As a gift'),
        details: { orderId: '42', items: 2, total: 24.99, currency: 'EUR' },
      },
    ],
    ['a kind that nobody knows yet', messageFromTheFuture(), { kind: 'other', text: null }],
  ];

  it('of every kind, under hidden and under open addresses', async () => {
    const sent = [];
    for (const [what, content, expected, options] of cases) {
      for (const phone of [stage.ana, stage.bob]) {
        sent.push({ what, expected, id: (await phone.send(stage.shop.number, content, options)).id, phone });
      }
    }
    await stage.whatsapp.drained();
    await expect.poll(async () => (await lines()).length).toBe(sent.length);

    for (const { what, expected, id } of sent) {
      const line = await lineOf(id);
      expect(line, what).toMatchObject({ ...expected, direction: 'in', author: 'contact', arrival: 'live' });
      expect(line?.raw?.length, what).toBeGreaterThan(0);
    }
    // Nobody but staff is answered, whatever they send.
    expect(await database.select().from(outbox)).toEqual([]);
  });

  it('keeps the bytes of what it does not know, to the last one', async () => {
    const { id } = await stage.ana.send(stage.shop.number, messageFromTheFuture('mugs on the moon'));
    const line = await lineOf(id);

    expect(Buffer.from(line?.raw ?? []).toString()).toContain('mugs on the moon');
  });

  it('notes an answer, a reaction, an edit and a deletion on the message that they are about', async () => {
    const first = await stage.ana.send(stage.shop.number, 'One blue mug');
    const second = await stage.ana.send(stage.shop.number, 'Two, please', { quoting: first.id });
    const reaction = await stage.ana.send(stage.shop.number, { kind: 'reaction', to: first.id, emoji: '👍' });
    await stage.ana.send(stage.shop.number, { kind: 'reaction', to: first.id, emoji: '' });
    await stage.ana.send(stage.shop.number, { kind: 'edit', of: second.id, text: 'Three, please' });
    const sealed = await stage.ana.send(stage.shop.number, { kind: 'edit', of: first.id, text: 'x', sealed: true });
    await stage.ana.send(stage.shop.number, { kind: 'delete', of: first.id });
    await stage.whatsapp.drained();
    await expect.poll(async () => (await lines()).length).toBe(7);

    expect(await lineOf(second.id)).toMatchObject({
      text: 'Two, please',
      editedText: 'Three, please',
      quotedId: first.id,
    });
    expect(await lineOf(first.id)).toMatchObject({ text: 'One blue mug', deletedAt: expect.any(Date) });
    expect(await lineOf(reaction.id)).toMatchObject({ kind: 'reaction', text: '👍', targetId: first.id });
    expect(await lineOf(sealed.id)).toMatchObject({ kind: 'edit', details: { readable: false }, targetId: first.id });
  });

  it('opens votes on polls: its own, the shop’s and the customer’s, and follows a change of mind', async () => {
    const contactId = await greet(stage.bob);
    const theirs = await stage.bob.send(stage.shop.number, { kind: 'poll', question: 'Mine?', options: ['A', 'B'] });
    const shops = await stage.shop.send(stage.bob.number, {
      kind: 'poll',
      question: 'Which?',
      options: ['Blue', 'Red'],
    });
    await stage.whatsapp.drained();
    await send(contactId, 'OURS', { kind: 'poll', question: 'When?', options: ['Today', 'Tomorrow'] });
    const ours = await stage.bob.nextMessage(({ text }) => text === 'When?');

    const votes = [
      await stage.bob.send(stage.shop.number, { kind: 'vote', poll: shops.id, options: ['Red'] }),
      await stage.bob.send(stage.shop.number, { kind: 'vote', poll: shops.id, options: [] }),
      await stage.bob.send(stage.shop.number, { kind: 'vote', poll: ours.id, options: ['Tomorrow'] }),
      await stage.shop.send(stage.bob.number, { kind: 'vote', poll: theirs.id, options: ['B'] }),
    ];
    await stage.whatsapp.drained();

    await expect
      .poll(async () => Promise.all(votes.map(async ({ id }) => (await lineOf(id))?.details)))
      .toEqual([
        { kind: 'vote', options: ['Red'] },
        { kind: 'vote', options: [] },
        { kind: 'vote', options: ['Tomorrow'] },
        { kind: 'vote', options: ['B'] },
      ]);
  });

  it('logs a call once, and how it ended', async () => {
    const missed = stage.ana.calls.ring(stage.shop.number);
    stage.ana.calls.end(stage.shop.number, missed, 'timeout');
    const taken = stage.bob.calls.ring(stage.shop.number, { video: true });
    stage.bob.calls.end(stage.shop.number, taken, 'accept');
    stage.bob.calls.end(stage.shop.number, taken, 'terminate');
    const ringing = stage.ana.calls.ring(stage.shop.number);
    await stage.whatsapp.drained();

    await expect
      .poll(async () => (await lines()).map(({ whatsappId, details }) => [whatsappId, details]))
      .toEqual([
        [missed, { kind: 'call', video: false, outcome: 'missed' }],
        [taken, { kind: 'call', video: true, outcome: 'accepted' }],
        [ringing, { kind: 'call', video: false, outcome: 'ringing' }],
      ]);
  });

  it('keeps a place for a message that came without its content, and fills it when the phone has told', async () => {
    const { id } = await stage.ana.send(stage.shop.number, 'I saw your ad', { unavailable: 'absent' });
    const once = await stage.bob.send(
      stage.shop.number,
      { kind: 'image', bytes: PICTURE },
      { unavailable: 'view-once' },
    );

    await expect.poll(async () => (await lineOf(id))?.text).toBe('I saw your ad');
    expect(await lineOf(once.id)).toMatchObject({ kind: 'unreadable', details: { because: 'view-once' } });
    expect((await lines()).length).toBe(2);
  });

  it('replaces a message that no key fitted by the real one, which it has asked for', async () => {
    stage.whatsapp.setFaults({ ciphertexts: 'spoilt-once' });
    const { id } = await stage.ana.send(stage.shop.number, 'Can you read me?');
    await expect.poll(async () => (await lineOf(id))?.text).toBe('Can you read me?');

    expect(await lines()).toHaveLength(1);
    expect(stage.ana.retriesAnswered).toBe(1);
  });

  it('sets aside what is no message at all, goes on with the others, and reads it again when asked to', async () => {
    const broken = await stage.ana.send(stage.shop.number, malformedMessage);
    const { id } = await stage.ana.send(stage.shop.number, 'Still there?');

    await expect.poll(async () => (await lineOf(id))?.text).toBe('Still there?');
    // The sender is asked for it several times, and each time it is the same.
    await stage.whatsapp.drained();
    await expect
      .poll(async () => database.select({ state: journal.state }).from(journal).where(eq(journal.state, 'failed')))
      .toEqual([{ state: 'failed' }]);
    expect(await lineOf(broken.id)).toMatchObject({ kind: 'unreadable', text: null });
    expect(await stage.ask(stage.owner, 'status')).toContain('1 message could not be read');
    expect(await stage.ask(stage.owner, 'replay')).toContain('I try 1 message again now');
  });
});

describe('what the shop’s own phone does', () => {
  it('is logged under the customer, as written by the shop, of every kind', async () => {
    const text = await stage.shop.send(stage.ana.number, 'We have them in blue');
    const picture = await stage.shop.send(stage.bob.number, { kind: 'image', bytes: PICTURE, caption: 'Like this' });
    await stage.shop.send(stage.ana.number, { kind: 'edit', of: text.id, text: 'We have them in red' });
    const note = await stage.shop.send(stage.shop.number, 'A note to myself');
    await stage.whatsapp.drained();
    await expect.poll(async () => (await lines()).length).toBe(4);

    expect(await lineOf(text.id)).toMatchObject({
      author: 'shop-phone',
      direction: 'out',
      editedText: 'We have them in red',
    });
    expect(await lineOf(picture.id)).toMatchObject({ author: 'shop-phone', kind: 'image', text: 'Like this' });
    expect(await lineOf(note.id)).toMatchObject({ author: 'shop-phone', text: 'A note to myself' });
  });

  it('stays out of the log when it is for many or nobody: groups, status, channels', async () => {
    for (const through of ['group', 'status', 'newsletter'] as const) {
      await stage.ana.send(stage.shop.number, 'To all', { through });
    }
    const { id } = await stage.ana.send(stage.shop.number, 'To a list', { through: 'broadcast-list' });
    await stage.whatsapp.drained();

    await expect.poll(async () => (await lines()).map(({ whatsappId }) => whatsappId)).toEqual([id]);
  });
});

describe('an order', () => {
  it('gets its lines afterwards, as far as WhatsApp tells them', async () => {
    const { id } = await stage.ana.send(stage.shop.number, {
      kind: 'order',
      orderId: '43',
      token: 'tok',
      items: 3,
      total: 29,
      currency: 'EUR',
      lines: [
        { productId: 'p1', name: 'Blue mug', quantity: 2, price: 9.5 },
        { productId: 'p2', name: 'Tray', quantity: 1, price: 10 },
      ],
    });

    await expect
      .poll(async () => (await lineOf(id))?.details)
      .toMatchObject({
        kind: 'order',
        lines: [
          { productId: 'p1', name: 'Blue mug', quantity: 2, price: 9.5, currency: 'EUR' },
          { productId: 'p2', name: 'Tray', quantity: 1, price: 10, currency: 'EUR' },
        ],
      });
  });
});

describe('files', () => {
  it('are fetched afterwards, decrypted, and kept under the data directory', async () => {
    const { id } = await stage.ana.send(stage.shop.number, { kind: 'image', bytes: PICTURE });
    const line = await lineOf(id);
    await expect.poll(() => fileOf(line?.id)).toMatchObject({ state: 'stored', bytes: PICTURE.length });

    const { file } = (await fileOf(line?.id)) ?? {};
    expect(file).toMatch(/^media\/\d{4}\/\d\d\/\d+\.jpg$/);
    expect(readFileSync(join(stage.directory, file ?? ''))).toEqual(PICTURE);
  });

  it.each([
    ['cut in the middle', { cutAfter: 20 }, { state: 'pending', attempts: 1 }],
    ['larger than announced, and than anybody wants', { padTo: 65 * 1024 * 1024 }, { state: 'too-large' }],
  ] as const)('that are %s never hold up the log', async (_what, downloads, expected) => {
    stage.whatsapp.setFaults({ downloads });
    const picture = await stage.ana.send(stage.shop.number, { kind: 'image', bytes: PICTURE });
    const text = await stage.ana.send(stage.shop.number, 'Did you get it?');

    const line = await lineOf(picture.id);
    expect(await lineOf(text.id)).toBeDefined();
    await expect.poll(() => fileOf(line?.id)).toMatchObject(expected);
  });

  it('that WhatsApp has forgotten are uploaded again by the shop’s phone', async () => {
    stage.whatsapp.setFaults({ downloads: { status: 410 } });
    const { id } = await stage.ana.send(stage.shop.number, { kind: 'image', bytes: PICTURE });

    const line = await lineOf(id);
    await expect.poll(() => fileOf(line?.id)).toMatchObject({ state: 'stored', bytes: PICTURE.length });
  });

  it('are never fetched from anywhere but WhatsApp, whatever the message says', async () => {
    const { id } = await stage.ana.send(stage.shop.number, {
      imageMessage: {
        mimetype: 'image/jpeg',
        url: 'https://127.0.0.1:1/secret',
        directPath: '/secret',
        mediaKey: Buffer.alloc(32, 1),
      },
    });
    const line = await lineOf(id);

    await expect
      .poll(() => fileOf(line?.id))
      .toMatchObject({ state: 'gone', problem: expect.stringContaining('where its file is') });
  });

  async function fileOf(messageId: number | undefined) {
    const [row] = await database
      .select()
      .from(attachments)
      .where(eq(attachments.messageId, messageId ?? 0));
    return row;
  }
});

describe('history that comes at linking', () => {
  it('is stored as history: in order, under its people, and never answered', async () => {
    await stage.stopBot();
    stage.shop.unlinkDevices();
    await stage.owner.send(stage.shop.number, 'help');
    await stage.shop.send(stage.owner.number, { kind: 'image', bytes: PICTURE, caption: 'Our mugs' });

    await stage.startLinkedBot();
    await expect.poll(async () => (await lines()).length).toBe(2);

    expect((await lines()).map(({ author, text, arrival }) => [author, text, arrival])).toEqual([
      ['contact', 'help', 'history'],
      ['shop-phone', 'Our mugs', 'history'],
    ]);
    expect(await database.select().from(outbox)).toEqual([]);
    expect(await database.select().from(attachments)).toEqual([]);
  });
});

/** Somebody writes for the first time. @returns their contact */
async function greet(phone: Phone): Promise<number> {
  const { id } = await phone.send(stage.shop.number, 'Hello');
  return (await lineOf(id))?.contactId ?? 0;
}

function keepPicture(): void {
  mkdirSync(join(stage.directory, 'media'), { recursive: true });
  writeFileSync(join(stage.directory, 'media', 'mug.jpg'), PICTURE);
}

async function send(contactId: number, key: string, content: OutgoingContent): Promise<void> {
  await queueMessage(database, { key, contactId, kind: 'staff', content, whatsappId: `3EB0${key}` }, new Date());
  // Anything that is answered wakes the delivery.
  await stage.ask(stage.owner, 'help');
}

describe('what the bot sends is on the phone', () => {
  it('of every kind, and is logged with it', async () => {
    const contactId = await greet(stage.ana);
    const hello = stage.ana.chats.with(stage.shop.number)[0];
    keepPicture();

    const contents: OutgoingContent[] = [
      { kind: 'text', text: 'Answer', quoting: { whatsappId: hello?.id ?? '', ours: false, text: 'Hello' } },
      { kind: 'image', file: 'media/mug.jpg', mime: 'image/jpeg', text: 'A mug' },
      { kind: 'document', file: 'media/mug.jpg', mime: 'application/pdf', name: 'mug.pdf' },
      { kind: 'voice', file: 'media/mug.jpg', mime: 'audio/ogg; codecs=opus' },
      { kind: 'location', latitude: 40.4, longitude: -3.7, name: 'Mug Shop' },
      { kind: 'contacts', people: [{ name: 'Olga', phones: ['+34600000002'] }] },
      { kind: 'reaction', to: { whatsappId: hello?.id ?? '', ours: false }, emoji: '❤️' },
      { kind: 'edit', of: '3EB0K0', text: 'Better answer' },
      { kind: 'delete', of: '3EB0K4' },
    ];
    for (const [index, content] of contents.entries()) {
      await queueMessage(
        database,
        { key: `K${index}`, contactId, kind: 'staff', content, whatsappId: `3EB0K${index}` },
        new Date(),
      );
    }
    await stage.ask(stage.owner, 'help');

    await stage.ana.shows('3EB0K4', ({ deleted }) => deleted);
    expect(await stage.ana.shows('3EB0K0')).toMatchObject({ text: 'Better answer', edited: true, quotes: hello?.id });
    expect(await stage.ana.shows('3EB0K1')).toMatchObject({ text: 'A mug' });
    expect(await stage.ana.file('3EB0K1')).toEqual(PICTURE);
    expect(await stage.ana.shows('3EB0K2')).toMatchObject({ text: 'mug.pdf' });
    expect(await stage.ana.file('3EB0K3')).toEqual(PICTURE);
    expect(await stage.ana.shows('3EB0K5')).toMatchObject({ text: 'Olga' });
    expect(stage.ana.chats.find(hello?.id ?? '')?.reactions).toEqual({ [stage.shop.number]: '❤️' });
    await expect
      .poll(async () =>
        (await database.select().from(outbox).where(eq(outbox.contactId, contactId))).map(({ state }) => state),
      )
      .toEqual(contents.map(() => 'delivered'));
    const logged = await database
      .select()
      .from(messages)
      .where(and(eq(messages.contactId, contactId), eq(messages.author, 'bot')));
    expect(logged).toHaveLength(contents.length);
  });

  it('with buttons where they are wanted, and what is tapped comes back; whoever asks for it again gets the words', async () => {
    const contactId = await greet(stage.ana);
    const content = {
      kind: 'choices',
      text: 'Your cart is waiting.\n1. View cart\n2. Chat with a human',
      choices: [
        { token: 't-cart', label: 'View cart' },
        { token: 't-human', label: 'Chat with a human' },
      ],
      buttons: true,
    } as const;
    await send(contactId, 'BUTTONS', content);
    await stage.ana.shows('3EB0BUTTONS');
    const tap = await stage.ana.tap('3EB0BUTTONS', 'View cart');

    expect(await lineOf(tap?.id ?? '')).toMatchObject({
      kind: 'choice',
      text: 'View cart',
      details: { token: 't-cart' },
      quotedId: '3EB0BUTTONS',
    });
    expect(await lineOf('3EB0BUTTONS')).toMatchObject({ kind: 'text', text: content.text });

    await stage.ana.forgetSessions();
    await send(contactId, 'WORDS', content);
    expect(await stage.ana.shows('3EB0WORDS')).toMatchObject({ text: content.text, choices: [] });
  });

  it('again for a phone that could not read it, the file under the keys of the first time', async () => {
    const contactId = await greet(stage.ana);
    keepPicture();
    await send(contactId, 'FIRST', { kind: 'text', text: 'First' });
    await stage.ana.nextMessage(({ text }) => text === 'First');

    await stage.ana.forgetSessions();
    await send(contactId, 'AGAIN', { kind: 'image', file: 'media/mug.jpg', mime: 'image/jpeg', text: 'A mug' });

    await stage.ana.shows('3EB0AGAIN');
    expect(stage.ana.retriesAsked).toBeGreaterThan(0);
    expect(await stage.ana.file('3EB0AGAIN')).toEqual(PICTURE);
  });
});
