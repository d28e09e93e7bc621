import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consentOf, readConsentRecords, recordConsent } from '../contacts/consents.store.ts';
import { contactOfPhone } from '../contacts/contacts.store.ts';
import type { IncomingMessage } from '../conversations/message.ts';
import type { Database } from '../database/database.ts';
import { contacts, conversations, optOutQuestions, outboundEvents, settings } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { days, hours, later, minutes, seconds } from '../lib/time.ts';
import { type OutboxRow, queueMessage } from '../outbox/outbox.store.ts';
import { readableText } from '../outbox/outgoing-content.ts';
import { type Scenario, startScenario } from '../simulator/scenario.ts';

const ANA = '+34600000003';

let database: Database;
let scenario: Scenario;

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

async function contactId(phone = ANA): Promise<number> {
  return database.transaction((transaction) => contactOfPhone(transaction, phone, scenario.clock.now()));
}

async function stateOf(phone = ANA): Promise<string> {
  return (await consentOf(database, await contactId(phone))).state;
}

/** The bot writes to Ana by itself, or answers her. */
async function botSays(kind: OutboxRow['kind'], text: string): Promise<void> {
  const message = { key: text, contactId: await contactId(), kind, content: { kind: 'text', text } as const };
  const now = scenario.clock.now();
  await database.transaction((transaction) => queueMessage(transaction, { ...message, whatsappId: text }, now));
  scenario.delivery.wake();
  await scenario.delivery.idle();
  scenario.transport.take();
  scenario.clock.advance(minutes(1));
}

function incoming(text: string): IncomingMessage {
  return {
    whatsappId: text,
    addresses: [{ kind: 'phone', value: ANA }],
    author: 'contact',
    pushName: undefined,
    details: { kind: 'text' },
    text,
    quotedId: undefined,
    targetId: undefined,
    sentAt: scenario.clock.now(),
    way: 'live',
    raw: new Uint8Array(),
  };
}

async function receive(changed: Partial<IncomingMessage> & { readonly text: string }): Promise<string[]> {
  const message: IncomingMessage = { ...incoming(changed.text), ...changed };
  await database.transaction((transaction) => scenario.receive(transaction, [message], scenario.clock.now()));
  scenario.delivery.wake();
  await scenario.delivery.idle();
  return scenario.transport.take().map(({ content }) => readableText(content) ?? '');
}

const CONFIRMED =
  'bot: Done: you will get no more offers from Mug Shop here. If you write to us, we still answer. Changed your mind? Send START.';
const QUESTION =
  'bot: Just to be sure: should Mug Shop stop sending you offers here?\n1. Yes, no more offers\n2. No, keep them coming';

