import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, readConfig, WrongConfiguration } from '../../config.ts';
import { aborted } from '../../lib/time.ts';
import { DemoBot } from './demo-bot.ts';
import type { PageServer } from './page-server.ts';
import { PortTaken } from './port-taken.ts';
import type { World } from './world.ts';

/** Where the page is unless somebody wishes another place; an address that one can come back to. */
const USUAL_PORT = 8100;

/** The exit code by which a shell knows Ctrl-C. */
const INTERRUPTED = 130;

/** A second Ctrl-C counts as impatience only after this; npm and tsx hand on the first one more than once. */
const IMPATIENT_AFTER_MS = 500;

export interface DemoWishes {
  readonly port: number | undefined;
  /** Where to keep the bot's data; without it they last as long as the demo. */
  readonly data: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
}

/** Runs the demo until somebody ends it. @returns the exit code */
export async function runDemo({ port, data, environment, print }: DemoWishes): Promise<number> {
  const config = chooseConfig(environment);
  if (typeof config === 'string') {
    print(config);
    return 1;
  }
  const stop = stopOnSignals();
  const directory = data ? resolve(data) : await mkdtemp(join(tmpdir(), 'shopbell-demo-'));
  if (!data) {
    // However it ends, even by a second Ctrl-C.
    process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }));
  }
  const hasEarlierData = existsSync(join(directory, 'postgres'));
  const spawn = () => new DemoBot({ directory, environment });
  // Its process loads and opens the database while this one loads the rest.
  const firstBot = spawn();
  try {
    const { World } = await import('./world.ts');
    const { LOG_LEVEL: logLevel, SHOP_LANGUAGE: language } = config;
    const world = await World.open({ spawn, logLevel, language, timeZone: zoneOfThisMachine() });
    const page = await openPage(world, port);
    if (hasEarlierData) {
      world.story.tell('The bot’s data are of an earlier demo, whose phones are gone: it has to be linked again.');
    }
    print(`\nOpen this page in your browser: http://127.0.0.1:${page.port}\n`);
    print('Ctrl-C ends it.');
    await world.seat.start(firstBot);
    await aborted(stop);
    print('Stopping …');
    await page.close();
    await world.close();
  } catch (error) {
    if (error instanceof PortTaken) {
      print(`${error.message} Choose another one with --port, or 0 for any that is free.`);
      return 1;
    }
    throw error;
  } finally {
    await firstBot.kill();
  }
  print(data ? `The bot’s data stay in ${directory}` : 'Ended; nothing is kept on the disk.');
  return 0;
}

/** Only what concerns the words and the log: the demo has its own database, port and WhatsApp. */
function chooseConfig({ LOG_LEVEL, SHOP_LANGUAGE }: DemoWishes['environment']): Config | string {
  try {
    return readConfig({ LOG_LEVEL: LOG_LEVEL || 'error', SHOP_LANGUAGE });
  } catch (error) {
    if (error instanceof WrongConfiguration) {
      return error.message;
    }
    throw error;
  }
}

function zoneOfThisMachine(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

async function openPage(world: World, port: number | undefined): Promise<PageServer> {
  const { makePage, servePage } = await import('./page-server.ts');
  const page = makePage(world);
  try {
    return await servePage(page, port ?? USUAL_PORT);
  } catch (error) {
    if (error instanceof PortTaken && port === undefined) {
      return servePage(page, 0);
    }
    throw error;
  }
}

function stopOnSignals(): AbortSignal {
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
  return stop.signal;
}
