import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeLink } from './admin/describe-link.ts';
import { contactOfPhone } from './contacts/contacts.store.ts';
import type { Database } from './database/database.ts';
import { messages, outbox, whatsappSessions } from './database/schema.ts';
import { emptyTestDatabase } from './database/test-database.ts';
import { hours, later, type Milliseconds, minutes, seconds } from './lib/time.ts';
import type { Link } from './outbox/link.ts';
import { queueMessage } from './outbox/outbox.store.ts';
import type { Faults, LoginFault } from './simulator/faults.ts';
import { ShopStage } from './simulator/shop-stage.ts';
import { SimulatedClock } from './simulator/simulated-clock.ts';
import { en } from './texts/en.ts';

// What can go wrong with WhatsApp, one by one: the state it brings, the sentence that is said, and the way back.

let database: Database;
let clock: SimulatedClock;
let stage: ShopStage;

beforeEach(async () => {
  database = await emptyTestDatabase();
  clock = new SimulatedClock(new Date('2026-11-23T09:00:00Z'));
  stage = await ShopStage.open(database, clock);
  await stage.startLinkedBot();
});

afterEach(async () => {
  expect(await stage.close()).toEqual([]);
});

describe('the end of a connection', () => {
  const failure = (reason: number, more: object = {}): LoginFault => ({ kind: 'failure', reason, ...more });
  const stopped = (because: string, until?: Milliseconds) => ({ state: 'stopped', because, until });
  const trying = (trouble: string) => ({ state: 'connecting', trouble });

  it.each<
    [what: string, fault: LoginFault, expected: { state: string; until?: Milliseconds | undefined }, wayBack: string]
  >([
    ['503, WhatsApp is being restarted', failure(503), trying('server-unavailable'), 'by itself'],
    ['500, unknown', failure(500), trying('server-error'), 'by itself'],
    ['a code nobody has heard of', failure(555), trying('server-error'), 'by itself'],
    ['413, trouble with the token', failure(413), trying('refused'), 'by itself'],
    ['414', failure(414), trying('refused'), 'by itself'],
    ['415', failure(415), trying('refused'), 'by itself'],
    ['418', failure(418), trying('refused'), 'by itself'],
    [
      '402, banned for an hour',
      failure(402, { code: 101, expire: 3600 }),
      stopped('temporarily-banned', minutes(70)),
      'by itself',
    ],
    ['401, the link was ended', failure(401), { state: 'pairing' }, 'by pairing'],
    ['403, the account is locked', failure(403), stopped('blocked'), 'by a restart'],
    ['405, too old', failure(405), stopped('outdated'), 'by a restart'],
    ['406, banned', failure(406), stopped('banned'), 'by a restart'],
    ['409, not this device', failure(409), stopped('identity-refused'), 'by a restart'],
    ['411, the phone is too old', failure(411), stopped('not-multi-device'), 'by a restart'],
  ])('by %s is told with its next step, and there is a way back', async (_what, nextLogin, expected, wayBack) => {
    stage.whatsapp.setFaults({ nextLogin });
    stage.links.length = 0;
    stage.whatsapp.dropConnections();
    await stage.linkWhen('connecting');
    clock.advance(seconds(2));

    const { until, ...wanted } = expected;
    const link = await stage.linkThat(
      (one) => Object.entries(wanted).every(([key, value]) => one[key as keyof Link] === value),
      expected.state,
    );
    if (until !== undefined) {
      expect('until' in link && link.until?.getTime()).toBe(link.since.getTime() + until);
    }
    const { state, advice } = describeLink(link, en);
    expect(await (await stage.page('/readyz')).json()).toMatchObject({ state, advice });
    expect(advice).not.toBe('');

    stage.links.length = 0;
    if (wayBack === 'by pairing' && link.state === 'pairing') {
      await stage.shop.scan(link.qr);
    } else if (wayBack === 'by a restart') {
      clock.advance(hours(1));
      expect(stage.links).toEqual([]);
      await stage.stopBot();
      await stage.startBot();
    } else {
      clock.advance(until ?? minutes(5));
    }
    await stage.linkWhen('linked');
    await stage.whatsapp.online(stage.shop);
    expect(await stage.ask(stage.owner, 'help')).toContain('*Mug Shop*');
  });

  it('by another program that uses the link waits ten minutes and tries once more', async () => {
    stage.links.length = 0;
    stage.whatsapp.replaceSession(stage.shop);
    expect(await stage.linkWhen('stopped')).toMatchObject({ because: 'replaced' });

    stage.links.length = 0;
    clock.advance(minutes(10));

    await stage.linkWhen('linked');
    await stage.whatsapp.online(stage.shop);
  });
});

