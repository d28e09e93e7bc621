import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { proto } from '@whiskeysockets/baileys';
import { type WebSocket, WebSocketServer } from 'ws';
import type { CertificateChain } from './certificate-chain.ts';
import { CompanionSocket } from './companion-socket.ts';
import type { FaultBoard } from './faults.ts';
import type { NoticeBoard } from './notice-board.ts';

const HOST = '127.0.0.1';

interface Parts {
  readonly port: number;
  readonly certificates: CertificateChain;
  readonly faults: FaultBoard;
  readonly board: NoticeBoard;
  readonly onHandshake: (socket: CompanionSocket, payload: proto.ClientPayload) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** Where bots come in: listens, and knows everybody who is connected. */
export class FrontDoor {
  readonly #parts: Parts;
  readonly #websockets = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<CompanionSocket>();
  #http: Server | undefined;
  #port: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#port = parts.port;
  }

  get url(): string {
    return `ws://${HOST}:${this.#port}/ws/chat`;
  }

  get isEmpty(): boolean {
    return this.#sockets.size === 0;
  }

  /** Listens on the port of the first time, which may have been any. */
  async open(): Promise<void> {
    const http = createServer((_request, response) => response.writeHead(426).end());
    http.on('upgrade', (request, socket, head) => {
      this.#websockets.handleUpgrade(request, socket, head, (ws) => this.#connect(ws));
    });
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(this.#port, HOST, resolve);
    });
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
  }

  /** Lets nobody in any more; who is in stays. */
  shut(): void {
    this.#http?.close();
    this.#http = undefined;
  }

  cutAll(): void {
    for (const socket of this.#sockets) {
      socket.cut();
    }
  }

  /** Says what a silent line has kept back. */
  speak(): void {
    for (const socket of this.#sockets) {
      socket.speak();
    }
  }

  async close(): Promise<void> {
    const http = this.#http;
    this.cutAll();
    this.#websockets.close();
    await new Promise<void>((resolve) => {
      if (http) {
        http.close(() => resolve());
        http.closeAllConnections();
      } else {
        resolve();
      }
    });
  }

  #connect(ws: WebSocket): void {
    const { certificates, faults, board, onHandshake, onTrouble } = this.#parts;
    const isSilent = () => faults.current.line === 'silent';
    const socket = new CompanionSocket({ ws, certificates, onHandshake, onTrouble, isSilent });
    this.#sockets.add(socket);
    ws.on('close', () => {
      this.#sockets.delete(socket);
      board.changed();
    });
  }
}
