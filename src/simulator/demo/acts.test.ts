import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { days, minutes } from '../../lib/time.ts';
import { perform, readAct, sendFile } from './acts.ts';
import type { Act, Bubble } from './page-state.ts';
import { Refusal } from './refusal.ts';
import { World } from './world.ts';

// What can be done on the page, without a bot: the phones and WhatsApp are real, and nobody is linked.

const OLGA = '34600000002';
const ANA = '34600000003';
const SHOP = '34600000001';

let world: World;

beforeEach(async () => {
  world = await World.open({
    spawn: () => {
      throw new Refusal('There is no bot in this test.');
    },
    timeZone: 'Europe/Madrid',
    language: undefined,
    logLevel: 'silent',
  });
});

afterEach(() => world.close());

/** The last bubble of a chat, as a phone shows it now. */
function last(phone: string, chat: string): Bubble | undefined {
  return world
    .screen(phone)
    .chats.find((one) => one.with === chat)
    ?.bubbles.at(-1);
}

async function write(text: string, from = ANA, to = SHOP): Promise<string> {
  await perform(world, { act: 'send', phone: from, to, content: { kind: 'text', text } });
  await expect.poll(() => last(to, from)?.text).toBe(text);
  return last(to, from)?.id ?? '';
}

describe('What the page sends is read', () => {
  it.each<[what: string, body: unknown, sentence: RegExp]>([
    ['nothing', undefined, /^Not done: “act”/],
    ['an unknown act', { act: 'dance' }, /^Not done: “act”/],
    [
      'an empty text',
      { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: '  ' } },
      /“text” is empty; write something\.$/,
    ],
    [
      'a text beyond WhatsApp’s limit',
      { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'x'.repeat(65_537) } },
      /“text” is too long; at most 65,536 characters\.$/,
    ],
    [
      'a poll with one answer',
      {
        act: 'send',
        phone: ANA,
        to: SHOP,
        content: { kind: 'poll', question: 'So?', options: ['yes'], several: false },
      },
      /“options” are too few; a poll has at least 2 answers\.$/,
    ],
    [
      'an answer of a poll beyond WhatsApp’s limit',
      {
        act: 'send',
        phone: ANA,
        to: SHOP,
        content: { kind: 'poll', question: 'So?', options: ['yes', 'x'.repeat(256)], several: false },
      },
      /^Not done: “option 2” is too long; at most 255 characters\.$/,
    ],
    ['no number', { act: 'power', phone: 'Ana', on: true }, /“phone” is no phone number/],
    ['a step back in time', { act: 'forward', by: -minutes(5) }, /“by” is out of range; the time can be moved on by/],
    ['too long a step', { act: 'forward', by: days(32) }, /“by” is out of range/],
  ])('%s is refused with what would be right', (_what, body, sentence) => {
    expect(() => readAct(body)).toThrow(Refusal);
    expect(() => readAct(body)).toThrow(sentence);
  });

  it('a proper act comes through as it is, and nothing that does not belong to it', () => {
    const act = { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'Hello' } };

    expect(readAct({ ...act, role: 'owner' })).toEqual(act);
  });
});

