import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** What the driver knows of the server when it wants a socket: several hosts are tried in turn. */
interface Address {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/** Between two connects to a server that does not answer: all who wait for it together knock four times a second. */
const KNOCK_EVERY_MS = 250;

/** Like the kernel's own code; the sentence for people is made of it. */
const HUNG_UP = 'ECONNRESET';

/**
 * Makes the sockets of one client of the server.
 *
 * The driver (3.4.9) connects again at once and for ever, without telling anybody, when a server accepts a connection and closes
 * it before saying a word, as a proxy or a tunnel does whose own server is gone. Here that is an error like any other, and after
 * an error there is a pause: one connect tries, and those who wait meanwhile learn what came of it.
 *
 * @param connectWithinMs after this long without a connection the socket fails with `CONNECT_TIMEOUT`
 */
export function makeServerSockets(connectWithinMs: number): (address: Address) => Promise<Duplex> {
  let trouble: Error | undefined;
  let failures = 0;
  let nextKnock = 0;
  let turn = 0;

  function fail(error: Error): void {
    trouble = error;
    failures += 1;
    nextKnock = Math.max(nextKnock, performance.now() + KNOCK_EVERY_MS);
  }

  /** @returns what went wrong for the one who tried meanwhile */
  async function waitForTurn(): Promise<Error | undefined> {
    const before = failures;
    while (trouble && performance.now() < nextKnock) {
      await pause(nextKnock - performance.now());
      if (trouble && failures > before) {
        return trouble;
      }
    }
    nextKnock = performance.now() + KNOCK_EVERY_MS;
    return undefined;
  }

  return async (address) => {
    const refused = await waitForTurn();
    if (refused) {
      return failing(refused);
    }
    try {
      const socket = await open(address, turn++, connectWithinMs);
      socket.once('data', () => {
        trouble = undefined;
        socket.off('end', hangUp);
      });
      const hangUp = () => socket.destroy(withCode(HUNG_UP, 'The server closed the connection at once'));
      socket.once('end', hangUp);
      socket.once('error', fail);
      return socket;
    } catch (error) {
      fail(error as Error);
      return failing(error as Error);
    }
  };
}

async function open(address: Address, turn: number, withinMs: number): Promise<Socket> {
  const index = turn % address.port.length;
  const host = address.host[index] ?? 'localhost';
  const socket = address.path ? connect(address.path) : connect(address.port[index] ?? 5432, host);
  const signal = AbortSignal.timeout(withinMs);
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw signal.aborted ? withCode('CONNECT_TIMEOUT', 'The server did not answer') : error;
  }
  // The driver takes the name that a certificate must bear from here.
  return Object.assign(socket, { host });
}

/** A socket that fails when it is written to. Failing earlier would leave the driver with a write that it never makes. */
function failing(error: Error): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done(error) });
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
