import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Address } from '../contacts/address.ts';
import { cleanText, type IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { contacts, messages, outbox, settingChanges } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { hours, later, minutes } from '../lib/time.ts';
import { readableText } from '../outbox/outgoing-content.ts';
import { readSettings } from '../settings/settings.store.ts';
import { type Scenario, startScenario } from '../simulator/scenario.ts';

let database: Database;
let scenario: Scenario;

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

/** What the owner writes now, unless `changed` says otherwise. */
function fromOwner(text: string, changed: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    whatsappId: text,
    addresses: [{ kind: 'phone', value: '+34600000002' }],
    author: 'contact',
    pushName: undefined,
    details: { kind: 'text' },
    text,
    quotedId: undefined,
    targetId: undefined,
    sentAt: scenario.clock.now(),
    way: 'live',
    raw: Buffer.from(text),
    ...changed,
  };
}

/** Takes one batch in. @returns what the bot said to it */
async function receive(...batch: readonly IncomingMessage[]): Promise<string[]> {
  await database.transaction((transaction) => scenario.receive(transaction, batch, scenario.clock.now()));
  scenario.delivery.wake();
  await scenario.delivery.idle();
  return scenario.transport.take().map(({ content }) => readableText(content) ?? '');
}

/** The log without what the bot said. */
async function log() {
  const rows = await database.select().from(messages).orderBy(asc(messages.id));
  return rows.filter(({ author }) => author !== 'bot');
}

it('logs a message with who wrote it, when, how it came, and its own bytes', async () => {
  const sentAt = later(scenario.clock.now(), -minutes(5));

  await receive(fromOwner('help', { sentAt, way: 'offline', raw: new Uint8Array([0, 255, 7]) }));

  expect(await log()).toMatchObject([
    {
      direction: 'in',
      author: 'contact',
      whatsappId: 'help',
      kind: 'text',
      text: 'help',
      sentAt,
      loggedAt: scenario.clock.now(),
      arrival: 'offline',
      raw: Buffer.from([0, 255, 7]),
    },
  ]);
});

describe('a member’s message', () => {
  it.each([
    ['is answered when it is 11 hours and 59 minutes old', hours(12) - minutes(1), 1],
    ['is logged and not answered when it is 12 hours old', hours(12), 0],
    ['is logged and not answered when it is a week old', hours(7 * 24), 0],
  ])('%s', async (_title, age, answers) => {
    const sentAt = later(scenario.clock.now(), -age);

    const said = await receive(fromOwner('help', { sentAt, way: 'offline' }));

    expect(said).toHaveLength(answers);
    expect(await log()).toMatchObject([{ direction: 'in', text: 'help', sentAt }]);
  });

  it('is answered even when the phone’s clock is ahead of ours', async () => {
    const sentAt = later(scenario.clock.now(), minutes(10));

    expect(await receive(fromOwner('help', { sentAt }))).toHaveLength(1);
  });

  it('from the phone’s history is logged and never answered, however fresh', async () => {
    const said = await receive(fromOwner('set shop.name From history', { way: 'history' }));

    expect(said).toEqual([]);
    expect(await log()).toMatchObject([{ direction: 'in', author: 'contact', arrival: 'history' }]);
    expect((await readSettings(database))['shop.name']).toBe('Mug Shop');
  });

  it('without words, such as a picture, is logged and not answered', async () => {
    const said = await receive(fromOwner('PICTURE', { details: { kind: 'other', field: 'x' }, text: undefined }));

    expect(said).toEqual([]);
    expect(await log()).toMatchObject([{ whatsappId: 'PICTURE', kind: 'other', text: null }]);
  });

  it('under a picture is logged and not answered, whatever it says', async () => {
    const said = await receive(fromOwner('help', { details: { kind: 'image', mime: 'image/jpeg', bytes: 4 } }));

    expect(said).toEqual([]);
    expect(await log()).toMatchObject([{ kind: 'image', text: 'help' }]);
  });

  it('of 65,536 characters, the most that WhatsApp allows, is kept whole', async () => {
    const text = `${'x'.repeat(65_535)}.`;

    const said = await receive(fromOwner(cleanText(text), { whatsappId: 'LONG' }));

    const [line] = await log();
    expect(line?.text === text).toBe(true);
    expect(said).toEqual([
      'That message has 65,536 characters, too long for a command (at most 2,000). Nothing was changed. Send *help* to see what I can do.',
    ]);
  });
});

it('logs what was typed to a member on the shop’s phone as going out, and does not act on it', async () => {
  const said = await receive(fromOwner('set shop.name Typed on the phone', { author: 'shop-phone' }));

  expect(said).toEqual([]);
  expect(await log()).toMatchObject([
    { direction: 'out', author: 'shop-phone', text: 'set shop.name Typed on the phone' },
  ]);
  expect((await readSettings(database))['shop.name']).toBe('Mug Shop');
});

