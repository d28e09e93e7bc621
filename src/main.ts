import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { describeLink } from './admin/describe-link.ts';
import { type App, startApp } from './app.ts';
import { type Config, outsideAccess, readConfig, WrongConfiguration } from './config.ts';
import { DatabaseUnavailable, openEmbeddedDatabase, openServerDatabase } from './database/database.ts';
import { DirectoryInUse, DirectoryUnusable } from './database/directory-lock.ts';
import { isStumbleOverLostConnection } from './database/server-client.ts';
import { PortUnavailable } from './http/server.ts';
import { type Log, makeLog } from './lib/log.ts';
import { seconds, systemClock } from './lib/time.ts';
import { textsIn } from './texts/texts.ts';
import { silenceConsole } from './whatsapp/quiet-libraries.ts';
import { SessionUnreadable } from './whatsapp/seal.ts';
import { makeTerminalDisplay } from './whatsapp/show-in-terminal.ts';

// The process: reads the configuration, starts the app, stops it on a signal.

/** Supervisors kill after ten seconds; we are gone before. */
const STOP_WITHIN = seconds(9);

/** Exit code for the supervisor: temporary trouble that a new process may not have (EX_TEMPFAIL). */
const RESTART_WANTED = 75;

const EXPECTED = [
  WrongConfiguration,
  DatabaseUnavailable,
  DirectoryInUse,
  DirectoryUnusable,
  PortUnavailable,
  SessionUnreadable,
];

try {
  const config = readConfig();
  const log = makeLog(config.LOG_LEVEL);
  keepRunning(log);
  silenceConsole(log);
  const ending = makeEnding(log);
  ending.follow(await start(config, log, ending.begin));
} catch (error) {
  const expected = EXPECTED.some((kind) => error instanceof kind);
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}

async function start(config: Config, log: Log, end: (code: number) => void): Promise<App> {
  const token = config.HTTP_TOKEN ?? randomBytes(18).toString('base64url');
  const words = textsIn(config.SHOP_LANGUAGE ?? 'en');
  if (!config.DATABASE_URL && !existsSync(config.DATA_DIR)) {
    print(`Preparing the database in ${config.DATA_DIR}; this first start takes a few seconds longer …`);
  }
  const opened = config.DATABASE_URL
    ? await openServerDatabase(config.DATABASE_URL)
    : await openEmbeddedDatabase(config.DATA_DIR);
  const app = await startApp({
    opened,
    dataDirectory: config.DATA_DIR,
    clock: systemClock,
    log,
    owners: config.OWNER_PHONES,
    firstSettings: {
      'shop.name': config.SHOP_NAME,
      'shop.language': config.SHOP_LANGUAGE,
      'shop.timezone': config.SHOP_TIMEZONE,
      'shop.country': config.SHOP_COUNTRY,
      'shop.url': config.SHOP_URL,
      'sales.crm-url': config.CRM_VERIFY_URL,
      'sales.webhook-url': config.WEBHOOK_URL,
    },
    whatsapp: {
      encryptionKey: config.ENCRYPTION_KEY,
      url: config.WHATSAPP_URL,
      rootKey: config.WHATSAPP_ROOT_KEY,
    },
    web: { host: config.HOST, port: config.PORT, token },
    outside: outsideAccess(config),
    alertUrl: config.ALERT_URL,
    onIncurable: () => end(RESTART_WANTED),
    onLink: makeTerminalDisplay(print, (link) => describeLink(link, words)),
  });
  const base =
    config.PUBLIC_URL ?? `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${app.port}`;
  print(
    `Shopbell is running. Pairing page: ${base}/pair${config.HTTP_TOKEN ? '?token=<HTTP_TOKEN>' : `?token=${token}`}`,
  );
  const claimCode = await app.claimCode();
  if (claimCode) {
    print(`No owner yet. Once linked, write this to the shop’s number from your own phone: claim ${claimCode}`);
  }
  return app;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends the process in order, once: on a signal, or when only a new process can help. */
function makeEnding(log: Log) {
  let app: App | undefined;
  let code: number | undefined;
  const finish = async () => {
    if (app && code !== undefined) {
      await app.stop();
      process.exit(code);
    }
  };
  const begin = (wanted: number) => {
    if (code !== undefined) {
      return;
    }
    code = wanted;
    setTimeout(() => {
      log.error(
        'Stopping took too long; leaving at once. Nothing is lost: what was not finished is taken up at the next start',
      );
      process.exit(wanted || 1);
    }, STOP_WITHIN).unref();
    void finish();
  };
  return {
    begin,
    follow(started: App) {
      app = started;
      process.on('SIGTERM', () => begin(0));
      process.on('SIGINT', () => begin(0));
      void finish();
    },
  };
}

/** A promise that nobody waited for (the libraries leave some) must not end the process; a thrown error must. */
function keepRunning(log: Log): void {
  process.on('unhandledRejection', (reason) => {
    log.error({ error: reason instanceof Error ? reason.name : 'unknown' }, 'A promise failed unnoticed');
  });
  process.on('uncaughtException', (error) => {
    if (isStumbleOverLostConnection(error)) {
      log.warn('A connection to the database was lost in the middle of a transaction');
      return;
    }
    log.fatal(
      { error: error.name, at: error.stack?.split('\n').slice(1, 4) },
      'An error nobody expected; the process ends',
    );
    process.exit(70);
  });
}
