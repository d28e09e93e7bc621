import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, readConfig, WrongConfiguration } from '../../src/config.ts';
import type { OpenDatabase } from '../../src/database/database.ts';
import { DirectoryInUse } from '../../src/database/directory-lock.ts';
import { type Log, makeLog } from '../../src/lib/log.ts';
import { note } from './chat-lines.ts';
import { makePaint, type Paint } from './paint.ts';
import { peopleNames } from './players.ts';
import { Screen } from './screen.ts';

/** A second Ctrl-C counts as impatience only after this; npm and tsx hand on the first one more than once. */
const IMPATIENT_AFTER_MS = 500;

/** The exit code by which a shell knows Ctrl-C. */
const INTERRUPTED = 130;

/** Opening a new database takes 2 to 4 s; after this long a person wants a word. */
const PATIENCE_MS = 6000;

/** Plays the demo from its start to its end. @returns the exit code */
export async function runDemo(data: string | undefined): Promise<number> {
  try {
    await prepareAndPlay(data);
    return 0;
  } catch (error) {
    if (!(error instanceof WrongConfiguration) && !(error instanceof DirectoryInUse)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function prepareAndPlay(data: string | undefined): Promise<void> {
  // Only what concerns the terminal and the words: the demo has its own database, port and WhatsApp.
  const { LOG_LEVEL, SHOP_LANGUAGE, NO_COLOR } = process.env;
  const config = readConfig({ LOG_LEVEL: LOG_LEVEL || 'error', SHOP_LANGUAGE });
  const directory = data ? resolve(data) : await mkdtemp(join(tmpdir(), 'shopbell-demo-'));
  if (!data) {
    // However it ends, even by a second Ctrl-C.
    process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));
  }
  const screen = new Screen(process.stdin, process.stdout);
  const paint = makePaint(Boolean(process.stdout.isTTY) && !NO_COLOR, peopleNames);
  const log = makeLog(config.LOG_LEVEL);
  // Libraries leave promises that nobody waits for; they must not end the demo.
  process.on('unhandledRejection', (reason) => {
    log.error({ error: reason instanceof Error ? reason.name : 'unknown' }, 'A promise failed unnoticed');
  });
  const stop = stopOnSignals();
  try {
    await play({ screen, paint, config, log, directory, keep: data !== undefined, stop });
  } finally {
    if (!data) {
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  screen.print(note(data ? `The bot’s data stay in ${directory}` : 'Ended; nothing is left on the disk.', paint));
}

interface Play {
  readonly screen: Screen;
  readonly paint: Paint;
  readonly config: Config;
  readonly log: Log;
  readonly directory: string;
  readonly keep: boolean;
  readonly stop: AbortController;
}

async function play({ screen, paint, config, log, directory, keep, stop }: Play): Promise<void> {
  const say = (text: string) => screen.print(note(text, paint));
  say(`Opening the bot’s database in ${directory} (a new one takes some seconds) …`);
  const opening = openDatabase(directory);
  const patience = setTimeout(() => say('Still opening it: this machine is busy …'), PATIENCE_MS);
  opening.catch(() => undefined).finally(() => clearTimeout(patience));
  // A database that is half made cannot be closed; one that nobody keeps need not be.
  const leave = () => {
    if (!keep) {
      screen.print('');
      process.exit(INTERRUPTED);
    }
  };
  stop.signal.addEventListener('abort', leave);
  const { startStage } = await import('./stage.ts');
  const opened = await opening;
  stop.signal.removeEventListener('abort', leave);
  if (stop.signal.aborted) {
    await opened.close();
    return;
  }
  const stage = await startStage({
    screen,
    paint,
    config,
    log,
    directory,
    openDatabase: () => openDatabase(directory),
  });
  try {
    await unlessStopped(stop.signal, () => stage.link(opened));
    await unlessStopped(stop.signal, () => stage.perform(stop));
  } finally {
    screen.close();
    say('Stopping …');
    await stage.close();
  }
}

/** Loaded and started first: while it works in its own thread, this one loads the rest of the program. */
async function openDatabase(directory: string): Promise<OpenDatabase> {
  const { openEmbeddedDatabase } = await import('../../src/database/database.ts');
  return openEmbeddedDatabase(directory);
}

async function unlessStopped(stop: AbortSignal, work: () => Promise<void>): Promise<void> {
  if (stop.aborted) {
    return;
  }
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([work(), stopped]);
}

function stopOnSignals(): AbortController {
  const stop = new AbortController();
  let askedAt = Number.POSITIVE_INFINITY;
  const onSignal = () => {
    if (performance.now() - askedAt > IMPATIENT_AFTER_MS) {
      process.exit(INTERRUPTED);
    }
    askedAt = Math.min(askedAt, performance.now());
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, onSignal);
  }
  return stop;
}
