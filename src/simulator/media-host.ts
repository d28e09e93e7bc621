import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, later } from '../lib/time.ts';
import type { FaultBoard } from './faults.ts';
import type { NoticeBoard } from './notice-board.ts';
import { issueTlsCertificate, type TlsCertificate } from './tls-certificate.ts';

const HOST = '127.0.0.1';
/** Files that a phone uploaded again: what made the others disappear came before them. */
const UPLOADED_AGAIN = '/again/';
const PADDING = Buffer.alloc(64 * 1024);

export interface FilePlace {
  readonly url: string;
  readonly directPath: string;
}

/** WhatsApp's servers for pictures and documents, over TLS. They hold ciphertext only. */
export class MediaHost {
  readonly #clock: Clock;
  readonly #faults: FaultBoard;
  readonly #board: NoticeBoard;
  readonly #files = new Map<string, Buffer>();
  readonly #closing = new AbortController();
  /** How many bots wait for a slow file. */
  waiting = 0;
  #folder: string | undefined;
  #certificate: TlsCertificate | undefined;
  #server: Server | undefined;

  constructor(clock: Clock, faults: FaultBoard, board: NoticeBoard) {
    this.#board = board;
    this.#clock = clock;
    // Each slow download listens to the end.
    setMaxListeners(0, this.#closing.signal);
    this.#faults = faults;
  }

  /** Name and port, as bots are told. */
  get hostname(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return `${HOST}:${address?.port ?? 0}`;
  }

  /** The certificate as PEM, which also is the root that vouches for it. */
  get certificate(): string {
    return this.#certificate?.cert ?? '';
  }

  /** A file with that certificate, for another process' `NODE_EXTRA_CA_CERTS`. */
  get certificatePath(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'whatsapp-media-'));
    const path = join(this.#folder, 'root.pem');
    writeFileSync(path, this.certificate);
    return path;
  }

  async start(): Promise<void> {
    const certificate = await issueTlsCertificate(HOST);
    const server = createServer(certificate, (request, response) => this.#serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, HOST, resolve);
    });
    this.#certificate = certificate;
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#folder) {
      rmSync(this.#folder, { recursive: true, force: true });
    }
    await new Promise<void>((resolve) => {
      if (this.#server) {
        this.#server.close(() => resolve());
        this.#server.closeAllConnections();
      } else {
        resolve();
      }
    });
  }

  /** Takes a file from a phone. */
  keep(ciphertext: Buffer, folder = '/file/'): FilePlace {
    const directPath = `${folder}${randomBytes(12).toString('hex')}`;
    this.#files.set(directPath, ciphertext);
    return { url: `https://${this.hostname}${directPath}`, directPath };
  }

  /** Takes a file again that has been lost; `undefined` when it never was here. */
  keepAgain(directPath: string): FilePlace | undefined {
    const file = this.#files.get(directPath);
    return file && this.keep(file, UPLOADED_AGAIN);
  }

  /** A phone reads past the faults, which are meant for bots. */
  read(directPath: string): Buffer | undefined {
    return this.#files.get(directPath);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'https://media').pathname;
    if (request.method === 'POST' && path.startsWith('/mms/')) {
      this.#take(request, response);
    } else {
      void this.#give(path, response);
    }
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { uploads } = this.#faults.current;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (uploads !== 'taken') {
        response.writeHead(uploads.status).end();
        return;
      }
      const { url, directPath } = this.keep(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ url, direct_path: directPath }));
    });
  }

  async #give(path: string, response: ServerResponse): Promise<void> {
    const { downloads } = this.#faults.current;
    const file = this.#files.get(path);
    if (!file) {
      response.writeHead(404).end();
    } else if (downloads === 'given') {
      response.writeHead(200, { 'content-length': file.length }).end(file);
    } else if ('status' in downloads) {
      const isBack = path.startsWith(UPLOADED_AGAIN);
      response.writeHead(isBack ? 200 : downloads.status).end(isBack ? file : undefined);
    } else if ('delay' in downloads) {
      const end = later(this.#clock.now(), downloads.delay);
      this.waiting += 1;
      this.#board.changed();
      await this.#clock.sleepUntil(end, this.#closing.signal);
      this.waiting -= 1;
      response.writeHead(200, { 'content-length': file.length }).end(file);
    } else if ('cutAfter' in downloads) {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, downloads.cutAfter), () => response.destroy());
    } else {
      response.writeHead(200);
      response.write(file);
      pour(response, downloads.padTo - file.length);
    }
  }
}

/** Writes so many bytes of nothing, no faster than they are read. */
function pour(response: ServerResponse, left: number): void {
  if (left <= 0 || response.destroyed) {
    response.end();
    return;
  }
  response.write(PADDING.subarray(0, Math.min(left, PADDING.length)), () => pour(response, left - PADDING.length));
}
