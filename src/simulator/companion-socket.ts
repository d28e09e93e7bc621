import { decodeBinaryNode, encodeBinaryNode, type proto } from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';
import { seconds } from '../lib/time.ts';
import type { CertificateChain } from './certificate-chain.ts';
import { FrameReader, frame } from './frames.ts';
import { type Handshake, NoiseResponder } from './noise-responder.ts';
import type { Stanza } from './stanza.ts';

/** A client that opens a websocket and then does not shake hands is cut. */
const HANDSHAKE_LIMIT = seconds(20);
/** After its last stanza the client is given this long to close by itself: it would miss the stanza if we closed first. */
const PARTING_LIMIT = seconds(2);

/** Whoever serves a connection after its handshake: the registration, or a linked device. */
export interface SocketOwner {
  hear(stanza: Stanza): void;
  closed(): void;
}

interface Parts {
  readonly ws: WebSocket;
  readonly certificates: CertificateChain;
  /** Called once, when the client has proved who it is; the owner must be set before this returns. */
  readonly onHandshake: (socket: CompanionSocket, payload: proto.ClientPayload) => void;
  readonly onTrouble: (error: unknown) => void;
  /** While the line is silent, what would be said waits for `speak`. */
  readonly isSilent?: () => boolean;
}

/** One connection of a bot: a websocket with the Noise protocol on it and stanzas on top. */
export class CompanionSocket {
  readonly #parts: Parts;
  readonly #reader = new FrameReader();
  readonly #noise: NoiseResponder;
  readonly #unsaid: Uint8Array[] = [];
  #greeted = false;
  #handshake: Handshake | undefined;
  #owner: SocketOwner | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#noise = new NoiseResponder(parts.certificates);
    this.#timer = setTimeout(() => this.cut(), HANDSHAKE_LIMIT);
    // ws hands binary messages over as one Buffer unless told otherwise.
    parts.ws.on('message', (data: unknown) => this.#receive(data as Buffer));
    parts.ws.on('error', () => this.cut());
    parts.ws.on('close', () => {
      clearTimeout(this.#timer);
      this.#owner?.closed();
    });
  }

  /** The client's long-lived Noise key, by which a login proves to be the device that was linked. */
  get clientKey(): Buffer | undefined {
    return this.#handshake?.clientKey;
  }

  setOwner(owner: SocketOwner): void {
    this.#owner = owner;
  }

  /** Writes one stanza; on a line that is already gone it is lost, as on a real network. */
  send(stanza: Stanza): void {
    const { ws } = this.#parts;
    if (this.#handshake && ws.readyState === ws.OPEN) {
      this.#write(frame(this.#handshake.seal(encodeBinaryNode(stanza))));
    }
  }

  /** Says what a silent line has kept back. */
  speak(): void {
    for (const data of this.#unsaid.splice(0)) {
      this.#parts.ws.send(data, () => undefined);
    }
  }

  /** Says its last words and waits for the client to hang up. */
  part(lastWords: Stanza): void {
    this.send(lastWords);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.cut(), PARTING_LIMIT);
  }

  /** Cuts the line without a word. */
  cut(): void {
    clearTimeout(this.#timer);
    this.#parts.ws.terminate();
  }

  #write(data: Uint8Array): void {
    if (this.#parts.isSilent?.()) {
      this.#unsaid.push(data);
    } else {
      this.#parts.ws.send(data, () => undefined);
    }
  }

  #receive(data: Buffer): void {
    try {
      for (const body of this.#reader.read(data)) {
        this.#take(body);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #take(body: Buffer): void {
    if (this.#handshake) {
      const plaintext = this.#handshake.open(body);
      this.#reading = this.#reading.then(() => this.#hear(plaintext));
    } else if (this.#greeted) {
      this.#handshake = this.#noise.readFinish(body);
      clearTimeout(this.#timer);
      this.#parts.onHandshake(this, this.#handshake.payload);
    } else {
      this.#greeted = true;
      this.#write(frame(this.#noise.answerHello(body)));
    }
  }

  async #hear(plaintext: Buffer): Promise<void> {
    try {
      this.#owner?.hear(await decodeBinaryNode(plaintext));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#parts.onTrouble(error);
    this.cut();
  }
}