describe('What cannot be done is refused with a sentence', () => {
  it.each<[what: string, act: Act, sentence: string]>([
    [
      'writing from nobody’s phone',
      { act: 'read', phone: '34699999999', chat: SHOP },
      'There is no phone with the number 34699999999 here.',
    ],
    ['killing a bot that does not run', { act: 'bot', do: 'kill' }, 'The bot is not running. Start it first.'],
    ['scanning when there is no code', { act: 'scan' }, 'The bot shows no code just now.'],
    ['removing a bot that is not linked', { act: 'unlink' }, 'No bot is linked to the shop’s phone.'],
    [
      'reacting to what is not on the phone',
      { act: 'react', phone: ANA, message: 'GONE', emoji: '👍' },
      'Ana’s phone does not show this message any more.',
    ],
    [
      'a poll with the same answer twice',
      {
        act: 'send',
        phone: ANA,
        to: SHOP,
        content: { kind: 'poll', question: 'So?', options: ['yes', 'yes'], several: false },
      },
      'Two answers of the poll are the same. Make each one different.',
    ],
    [
      'answering what is not on the phone',
      { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'Yes' }, quoting: 'GONE' },
      'Ana’s phone does not show the message any more that this was to answer.',
    ],
    [
      'a customer’s note to herself',
      { act: 'send', phone: ANA, to: ANA, content: { kind: 'text', text: 'note' } },
      'Only the shop’s phone writes to itself here.',
    ],
  ])('%s', async (_what, act, sentence) => {
    await expect(perform(world, act)).rejects.toThrow(new Refusal(sentence));
  });

  it('writing on a phone that is off, until it is on again', async () => {
    const send: Act = { act: 'send', phone: ANA, to: SHOP, content: { kind: 'text', text: 'Hello' } };
    await perform(world, { act: 'power', phone: ANA, on: false });

    await expect(perform(world, send)).rejects.toThrow('Ana’s phone is off. Switch it on first.');
    const bytes = new Uint8Array(3);
    const file = { phone: ANA, to: SHOP, kind: 'image', bytes, mime: 'image/png', name: 'mug.png' } as const;
    await expect(sendFile(world, file)).rejects.toThrow('Ana’s phone is off.');
    await perform(world, { act: 'power', phone: ANA, on: false });
    expect(world.screen(ANA)).toMatchObject({ power: 'off', chats: [] });

    await perform(world, { act: 'power', phone: ANA, on: true });
    await perform(world, send);
    await expect.poll(() => last(SHOP, ANA)?.text).toBe('Hello');
    expect(world.state.happenings.map(({ text }) => text)).toEqual([
      'Ana’s phone was switched off.',
      'Ana’s phone was switched on.',
    ]);
  });

  it.each<Act>([{ act: 'scan' }, { act: 'unlink' }])('to $act with the shop’s phone while that is off', async (act) => {
    await perform(world, { act: 'power', phone: SHOP, on: false });

    await expect(perform(world, act)).rejects.toThrow('Mug Shop’s phone is off. Switch it on first.');
  });

  it('changing or deleting what somebody else wrote, or what is deleted already', async () => {
    const message = await write('Hello');
    const only = 'Only who wrote a message can change or delete it.';

    await expect(perform(world, { act: 'edit', phone: SHOP, message, text: 'Bye' })).rejects.toThrow(only);
    await expect(perform(world, { act: 'delete', phone: SHOP, message })).rejects.toThrow(only);
    await perform(world, { act: 'delete', phone: ANA, message });
    await expect.poll(() => last(SHOP, ANA)?.deleted).toBe(true);
    await expect(perform(world, { act: 'react', phone: SHOP, message, emoji: '👍' })).rejects.toThrow(
      'This message was deleted.',
    );
  });

  it('moving the time while it is being moved', async () => {
    const first = perform(world, { act: 'forward', by: minutes(1) });

    await expect(perform(world, { act: 'forward', by: minutes(1) })).rejects.toThrow(
      'The time is being moved already. Wait until it has arrived.',
    );
    await first;
  });
});

