import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../database/database.ts';
import { emptyTestDatabase } from '../../database/test-database.ts';
import { play, type Scenario, startScenario, tidy } from '../../simulator/scenario.ts';

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
        Just type it here. A capital letter or a / in front makes no difference.
      owner: /Help  SET
      bot: *set <setting> <value>* — changes a setting, for example: set shop.language es
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
      owner: ¿qué tal?
      bot: I don’t know “¿qué tal?”. I understand *help*, *set*, *status* and more.
        Send *help* for everything I can do.
      owner: set shop.language EN
      bot: shop.language is en already. Nothing was changed.
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
      bot: No conozco «estdo». ¿Querías decir *estado*, *ayuda*, *cambiar*?
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

describe('a customer', () => {
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
});
