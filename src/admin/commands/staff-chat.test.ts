import { eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactOfPhone, resolveContacts } from '../../contacts/contacts.store.ts';
import type { Role } from '../../contacts/member.ts';
import type { Database } from '../../database/database.ts';
import { contacts, members, messages, outbox, settingChanges, settings } from '../../database/schema.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { silentLog } from '../../lib/log.ts';
import { makeReceive } from '../../reception/receive.flow.ts';
import { readSettings, setFirstValues } from '../../settings/settings.store.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';
import { makeConfirmations } from '../confirmations.ts';
import { makeAdmin } from '../dispatch.flow.ts';

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

describe('an owner', () => {
  it('learns what the bot can do', async () => {
    await expectChat(`
      owner: help
      bot: *Mug Shop* — this is what you can ask me:
        *help [command]* — what I can do
        *status* — how the shop’s bot is doing, and what is still missing
        *health* — the technical side: WhatsApp, database, messages, memory
        *settings* — everything that can be changed, with its value now
        *set <setting> <value>* — changes a setting, for example: set shop.language es
        *test buttons | webhook | crm* — tries whether your WhatsApp shows buttons, or whether your own systems hear me
        *replay* — tries once more to read the messages that were set aside
        *split <phone>* — separates two people again whom I had taken for one
        *find <part of a phone or name, email, order>* — finds people
        *contact <phone>* — everything about one person: orders, cart, consent
        *chat <phone> [lines]* — the last lines of a conversation, with ticks
        *optout <phone>* — no more offers for somebody who does not want any
        *optin <phone> <proof>* — writes down that somebody wants offers; *optin link* makes a link and a picture for it
        *private <phone> [off]* — keeps a person out of analysis and automations
        *data <phone>* — everything I know of a person, as a file
        *forget <phone>* — erases a person, after asking once more
        Just type it here. A capital letter or a / in front makes no difference.
      owner: /Help  SET
      bot: *set <setting> <value>* — changes a setting, for example: set shop.language es
    `);
  });

  it('tries whether buttons appear, and a tap is heard like the command behind it', async () => {
    await expectChat(`
      owner: test buttons
      bot: Do you see two buttons under this message? Tap one of them.
        If you see none, this WhatsApp does not show buttons. Nothing is lost: everything can be written as well, such as *help*.
        [Yes, I see them] [Help]
      owner taps [Yes, I see them]
      bot: ✓ Your tap reached me: buttons work on this phone.
      owner: test
      bot: I can test three things: *test buttons*, *test webhook* (the address for events) and *test crm*.
      owner: set shop.language es
      bot: ✓ shop.language: en → es
        Para volver atrás: *cambiar shop.language en*
      owner: probar botones
      bot: ¿Ves dos botones debajo de este mensaje? Toca uno.
        Si no ves ninguno, este WhatsApp no muestra botones. No pasa nada: todo se puede escribir también, por ejemplo *ayuda*.
        [Sí, los veo] [Ayuda]
      owner taps [Sí, los veo]
      bot: ✓ Me ha llegado tu toque: los botones funcionan en este teléfono.
    `);
  });

  it('taps on something that is no button of the bot, and nothing happens', async () => {
    await expectChat(`
      owner taps [help]
      owner: help help
      bot: *help [command]* — what I can do
    `);
  });

  it('sees how things stand, and what is missing', async () => {
    await expectChat(`
      owner: set shop.timezone UTC
      bot: ✓ shop.timezone: Europe/Madrid → UTC
        To go back: *set shop.timezone Europe/Madrid*
      ana: Do you have blue mugs?
      owner: status
      bot: *Mug Shop*
        ✅ WhatsApp: linked as +34 600 00 00 01 since 23 Nov 2026, 09:00
        Last 24 hours: 1 message from customers, 0 to them
        Nothing is waiting to be sent.
        Owners: 1
        Still missing:
        • the time zone: *set shop.timezone Europe/Madrid*
    `);
  });

  it('is told what was wrong and what would be right', async () => {
    await expectChat(`
      owner: hlep
      bot: I don’t know “hlep”. Did you mean *help*, *set*, *health*?
        Send *help* for everything I can do.
      owner: set
      bot: Tell me which setting and which value, for example: *set shop.language es*. Send *settings* for all of them.
      owner: set shop.langage es
      bot: There is no setting “shop.langage”. The nearest: *shop.language*, *shop.name*, *shop.timezone*. Send *settings* for all of them.
      owner: set shop.language
      bot: shop.language is en now. To change it, I expect one of: en, es, for example: *set shop.language es*.
      owner: set shop.language klingon
      bot: shop.language was not changed. I expected one of: en, es.
      owner: set shop.timezone Berlin Süd
      bot: shop.timezone was not changed. I expected a time zone such as Europe/Madrid or America/Bogota.
      owner: set shop.timezone mexico city
      bot: ✓ shop.timezone: Europe/Madrid → America/Mexico_City
        To go back: *set shop.timezone Europe/Madrid*
      owner: set shop.timezone +01:00
      bot: shop.timezone was not changed. I expected a time zone such as Europe/Madrid or America/Bogota.
      owner: set constructor x
      bot: There is no setting “constructor”. The nearest: *shop.country*, *shop.timezone*, *shop.url*. Send *settings* for all of them.
      owner: ¿qué tal?
      bot: I don’t know “¿qué tal?”. I understand *help*, *set*, *test* and more.
        Send *help* for everything I can do.
      owner: set shop.language EN
      bot: shop.language is already en. Nothing was changed.
    `);
  });

  it('changes the language, and goes on in it', async () => {
    await expectChat(`
      owner: set shop.language es
      bot: ✓ shop.language: en → es
        Para volver atrás: *cambiar shop.language en*
      owner: ayuda ajustes
      bot: *ajustes*: todo lo que se puede cambiar, con su valor actual
      owner: help ajustes
      bot: *ajustes*: todo lo que se puede cambiar, con su valor actual
      owner: cambiar shop.name Tazas Olga
      bot: ✓ shop.name: Mug Shop → Tazas Olga
        Para volver atrás: *cambiar shop.name Mug Shop*
      owner: estdo
      bot: No conozco «estdo». ¿Querías decir *estado*, *probar*, *ayuda*?
        Envía *ayuda* para ver todo lo que sé hacer.
    `);
  });

  it('gets an answer to a message of 60 kB, which is logged and not taken for a command', async () => {
    const said = await scenario.say('owner', `help ${'x'.repeat(60_000)}`);

    expect(said).toEqual([
      'bot: That message has 60,005 characters, too long for a command (at most 2,000). Nothing was changed. Send *help* to see what I can do.',
    ]);
  });

  it('reads in health what runs and since when', async () => {
    scenario.clock.advance(3 * 3_600_000);
    const [healthy] = await scenario.say('owner', 'health');
    expect(healthy).toContain('✅ Database: embedded, answers in 0 ms');
    expect(healthy).toContain('✅ Log: every message that arrived is written down');
    expect(healthy).toContain('Last message received: 23 Nov 2026, 13:00');
    expect(healthy).toMatch(/Running for 3 hours, \d+ MB of memory/);
  });
});

