import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

const HOST = '127.0.0.1';

/** A server on a port of its own on this machine. */
export interface LocalServer {
  readonly url: string;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: the bindings of the application do not matter here
export function serveLocally(app: Hono<any>, port = 0): Promise<LocalServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: HOST, port }, ({ port: taken }: AddressInfo) =>
      resolve({
        url: `http://${HOST}:${taken}`,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) {
              server.closeAllConnections();
            }
          }),
      }),
    );
    server.once('error', reject);
  });
}
