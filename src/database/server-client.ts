import postgres from 'postgres';
import { makeServerSockets } from './server-socket.ts';

/**
 * A pool of connections to a server that survives the loss of its connections.
 *
 * The driver (3.4.9) reuses the object of a lost connection, and one that was lost while it had something to write never writes
 * again (porsager/postgres#1208). So after a loss everything new goes to a new pool, and the old one is ended.
 */
export function openServerClient(url: string, options: ClientOptions): postgres.Sql {
  const withSockets = serverOptions(options);
  let ending = false;
  let current = open();

  function open(): postgres.Sql {
    const pool = postgres(url, {
      ...withSockets,
      onclose() {
        if (!ending && pool === current) {
          current = replace(pool, open());
        }
      },
    });
    return pool;
  }

  return new Proxy(current, {
    get(_first, property) {
      if (property !== 'end') {
        return Reflect.get(current, property);
      }
      return (how?: { timeout?: number }) => {
        ending = true;
        return current.end(how);
      };
    },
    apply: (_first, _self, query) => Reflect.apply(current, undefined, query),
  });
}

export interface ClientOptions extends postgres.Options<Record<string, never>> {
  readonly connect_timeout: number;
}

/** With sockets that fail when the server hangs up at once, and that do not hammer a server in trouble. */
export function serverOptions(options: ClientOptions): ClientOptions {
  // The driver's own pause before a connection tries again grows to 20 s; the sockets have a common one. Its types leave them out.
  return { ...options, backoff: () => 0, socket: makeServerSockets(options.connect_timeout * 1000) } as ClientOptions;
}

/** What was set on the old pool by those who use it (how types are read and written) holds for the new one too. */
function replace(old: postgres.Sql, fresh: postgres.Sql): postgres.Sql {
  Object.assign(fresh.options.parsers, old.options.parsers);
  Object.assign(fresh.options.serializers, old.options.serializers);
  old.end({ timeout: 5 }).catch(() => undefined);
  return fresh;
}

/**
 * Whether this is the driver's stumble over a connection that is gone: a query of a transaction whose connection the server has
 * ended is written to nothing, in a callback where nobody can catch it. The transaction itself has failed already.
 */
export function isStumbleOverLostConnection(error: Error): boolean {
  return (
    error instanceof TypeError && /node_modules\/postgres\/\S*connection\.js/.test(error.stack?.split('\n')[1] ?? '')
  );
}
