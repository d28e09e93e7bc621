import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordConsent } from '../../contacts/consents.store.ts';
import { contactOfPhone, resolveContacts } from '../../contacts/contacts.store.ts';
import type { Role } from '../../contacts/member.ts';
import { type LogLine, logMessages } from '../../conversations/log.store.ts';
import type { MessageDetails } from '../../conversations/message.ts';
import type { Database } from '../../database/database.ts';
import {
  cappings,
  carts,
  checkouts,
  contactAttributes,
  contacts,
  members,
  messages,
  orders,
  outbox,
} from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { days, hours, later, minutes } from '../../lib/time.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';

const ana = '+34600000003';

let database: Database;
let scenario: Scenario;

async function expectChat(chat: string): Promise<void> {
  expect((await play(scenario, chat)).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(tidy(chat));
}

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

const ago = (span: number) => later(scenario.clock.now(), -span);

async function giveBen(role: Role): Promise<void> {
  const contactId = await contactOfPhone(database, '+34600000004', scenario.clock.now());
  await database.insert(members).values({ contactId, role, source: 'environment', since: scenario.clock.now() });
}

async function order(contactId: number, number: string, more: Partial<typeof orders.$inferInsert> = {}): Promise<void> {
  const createdAt = more.createdAt ?? ago(days(5));
  await database.insert(orders).values({
    source: 'shopify',
    externalId: `id-${number}`,
    number,
    items: [],
    total: '25.00',
    currency: 'EUR',
    refunded: '0',
    codes: [],
    test: false,
    contactId,
    phone: ana,
    createdAt,
    updatedAt: createdAt,
    ...more,
  });
}

async function cart(contactId: number, more: Partial<typeof carts.$inferInsert> = {}): Promise<void> {
  await database.insert(carts).values({
    source: 'shopify',
    token: 'c1',
    items: [
      { name: 'Blue mug', quantity: 2 },
      { name: 'Tea', quantity: 1 },
    ],
    total: '30.50',
    currency: 'EUR',
    contactId,
    firstAddedAt: ago(minutes(50)),
    lastAddedAt: ago(minutes(20)),
    updatedAt: ago(minutes(20)),
    ...more,
  });
}

/** Ana as a shop knows her: attributes, a consent, five orders and a cart at the checkout. */
async function furnishAna(): Promise<number> {
  const contactId = await contactOfPhone(database, ana, ago(days(30)));
  const holder = { source: 'shopify', holder: `phone:${ana}`, contactId, version: '2026-11-01', at: ago(days(20)) };
  await database.insert(contactAttributes).values([
    { ...holder, name: 'first-name', value: 'Ana' },
    { ...holder, name: 'last-name', value: 'Pérez' },
    { ...holder, name: 'email', value: 'ana@example.com' },
    { ...holder, name: 'email', value: 'old@example.com', version: '2026-10-01', holder: 'customer:7' },
    { ...holder, name: 'country', value: 'ES' },
    { ...holder, name: 'locale', value: 'es-ES' },
  ]);
  const said = { state: 'granted', act: true, said: 'checkout', wording: 'Send me offers on WhatsApp' } as const;
  await recordConsent(
    database,
    { contactId, key: 'c1', proof: 'delivery 7', at: ago(days(20)), ...said },
    scenario.clock.now(),
  );
  await order(contactId, '1001', { createdAt: ago(days(20)), total: '40.00', refunded: '10.00' });
  await order(contactId, '1002', { createdAt: ago(days(19)), total: '60.00', refunded: '0' });
  await order(contactId, '1003', { createdAt: ago(days(9)), completedAt: ago(days(8)), refunded: '5.00' });
  await order(contactId, '1004', { createdAt: ago(days(7)), cancelledAt: ago(days(6)) });
  await order(contactId, '1005', { createdAt: ago(hours(3)), paidAt: ago(hours(3)) });
  await order(contactId, '1006', { createdAt: ago(hours(2)), test: true });
  await cart(contactId);
  await database.insert(checkouts).values({
    source: 'shopify',
    token: 'k1',
    cartToken: 'c1',
    items: [],
    contactId,
    startedAt: ago(minutes(10)),
    updatedAt: ago(minutes(10)),
  });
  await database.insert(cappings).values({ contactId, reservedAt: ago(days(1)), confirmedAt: ago(days(1)) });
  return contactId;
}

describe('contact', () => {
  it('tells all about one person, on one screen', async () => {
    await furnishAna();
    await expectChat(`
      ana: Do you have blue mugs?
      owner: contact 600 000 003
      bot: I cannot read “600 000 003” as a phone number. Write it with its country code, for example: *contact +34 600 000 003*. By name, people are found with *find*.
      owner: contact +34 600 000 003
      bot: *ana, +34 600 00 00 03*
        Known since 24 Oct 2026.
        Has written 1 message, the last on 23 Nov 2026, 10:00: Do you have blue mugs?
        At the shop: Ana Pérez · ana@example.com · Spain · European Spanish
        ✅ Offers: *yes*, “Send me offers on WhatsApp”, ticked at the shop (checkout), 3 Nov 2026, 10:00.
        ⏳ Was reminded of a cart lately: no other reminder until 25 Nov 2026, 10:00.
        🛍 Bought within the last 24 hours (23 Nov 2026, 07:00).
        *5 orders*
        • 1005: €25.00, 23 Nov 2026, paid 23 Nov 2026
        • 1004: €25.00, 16 Nov 2026, cancelled 17 Nov 2026
        • 1003: €25.00, 14 Nov 2026, completed 15 Nov 2026, €5.00 refunded
        • 2 earlier ones, €90.00 in all after refunds
        *Open cart*: €30.50
        • 2 × Blue mug
        • 1 × Tea
        Last addition 23 Nov 2026, 09:40. Checkout begun 23 Nov 2026, 09:50, not paid.
    `);
  });
});

describe('contact, of somebody of whom little is known,', () => {
  it('says so, and that is all', async () => {
    await expectChat(`
      ana: Hello
      owner: who 0034600000003
      bot: *ana, +34 600 00 00 03*
        Known since 23 Nov 2026.
        Has written 1 message, the last on 23 Nov 2026, 10:00: Hello
        ➖ Offers: nobody has said anything about them. No cart reminders without a yes.
        No orders.
        No open cart.
    `);
  });

  it('says of staff that they are', async () => {
    const [said] = await scenario.say('owner', 'contact +34600000002');
    expect(said).toContain('\nOne of you: owner.\n');
  });

  it('answers in Spanish', async () => {
    await furnishAna();
    await database
      .update(contacts)
      .set({ privateSince: ago(days(2)) })
      .where(eq(contacts.name, 'ana'));
    await scenario.say('owner', 'set shop.language es');
    await expectChat(`
      ana: ¿Tenéis tazas azules?
      owner: contacto +34 600 000 003
      bot: *ana, +34 600 00 00 03*
        Conocido desde el 24 oct 2026.
        Ha escrito 1 mensaje, el último el 23 nov 2026, 10:00: ¿Tenéis tazas azules?
        En la tienda: Ana Pérez · ana@example.com · España · español de España
        ✅ Ofertas: *sí*, «Send me offers on WhatsApp», marcado en la tienda (checkout), 3 nov 2026, 10:00.
        ⏳ Hace poco recibió un recordatorio de carrito: ningún otro hasta el 25 nov 2026, 10:00.
        🛍 Ha comprado en las últimas 24 horas (23 nov 2026, 7:00).
        *5 pedidos*
        • 1005: 25,00 €, 23 nov 2026, pagado el 23 nov 2026
        • 1004: 25,00 €, 16 nov 2026, anulado el 17 nov 2026
        • 1003: 25,00 €, 14 nov 2026, completado el 15 nov 2026, 5,00 € reembolsados
        • 2 anteriores, 90,00 € en total tras los reembolsos
        *Carrito abierto*: 30,50 €
        • 2 × Blue mug
        • 1 × Tea
        Última adición: 23 nov 2026, 9:40. Pago empezado el 23 nov 2026, 9:50, sin terminar.
    `);
  });
});

describe('Whom a command is about', () => {
  it('is told what was wrong and what would be right', async () => {
    await expectChat(`
      owner: contact
      bot: Tell me whose phone number, for example: *contact +34 600 000 003*.
      owner: contact ana
      bot: I cannot read “ana” as a phone number. Write it with its country code, for example: *contact +34 600 000 003*. By name, people are found with *find*.
      owner: contact +34 600 000 003
      bot: I know nobody with the number +34 600 00 00 03. Is every digit right? *find* looks for a part of it too.
      owner: contact +34 600
      bot: I cannot read “+34 600” as a phone number. Write it with its country code, for example: *contact +34 600 000 003*. By name, people are found with *find*.
    `);
  });

  it.each([
    '+34600000003',
    '34600000003',
    '0034 600 00 00 03',
    '+34 600-000-003',
    '(+34) 600.000.003',
    'tel:+34600000003',
    '\u202a+34 600 000 003\u202c',
    '＋３４６００００００００３'.replace('００００００００', '０００００００'),
  ])('is understood as %s', async (written) => {
    await scenario.say('ana', 'Hello');
    const [said] = await scenario.say('owner', `contact ${written}`);
    expect(said).toContain('*ana, +34 600 00 00 03*');
  });

  it('needs no country code once the shop has a country', async () => {
    await scenario.say('ana', 'Hello');
    await scenario.say('owner', 'set shop.country ES');
    const [said] = await scenario.say('owner', 'contact 600 000 003');
    expect(said).toContain('*ana, +34 600 00 00 03*');
  });

  it.each([
    ['Brazil', '+551187654321', '+55 11 98765-4321'],
    ['Mexico', '+5215512345678', '+52 55 1234 5678'],
    ['Argentina', '+5491112345678', '+54 9 11 1234-5678'],
  ])('is the same person however a number of %s is written', async (_country, known, written) => {
    await contactOfPhone(database, known, scenario.clock.now());
    const [said] = await scenario.say('owner', `contact ${written}`);
    expect(said).toContain('Known since 23 Nov 2026.');
  });
});

describe('find', () => {
  it('finds people by a part of their number or name, by email or order, and says how to go on', async () => {
    await furnishAna();
    await contactOfPhone(database, '+34600000093', scenario.clock.now());
    await expectChat(`
      ana: Hello
      owner: find 600 000 0
      bot: 1. ana, +34 600 00 00 03
        2. owner, +34 600 00 00 02
        3. +34 600 00 00 93
        More about one of them: *contact +34600000003*
      owner: find PÉREZ
      bot: 1. ana, +34 600 00 00 03
        More about one of them: *contact +34600000003*
      owner: find ana@ex
      bot: 1. ana, +34 600 00 00 03 · ana@example.com
        More about one of them: *contact +34600000003*
      owner: find #1003
      bot: 1. ana, +34 600 00 00 03 · order 1003
        More about one of them: *contact +34600000003*
    `);
  });

  it('says what it looks at when it finds nobody', async () => {
    await expectChat(`
      owner: find
      bot: Tell me a part of a phone number or a name, an email address, or the number of an order, for example: *find ana@example.com*.
      owner: find Zoë
      bot: I find nobody with “Zoë”. I look at names, phone numbers, email addresses and order numbers.
      owner: find z
      bot: That is too short to search for: three characters or digits at least.
      owner: find %%%
      bot: I find nobody with “%%%”. I look at names, phone numbers, email addresses and order numbers.
    `);
  });

  it('shows ten at most, and says that there are more', async () => {
    for (let last = 10; last < 21; last++) {
      await contactOfPhone(database, `+346000001${last}`, scenario.clock.now());
    }
    const [said = ''] = await scenario.say('owner', 'find 6000001');
    expect(said.split('\n')).toHaveLength(12);
    expect(said).toContain('There are more than these 10: tell me a longer part.');
  });

  it('leads advisors to what they may do', async () => {
    await giveBen('advisor');
    await expectChat(`
      ana: Hello
      ben: find ana
      bot: 1. ana, +34 600 00 00 03
        More about one of them: *chat +34600000003*
      ben: contact +34600000003
      bot: *contact* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
  });
});

describe('chat', () => {
  it('shows the last lines with times, who spoke, and ticks', async () => {
    await giveBen('advisor');
    const contactId = await contactOfPhone(database, ana, scenario.clock.now());
    await expectChat(`
      ana: Hello
      (30 minutes later)
      ana: Do you have
        blue mugs?
    `);
    const line = { contactId, direction: 'out', kind: 'text', arrival: 'live', loggedAt: ago(0) } as const;
    const row = { contactId, kind: 'reply', content: {}, address: `phone:${ana}`, attempts: 1 } as const;
    const states = [
      ['read', null],
      ['accepted', null],
      ['failed', '463'],
      ['unknown', 'interrupted'],
    ] as const;
    for (const [index, [state, reason]] of states.entries()) {
      const whatsappId = `OUT${index}`;
      const sentAt = later(scenario.clock.now(), minutes(index + 1));
      await database.insert(messages).values({ ...line, author: 'bot', whatsappId, text: `Answer ${index}`, sentAt });
      await database.insert(outbox).values({
        ...row,
        key: whatsappId,
        whatsappId,
        state,
        reason,
        queuedAt: sentAt,
        stateSince: sentAt,
      });
    }
    const typed = { ...line, author: 'shop-phone', whatsappId: 'P1', text: 'Here they are' } as const;
    await database.insert(messages).values({ ...typed, sentAt: later(scenario.clock.now(), days(1)) });
    await expectChat(`
      ben: chat +34 600 000 003
      bot: *ana, +34 600 00 00 03*: 7 lines
        _23 Nov 2026_
        10:00 *customer*: Hello
        10:30 *customer*: Do you have blue mugs?
        10:31 *bot*: Answer 0 ✓✓ read
        10:32 *bot*: Answer 1 ✓
        10:33 *bot*: Answer 2 ⚠️ not delivered: WhatsApp does not let the shop start this chat now. Do not try again: wait until the person writes, and open WhatsApp on the shop’s phone to see whether the account is restricted.
        10:34 *bot*: Answer 3 ⚠️ the connection broke in the middle, and I cannot tell whether it arrived. Look into the chat on the shop’s phone.
        _24 Nov 2026_
        10:30 *shop’s phone*: Here they are
      ben: chat +34 600 000 003 1
      bot: *ana, +34 600 00 00 03*: the last 1 of 7 lines
        _24 Nov 2026_
        10:30 *shop’s phone*: Here they are
    `);
  });

  it('says of every kind what it is, and of changed, deleted and long words too', async () => {
    const contactId = await contactOfPhone(database, ana, scenario.clock.now());
    const file = { mime: undefined, bytes: undefined };
    const lines: [MessageDetails, (string | undefined)?, Partial<LogLine>?][] = [
      [{ kind: 'image', ...file }, 'this one'],
      [{ kind: 'voice', ...file, seconds: 72 }],
      [{ kind: 'document', ...file, name: 'invoice.pdf' }],
      [{ kind: 'location', latitude: 1, longitude: 2, live: false }, 'Calle Mayor 1'],
      [{ kind: 'contacts', people: [{ name: 'Ben', phones: [] }] }, 'Ben'],
      [{ kind: 'reaction', emoji: '👍' }, '👍', { targetId: 'K0' }],
      [{ kind: 'order', orderId: '1', token: 't', items: 3, total: 25.5, currency: 'EUR' }],
      [{ kind: 'call', video: false, outcome: 'missed' }],
      [{ kind: 'unreadable', because: 'view-once' }],
      [{ kind: 'text' }, 'two mugs'],
      [{ kind: 'edit', readable: true }, 'three mugs', { targetId: 'K9' }],
      [{ kind: 'text' }, 'no, wrong chat'],
      [{ kind: 'delete' }, undefined, { targetId: 'K11' }],
      [{ kind: 'delete' }, undefined, { targetId: 'GONE' }],
      [{ kind: 'text' }, 'x'.repeat(1500)],
    ];
    await logMessages(
      database,
      lines.map(([details, text, more], index) => ({
        contactId,
        direction: 'in',
        author: 'contact',
        whatsappId: `K${index}`,
        kind: details.kind,
        details,
        text: text ?? null,
        sentAt: later(scenario.clock.now(), index),
        loggedAt: scenario.clock.now(),
        arrival: 'live',
        ...more,
      })),
    );
    await expectChat(`
      owner: chat +34 600 000 003 50
      bot: *+34 600 00 00 03*: 13 lines
        _23 Nov 2026_
        10:00 *customer*: 📷 photo: this one
        10:00 *customer*: 🎤 voice note (1:12)
        10:00 *customer*: 📄 invoice.pdf
        10:00 *customer*: 📍 location: Calle Mayor 1
        10:00 *customer*: 👤 contact: Ben
        10:00 *customer*: reacted 👍 to “this one”
        10:00 *customer*: 🛒 order from the WhatsApp catalogue: 3 items, €25.50
        10:00 *customer*: 📞 call, missed
        10:00 *customer*: view once: only the phone shows it
        10:00 *customer*: three mugs (changed; first: “two mugs”)
        10:00 *customer*: 🗑 deleted: “no, wrong chat”
        10:00 *customer*: 🗑 deleted message
        10:00 *customer*: ${'x'.repeat(300)}… (1,200 more characters)
    `);
  });

  it('shows ten lines when nobody says how many, fifty at most, and tells of what waits', async () => {
    const contactId = await contactOfPhone(database, ana, scenario.clock.now());
    const line = { contactId, direction: 'in', author: 'contact', kind: 'text', arrival: 'live' } as const;
    await database.insert(messages).values(
      Array.from({ length: 60 }, (_, index) => ({
        ...line,
        whatsappId: `N${index}`,
        text: `Line ${index}`,
        sentAt: later(scenario.clock.now(), index),
        loggedAt: scenario.clock.now(),
      })),
    );
    const [usual = ''] = await scenario.say('owner', 'chat +34600000003');
    expect(usual).toContain('the last 10 of 60 lines');
    expect(usual.split('\n')).toHaveLength(12);
    const [most = ''] = await scenario.say('owner', 'chat +34600000003 200');
    expect(most).toContain('the last 50 of 60 lines');
    expect(most.split('\n').at(-1)).toBe('I show 50 lines at most.');
    await expectChat(`
      owner: chat +34 600 000 002 0
      bot: *owner, +34 600 00 00 02*: the last 1 of 5 lines
        _23 Nov 2026_
        10:00 *customer*: chat +34 600 000 002 0
      owner: chat +34 600 000 003 many
      bot: I cannot read “+34 600 000 003 many” as a phone number. Write it with its country code, for example: *chat +34 600 000 003*. By name, people are found with *find*.
    `);
  });
});

describe('Somebody whose phone number is hidden', () => {
  const lid = { kind: 'lid', value: '111222333444555' } as const;
  const username = { kind: 'username', value: 'Ana.Z' } as const;

  it('is named by our own number, or by the username, and never by what looks like a phone number and is none', async () => {
    await resolveContacts(database, [{ addresses: [lid], name: 'Anita' }], scenario.clock.now());
    await resolveContacts(database, [{ addresses: [username], name: 'Zoë' }], scenario.clock.now());
    await expectChat(`
      owner: find anita
      bot: 1. Anita, #2 (phone number unknown)
        More about one of them: *contact #2*
      owner: chat #2
      bot: *Anita, #2 (phone number unknown)*: nothing has been written yet, by neither side.
      owner: private #2
      bot: ✓ Anita, #2 (phone number unknown) is private: left out of analysis and automations for good.
        When they write they are answered as before. To take it back: *private #2 off*
      owner: find @ana
      bot: 1. Zoë, @Ana.Z (phone number unknown)
        More about one of them: *contact @Ana.Z*
      owner: optout @ana.z
      bot: ✓ Zoë, @Ana.Z (phone number unknown) gets no more offers; I wrote down that you said so.
        When they write they are answered as before. Only they themselves can lift it: by writing START to the shop, or with a new yes at the shop.
      owner: contact #77
      bot: I know nobody called #77. *find* looks for names, numbers and orders.
      owner: optout @nobody
      bot: I know nobody called @nobody. *find* looks for names, numbers and orders.
    `);
  });

  it('is found under the number from before it was joined with another', async () => {
    const [hidden] = await resolveContacts(database, [{ addresses: [lid], name: 'Anita' }], scenario.clock.now());
    await scenario.say('ana', 'Hello');
    const phone = { kind: 'phone', value: ana } as const;
    await resolveContacts(database, [{ addresses: [phone, lid], name: undefined }], scenario.clock.now());
    const [said] = await scenario.say('owner', `contact #${(hidden ?? 0) + 1}`);
    expect(said).toContain('+34 600 00 00 03');
  });
});
