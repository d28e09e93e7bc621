import { randomUUID } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** How often a stale lock is cleared away before we give up: more means that others fight for the directory. */
const ATTEMPTS = 5;

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with the closing zero. */
const LONGEST_SOCKET_PATH = 103;

const LOCK_NAME = 'shopbell.lock';

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Another process holds the directory; `holder` is what it says of itself. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
  readonly directory: string;
  readonly holder: string;

  constructor(directory: string, holder: string) {
    super(`The data directory ${directory} is in use by another Shopbell process (${holder})`);
    this.directory = directory;
    this.holder = holder;
  }
}

/**
 * Makes this process the only one that uses `directory`, until it releases the lock or dies.
 *
 * The lock is a listening Unix socket in the directory. The kernel ends it with its process, whatever the way of dying,
 * and it is seen through a shared volume from other containers of the same machine, where a process number means nothing.
 * It cannot guard a directory that two machines share over a network.
 *
 * @throws DirectoryInUse while another process holds it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  mkdirSync(directory, { recursive: true });
  const place = reachable(directory);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const server = await listen(place.path(LOCK_NAME));
      if (server) {
        return { release: () => close(server, place) };
      }
      await clearStale(directory, place);
    }
    throw new DirectoryInUse(directory, 'it keeps changing hands');
  } catch (error) {
    place.dispose();
    throw error;
  }
}

interface Place {
  path(name: string): string;
  dispose(): void;
}

/** A way to name files of the directory that fits into a socket address, however deep the directory lies. */
function reachable(directory: string): Place {
  const longestName = `${LOCK_NAME}.${randomUUID()}`;
  if (Buffer.byteLength(join(directory, longestName)) <= LONGEST_SOCKET_PATH || process.platform !== 'linux') {
    return { path: (name) => join(directory, name), dispose: () => undefined };
  }
  const descriptor = openSync(directory, 'r');
  return {
    path: (name) => `/proc/self/fd/${descriptor}/${name}`,
    dispose: () => closeSync(descriptor),
  };
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(`process ${process.pid}`);
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/**
 * Moves a dead process's socket out of the way. It is asked again under its new name, which nobody else can take:
 * if it turns out to be alive, another process has just taken the lock, and gets its socket back.
 */
async function clearStale(directory: string, place: Place): Promise<void> {
  const holder = await askHolder(place.path(LOCK_NAME));
  if (holder !== undefined) {
    throw new DirectoryInUse(directory, holder);
  }
  const aside = place.path(`${LOCK_NAME}.${randomUUID()}`);
  try {
    renameSync(place.path(LOCK_NAME), aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  const revived = await askHolder(aside);
  if (revived !== undefined) {
    linkSync(aside, place.path(LOCK_NAME));
  }
  unlinkSync(aside);
  if (revived !== undefined) {
    throw new DirectoryInUse(directory, revived);
  }
}

/** What the lock's holder says of itself; `undefined` when nobody listens any more. */
function askHolder(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let answer = '';
    socket.setTimeout(2000, () => socket.end());
    socket.on('data', (data) => {
      answer += data.toString();
    });
    let connected = false;
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('error', () => resolve(connected ? 'no name given' : undefined));
    socket.on('close', () => resolve(connected ? answer || 'no name given' : undefined));
  });
}

function close(server: Server, place: Place): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      place.dispose();
      resolve();
    });
  });
}
