import { expect, it } from 'vitest';
import { createServerDatabase } from '../src/database/test-database.ts';
import { silentLog } from '../src/lib/log.ts';
import { silenceConsole } from '../src/whatsapp/quiet-libraries.ts';
import { runStorm } from './chaos/storm.ts';
import { isKept, judge } from './chaos/verdict.ts';

const server = process.env['TEST_DATABASE_URL'];

it('loses nothing and doubles nothing under kill -9, drops and doubled deliveries, with load both ways', async () => {
  silenceConsole(silentLog);
  const databaseUrl = server ? await createServerDatabase(server, `shopbell_storm_${process.pid}`) : undefined;

  const { bot, faults } = await runStorm({
    seed: 20_261_125,
    kills: 15,
    databaseUrl,
    naive: false,
    say: () => undefined,
  });

  expect(bot).toMatchObject({
    lost: [],
    loggedTwice: [],
    unanswered: [],
    shownTwice: [],
    idsTwice: [],
    mostSockets: 1,
  });
  expect(bot.accepted).toBeGreaterThan(500);
  expect(bot.asked).toBeGreaterThan(10);
  expect(Object.entries(faults).filter(([, count]) => count > 0).length).toBeGreaterThanOrEqual(4);
}, 400_000);

it('would notice a lost message, a doubled one, an answer shown twice or missing without a word, and an id twice without the rule', () => {
  const good = {
    accepted: ['customer 0: 1'],
    logged: ['customer 0: 1'],
    asked: ['question 0-1'],
    answers: ['I don’t know “question 0-1”.'],
    inDoubt: [],
    idsSeenTwice: ['A'],
    idsSentAgain: ['A'],
    mostSockets: 1,
  };
  expect(isKept(judge(good))).toBe(true);
  for (const bad of [
    { logged: [] },
    { logged: ['customer 0: 1', 'customer 0: 1'] },
    { answers: [...good.answers, ...good.answers] },
    { answers: [] },
    { idsSentAgain: [] },
    { mostSockets: 2 },
  ]) {
    expect(isKept(judge({ ...good, ...bad }))).toBe(false);
  }
  expect(isKept(judge({ ...good, answers: [], inDoubt: good.answers }))).toBe(true);
});
