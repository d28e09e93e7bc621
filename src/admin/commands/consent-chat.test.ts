import { isNotNull } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consentOf, readConsentRecords, recordConsent } from '../../contacts/consents.store.ts';
import { contactOfPhone } from '../../contacts/contacts.store.ts';
import type { Role } from '../../contacts/member.ts';
import { isOptInSentence } from '../../contacts/optin-sentence.ts';
import type { Database } from '../../database/database.ts';
import { contacts, members, optOutQuestions, outboundEvents, settings } from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { hours } from '../../lib/time.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';

const ana = '+34600000003';

let database: Database;
let scenario: Scenario;

async function expectChat(chat: string): Promise<void> {
  expect(await play(scenario, chat)).toBe(tidy(chat));
}

beforeEach(async () => {
  database = await emptyTestDatabase();
  scenario = await startScenario(database);
});

afterEach(() => scenario.stop());

async function giveBen(role: Role): Promise<void> {
  const contactId = await contactOfPhone(database, '+34600000004', scenario.clock.now());
  await database.insert(members).values({ contactId, role, source: 'environment', since: scenario.clock.now() });
}

const contactOfAna = () => contactOfPhone(database, ana, scenario.clock.now());

describe('optout', () => {
  it('writes down that somebody wants no more offers, who of the shop said so, and says what it means', async () => {
    await giveBen('advisor');
    await expectChat(`
      ana: Hello
      ben: optout +34 600 000 003
      bot: ✓ ana, +34 600 00 00 03 gets no more offers; I wrote down that you said so.
        When they write they are answered as before. Only they themselves can lift it: by writing START to the shop, or with a new yes at the shop.
      ben: optout +34 600 000 003
      bot: ana, +34 600 00 00 03 gets no offers already. Nothing was changed.
        🚫 Offers: *no more*, written down by the shop: “ben, +34600000004”, 23 Nov 2026, 10:00.
    `);
    expect(await consentOf(database, await contactOfAna())).toMatchObject({
      state: 'withdrawn',
      because: { source: 'staff', proof: 'ben, +34600000004' },
    });
  });

  it('tells the shop’s own systems, where they want to hear of it, and closes a question that was open', async () => {
    const contactId = await contactOfAna();
    const now = scenario.clock.now();
    await database
      .insert(optOutQuestions)
      .values({ contactId, about: 'A', question: 'Q', language: 'en', askedAt: now });
    await database.insert(settings).values([
      { key: 'sales.webhook-url', value: 'https://hooks.example.com', changedAt: now },
      { key: 'sales.webhook-events', value: 'contact.opted_out', changedAt: now },
    ]);

    await scenario.say('owner', 'optout +34 600 000 003');

    expect(await database.select().from(outboundEvents)).toMatchObject([{ type: 'contact.opted_out', contactId }]);
    expect(await database.select().from(optOutQuestions)).toMatchObject([{ answeredAt: now }]);
  });

  it('works for somebody who is not known yet', async () => {
    await expectChat(`
      owner: optout +34 600 000 003
      bot: ✓ +34 600 00 00 03 gets no more offers; I wrote down that you said so.
        When they write they are answered as before. Only they themselves can lift it: by writing START to the shop, or with a new yes at the shop.
    `);
    expect(await consentOf(database, await contactOfAna())).toMatchObject({ state: 'withdrawn' });
  });
});