it('knows its own words when WhatsApp shows them as typed on the shop’s phone, and logs them once', async () => {
  await receive(fromOwner('help'));
  const [answer] = await database.select().from(outbox);
  const echo = { whatsappId: answer?.whatsappId ?? '', author: 'shop-phone', way: 'history' } as const;
  await receive(fromOwner('echo', echo));
  expect(await log()).toHaveLength(1);

  await database.delete(messages);
  await receive(fromOwner('echo', echo), fromOwner('typed', { author: 'shop-phone', way: 'history' }));
  const lines = await database.select().from(messages).orderBy(asc(messages.id));
  expect(lines.map(({ text, author }) => [text, author])).toEqual([
    ['echo', 'bot'],
    ['typed', 'shop-phone'],
  ]);
});

describe('answers go where the contact wrote from', () => {
  const lid: Address = { kind: 'lid', value: '111' };
  const phone: Address = { kind: 'phone', value: '+34600000002' };

  const lastAddress = async () => {
    const [owner] = await database.select().from(contacts);
    return owner?.lastAddress;
  };

  it.each<[string, Partial<IncomingMessage>]>([
    ['not where the shop’s phone wrote to', { author: 'shop-phone' }],
    ['not where the phone’s history names', { way: 'history' }],
    [
      'not where an older message, come late, was written from',
      { way: 'offline', sentAt: new Date('2026-11-23T08:00:00Z') },
    ],
  ])('%s', async (_title, changed) => {
    await receive(fromOwner('status', { addresses: [lid, phone] }));

    await receive(fromOwner('later', { addresses: [phone, lid], ...changed }));

    expect(await lastAddress()).toBe('lid:111');
  });

  it('be it live or while the bot was away', async () => {
    await receive(fromOwner('status', { addresses: [lid, phone] }));
    await receive(fromOwner('help', { addresses: [phone, lid], way: 'offline' }));
    expect(await lastAddress()).toBe(`phone:${phone.value}`);
  });
});

describe('a message that comes twice', () => {
  it('is logged once and answered once, in two batches or in one', async () => {
    expect(await receive(fromOwner('help'))).toHaveLength(1);
    expect(await receive(fromOwner('help', { way: 'offline' }))).toEqual([]);
    expect(await receive(fromOwner('status'), fromOwner('status', { way: 'offline' }))).toHaveLength(1);

    expect((await log()).map(({ text, arrival }) => [text, arrival])).toEqual([
      ['help', 'live'],
      ['status', 'live'],
    ]);
    expect(await database.select().from(outbox)).toHaveLength(2);
  });

  it('is done once, so that it does not undo what was asked for since', async () => {
    const one = fromOwner('set shop.name One');
    const two = fromOwner('set shop.name Two');

    await receive(one);
    await receive(two);
    await receive(one);
    expect((await readSettings(database))['shop.name']).toBe('Two');

    const three = fromOwner('set shop.name Three');
    const four = fromOwner('set shop.name Four');
    await receive(three, four, three);
    expect((await readSettings(database))['shop.name']).toBe('Four');
    expect(await database.select().from(settingChanges)).toHaveLength(4);
  });

  it('is another one when somebody else has sent it under the same id', async () => {
    const advisors: IncomingMessage = fromOwner('hello', {
      whatsappId: 'help',
      addresses: [{ kind: 'phone', value: '+34600000003' }],
    });

    expect(await receive(advisors, fromOwner('help'))).toHaveLength(1);

    expect((await log()).map(({ text }) => text)).toEqual(['hello', 'help']);
  });
});

describe('the first owner’s claim', () => {
  let code: string | undefined;

  beforeEach(async () => {
    await scenario.stop();
    database = await emptyTestDatabase();
    scenario = await startScenario(database, { withOwner: false });
    code = await scenario.firstOwner.code(database, scenario.clock.now());
  });

  it('costs one try when it is wrong and comes twice', async () => {
    const claim = fromOwner(`claim ${code === '111111' ? '222222' : '111111'}`);

    const said = [...(await receive(claim, claim)), ...(await receive(claim))];
    said.push(...(await receive({ ...claim, whatsappId: 'AGAIN' })));

    expect(said).toEqual([
      'That is not the code on the pairing page. 4 tries left.',
      'That is not the code on the pairing page. 3 tries left.',
    ]);
  });

  it('counts at once: what the new owner wrote right behind it is answered as an owner’s', async () => {
    const said = await receive(fromOwner('help'), fromOwner(`claim ${code}`), fromOwner('set shop.name Tazas Olga'));

    expect(said).toEqual([
      'Welcome! You are now the owner of the bot of *Mug Shop*.\nSend *help* to see what I can do.',
      '✓ shop.name: Mug Shop → Tazas Olga\nTo go back: *set shop.name Mug Shop*',
    ]);
  });
});
