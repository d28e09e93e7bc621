import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.ts';
import { alwaysHeld } from '../database/lease.ts';
import { connections, contactAddresses, outboundEvents } from '../database/schema.ts';
import { emptyTestDatabase } from '../database/test-database.ts';
import { silentLog } from '../lib/log.ts';
import { days, minutes } from '../lib/time.ts';
import { readableText } from '../outbox/outgoing-content.ts';
import { setFirstValues } from '../settings/settings.store.ts';
import { setTrouble } from '../shop/connections.store.ts';
import { emitEvent } from '../shop/outbound-events.store.ts';
import { type Scenario, startScenario } from '../simulator/scenario.ts';
import { CrmEndpoint } from '../simulator/shop/crm-endpoint.ts';
import { EventReceiver } from '../simulator/shop/event-receiver.ts';
import { type GoingOut, makeGoingOut } from './going-out.ts';

const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

let database: Database;
let scenario: Scenario;
let receiver: EventReceiver;
let crm: CrmEndpoint;
let rooms: GoingOut[];

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
  receiver = new EventReceiver(SECRET);
  crm = new CrmEndpoint(SECRET);
  rooms = [];
  await Promise.all([receiver.open(), crm.receiver.open()]);
});

afterEach(async () => {
  await Promise.all(rooms.map((room) => room.stop()));
  await Promise.all([receiver.close(), crm.receiver.close(), scenario.stop()]);
});

function open({ isSigned = true, allowPrivateTargets = true } = {}): GoingOut {
  const secret = isSigned ? SECRET : undefined;
  const room = makeGoingOut({
    database,
    lease: alwaysHeld,
    clock: scenario.clock,
    log: silentLog,
    outside: { allowPrivateTargets, webhook: { secret }, crm: { secret } },
    chance: () => 0.5,
    chooseMessageId: () => scenario.transport.chooseMessageId(),
    onQueued: () => scenario.delivery.wake(),
  });
  rooms.push(room);
  room.start();
  return room;
}

function give(values: Parameters<typeof setFirstValues>[1]): Promise<void> {
  return setFirstValues(database, values, scenario.clock.now());
}

/** What comes of it, told after the answer. */
async function outcome(room = open()): Promise<readonly string[]> {
  room.wake();
  await room.idle();
  await scenario.delivery.idle();
  return scenario.transport.take().map(({ content }) => readableText(content) ?? '');
}