describe('optin', () => {
  beforeEach(() => giveBen('manager'));

  it('writes a yes down with what proves it, and without that says what is missing', async () => {
    await expectChat(`
      ben: optin +34 600 000 003
      bot: To write down a yes I need what proves it: when and where they said it, for example: *optin +34600000003 signed form of 12 November*.
      ben: optin +34 600 000 003 12 Nov, form in the shop
      bot: ✓ +34 600 00 00 03 may get offers. I wrote down what proves it: “12 Nov, form in the shop”.
    `);
    expect(await consentOf(database, await contactOfAna())).toMatchObject({
      state: 'granted',
      because: { source: 'staff', proof: '12 Nov, form in the shop' },
    });
  });

  it('does not lift what the person has said, and says what would', async () => {
    const contactId = await contactOfAna();
    const said = { said: 'chat', act: true, wording: 'STOP', proof: 'M1', at: scenario.clock.now() };
    await recordConsent(database, { contactId, key: 'chat:M1', state: 'withdrawn', ...said }, scenario.clock.now());
    scenario.clock.advance(hours(1));

    await expectChat(`
      ben: optin +34 600 000 003 signed form
      bot: I cannot lift that: +34 600 00 00 03 said no more.
        🚫 Offers: *no more*, with “STOP” in the chat, 23 Nov 2026, 10:00.
        Only they themselves can: by writing START to the shop, or with a new yes at the shop. *optin link* gives you a link and a picture for them.
    `);
    expect(await readConsentRecords(database, contactId)).toHaveLength(1);
  });

  it('is not for advisors, who may only take consent back', async () => {
    await database.update(members).set({ role: 'advisor' });
    await expectChat(`
      ben: optin +34 600 000 003 signed form
      bot: *optin* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
  });
});

describe('optin link', () => {
  it('gives a link that writes the sentence which is recognised, its picture, and the words for the checkout', async () => {
    await expectChat(`
      owner: optin link
      bot: (image)
        ✓ Whoever opens this link, or scans the picture, and sends what is written there has said yes to offers:
        https://wa.me/34600000001?text=I%20want%20offers%20of%20Mug%20Shop%20on%20WhatsApp
        It writes: “I want offers of Mug Shop on WhatsApp”
        For the checkout of your shop, a box that is *not* ticked beforehand:
        ☐ Yes, Mug Shop may send me offers and reminders of my cart on WhatsApp. I can end this at any time by answering STOP.
      owner: set shop.language es
      bot: ✓ shop.language: en → es
        Para volver atrás: *cambiar shop.language en*
      owner: alta enlace
      bot: (image)
        ✓ Quien abra este enlace o escanee la imagen, y envíe lo que sale escrito, ha dicho que sí a las ofertas:
        https://wa.me/34600000001?text=Quiero%20recibir%20ofertas%20de%20Mug%20Shop%20por%20WhatsApp
        Escribe: «Quiero recibir ofertas de Mug Shop por WhatsApp»
        Para el pago de tu tienda, una casilla que *no* esté marcada de antemano:
        ☐ Sí, Mug Shop puede enviarme ofertas y recordatorios de mi carrito por WhatsApp. Puedo dejarlo cuando quiera respondiendo BAJA.
    `);
    expect(isOptInSentence('Quiero recibir ofertas de Mug Shop por WhatsApp', 'Mug Shop')).toBe(true);
  });
});

describe('private', () => {
  beforeEach(() => giveBen('manager'));

  it('keeps a person out until it is taken back', async () => {
    await expectChat(`
      ana: Hello
      ben: private +34 600 000 003
      bot: ✓ ana, +34 600 00 00 03 is private: left out of analysis and automations for good.
        When they write they are answered as before. To take it back: *private +34600000003 off*
      ben: private +34 600 000 003
      bot: ana, +34 600 00 00 03 has been private since 23 Nov 2026. Nothing was changed.
      ben: private +34 600 000 003 off
      bot: ✓ ana, +34 600 00 00 03 is no longer private.
      ben: private +34 600 000 003 OFF
      bot: ana, +34 600 00 00 03 is not private. Nothing was changed.
    `);
  });

  it('is for numbers that have never written too, and stays when they do', async () => {
    await expectChat(`
      ben: private +34 600 000 003
      bot: ✓ +34 600 00 00 03 is private: left out of analysis and automations for good.
        When they write they are answered as before. To take it back: *private +34600000003 off*
      ana: Hello
    `);
    const [row] = await database.select().from(contacts).orderBy(contacts.id).offset(2);
    expect(row).toMatchObject({ name: 'ana', privateSince: scenario.clock.now() });
  });

  it('is not for advisors', async () => {
    await database.update(members).set({ role: 'advisor' });
    await expectChat(`
      ben: private +34 600 000 003
      bot: *private* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
    expect(await database.select().from(contacts).where(isNotNull(contacts.privateSince))).toEqual([]);
  });

  it('is not taken back for somebody nobody knows, nor by a word it does not know', async () => {
    await expectChat(`
      ben: private +34 600 000 003 off
      bot: I know nobody with the number +34 600 00 00 03. Is every digit right? *find* looks for a part of it too.
      ben: private +34 600 000 003 maybe
      bot: I cannot read “+34 600 000 003 maybe” as a phone number. Write it with its country code, for example: *private +34 600 000 003*. By name, people are found with *find*.
    `);
    expect(await database.select().from(contacts)).toHaveLength(2);
  });
});
