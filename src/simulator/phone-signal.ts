import { randomInt } from 'node:crypto';
import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateSignalPubKey,
  type KeyPair,
  type SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys';
import type { KeyBundle } from './key-bundle.ts';
import { silentLogger } from './silent-logger.ts';
import { makeSimulatedKeys } from './simulated-keys.ts';

const SIGNED_PREKEY_ID = 1;
/** facts: 14 bits. */
const REGISTRATION_IDS = 16_384;

export interface Ciphertext {
  /** A `pkmsg` opens a session; everything after the first answer is a `msg`. */
  readonly type: 'pkmsg' | 'msg';
  readonly bytes: Uint8Array;
}

/** A phone's Signal identity and its real sessions with other people's linked devices. */
export class PhoneSignal {
  readonly #devices = new Set<string>();
  #identity: KeyPair = Curve.generateKeyPair();
  #registrationId = newRegistrationId();
  #signedPreKey = Curve.generateKeyPair();
  #keys = makeSimulatedKeys();
  #repository: SignalRepositoryWithLIDStore;
  #lastPreKeyId = 0;
  /** Signing takes milliseconds, and most phones of a load test are never written to first. */
  #signature: Uint8Array | undefined;

  constructor() {
    this.#repository = this.#makeRepository();
  }

  get identity(): KeyPair {
    return this.#identity;
  }

  /** Starts anew with another identity and without any session, as a newly installed app does. */
  renew(): void {
    this.#repository.close?.();
    this.#devices.clear();
    this.#identity = Curve.generateKeyPair();
    this.#registrationId = newRegistrationId();
    this.#signedPreKey = Curve.generateKeyPair();
    this.#keys = makeSimulatedKeys();
    this.#signature = undefined;
    this.#repository = this.#makeRepository();
  }

  /** Encrypts for one device; without a session one is opened with the bundle that `takeBundle` gets from the server. */
  async encrypt(device: string, plaintext: Uint8Array, takeBundle: () => KeyBundle): Promise<Ciphertext> {
    const { exists } = await this.#repository.validateSession(device);
    if (!exists) {
      await this.openSession(device, takeBundle());
    }
    const { type, ciphertext } = await this.#repository.encryptMessage({ jid: device, data: plaintext });
    return { type, bytes: ciphertext };
  }

  /** Throws when the device's message cannot be decrypted. */
  decrypt(device: string, { type, bytes }: Ciphertext): Promise<Uint8Array> {
    this.#devices.add(device);
    return this.#repository.decryptMessage({ jid: device, type, ciphertext: bytes });
  }

  /** Starts a new session, in the place of the old one if there is one. */
  async openSession(device: string, { registrationId, identity, signedPreKey, preKey }: KeyBundle): Promise<void> {
    this.#devices.add(device);
    await this.#repository.injectE2ESession({
      jid: device,
      session: {
        registrationId,
        identityKey: generateSignalPubKey(identity),
        signedPreKey: {
          keyId: signedPreKey.id,
          publicKey: generateSignalPubKey(signedPreKey.value),
          signature: signedPreKey.signature,
        },
        ...(preKey && { preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.value) } }),
      },
    });
  }

  /** Loses all sessions; what their devices send next cannot be decrypted. */
  async forgetSessions(): Promise<void> {
    await this.#repository.deleteSession([...this.#devices]);
  }

  /** The keys with which others open a session with this phone; each call hands out a fresh one-time key. */
  giveBundle(): KeyBundle {
    this.#lastPreKeyId += 1;
    const preKey = Curve.generateKeyPair();
    this.#signature ??= Curve.sign(this.#identity.private, generateSignalPubKey(this.#signedPreKey.public));
    void this.#keys.set({ 'pre-key': { [this.#lastPreKeyId]: preKey } });
    return {
      registrationId: this.#registrationId,
      identity: this.#identity.public,
      signedPreKey: { id: SIGNED_PREKEY_ID, value: this.#signedPreKey.public, signature: this.#signature },
      preKey: { id: this.#lastPreKeyId, value: preKey.public },
    };
  }

  close(): void {
    this.#repository.close?.();
  }

  #makeRepository(): SignalRepositoryWithLIDStore {
    const creds = {
      signedIdentityKey: this.#identity,
      signedPreKey: { keyPair: this.#signedPreKey, keyId: SIGNED_PREKEY_ID, signature: Buffer.alloc(0) },
      registrationId: this.#registrationId,
    };
    return DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys: this.#keys }, silentLogger);
  }
}

function newRegistrationId(): number {
  return randomInt(1, REGISTRATION_IDS);
}
