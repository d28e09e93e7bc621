import { Curve, hmacSign, type KeyPair, proto } from '@whiskeysockets/baileys';
import { unixTime } from './stanza.ts';

/** facts: what the two signatures of a linked device begin with. */
const ACCOUNT_SIGNATURE_MARK = Buffer.from([6, 0]);
const DEVICE_SIGNATURE_MARK = Buffer.from([6, 1]);

export interface SignedDevice {
  /** What goes to the companion: the phone's signature, sealed with the secret that only the two of them share. */
  readonly sealed: Uint8Array;
  /** Whether the companion's answer carries its own signature of the same device. */
  readonly isConfirmedBy: (signedIdentity: Uint8Array) => boolean;
}

/** The phone vouches for a companion: "this identity key is my device with this index". */
export function signDevice(
  phone: KeyPair,
  companionIdentity: Uint8Array,
  keyIndex: number,
  advSecret: Buffer,
  now: Date,
): SignedDevice {
  const device = proto.ADVDeviceIdentity.encode({
    rawId: keyIndex,
    timestamp: Number(unixTime(now)),
    keyIndex,
    accountType: proto.ADVEncryptionType.E2EE,
    deviceType: proto.ADVEncryptionType.E2EE,
  }).finish();
  const accountMessage = Buffer.concat([ACCOUNT_SIGNATURE_MARK, device, companionIdentity]);
  const details = proto.ADVSignedDeviceIdentity.encode({
    details: device,
    accountSignatureKey: phone.public,
    accountSignature: Curve.sign(phone.private, accountMessage),
  }).finish();
  const sealed = proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac: hmacSign(details, advSecret) }).finish();
  const deviceMessage = Buffer.concat([DEVICE_SIGNATURE_MARK, device, companionIdentity, phone.public]);
  return {
    sealed,
    isConfirmedBy(signedIdentity) {
      const { deviceSignature } = proto.ADVSignedDeviceIdentity.decode(signedIdentity);
      return deviceSignature !== undefined && deviceSignature !== null
        ? Curve.verify(companionIdentity, deviceMessage, deviceSignature)
        : false;
    },
  };
}
