import type { App } from '../../app.ts';
import { openEmbeddedDatabase } from '../../database/database.ts';
import type { Link } from '../../outbox/link.ts';
import { noAccess } from '../../shop/outside-access.ts';
import { FastForwardClock } from '../fast-forward-clock.ts';
import type { BotBeginning, FromBot, Questions, ToBot } from './bot-talk.ts';
import type { Inspection } from './page-state.ts';

// The bot of the demo, in a process of its own that can be killed: the same `startApp` as in `main.ts`, with a clock that the demo
// puts forward, and questions about what it has stored. Its first argument is the folder of its files.

const [, , directory = ''] = process.argv;

/** The database opens in its own thread while this one loads the rest of the program. */
const opening = openEmbeddedDatabase(directory);
opening.catch(() => undefined);

let clock = new FastForwardClock();
let zone = 'UTC';
let app: App | undefined;

process.on('message', (message: ToBot) => {
  // Questions have answers of their own; what fails here is the start or the end.
  receive(message).catch((error: Error) => process.send?.({ kind: 'failed', problem: error.message }, leave));
});
// Without the demo there is no WhatsApp for it.
process.on('disconnect', () => void end());
// Ctrl-C in the terminal reaches every process; the demo ends this one in its own time.
process.on('SIGINT', () => undefined);

async function receive(message: ToBot): Promise<void> {
  switch (message.kind) {
    case 'begin':
      return begin(message.beginning);
    case 'question':
      return answer(message);
    case 'stop':
      return end();
  }
}

async function begin({ shopName, timeZone, language, whatsapp, ...parts }: BotBeginning): Promise<void> {
  // At once: the time may be moved on while the program is loading.
  clock = new FastForwardClock(parts.ahead);
  zone = timeZone;
  const [{ startApp }, { trustInThisProcess }, { makeLog }, { silenceConsole }, { describeLink }, { textsIn }] =
    await Promise.all([
      import('../../app.ts'),
      import('../trust.ts'),
      import('../../lib/log.ts'),
      import('../../whatsapp/quiet-libraries.ts'),
      import('../../admin/describe-link.ts'),
      import('../../texts/texts.ts'),
    ]);
  const log = makeLog(parts.logLevel);
  silenceConsole(log);
  // Libraries leave promises that nobody waits for; they must not end the bot.
  process.on('unhandledRejection', () => log.error('A promise failed unnoticed'));
  trustInThisProcess(whatsapp);
  const words = textsIn(language ?? 'en');
  const onLink = (link: Link) => {
    const { state: title, advice } = describeLink(link, words);
    tell({ kind: 'link', link, title, advice });
  };
  const publicUrl = `http://${parts.web.host}:${parts.web.port}`;
  app = await startApp({
    opened: await opening,
    dataDirectory: directory,
    clock,
    log,
    owners: parts.owners,
    firstSettings: { 'shop.name': shopName, 'shop.timezone': timeZone, 'shop.language': language },
    whatsapp: { encryptionKey: undefined, url: whatsapp.url, rootKey: whatsapp.rootKey },
    web: parts.web,
    outside: { ...noAccess, publicUrl, shopify: parts.shopify, allowPrivateTargets: true },
    onLink,
  });
  tell({ kind: 'listening' });
}

async function answer(question: ToBot & { readonly kind: 'question' }): Promise<void> {
  const { number } = question;
  try {
    tell({ kind: 'answer', number, answer: await findAnswer(question) });
  } catch (error) {
    tell({ kind: 'no-answer', number, problem: (error as Error).message });
  }
}

async function findAnswer(
  question: ToBot & { readonly kind: 'question' },
): Promise<Questions[typeof question.name]['answer']> {
  switch (question.name) {
    case 'next-waking':
      return clock.nextWaking(question.ask.limit);
    case 'advance':
      return clock.advanceTo(question.ask.to);
    case 'inspect-message':
    case 'inspect-contact':
      return inspect(question);
  }
}

async function inspect(
  question: ToBot & { readonly kind: 'question'; readonly name: 'inspect-message' | 'inspect-contact' },
): Promise<Inspection> {
  const { inspectContact, inspectMessage } = await import('./inspection.store.ts');
  const { database } = await opening;
  const view = { timeZone: zone, now: clock.now() };
  const { person } = question.ask;
  return question.name === 'inspect-contact'
    ? inspectContact(database, person, view)
    : inspectMessage(database, question.ask.whatsappId, person, view);
}

function leave(): void {
  process.exit(1);
}

async function end(): Promise<void> {
  await (app ? app.stop() : opening.then((opened) => opened.close()).catch(() => undefined));
  process.exit(0);
}

function tell(message: FromBot): void {
  if (process.connected) {
    process.send?.(message);
  }
}
