import type { KeyBundle, PreKey, SignedPreKey } from './key-bundle.ts';

/** facts: below this count the server asks the device for more one-time keys. */
const LOW_COUNT = 5;

/** What a device first told about its keys when it was linked. */
export interface DeviceKeys {
  readonly registrationId: number;
  readonly identity: Uint8Array;
  readonly signedPreKey: SignedPreKey;
}

/** The public keys a linked device has left with the server. A one-time key is handed out once and never again. */
export class PrekeyShelf {
  #keys: DeviceKeys;
  readonly #preKeys = new Map<number, PreKey>();
  /** Starts as warned: a device that was just linked brings its first keys without being asked. */
  #warned = true;

  constructor(keys: DeviceKeys) {
    this.#keys = keys;
  }

  get count(): number {
    return this.#preKeys.size;
  }

  get keys(): DeviceKeys {
    return this.#keys;
  }

  /** Adds what the device uploaded; the same upload sent twice changes nothing. */
  stock(keys: DeviceKeys, preKeys: readonly PreKey[]): void {
    this.#keys = keys;
    for (const preKey of preKeys) {
      this.#preKeys.set(preKey.id, preKey);
    }
    this.#warned = false;
  }

  rotate(signedPreKey: SignedPreKey): void {
    this.#keys = { ...this.#keys, signedPreKey };
  }

  takeBundle(): KeyBundle {
    const preKey = this.#preKeys.values().next().value;
    if (preKey) {
      this.#preKeys.delete(preKey.id);
    }
    return { ...this.#keys, preKey };
  }

  /** Throws all one-time keys away but `left`, as if so many contacts had written. */
  reduceTo(left: number): void {
    for (const id of [...this.#preKeys.keys()].slice(left)) {
      this.#preKeys.delete(id);
    }
  }

  /** Whether the device has to be told now that its keys run low; true once until it uploads again. */
  runsLow(): boolean {
    const low = !this.#warned && this.#preKeys.size < LOW_COUNT;
    this.#warned ||= low;
    return low;
  }
}