describe('a time without the bot', () => {
  const said = () =>
    stage.owner.chats
      .with(stage.shop.number)
      .filter(({ from }) => from === stage.shop.number)
      .map(({ text }) => text);

  /** The bot is away; meanwhile somebody writes. */
  async function away(span: Milliseconds): Promise<void> {
    const lastLinkedAt = async () => (await database.select().from(whatsappSessions))[0]?.lastLinkedAt;
    await expect.poll(lastLinkedAt).toEqual(clock.now());
    await stage.stopBot();
    for (const phone of [stage.ana, stage.bob, stage.ana]) {
      await phone.send(stage.shop.number, 'Are you open?');
    }
    clock.advance(span);
    await stage.startLinkedBot();
    await stage.whatsapp.drained();
    await expect.poll(async () => (await received()).length).toBe(3);
  }

  /** A minute passes, and whatever it sets off. */
  async function minutePasses(): Promise<void> {
    for (let second = 0; second < 60; second++) {
      clock.advance(seconds(1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('of twenty minutes is told to the owner in one line, once, with how many messages came meanwhile', async () => {
    await away(minutes(20));
    await expect
      .poll(async () => {
        clock.advance(seconds(1));
        return said();
      })
      .toEqual([
        'I was not connected to WhatsApp from 23 Nov 2026, 10:00 to 23 Nov 2026, 10:20. 3 messages came in that time; they are all in the log now.',
      ]);

    stage.links.length = 0;
    stage.whatsapp.dropConnections();
    await stage.linkWhen('connecting');
    clock.advance(seconds(2));
    await stage.linkWhen('linked');
    await stage.whatsapp.online(stage.shop);
    await minutePasses();
    // What is answered last was said after everything else.
    await stage.owner.send(stage.shop.number, 'help');
    await stage.owner.nextMessage(({ text }) => text.includes('*Mug Shop*'));
    expect(said()).toHaveLength(2);
    expect(await database.select().from(outbox)).toHaveLength(2);
  });

  it('of ten minutes is not worth a line', async () => {
    await away(minutes(10));
    await minutePasses();
    expect(await stage.ask(stage.owner, 'help')).toContain('*Mug Shop*');

    expect(said()).toHaveLength(1);
    expect(await database.select().from(outbox)).toHaveLength(1);
  });
});

describe('a message that WhatsApp refuses', () => {
  it.each(['463', '479', '429', '405', '473', '400', '420'])(
    'with code %s is not sent again, and status says why in words',
    async (code) => {
      const contactId = await customer();
      stage.whatsapp.setFaults({ acks: { error: Number(code), to: stage.ana.number } });

      await send(contactId, 'REFUSED');
      await expect.poll(stateOf('REFUSED')).toEqual({ state: 'failed', reason: code });
      stage.whatsapp.repair();
      clock.advance(minutes(5));

      const words: Readonly<Record<string, string>> = en.refusals;
      expect(await stage.ask(stage.owner, 'status')).toContain(`1 — ${words[code]}`);
      expect(stage.whatsapp.idsSeenTwice).toEqual([]);
      expect(stage.ana.chats.find('REFUSED')).toBeUndefined();
    },
  );
});

describe('a message whose acknowledgement does not come', () => {
  it('stays sent while the connection stands, and is acknowledged when WhatsApp gets round to it', async () => {
    const contactId = await customer();
    stage.whatsapp.setFaults({ acks: 'held', receipts: 'held' });
    await send(contactId, 'LATE');
    await expect.poll(stateOf('LATE')).toMatchObject({ state: 'sent' });

    stage.whatsapp.repair();

    await expect.poll(stateOf('LATE')).toMatchObject({ state: 'delivered' });
    expect(stage.whatsapp.idsSeenTwice).toEqual([]);
  });

  it('is sent again under the same id after a minute on a new connection, and the phone shows it once', async () => {
    const contactId = await customer();
    stage.whatsapp.setFaults({ acks: 'held', receipts: 'held' });
    await send(contactId, 'TWICE');
    await stage.ana.shows('TWICE');
    stage.links.length = 0;
    stage.whatsapp.dropConnections();
    await stage.linkWhen('connecting');
    clock.advance(seconds(2));
    await stage.linkWhen('linked');
    await stage.whatsapp.online(stage.shop);
    expect(stage.whatsapp.idsSeenTwice).toEqual([]);

    clock.advance(minutes(1));
    await expect.poll(() => stage.whatsapp.idsSeenTwice).toEqual(['TWICE']);
    stage.whatsapp.repair();

    await expect.poll(stateOf('TWICE')).toMatchObject({ state: 'delivered' });
    expect(stage.ana.chats.with(stage.shop.number).filter(({ id }) => id === 'TWICE')).toHaveLength(1);
  });
});

describe('what arrives', () => {
  it.each<[string, Partial<Faults>]>([
    ['twice', { delivery: 'twice' }],
    ['in another order than it was written', { delivery: 'reordered' }],
    ['with a key that fits only the second time', { ciphertexts: 'spoilt-once' }],
  ])('%s is in the log once, in the order of each chat', async (_how, faults) => {
    stage.whatsapp.setFaults(faults);
    for (const number of [1, 2, 3]) {
      await stage.ana.send(stage.shop.number, `Ana ${number}`);
      await stage.bob.send(stage.shop.number, `Bob ${number}`);
      // WhatsApp tells time in whole seconds.
      clock.advance(seconds(1));
    }
    await stage.whatsapp.drained();
    stage.whatsapp.repair();
    await stage.whatsapp.drained();

    for (const name of ['Ana', 'Bob']) {
      await expect
        .poll(async () => (await received()).filter((text) => text?.startsWith(name)))
        .toEqual([`${name} 1`, `${name} 2`, `${name} 3`]);
    }
  });

  it('from somebody who has a new phone is read, and answers reach the new phone', async () => {
    await stage.ask(stage.owner, 'help');
    await stage.owner.reinstall();

    expect(await stage.ask(stage.owner, 'help')).toContain('*Mug Shop*');
  });

  it('when the one-time keys have run out is read all the same', async () => {
    stage.whatsapp.setFaults({ prekeys: 'exhausted' });
    await stage.ana.send(stage.shop.number, 'Hello?');

    await expect.poll(received).toEqual(['Hello?']);
  });
});

describe('a customer who', () => {
  it('has blocked the shop never gets the message, and it stays accepted', async () => {
    const contactId = await customer();
    stage.whatsapp.setFaults({ blockers: [stage.ana.number] });
    await send(contactId, 'BLOCKED');

    await expect.poll(stateOf('BLOCKED')).toMatchObject({ state: 'accepted' });
    expect(stage.ana.chats.find('BLOCKED')).toBeUndefined();
  });

  it('is not on WhatsApp any more gets nothing, and the reason is known', async () => {
    const contactId = await customer();
    stage.whatsapp.setFaults({ unknown: [stage.ana.number] });
    await send(contactId, 'GONE');

    await expect.poll(stateOf('GONE')).toEqual({ state: 'failed', reason: '404' });
    expect(await stage.ask(stage.owner, 'status')).toContain(`1 — ${en.refusals['404']}`);
  });

  it('has never written gets nothing while WhatsApp restricts the account; who has written is answered all the same', async () => {
    const stranger = stage.whatsapp.addPhone({ number: '34600000077', name: 'Stranger' });
    const strangerId = await contactOfPhone(database, `+${stranger.number}`, clock.now());
    const customerId = await customer();
    stage.whatsapp.setFaults({ reachoutTimelock: { until: later(clock.now(), hours(24)) } });
    await send(strangerId, 'COLD');
    await send(customerId, 'WARM');

    await expect.poll(stateOf('COLD')).toEqual({ state: 'failed', reason: '463' });
    await expect.poll(stateOf('WARM')).toMatchObject({ state: 'delivered' });
  });

  it('has switched the phone off gets it later, once', async () => {
    const contactId = await customer();
    stage.ana.switchOff();
    await send(contactId, 'LATER');
    await expect.poll(stateOf('LATER')).toMatchObject({ state: 'accepted' });

    stage.ana.switchOn();

    await expect.poll(stateOf('LATER')).toMatchObject({ state: 'delivered' });
    expect(stage.whatsapp.idsSeenTwice).toEqual([]);
  });
});

async function received() {
  const rows = await database
    .select({ text: messages.text })
    .from(messages)
    .where(eq(messages.direction, 'in'))
    .orderBy(asc(messages.sentAt), asc(messages.id));
  return rows.map(({ text }) => text);
}

/** Somebody who has written. @returns the contact */
async function customer(): Promise<number> {
  const { id } = await stage.ana.send(stage.shop.number, 'Hello');
  const find = async () => (await database.select().from(messages).where(eq(messages.whatsappId, id)))[0];
  await expect.poll(find).toBeDefined();
  return (await find())?.contactId ?? 0;
}

async function send(contactId: number, whatsappId: string): Promise<void> {
  const content = { kind: 'text', text: whatsappId } as const;
  await queueMessage(database, { key: whatsappId, contactId, kind: 'staff', content, whatsappId }, clock.now());
  // Whatever arrives wakes the delivery.
  await stage.bob.send(stage.shop.number, 'Good morning');
}

function stateOf(whatsappId: string) {
  return async () => {
    const [row] = await database
      .select({ state: outbox.state, reason: outbox.reason })
      .from(outbox)
      .where(eq(outbox.whatsappId, whatsappId));
    return row;
  };
}