describe('test webhook', () => {
  it('says how to set an address when there is none', async () => {
    expect(await scenario.say('owner', 'test webhook')).toEqual([
      'bot: No address for events is set, so there is nothing to test. Set one like this: *set sales.webhook-url https://hooks.example.com/shopbell*',
    ]);
    expect(await outcome()).toEqual([]);
  });

  it('answers at once, sends a signed event, and then tells what came of it', async () => {
    await give({ 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all' });
    const { host } = new URL(receiver.url);

    expect(await scenario.say('owner', 'Test WEBHOOK')).toEqual([
      `bot: I am trying ${host} now. In a moment I tell you what came of it.`,
    ]);
    expect(receiver.received).toEqual([]);

    expect(await outcome()).toEqual([`✓ ${host} took the test event in 0 ms.`]);
    const [event] = receiver.received;
    expect(event).toMatchObject({ isSigned: true, headers: { 'x-webhook-event': 'webhook.test' } });
    expect(JSON.parse(event?.body ?? '')).toEqual({
      id: event?.headers['webhook-id'],
      type: 'webhook.test',
      occurred_at: '2026-11-23T09:00:00.000Z',
      data: {},
    });
  });

  it('says what is still missing: a secret, and events that are switched on', async () => {
    await give({ 'sales.webhook-url': receiver.url });
    await scenario.say('owner', 'test webhook');

    expect(await outcome(open({ isSigned: false }))).toEqual([
      [
        `✓ ${new URL(receiver.url).host} took the test event in 0 ms.`,
        'No event is switched on yet. All of them: *set sales.webhook-events all*',
        'It went unsigned, because there is no secret. Whoever installed me sets it (WEBHOOK_SECRET); it is never typed in a chat.',
      ].join('\n'),
    ]);
    expect(receiver.received[0]?.headers).not.toHaveProperty('webhook-signature');
  });

  it.each([
    [500, 'answered with status 500 instead of 200. Its own log says why.'],
    [301, 'sends me on to another address (status 301), and I do not follow. Set the address where it ends.'],
    [401, 'did not let me in (status 401). Is the secret the same on both sides?'],
    [404, 'answered that there is nothing at this address (status 404). Is it spelt right?'],
    [410, 'says that it wants no more events (status 410).'],
  ])('is made once, and tells of status %i', async (status, sentence) => {
    await give({ 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all' });
    receiver.answerNext({ status });
    await scenario.say('owner', 'test webhook');
    const room = open();

    expect(await outcome(room)).toEqual([`⚠️ The test did not work: ${new URL(receiver.url).host} ${sentence}`]);
    scenario.clock.advance(days(2));
    expect(await outcome(room)).toEqual([]);
    expect(receiver.received).toHaveLength(1);
  });

  it('says when nobody answers', async () => {
    await give({ 'sales.webhook-url': receiver.url });
    await receiver.close();
    await scenario.say('owner', 'test webhook');

    expect(await outcome()).toEqual([
      `⚠️ The test did not work: ${new URL(receiver.url).host} did not answer: no connection could be made, or it broke. Is the system running?`,
    ]);
  });

  it('says why an address from the environment is not called', async () => {
    await give({ 'sales.webhook-url': 'https://10.0.0.5/hook' });
    await scenario.say('owner', 'test webhook');

    expect(await outcome(open({ allowPrivateTargets: false }))).toEqual([
      '⚠️ The test did not work: 10.0.0.5 was not called: it leads into a private network. Whoever installed me can allow that (ALLOW_PRIVATE_TARGETS).',
    ]);
  });

  it('goes before the events that wait', async () => {
    await give({ 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all' });
    const event = { type: 'followup.sent', data: {}, contactId: undefined } as const;
    await emitEvent(database, event, scenario.clock.now());
    scenario.clock.advance(minutes(1));
    await scenario.say('owner', 'test webhook');

    await outcome();

    expect(receiver.received.map(({ headers }) => headers['x-webhook-event'])).toEqual([
      'webhook.test',
      'followup.sent',
    ]);
  });

  it('that works switches an address on again that was told nothing more', async () => {
    await give({ 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all' });
    const { clock } = scenario;
    await setTrouble(database, 'webhook', { kind: 'switched-off', detail: 'gone' }, clock.now());
    const event = { type: 'followup.sent', data: {}, contactId: undefined } as const;
    receiver.answerNext({ status: 410 });
    await scenario.say('owner', 'test webhook');
    const room = open();
    await outcome(room);
    expect(await emitEvent(database, event, clock.now())).toBe(false);

    await scenario.say('owner', 'test webhook');
    await outcome(room);

    expect(await emitEvent(database, event, clock.now())).toBe(true);
  });

  it('is told again in the shop’s language', async () => {
    await give({ 'sales.webhook-url': receiver.url, 'sales.webhook-events': 'all' });
    await scenario.say('owner', 'set shop.language es');

    expect(await scenario.say('owner', 'probar webhook')).toEqual([
      `bot: Estoy probando ${new URL(receiver.url).host}. En un momento te digo qué ha pasado.`,
    ]);
    expect(await outcome()).toEqual([`✓ ${new URL(receiver.url).host} ha aceptado el evento de prueba en 0 ms.`]);
  });
});

describe('test crm', () => {
  it('says how to set an address when there is none', async () => {
    expect(await scenario.say('owner', 'test crm')).toEqual([
      'bot: No address of a CRM is set, so there is nothing to test. Set one like this: *set sales.crm-url https://crm.example.com/verify*',
    ]);
  });

  it('asks about the owner’s own number, and tells what was understood', async () => {
    await give({ 'sales.crm-url': crm.receiver.url });
    const { host } = new URL(crm.receiver.url);
    await scenario.say('owner', 'test crm');
    const room = open();

    expect(await outcome(room)).toEqual([
      `✓ ${host} answered in 0 ms, and I understood it: your own number has bought nothing in the last 30 days.`,
    ]);
    expect(JSON.parse(crm.receiver.received[0]?.body ?? '')).toMatchObject({
      type: 'verify_conversion',
      shop_id: 'mug-shop',
      contact: { phone: '+34600000002' },
      since: '2026-10-24T09:00:00.000Z',
      context: { reason: 'manual' },
    });

    crm.protect('+34600000002');
    await scenario.say('owner', 'test crm');
    expect((await outcome(room)).join()).toContain('It also asks me not to write to this number.');
  });

  it.each([
    [
      { status: 200, body: '{"ok":true}' },
      'answered, but neither yes nor no. I expect JSON such as {"converted": false}. Until then I take every answer for “unknown” and hold messages back.',
    ],
    [{ status: 500 }, 'answered with status 500 instead of 200. Its own log says why.'],
  ])('says what is wrong with the answer %j', async (answer, sentence) => {
    await give({ 'sales.crm-url': crm.receiver.url });
    crm.receiver.answerNext(answer);
    await scenario.say('owner', 'test crm');

    const [told] = await outcome();

    expect(told).toContain(sentence);
  });

  it('cannot ask about somebody whose number is not known', async () => {
    await give({ 'sales.crm-url': crm.receiver.url });
    const ownersPhone = eq(contactAddresses.value, '+34600000002');
    await database.update(contactAddresses).set({ kind: 'lid', value: '1234' }).where(ownersPhone);
    await database.transaction(async (transaction) => {
      const message = {
        whatsappId: 'FROM-LID',
        addresses: [{ kind: 'lid', value: '1234' }],
        author: 'contact',
        pushName: 'Olga',
        quotedId: undefined,
        targetId: undefined,
        sentAt: scenario.clock.now(),
        way: 'live',
        raw: new Uint8Array(),
        details: { kind: 'text' },
        text: 'test crm',
      } as const;
      await scenario.receive(transaction, [message], scenario.clock.now());
    });
    scenario.delivery.wake();

    expect(await outcome()).toEqual([
      'I do not know your phone number yet, so I cannot ask about you. Nothing was sent.',
    ]);
    expect(await database.select().from(outboundEvents)).toEqual([]);
  });

  it('tells the owners once when it has failed five times in a row, and no second time after a restart', async () => {
    await give({ 'sales.crm-url': crm.receiver.url });
    crm.receiver.answerNext(...Array.from({ length: 10 }, () => ({ status: 503 })));
    const warnings: string[] = [];
    for (const room of [open(), open()]) {
      for (let time = 0; time < 5; time += 1) {
        await scenario.say('owner', 'test crm');
        scenario.clock.advance(minutes(3));
        warnings.push(...(await outcome(room)).filter((text) => text.includes('who has bought')));
      }
      await room.stop();
    }

    expect(warnings).toEqual([
      `⚠️ I cannot find out from ${new URL(crm.receiver.url).host} who has bought: it answered with status 503 instead of 200. Its own log says why. Until it answers again I hold back what depends on it. *test crm* tries it.`,
    ]);
    const [row] = await database.select().from(connections);
    expect(row).toMatchObject({ name: 'crm', trouble: 'failing' });
    expect((await scenario.say('owner', 'status')).join()).toContain('⚠️ Your CRM, since');

    await scenario.say('owner', 'set sales.crm-url none');

    expect((await scenario.say('owner', 'status')).join()).not.toContain('CRM');
  });
});

describe('the addresses', () => {
  it.each([
    ['http://hooks.example.com/', 'I only call addresses that begin with https://.'],
    [
      'https://me:secret@hooks.example.com/',
      'a name or password stands in the address, and passwords are never typed in a chat.',
    ],
    ['https://hooks.example.com:5432/', 'I only use the ports 443 and 8443.'],
    [
      'https://169.254.169.254/latest/',
      'it leads into a private network. Whoever installed me can allow that (ALLOW_PRIVATE_TARGETS).',
    ],
    [
      'https://2130706433/',
      'it leads into a private network. Whoever installed me can allow that (ALLOW_PRIVATE_TARGETS).',
    ],
  ])('%s is refused by its text alone', async (address, why) => {
    for (const key of ['sales.webhook-url', 'sales.crm-url']) {
      expect(await scenario.say('owner', `set ${key} ${address}`)).toEqual([`bot: ${key} was not changed: ${why}`]);
    }
  });

  it('are kept as they are typed, with the slash at the end, and taken away with none', async () => {
    expect(await scenario.say('owner', 'set sales.crm-url https://crm.example.com/Verify/')).toEqual([
      'bot: ✓ sales.crm-url: none → https://crm.example.com/Verify/\nTo go back: *set sales.crm-url none*',
    ]);
    expect((await scenario.say('owner', 'set sales.crm-url none')).join()).toContain('Verify/ → none');
  });

  it('may lead inside where the operator allows it', async () => {
    await scenario.stop();
    scenario = await startScenario(database, { allowPrivateTargets: true });

    expect((await scenario.say('owner', 'set sales.crm-url http://crm:8080/verify')).join()).toContain('✓');
  });

  it('of another system is told at once what the old one did not take', async () => {
    await give({ 'sales.webhook-url': 'https://10.0.0.5/hook', 'sales.webhook-events': 'all' });
    const { clock } = scenario;
    await emitEvent(database, { type: 'followup.sent', data: {}, contactId: undefined }, clock.now());
    await outcome(open({ allowPrivateTargets: false }));
    await scenario.stop();
    scenario = await startScenario(database, { allowPrivateTargets: true });
    expect(await database.select({ trouble: connections.trouble }).from(connections)).toEqual([
      { trouble: 'unreachable' },
    ]);

    await scenario.say('owner', `set sales.webhook-url ${receiver.url}`);

    expect(await database.select({ trouble: connections.trouble }).from(connections)).toEqual([{ trouble: null }]);
    await outcome(open());
    expect(receiver.received).toHaveLength(1);
  });
});

describe('the events', () => {
  it('are switched on by name, all, or none', async () => {
    const change = async (value: string) => (await scenario.say('owner', `set sales.webhook-events ${value}`)).join();

    expect(await change('followup.detected, contact.opted_out')).toContain(
      '✓ sales.webhook-events: none → followup.detected contact.opted_out',
    );
    expect(await change('all')).toContain('followup.detected contact.opted_out → all');
    expect(await change('none')).toContain('all → none');
    expect(await change('followup.detected contact.opted-out')).toBe(
      'bot: sales.webhook-events was not changed: I do not know “contact.opted-out”. The nearest: *contact.opted_out*, *message.handoff*, *cart_rescue.sent*.',
    );
    expect(await scenario.say('owner', 'set sales.webhook-events')).toEqual([
      'bot: sales.webhook-events is none now. To change it, I expect all, none, or any of: followup.detected, followup.sent, followup.converted, message.handoff, cart_rescue.sent, contact.opted_out, order.attributed, for example: *set sales.webhook-events followup.detected*.',
    ]);
  });
});