async function giveBen(role: Role): Promise<void> {
  const contactId = await contactOfPhone(database, '+34600000004', scenario.clock.now());
  await database.insert(members).values({ contactId, role, source: 'environment', since: scenario.clock.now() });
}

describe('an advisor', () => {
  beforeEach(() => giveBen('advisor'));

  it('is shown only what an advisor may do', async () => {
    await expectChat(`
      ben: help
      bot: *Mug Shop* — this is what you can ask me:
        *help [command]* — what I can do
        *status* — how the shop’s bot is doing, and what is still missing
        *health* — the technical side: WhatsApp, database, messages, memory
        *find <part of a phone or name, email, order>* — finds people
        *chat <phone> [lines]* — the last lines of a conversation, with ticks
        *optout <phone>* — no more offers for somebody who does not want any
        Just type it here. A capital letter or a / in front makes no difference.
      ben: help status
      bot: *status* — how the shop’s bot is doing, and what is still missing
      ben: help set
      bot: There is no command “set”.
        *Mug Shop* — this is what you can ask me:
        *help [command]* — what I can do
        *status* — how the shop’s bot is doing, and what is still missing
        *health* — the technical side: WhatsApp, database, messages, memory
        *find <part of a phone or name, email, order>* — finds people
        *chat <phone> [lines]* — the last lines of a conversation, with ticks
        *optout <phone>* — no more offers for somebody who does not want any
        Just type it here. A capital letter or a / in front makes no difference.
      ben: sett
      bot: I don’t know “sett”. I understand *help*, *chat*, *status* and more.
        Send *help* for everything I can do.
    `);
  });

  it('may ask how things stand', async () => {
    await expectChat(`
      ben: status
      bot: *Mug Shop*
        ✅ WhatsApp: linked as +34 600 00 00 01 since 23 Nov 2026, 10:00
        Last 24 hours: 0 messages from customers, 0 to them
        Nothing is waiting to be sent.
        Owners: 1
        Nothing is missing.
    `);
  });

  it('may neither change nor list the settings, and is told so, in whatever words', async () => {
    const before = await readSettings(database);

    await expectChat(`
      ben: set shop.name Ben’s Mugs
      bot: *set* is for owners and managers. Ask one of them, or send *help* to see what you can do.
      ben: /Change shop.name Ben’s Mugs
      bot: *set* is for owners and managers. Ask one of them, or send *help* to see what you can do.
      ben: settings
      bot: *settings* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
    expect(await readSettings(database)).toEqual(before);
    expect(await database.select().from(settingChanges)).toEqual([]);
  });
});

describe('an answering machine', () => {
  it('that repeats itself is told once, and then nothing, until it gets quieter', async () => {
    for (let time = 1; time < 15; time++) {
      expect(await scenario.say('owner', 'Unfortunately closed')).toHaveLength(1);
    }
    await expectChat(`
      owner: Unfortunately closed
      bot: You write so much, so fast, that I take you for an automatic reply. I did not act on this message, and I stay silent until it has been quiet for two minutes. Then write to me again.
      owner: Unfortunately closed
      (3 minutes later)
      owner: Unfortunately closed
      bot: I don’t know “Unfortunately closed”. I understand *private*, *forget*, *status* and more.
        Send *help* for everything I can do.
    `);
  });
});

describe('messages that were set aside', () => {
  it('are tried again by an owner, and not by an advisor', async () => {
    await expectChat(`
      owner: replay
      bot: No message is set aside. Nothing to do.
    `);
    await giveBen('advisor');
    await expectChat(`
      ben: replay
      bot: *replay* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
  });
});

describe('a manager', () => {
  it('lists and changes the settings, and the ledger says who did', async () => {
    await giveBen('manager');

    await expectChat(`
      ben: set shop.name Ben’s Mugs
      bot: ✓ shop.name: Mug Shop → Ben’s Mugs
        To go back: *set shop.name Mug Shop*
      ben: settings
      bot: Settings (change one with *set <setting> <value>*):
        *shop.name*: Ben’s Mugs
        The shop’s name, as I say it.
        *shop.language*: en
        The language in which I talk to staff.
        *shop.timezone*: Europe/Madrid
        The time zone of the shop’s clocks.
        *shop.country*: none
        The country of the shop, for phone numbers without a country code.
        *shop.url*: none
        The shop’s web address.
        *sending.typing*: 0
        For how many seconds, at most, customers see me typing before I answer them. 0 turns it off.
        *post-purchase.completed-when*: fulfilled
        When an order counts as completed: when it is fulfilled (sent out, done), paid, or already when it is created.
        *sales.crm-url*: none
        The address of your own system (CRM) that I ask whether somebody has bought. *test crm* tries it.
        *sales.webhook-url*: none
        The address that I tell of events. *test webhook* tries it.
        *sales.webhook-events*: none
        Which events I tell it of.
    `);
    const ben = await contactOfPhone(database, '+34600000004', scenario.clock.now());
    expect(await database.select().from(settingChanges)).toMatchObject([
      { key: 'shop.name', before: 'Mug Shop', after: 'Ben’s Mugs', changedBy: ben },
    ]);
  });
});

describe('two people taken for one', () => {
  const ana = { kind: 'phone', value: '+34600000003' } as const;
  const lid = { kind: 'lid', value: '111222333444555' } as const;

  /** Ana writes, somebody under a LID does, and then an envelope names both as one person. */
  async function join(): Promise<void> {
    await scenario.say('ana', 'Hello');
    const now = scenario.clock.now();
    const [stranger = 0] = await resolveContacts(database, [{ addresses: [lid], name: 'Anita' }], now);
    const line = { contactId: stranger, direction: 'in', author: 'contact', kind: 'text', arrival: 'live' } as const;
    await database.insert(messages).values({ ...line, whatsappId: 'LID1', sentAt: now, loggedAt: now });
    await resolveContacts(database, [{ addresses: [lid, ana], name: undefined }], now);
  }

  it('are taken apart again with *split*, and the owner reads who is who', async () => {
    await join();
    await scenario.say('ana', 'Are you open?');

    await expectChat(`
      owner: split +34 600 000 003
      bot: ✓ These are two people again:
        • ana, +34 600 00 00 03: 2 messages
        • Anita, phone number unknown: 1 message
        What came in since I joined them stays with the first. If WhatsApp names both as one person once more, I will join them again.
      owner: split +34600000003
      bot: I have not joined +34 600 00 00 03 with anybody, so there is nothing to separate.
    `);
    const living = await database.select({ name: contacts.name }).from(contacts).where(isNull(contacts.mergedInto));
    expect(living.map(({ name }) => name)).toContain('Anita');
  });

  it('are left alone when the owner does not say whom, and the bot says what would be right', async () => {
    await join();

    await expectChat(`
      owner: split
      bot: Tell me whose phone number, with its country code, for example: *split +34 600 000 003*.
      owner: split my cousin
      bot: I cannot read “my cousin” as a phone number. Write it with its country code, for example: *split +34 600 000 003*.
      owner: split +34 600 000 099
      bot: I know nobody with the number +34 600 00 00 99. Nothing was changed. Is every digit right?
      owner: split +34 600 000 002
      bot: I have not joined +34 600 00 00 02 with anybody, so there is nothing to separate.
    `);
    expect(await database.select().from(contacts).where(isNotNull(contacts.mergedInto))).toHaveLength(1);
  });

  it('are taken apart in Spanish too, by a manager, and not by an advisor', async () => {
    await join();
    await giveBen('advisor');
    await expectChat(`
      ben: split +34 600 000 003
      bot: *split* is for owners and managers. Ask one of them, or send *help* to see what you can do.
    `);
    await database.update(members).set({ role: 'manager' }).where(eq(members.role, 'advisor'));

    await expectChat(`
      ben: set shop.language es
      bot: ✓ shop.language: en → es
        Para volver atrás: *cambiar shop.language en*
      ben: separar
      bot: Dime de quién: su teléfono con prefijo de país, por ejemplo: *separar +34 600 000 003*.
      ben: separar ana
      bot: No entiendo «ana» como número de teléfono. Escríbelo con su prefijo de país, por ejemplo: *separar +34 600 000 003*.
      ben: separar +34 600 000 099
      bot: No conozco a nadie con el número +34 600 00 00 99. No se ha cambiado nada. ¿Están bien todas las cifras?
      ben: separar +34 600 000 003
      bot: ✓ Vuelven a ser dos personas:
        • ana, +34 600 00 00 03: 1 mensaje
        • Anita, teléfono desconocido: 1 mensaje
        Lo que llegó desde que las uní se queda con la primera. Si WhatsApp vuelve a nombrarlas como una sola, las uniré otra vez.
      ben: separar +34 600 000 003
      bot: No he unido +34 600 00 00 03 con nadie, así que no hay nada que separar.
    `);
  });
});

describe('a command that fails half-way', () => {
  /** What the chat with the owner has left: lines of the log, answers in the outbox, the shop’s name. */
  async function traces() {
    const logged = await database.select({ text: messages.text }).from(messages).where(eq(messages.direction, 'in'));
    const answers = await database.select({ content: outbox.content }).from(outbox);
    return {
      logged: logged.map(({ text }) => text),
      answers: answers.map(({ content }) => content),
      shopName: (await readSettings(database))['shop.name'],
    };
  }

  it('changes nothing, while its message stays logged and is answered', async () => {
    const admin = makeAdmin({
      transport: scenario.transport,
      firstOwner: scenario.firstOwner,
      judgeAddress: () => undefined,
      replayArrivals: async () => 0,
      async vitals(source) {
        await source.update(settings).set({ value: 'Half-way' }).where(eq(settings.key, 'shop.name'));
        throw new Error('The memory of this machine cannot be read');
      },
      confirmations: makeConfirmations(() => '1234'),
      dataDirectory: scenario.dataDirectory,
      log: silentLog,
    });
    const now = scenario.clock.now();

    await database.transaction((transaction) =>
      makeReceive({ admin, hearWishes: async () => undefined })(
        transaction,
        [
          {
            whatsappId: 'MSG1',
            addresses: [{ kind: 'phone', value: '+34600000002' }],
            author: 'contact',
            pushName: undefined,
            details: { kind: 'text' },
            quotedId: undefined,
            targetId: undefined,
            text: 'status',
            sentAt: now,
            way: 'live',
            raw: new Uint8Array(),
          },
        ],
        now,
      ),
    );

    expect(await traces()).toEqual({
      logged: ['status'],
      answers: [
        {
          kind: 'text',
          text: 'Something went wrong on my side, and *status* was not done. Please try again; if it happens again, whoever installed me finds the cause in the log.',
        },
      ],
      shopName: 'Mug Shop',
    });
  });

  it('changes nothing when it is the database that refuses a part, and is answered too', async () => {
    await database.execute(sql`alter table setting_changes add constraint refuses check (after <> 'Half-way')`);
    try {
      await expectChat(`
        owner: set shop.name Half-way
        bot: Something went wrong on my side, and *set* was not done. Please try again; if it happens again, whoever installed me finds the cause in the log.
        owner: set shop.name All the way
        bot: ✓ shop.name: Mug Shop → All the way
          To go back: *set shop.name Mug Shop*
      `);
      expect((await traces()).logged).toEqual(['set shop.name Half-way', 'set shop.name All the way']);
    } finally {
      await database.execute(sql`alter table setting_changes drop constraint refuses`);
    }
  });
});

describe('a customer', () => {
  it('taps on a button that staff were shown, or on one made up after it, and learns nothing', async () => {
    await expectChat(`
      owner: test buttons
      bot: Do you see two buttons under this message? Tap one of them.
        If you see none, this WhatsApp does not show buttons. Nothing is lost: everything can be written as well, such as *help*.
        [Yes, I see them] [Help]
      ana taps [Help]
      ana taps [command:set shop.name Ana]
      owner taps [command:help test]
      bot: *test buttons | webhook | crm* — tries whether your WhatsApp shows buttons, or whether your own systems hear me
    `);
  });

  it('is never answered with staff words, whatever they type', async () => {
    await expectChat(`
      ana: help
      ana: /status
      ana: claim 123456
      ana: set shop.name Hacked
      owner: status
      bot: *Mug Shop*
        ✅ WhatsApp: linked as +34 600 00 00 01 since 23 Nov 2026, 10:00
        Last 24 hours: 4 messages from customers, 0 to them
        Nothing is waiting to be sent.
        Owners: 1
        Nothing is missing.
    `);
  });
});

describe('the first owner', () => {
  beforeEach(async () => {
    await scenario.stop();
    database = await emptyTestDatabase();
    scenario = await startScenario(database, { withOwner: false });
  });

  const claim = () => scenario.firstOwner.code(database, scenario.clock.now());

  it('comes in with the code of the pairing page, once', async () => {
    const code = await claim();

    await expectChat(`
      ana: help
      ana: Claim ${code}
      bot: Welcome! You are now the owner of the bot of *Mug Shop*.
        Send *help* to see what I can do.
      ana: set shop.name Ana’s Mugs
      bot: ✓ shop.name: Mug Shop → Ana’s Mugs
        To go back: *set shop.name Mug Shop*
      ben: claim ${code}
    `);
    expect(await claim()).toBeUndefined();
  });

  it('has five tries and fifteen minutes, then needs a new code', async () => {
    const code = await claim();
    const wrong = code === '111111' ? '222222' : '111111';

    await expectChat(`
      ben: claim ${wrong}
      bot: That is not the code on the pairing page. 4 tries left.
      ben: claim ${wrong}
      bot: That is not the code on the pairing page. 3 tries left.
      ben: claim ${wrong}
      bot: That is not the code on the pairing page. 2 tries left.
      ben: claim ${wrong}
      bot: That is not the code on the pairing page. 1 try left.
      ben: claim ${wrong}
      bot: That code is no longer valid. Open the pairing page again: it shows a new one.
      ana: claim ${code}
      bot: That code is no longer valid. Open the pairing page again: it shows a new one.
    `);
    const second = await claim();
    await expectChat(`
      (15 minutes later)
      ana: claim ${second}
      bot: That code is no longer valid. Open the pairing page again: it shows a new one.
    `);
    const third = await claim();
    await expectChat(`
      (14 minutes later)
      ana: claim ${third}
      bot: Welcome! You are now the owner of the bot of *Mug Shop*.
        Send *help* to see what I can do.
    `);
  });

  it('is welcomed in Spanish where the shop speaks it', async () => {
    await setFirstValues(database, { 'shop.language': 'es' }, scenario.clock.now());
    const code = await claim();
    const wrong = code === '111111' ? '222222' : '111111';

    await expectChat(`
      ana: claim ${wrong}
      bot: Ese no es el código de la página de vinculación. Quedan 4 intentos.
      ana: claim ${code}
      bot: ¡Te doy la bienvenida! Ahora el bot de *Mug Shop* es tuyo.
        Envía *ayuda* para ver lo que sé hacer.
      ana: estado
      bot: *Mug Shop*
        ✅ WhatsApp: vinculado como +34 600 00 00 01 desde 23 nov 2026, 10:00
        Últimas 24 horas: 0 mensajes de clientes, 0 para ellos
        No hay nada pendiente de enviar.
        Dueños: 1
        No falta nada.
    `);
  });

  it('is not found by guessing: after twelve wrong codes a person is no longer heard, and the others still are', async () => {
    const answers: number[] = [];
    for (let guess = 0; guess < 14; guess += 1) {
      const wrong = (await claim()) === '111111' ? '222222' : '111111';
      answers.push((await scenario.say('ben', `claim ${wrong}`)).length);
    }
    expect(answers).toEqual([...Array.from({ length: 12 }, () => 1), 0, 0]);

    const code = await claim();
    await expectChat(`
      ben: claim ${code}
      ana: claim ${code}
      bot: Welcome! You are now the owner of the bot of *Mug Shop*.
        Send *help* to see what I can do.
    `);
  });
});
