import { bigEndian, bytesOf, childBytes, childOf, childrenOf, fromBigEndian, type Stanza, stanza } from './stanza.ts';

/** facts: the one key type WhatsApp uses, Curve25519. */
const KEY_TYPE = Buffer.from([5]);

export interface PreKey {
  readonly id: number;
  readonly value: Uint8Array;
}

export interface SignedPreKey extends PreKey {
  readonly signature: Uint8Array;
}

/** What somebody needs to open a Signal session with a device that is not online. */
export interface KeyBundle {
  readonly registrationId: number;
  /** 32 bytes, without the leading type byte. */
  readonly identity: Uint8Array;
  readonly signedPreKey: SignedPreKey;
  /** Missing when the device has run out of one-time keys. */
  readonly preKey: PreKey | undefined;
}

/** The bundle as the answer to a key query carries it. */
export function bundleStanzas(bundle: KeyBundle): readonly Stanza[] {
  return [registrationStanza(bundle.registrationId), ...keyStanzas(bundle)];
}

export function registrationStanza(registrationId: number): Stanza {
  return stanza('registration', {}, bigEndian(registrationId, 4));
}

export function keyStanzas({ identity, signedPreKey, preKey }: KeyBundle): readonly Stanza[] {
  const stanzas = [
    stanza('type', {}, KEY_TYPE),
    stanza('identity', {}, identity),
    stanza('skey', {}, [...preKeyStanzas(signedPreKey), stanza('signature', {}, signedPreKey.signature)]),
  ];
  return preKey ? [...stanzas, stanza('key', {}, preKeyStanzas(preKey))] : stanzas;
}

function preKeyStanzas({ id, value }: PreKey): readonly Stanza[] {
  return [stanza('id', {}, bigEndian(id, 3)), stanza('value', {}, value)];
}

export function readSignedPreKey(skey: Stanza | undefined): SignedPreKey {
  return { ...readPreKey(skey), signature: childBytes(skey, 'signature') };
}

function readPreKey(key: Stanza | undefined): PreKey {
  return { id: fromBigEndian(childBytes(key, 'id')), value: childBytes(key, 'value') };
}

export function readPreKeys(list: Stanza | undefined): readonly PreKey[] {
  return childrenOf(list, 'key').map(readPreKey);
}

/** The bundle a retry receipt brings along from the second attempt on. */
export function readRetryBundle(receipt: Stanza): KeyBundle | undefined {
  const keys = childOf(receipt, 'keys');
  const registration = bytesOf(childOf(receipt, 'registration'));
  if (!keys || !registration) {
    return undefined;
  }
  const preKey = childOf(keys, 'key');
  return {
    registrationId: fromBigEndian(registration),
    identity: childBytes(keys, 'identity'),
    signedPreKey: readSignedPreKey(childOf(keys, 'skey')),
    preKey: preKey && readPreKey(preKey),
  };
}
