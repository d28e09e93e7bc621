import { StanzaNotUnderstood } from './stanza.ts';

/** facts: the client's byte stream begins once with these four bytes, the last being the dictionary's version. */
export const PROLOGUE = Buffer.from([0x57, 0x41, 6, 3]);
/** facts: an optional preamble with routing information in front of it. */
const ROUTING_MARK = Buffer.from([0x45, 0x44, 0, 1]);
const LENGTH_BYTES = 3;

/** Puts the client's frames together again: several may share one websocket message, one may be spread over several. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);
  #begun = false;

  /** Takes the next bytes and gives back every frame that is complete by now. */
  read(bytes: Buffer): readonly Buffer[] {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    if (!this.#begun && !this.#skipBeginning()) {
      return [];
    }
    const frames: Buffer[] = [];
    for (let frame = this.#take(0); frame; frame = this.#take(0)) {
      frames.push(frame);
    }
    return frames;
  }

  #skipBeginning(): boolean {
    if (this.#pending.length < PROLOGUE.length) {
      return false;
    }
    if (this.#pending.subarray(0, ROUTING_MARK.length).equals(ROUTING_MARK)) {
      return this.#take(ROUTING_MARK.length) !== undefined && this.#skipBeginning();
    }
    if (!this.#pending.subarray(0, PROLOGUE.length).equals(PROLOGUE)) {
      throw new StanzaNotUnderstood('The byte stream does not begin like a WhatsApp client');
    }
    this.#pending = this.#pending.subarray(PROLOGUE.length);
    this.#begun = true;
    return true;
  }

  /** The body of the frame that begins at `start`, removed together with all before it; `undefined` while incomplete. */
  #take(start: number): Buffer | undefined {
    const bodyStart = start + LENGTH_BYTES;
    if (this.#pending.length < bodyStart) {
      return undefined;
    }
    const bodyEnd = bodyStart + this.#pending.readUIntBE(start, LENGTH_BYTES);
    if (this.#pending.length < bodyEnd) {
      return undefined;
    }
    const body = this.#pending.subarray(bodyStart, bodyEnd);
    this.#pending = this.#pending.subarray(bodyEnd);
    return body;
  }
}

export function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUIntBE(body.byteLength, 0, LENGTH_BYTES);
  return Buffer.concat([length, body]);
}