describe('A customer who wants no more offers', () => {
  it('gets one confirmation, then silence, and the offers back with START', async () => {
    expect(await scenario.say('ana', 'STOP')).toEqual([CONFIRMED]);
    expect(await stateOf()).toBe('withdrawn');
    expect(await scenario.say('ana', 'stop!!')).toEqual([]);
    expect(await scenario.say('ana', 'please stop texting me')).toEqual([]);
    scenario.clock.advance(minutes(1));
    expect(await scenario.say('ana', 'start')).toEqual([
      'bot: Welcome back! You will get offers from Mug Shop again. To end them at any time, send STOP.',
    ]);
    expect(await stateOf()).toBe('granted');
    scenario.clock.advance(minutes(1));
    expect(await scenario.say('ana', 'stop')).toEqual([CONFIRMED]);
    expect(await stateOf()).toBe('withdrawn');
  });

  it('is proven by their own words, the message, and when it was written', async () => {
    await receive({ text: 'STOP', whatsappId: 'M7', sentAt: later(scenario.clock.now(), -minutes(3)) });

    expect(await readConsentRecords(database, await contactId())).toEqual([
      {
        state: 'withdrawn',
        source: 'chat',
        act: true,
        wording: 'STOP',
        proof: 'M7',
        at: later(scenario.clock.now(), -minutes(3)),
      },
    ]);
  });

  it.each([
    ['BAJA', 'Hecho: ya no recibirás'],
    ['SAIR', 'Pronto: você não vai mais receber'],
    ['arrêt', 'C’est fait : vous ne recevrez plus'],
    ['stop', 'Done: you will get no more offers'],
    // A language that the bot does not speak to customers: the shop's own.
    ['abbestellen', 'Done: you will get no more offers'],
  ])('is answered in the language of %s', async (text, answer) => {
    expect((await scenario.say('ana', text)).join()).toContain(answer);
  });

  it('is answered in the shop’s language when STOP tells none', async () => {
    expect(await scenario.say('owner', 'set shop.language es')).toHaveLength(1);
    expect((await scenario.say('ana', 'STOP')).join()).toContain('Hecho: ya no recibirás');
  });

  it('counts when it was written in an old history or long ago, and is not answered then', async () => {
    expect(await receive({ text: 'STOP', way: 'history', sentAt: later(scenario.clock.now(), -days(200)) })).toEqual(
      [],
    );
    expect(await stateOf()).toBe('withdrawn');
    const ben = { addresses: [{ kind: 'phone', value: '+34600000004' }] } as const;
    expect(
      await receive({ text: 'BAJA', ...ben, way: 'offline', sentAt: later(scenario.clock.now(), -hours(20)) }),
    ).toEqual([]);
    expect(await stateOf('+34600000004')).toBe('withdrawn');
  });

  it('does not come back by an old START that WhatsApp brings late', async () => {
    await receive({ text: 'STOP' });
    await receive({ text: 'START', way: 'history', sentAt: later(scenario.clock.now(), -days(2)) });

    expect(await stateOf()).toBe('withdrawn');
  });

  it('is not confirmed to somebody who is private, and counts all the same', async () => {
    const id = await contactId();
    await database.update(contacts).set({ privateSince: scenario.clock.now() }).where(eq(contacts.id, id));

    expect(await scenario.say('ana', 'STOP')).toEqual([]);
    expect(await scenario.say('ana', 'cancel')).toEqual([]);
    expect(await stateOf()).toBe('withdrawn');
  });

  it('is told once to the shop’s own systems, where they want to hear of it', async () => {
    const changedAt = scenario.clock.now();
    await database.insert(settings).values([
      { key: 'sales.webhook-url', value: 'https://hooks.example.com', changedAt },
      { key: 'sales.webhook-events', value: 'contact.opted_out', changedAt },
    ]);

    const stop = { text: 'STOP', sentAt: later(changedAt, -minutes(1)) };
    await receive(stop);
    await receive(stop);

    const events = await database.select().from(outboundEvents);
    expect(events).toMatchObject([{ type: 'contact.opted_out', contactId: await contactId() }]);
    expect(JSON.parse(events[0]?.body ?? '')).toMatchObject({
      data: { phone: ANA, at: stop.sentAt.toISOString() },
    });
  });

  it('is told in the words of last time that the offers are back, for START is written in every language', async () => {
    await scenario.say('ana', 'BAJA');
    expect((await scenario.say('ana', 'START')).join()).toContain('¡Qué bien que vuelves!');
  });

  it('has the offers back when START comes in the same second, which is all that WhatsApp tells', async () => {
    await scenario.say('ana', 'STOP');
    await scenario.say('ana', 'START');
    expect(await stateOf()).toBe('granted');
    await scenario.say('ana', 'STOP');
    expect(await stateOf()).toBe('withdrawn');
  });

  it('is not confirmed by the bot while a human speaks, and counts all the same', async () => {
    await database
      .update(conversations)
      .set({ speaker: 'advisor' })
      .where(eq(conversations.contactId, await contactId()));

    expect(await scenario.say('ana', 'STOP')).toEqual([]);
    expect(await stateOf()).toBe('withdrawn');
  });
});

