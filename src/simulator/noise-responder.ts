import { createHash } from 'node:crypto';
import { aesDecryptGCM, aesEncryptGCM, Curve, hkdf, proto } from '@whiskeysockets/baileys';
import type { CertificateChain } from './certificate-chain.ts';
import { PROLOGUE } from './frames.ts';
import { StanzaNotUnderstood } from './stanza.ts';

/** facts: exactly 32 bytes, therefore used as first hash and chaining key without being hashed. */
const PROTOCOL_NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0');
const NOTHING = Buffer.alloc(0);

/** The client has proved who it is: its long-lived Noise key, its login or registration, and the keys of the line. */
export interface Handshake {
  readonly clientKey: Buffer;
  readonly payload: proto.ClientPayload;
  readonly seal: (plaintext: Uint8Array) => Buffer;
  readonly open: (ciphertext: Uint8Array) => Buffer;
}

/** The server's side of the Noise XX handshake: answer the client's hello, then read its finish. One per connection. */
export class NoiseResponder {
  readonly #certificates: CertificateChain;
  readonly #ephemeral = Curve.generateKeyPair();
  #hash: Buffer = PROTOCOL_NAME;
  #chainingKey: Buffer = PROTOCOL_NAME;
  #cipherKey: Buffer = PROTOCOL_NAME;
  #counter = 0;

  constructor(certificates: CertificateChain) {
    this.#certificates = certificates;
  }

  answerHello(frame: Uint8Array): Uint8Array {
    const clientEphemeral = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!clientEphemeral) {
      throw new StanzaNotUnderstood('The first frame is not a client hello');
    }
    const { serverKey, encoded } = this.#certificates;
    this.#mixHash(PROLOGUE);
    this.#mixHash(clientEphemeral);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral));
    const staticKey = this.#encrypt(serverKey.public);
    this.#mixKey(Curve.sharedKey(serverKey.private, clientEphemeral));
    const payload = this.#encrypt(encoded);
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.public, static: staticKey, payload },
    }).finish();
  }

  readFinish(frame: Uint8Array): Handshake {
    const finish = proto.HandshakeMessage.decode(frame).clientFinish;
    if (!finish?.static || !finish.payload) {
      throw new StanzaNotUnderstood('The second frame is not a client finish');
    }
    const clientKey = this.#decrypt(finish.static);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientKey));
    const payload = proto.ClientPayload.decode(this.#decrypt(finish.payload));
    const [fromClient, toClient] = this.#derive(NOTHING);
    return { clientKey, payload, open: makeOpener(fromClient), seal: makeSealer(toClient) };
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  #mixKey(secret: Uint8Array): void {
    [this.#chainingKey, this.#cipherKey] = this.#derive(secret);
    this.#counter = 0;
  }

  #derive(secret: Uint8Array): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdf(Buffer.from(secret), 64, { salt: this.#chainingKey, info: '' }));
    return [bytes.subarray(0, 32), bytes.subarray(32)];
  }

  #encrypt(plaintext: Uint8Array): Buffer {
    const ciphertext = aesEncryptGCM(plaintext, this.#cipherKey, nonce(this.#counter++), this.#hash);
    this.#mixHash(ciphertext);
    return ciphertext;
  }

  #decrypt(ciphertext: Uint8Array): Buffer {
    const plaintext = aesDecryptGCM(ciphertext, this.#cipherKey, nonce(this.#counter++), this.#hash);
    this.#mixHash(ciphertext);
    return plaintext;
  }
}

function makeSealer(key: Buffer): (plaintext: Uint8Array) => Buffer {
  let counter = 0;
  return (plaintext) => aesEncryptGCM(plaintext, key, nonce(counter++), NOTHING);
}

function makeOpener(key: Buffer): (ciphertext: Uint8Array) => Buffer {
  let counter = 0;
  return (ciphertext) => aesDecryptGCM(ciphertext, key, nonce(counter++), NOTHING);
}

/** facts: eight zero bytes, then the counter as a big-endian 32-bit number. */
function nonce(counter: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}
