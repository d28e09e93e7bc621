import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with the closing zero. */
const LONGEST_SOCKET_PATH = 103;

/** Every starter listens under a name of its own, which never comes again: a dead one can be removed without a race. */
const PREFIX = 'shopbell.lock.';

/** What a holder, or a candidate who goes first, says of itself. */
const YIELD = 'yield';

const ANSWER_WITHIN_MS = 2000;

/** Between making its socket and listening on it a starter looks dead; nothing is removed that may be in that moment. */
const LOOK_AGAIN_MS = 50;

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Another process holds the directory; `holder` is what it says of itself. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly directory: string;
  readonly holder: string;

  constructor(directory: string, holder: string) {
    super(
      `The data directory ${directory} is in use by another Shopbell process (${holder}). Stop that one, or set DATA_DIR to another folder.`,
    );
    this.directory = directory;
    this.holder = holder;
  }
}

/** The system refuses what a data directory is needed for. The message is a sentence for people. */
export class DirectoryUnusable extends Error {
  override readonly name = 'DirectoryUnusable';

  constructor(directory: string, cause: NodeJS.ErrnoException) {
    super(
      `The data directory ${directory} cannot be used (${cause.code}). ` +
        'Give the user that runs Shopbell the right to write there, or set DATA_DIR to another folder.',
      { cause },
    );
  }
}

/**
 * Makes this process the only one that uses `directory`, until it releases the lock or dies.
 *
 * The lock is a listening Unix socket in the directory. The kernel ends it with its process, whatever the way of dying,
 * and it is seen through a shared volume from other containers of the same machine, where a process number means nothing.
 * It cannot guard a directory that two machines share over a network.
 *
 * Everybody listens first and asks all others then, so of any two at least one sees the other. A holder stays; of two who are
 * still asking, the one with the lower name goes on, and the other gives up for good at the moment it is asked.
 *
 * @throws DirectoryInUse while another process holds it
 * @throws DirectoryUnusable when it cannot be made or written to
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const me: Starter = { name: `${PREFIX}${randomUUID()}`, state: 'asking' };
  const { place, server } = await settleIn(directory, me);
  try {
    for (const other of readdirSync(directory).filter((name) => name.startsWith(PREFIX) && name !== me.name)) {
      const answer = await ask(place.path(other), me.name);
      if (answer !== undefined && answer !== YIELD) {
        throw new DirectoryInUse(directory, answer);
      }
      if (answer === undefined) {
        rmSync(place.path(other), { force: true });
      }
    }
    if (me.state === 'given-up' || !existsSync(place.path(me.name))) {
      throw new DirectoryInUse(directory, 'one that started at the same moment');
    }
    me.state = 'holding';
    return { release: () => close(server, place) };
  } catch (error) {
    await close(server, place);
    throw error;
  }
}

async function settleIn(directory: string, me: Starter): Promise<{ place: Place; server: Server }> {
  try {
    mkdirSync(directory, { recursive: true });
    const place = reachable(directory);
    return { place, server: await listen(place.path(me.name), me) };
  } catch (error) {
    throw new DirectoryUnusable(directory, error as NodeJS.ErrnoException);
  }
}

interface Starter {
  readonly name: string;
  state: 'asking' | 'given-up' | 'holding';
}

interface Place {
  path(name: string): string;
  dispose(): void;
}

/** A way to name files of the directory that fits into a socket address, however deep the directory lies. */
function reachable(directory: string): Place {
  const longestName = `${PREFIX}${randomUUID()}`;
  if (Buffer.byteLength(join(directory, longestName)) <= LONGEST_SOCKET_PATH || process.platform !== 'linux') {
    return { path: (name) => join(directory, name), dispose: () => undefined };
  }
  const descriptor = openSync(directory, 'r');
  return {
    path: (name) => `/proc/self/fd/${descriptor}/${name}`,
    dispose: () => closeSync(descriptor),
  };
}

function listen(path: string, me: Starter): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (asker) => socket.end(answerTo(asker.toString(), me)));
    });
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function answerTo(asker: string, me: Starter): string {
  if (me.state === 'holding' || (me.state === 'asking' && me.name < asker)) {
    return `process ${process.pid}`;
  }
  me.state = 'given-up';
  return YIELD;
}

/** What another starter says; `undefined` when nobody listens there any more. Silence is not taken for a yes. */
async function ask(path: string, myName: string): Promise<string | undefined> {
  const answer = await askOnce(path, myName);
  if (answer !== undefined) {
    return answer;
  }
  await pause(LOOK_AGAIN_MS);
  return askOnce(path, myName);
}

function askOnce(path: string, myName: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let connected = false;
    let answer = '';
    const socket = connect(path, () => {
      connected = true;
      socket.write(myName);
    });
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
    socket.on('data', (data) => {
      answer += data.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(connected ? answer || 'it gives no name' : undefined));
  });
}

/** Closing removes the socket from the directory. */
function close(server: Server, place: Place): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      place.dispose();
      resolve();
    });
  });
}