describe('A message that may be an opt-out', () => {
  it('is asked about once, and "yes" ends the offers', async () => {
    expect(await scenario.say('ana', 'cancel')).toEqual([QUESTION]);
    expect(await scenario.say('ana', 'how long is delivery to Lugo?')).toEqual([]);
    expect(await scenario.say('ana', '1')).toEqual([CONFIRMED]);
    expect(await stateOf()).toBe('withdrawn');
    expect(await database.select().from(optOutQuestions)).toMatchObject([
      { about: 'MSG1', answeredAt: expect.any(Date) },
    ]);
  });

  it('is asked about, and "no" leaves everything as it is', async () => {
    await scenario.say('ana', 'cancel');
    expect(await scenario.say('ana', 'No, keep them coming')).toEqual(['bot: All right, nothing changes.']);
    expect(await stateOf()).toBe('not-granted');
    expect(await scenario.say('ana', 'cancel')).toEqual([]);
    scenario.clock.advance(days(31));
    expect(await scenario.say('ana', 'cancel')).toEqual([QUESTION]);
  });

  it.each(['yes', 'Sí', 'sim', 'Oui', '1', '1.', 'yes please'])('takes “%s” for a yes', async (answer) => {
    await scenario.say('ana', 'cancel');
    await scenario.say('ana', answer);
    expect(await stateOf()).toBe('withdrawn');
  });

  it('is one after an offer of ours, and none is asked then', async () => {
    await botSays('proactive', 'Your cart is waiting');
    expect(await scenario.say('ana', 'cancel')).toEqual([CONFIRMED]);
  });

  it('is asked about when an answer of ours came after the offer', async () => {
    await botSays('proactive', 'Your cart is waiting');
    await botSays('reply', 'Delivery takes two days');
    expect(await scenario.say('ana', 'cancel')).toEqual([QUESTION]);
  });

  it('is asked about when the offer came only after it', async () => {
    const sentAt = scenario.clock.now();
    scenario.clock.advance(minutes(1));
    await botSays('proactive', 'Your cart is waiting');
    expect((await receive({ text: 'cancel', sentAt })).join()).toContain('should Mug Shop stop sending you offers');
  });

  it('is asked about when the offer was a week ago', async () => {
    await botSays('proactive', 'Your cart is waiting');
    scenario.clock.advance(days(7));
    expect(await scenario.say('ana', 'cancel')).toEqual([QUESTION]);
  });
});

describe('Others', () => {
  it('are not taken for somebody who opts out: staff who write “stop”', async () => {
    const answer = await scenario.say('owner', 'stop');
    expect(answer.join()).not.toContain('no more offers');
    expect((await consentOf(database, await contactId('+34600000002'))).state).toBe('not-granted');
  });

  it('get no START confirmed that never left', async () => {
    expect(await scenario.say('ana', 'start')).toEqual([]);
    expect(await stateOf()).toBe('not-granted');
  });
});

describe('The sentence of the sign-up link', () => {
  it('is consent by the customer’s own act, thanked for once, and lifts an earlier opt-out', async () => {
    await scenario.say('ana', 'STOP');
    scenario.clock.advance(minutes(1));
    expect(await scenario.say('ana', 'I want offers of Mug Shop on WhatsApp')).toEqual([
      'bot: Thank you! From now on Mug Shop may send you offers here. To end them at any time, send STOP.',
    ]);
    expect(await stateOf()).toBe('granted');
    expect(await scenario.say('ana', 'I want offers of Mug Shop on WhatsApp')).toEqual([]);
  });

  it('may have a polite word behind it, and nothing else', async () => {
    await scenario.say('ana', 'I want offers of Mug Shop on WhatsApp, please!');
    expect(await stateOf()).toBe('granted');
    await scenario.say('ben', 'I want offers of Mug Shop on WhatsApp never');
    expect(await stateOf('+34600000004')).not.toBe('granted');
  });

  it('counts for no other shop', async () => {
    expect(await scenario.say('ana', 'I want offers of Cup Shop on WhatsApp')).toEqual([]);
    expect(await stateOf()).toBe('not-granted');
  });
});

describe('A withdrawal', () => {
  it('is not lifted by what staff write down', async () => {
    await scenario.say('ana', 'STOP');
    const at = later(scenario.clock.now(), minutes(5));
    const saying = {
      contactId: await contactId(),
      key: 'staff:1',
      state: 'granted',
      act: true,
      said: 'staff',
    } as const;
    await recordConsent(database, { ...saying, wording: undefined, proof: 'she called', at }, at);

    expect(await stateOf()).toBe('withdrawn');
  });
});

describe('Confirmations to several customers at once', () => {
  it('keep neither staff nor each other waiting for somebody to have finished typing', async () => {
    await scenario.say('owner', 'set sending.typing 6');
    const from = (value: string) => ({ addresses: [{ kind: 'phone', value }] as const, whatsappId: value });
    const messages = [
      { ...incoming('STOP'), ...from(ANA) },
      { ...incoming('STOP'), ...from('+34600000004') },
      { ...incoming('help'), ...from('+34600000002') },
    ];
    await database.transaction((transaction) => scenario.receive(transaction, messages, scenario.clock.now()));
    scenario.delivery.wake();
    const told: string[] = [];
    const takeMore = () => told.push(...scenario.transport.take().map(({ to }) => to.value)) && told.length;
    await expect.poll(takeMore).toBe(2);
    expect(told).toEqual(['+34600000002', ANA]);

    await expect
      .poll(() => {
        scenario.clock.advance(seconds(1));
        return takeMore();
      })
      .toBe(3);
    await scenario.delivery.idle();
  });
});
