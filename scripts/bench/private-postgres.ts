import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { closeLater } from './closing.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const INSTALLATIONS = '/usr/lib/postgresql';
const USER = 'shopbell';
const TRIES = 100;
const PAUSE_MS = 200;

/** Starts a PostgreSQL server of our own with its default settings, on this machine only. @returns its address */
export async function startPrivatePostgres(): Promise<string> {
  const binaries = findBinaries();
  const owner = unprivilegedUser();
  const password = randomBytes(16).toString('hex');
  const home = makeHome(owner);
  const data = join(home, 'data');
  initialise(join(binaries, 'initdb'), data, password, owner);
  const port = await freePort();
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-k', home, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=on'],
    { cwd: home, stdio: 'ignore', ...owner },
  );
  closeLater(() => stop(server));
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
  await answers(url, server);
  return url;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** A directory that belongs to the server's user, inside one that others may pass through. */
function makeHome(owner: Owner | undefined): string {
  const directory = temporaryDirectory();
  chmodSync(directory, 0o711);
  const home = join(directory, 'server');
  mkdirSync(home, { mode: 0o700 });
  if (owner) {
    chownSync(home, owner.uid, owner.gid);
  }
  return home;
}

function initialise(initdb: string, data: string, password: string, owner: Owner | undefined): void {
  const passwordFile = join(data, '..', 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) {
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  execFileSync(
    initdb,
    [
      `--pgdata=${data}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ],
    { cwd: join(data, '..'), stdio: ['ignore', 'ignore', 'inherit'], ...owner },
  );
}

function findBinaries(): string {
  const versions = existsSync(INSTALLATIONS) ? readdirSync(INSTALLATIONS) : [];
  const [newest] = versions
    .filter((version) => existsSync(join(INSTALLATIONS, version, 'bin', 'initdb')))
    .toSorted((one, other) => Number(other) - Number(one));
  if (!newest) {
    throw new Error(`No PostgreSQL in ${INSTALLATIONS}. Install it, or set DATABASE_URL to a server that may be used.`);
  }
  return join(INSTALLATIONS, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): Owner | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const numberOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: numberOf('-u'), gid: numberOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, server: ChildProcess): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    for (let tries = 0; tries < TRIES && server.exitCode === null; tries++) {
      const ready = await client`select 1`.then(
        () => true,
        () => false,
      );
      if (ready) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  } finally {
    await client.end();
  }
  throw new Error('The private PostgreSQL server did not start');
}

/** SIGINT is PostgreSQL's fast shutdown: sessions are ended, data stay sound. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  }
}