describe('What is done shows on both phones', () => {
  it('a text, its quote, an edit, a reaction and its end, a deletion', async () => {
    const message = await write('Helo');
    await perform(world, { act: 'edit', phone: ANA, message, text: 'Hello' });
    await perform(world, { act: 'react', phone: SHOP, message, emoji: '👍' });
    await expect.poll(() => last(SHOP, ANA)).toMatchObject({ text: 'Hello', edited: true, mine: false });
    expect(last(ANA, SHOP)).toMatchObject({
      edited: true,
      mine: true,
      reactions: [{ emoji: '👍', by: ['Mug Shop'], mine: false }],
    });
    expect(last(SHOP, ANA)?.reactions).toEqual([{ emoji: '👍', by: ['Mug Shop'], mine: true }]);

    await perform(world, { act: 'react', phone: SHOP, message, emoji: '' });
    await perform(world, {
      act: 'send',
      phone: SHOP,
      to: ANA,
      content: { kind: 'text', text: 'Good morning' },
      quoting: message,
    });
    await expect
      .poll(() => last(ANA, SHOP)?.quoted)
      .toEqual({ id: message, author: 'Ana', mine: true, summary: 'Hello' });

    await perform(world, { act: 'delete', phone: SHOP, message: last(SHOP, ANA)?.id ?? '' });
    await expect.poll(() => last(ANA, SHOP)).toMatchObject({ deleted: true, text: '', content: { kind: 'text' } });
    expect(world.screen(ANA).chats[0]?.bubbles[0]?.reactions).toEqual([]);
  });

  it('a vote on a poll, one answer or several', async () => {
    const poll = { kind: 'poll', question: 'Which mug?', options: ['blue', 'green'], several: true } as const;
    await perform(world, { act: 'send', phone: ANA, to: SHOP, content: poll });
    await expect
      .poll(() => last(SHOP, ANA)?.content)
      .toMatchObject({ kind: 'poll', question: 'Which mug?', several: true });
    const message = last(SHOP, ANA)?.id ?? '';

    await perform(world, { act: 'vote', phone: ANA, message, options: ['blue', 'green'] });
    await perform(world, { act: 'vote', phone: SHOP, message, options: ['green'] });

    await expect
      .poll(() => last(ANA, SHOP)?.content)
      .toMatchObject({
        options: [
          { name: 'blue', voters: ['Ana'], mine: true },
          { name: 'green', voters: ['Ana', 'Mug Shop'], mine: true },
        ],
      });
    await expect
      .poll(() => last(SHOP, ANA)?.content)
      .toMatchObject({ options: [{ voters: ['Ana'], mine: false }, { mine: true }] });
  });

  it('what is read: unread until the chat is opened, then with two blue ticks for the writer', async () => {
    await write('Hello');
    await write('Are you there?');
    expect(world.screen(SHOP).chats).toMatchObject([{ with: ANA, name: 'Ana', unread: 2 }]);
    expect(world.screen(ANA).chats).toMatchObject([{ with: SHOP, unread: 0 }]);
    expect(last(ANA, SHOP)?.ticks).toBe('delivered');

    await perform(world, { act: 'read', phone: SHOP, chat: ANA });

    expect(world.screen(SHOP).chats[0]?.unread).toBe(0);
    await expect.poll(() => last(ANA, SHOP)?.ticks).toBe('read');
  });

  it('who types, records, and stops', async () => {
    await write('Hello');
    const typing = () => world.screen(SHOP).chats[0]?.typing;

    await perform(world, { act: 'type', phone: ANA, to: SHOP, typing: 'composing' });
    await expect.poll(typing).toBe('composing');
    await perform(world, { act: 'type', phone: ANA, to: SHOP, typing: 'recording' });
    await expect.poll(typing).toBe('recording');
    await perform(world, { act: 'type', phone: ANA, to: SHOP, typing: 'paused' });
    await expect.poll(typing).toBeUndefined();
  });

  it('who reacted with what, each for themselves, one’s own name first', async () => {
    const message = await write('Hello');
    await perform(world, { act: 'react', phone: ANA, message, emoji: '🙂' });
    await perform(world, { act: 'react', phone: SHOP, message, emoji: '👍' });
    await expect
      .poll(() => last(ANA, SHOP)?.reactions)
      .toEqual([
        { emoji: '🙂', by: ['Ana'], mine: true },
        { emoji: '👍', by: ['Mug Shop'], mine: false },
      ]);

    await perform(world, { act: 'react', phone: SHOP, message, emoji: '🙂' });
    await expect.poll(() => last(SHOP, ANA)?.reactions).toEqual([{ emoji: '🙂', by: ['Mug Shop', 'Ana'], mine: true }]);
  });

  it('a picture that is to be seen once and answers something, and no picture any more once it is deleted', async () => {
    const quoting = await write('Which one?', SHOP, ANA);
    const file = {
      phone: ANA,
      to: SHOP,
      kind: 'video',
      bytes: new Uint8Array(3),
      mime: 'video/mp4',
      name: 'mug',
    } as const;
    await sendFile(world, { ...file, quoting, viewOnce: true, seconds: 7 });
    await expect
      .poll(() => last(SHOP, ANA))
      .toMatchObject({
        viewOnce: true,
        quoted: { author: 'Mug Shop', mine: true, summary: 'Which one?' },
        content: { kind: 'video', file: { seconds: 7 } },
      });

    const message = last(ANA, SHOP)?.id ?? '';
    await write('Well?', SHOP, ANA);
    await perform(world, {
      act: 'send',
      phone: ANA,
      to: SHOP,
      content: { kind: 'text', text: 'Not this' },
      quoting: message,
    });
    await perform(world, { act: 'delete', phone: ANA, message });
    await expect.poll(() => last(SHOP, ANA)?.quoted?.summary).toBe('Deleted message');
    const deleted = world.screen(SHOP).chats[0]?.bubbles.find(({ id }) => id === message);
    expect(deleted).toMatchObject({ deleted: true, content: { kind: 'text' } });
  });

  it('a note of the shop to itself, read as it is written', async () => {
    await perform(world, { act: 'send', phone: SHOP, to: SHOP, content: { kind: 'text', text: 'Order mugs' } });

    await expect.poll(() => last(SHOP, SHOP)).toMatchObject({ text: 'Order mugs', ticks: 'read' });
    expect(world.screen(SHOP).chats).toMatchObject([{ with: SHOP, unread: 0 }]);
  });

  it('a contact card with a name and a number', async () => {
    await perform(world, { act: 'send', phone: ANA, to: SHOP, content: { kind: 'contact', number: OLGA } });
    await expect
      .poll(() => last(SHOP, ANA)?.content)
      .toEqual({ kind: 'contacts', people: [{ name: 'Olga', phones: [`+${OLGA}`] }] });
  });

  it('an order, with its total, and a sample with its caption', async () => {
    await perform(world, { act: 'send', phone: ANA, to: SHOP, content: { kind: 'order' } });
    await expect.poll(() => last(SHOP, ANA)?.content).toEqual({ kind: 'order', items: 3, total: 39, currency: 'EUR' });

    const sample = { kind: 'sample', sample: 'photo', caption: 'Like this' } as const;
    await perform(world, { act: 'send', phone: ANA, to: SHOP, content: sample });
    await expect.poll(() => last(SHOP, ANA)).toMatchObject({ text: 'Like this', content: { kind: 'image' } });
  });

  it('the newest 200 messages of a chat, and the chat with the newest first', async () => {
    await write('Hello', OLGA);
    const shop = world.player(SHOP).phone;
    for (let count = 0; count <= 200; count++) {
      await world.player(ANA).phone.send(SHOP, String(count));
    }
    await expect.poll(() => shop.chats.with(ANA)).toHaveLength(201);

    const [first, second] = world.screen(SHOP).chats;
    expect([first?.with, second?.with]).toEqual([ANA, OLGA]);
    expect([first?.bubbles.length, first?.bubbles[0]?.text, first?.bubbles.at(-1)?.text]).toEqual([200, '1', '200']);
    expect(first?.unread).toBe(201);
  });

  it('a newcomer’s phone, which writes and is written to at once', async () => {
    await perform(world, { act: 'add-phone', name: 'Ben', part: 'customer' });
    const ben = world.state.phones.at(-1) ?? '';

    expect(world.screen(ben)).toMatchObject({ name: 'Ben', part: 'customer', power: 'on', chats: [] });
    await write('Hello from Ben', ben);
    await write('Hello Ben', SHOP, ben);
    expect(world.state.happenings.at(-1)?.text).toBe('Ben has a phone now, as a customer.');

    await perform(world, { act: 'add-phone', name: 'Cleo', part: 'advisor' });
    expect(world.screen(world.state.phones.at(-1) ?? '').part).toBe('advisor');
    expect(world.state.happenings.at(-1)?.text).toBe('Cleo has a phone now, as an advisor.');
  });

  it('what waited while a phone was off, with one tick until then', async () => {
    await perform(world, { act: 'power', phone: OLGA, on: false });
    await perform(world, { act: 'send', phone: SHOP, to: OLGA, content: { kind: 'text', text: 'Hello' } });
    await expect.poll(() => last(SHOP, OLGA)?.ticks).toBe('sent');
    expect(world.screen(OLGA).chats).toEqual([]);

    await perform(world, { act: 'power', phone: OLGA, on: true });

    await expect.poll(() => last(OLGA, SHOP)?.text).toBe('Hello');
    await expect.poll(() => last(SHOP, OLGA)?.ticks).toBe('delivered');
  });
});

describe('The time of this world', () => {
  it('moves on by exactly what was asked, and the story says from when to when', async () => {
    const before = world.clock.now().getTime();

    await perform(world, { act: 'forward', by: minutes(90) });

    const { clock, happenings } = world.state;
    expect(clock.forwardTo).toBeUndefined();
    expect(clock.ahead).toBeGreaterThan(minutes(89));
    expect(clock.ahead).toBeLessThanOrEqual(minutes(90));
    expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(before + minutes(90));
    expect(happenings.at(-1)).toMatchObject({
      text: expect.stringMatching(/^90 minutes later: .+ → .+\.$/),
      details: [
        'WhatsApp’s clock, the phones’ and the bot’s moved together.',
        'The bot was not running: it gets the time when it starts.',
        'The bot sent nothing.',
      ],
    });
  });

  it('says where it goes while it moves, and counts nothing that a person writes as the bot’s', async () => {
    const targets = new Set<string | undefined>();
    const stop = world.watch((changed) => changed === 'world' && targets.add(world.state.clock.forwardTo));
    const arrived = perform(world, { act: 'forward', by: minutes(1) });
    expect(targets.size).toBe(1);
    await write('Written meanwhile', SHOP, ANA);
    await arrived;

    expect(targets.size).toBe(2);
    const [target] = targets;
    expect(world.clock.now().getTime() - Date.parse(target ?? '')).toBeGreaterThanOrEqual(0);
    expect(world.state.happenings.at(-1)?.details.at(-1)).toBe('The bot sent nothing.');
    stop();
    await perform(world, { act: 'add-phone', name: 'Ben', part: 'customer' });
    targets.clear();
    await write('Nobody listens');
    expect(targets.size).toBe(0);
  });

  it('is told in the story, which keeps its last hundred lines', async () => {
    for (let count = 1; count <= 101; count++) {
      world.story.tell(`Line ${count}`);
    }

    expect(world.state.happenings).toHaveLength(100);
    expect(world.state.happenings.at(-1)?.text).toBe('Line 101');
  });

  it('is the time that messages bear', async () => {
    await perform(world, { act: 'forward', by: days(1) });
    await write('The day after');

    expect(new Date(last(SHOP, ANA)?.time ?? 0).getTime()).toBeGreaterThan(Date.now() + days(1) - minutes(1));
  });
});
