import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys';
import { days, later } from '../lib/time.ts';
import { unixTime } from './stanza.ts';

/** facts: the client accepts only a chain whose intermediate names the issuer 0, the root. */
const ROOT_SERIAL = 0;
const INTERMEDIATE_SERIAL = 1;
const LEAF_SERIAL = 2;
const VALID_DAYS = 365;

export interface CertificateChain {
  /** The root's public key as 64 hex digits: what a client must trust to accept this server. */
  readonly rootKey: string;
  /** The server's own long-lived Noise key, certified by the leaf. */
  readonly serverKey: KeyPair;
  readonly encoded: Uint8Array;
}

/** Issues root, intermediate and leaf as WhatsApp's servers present them; a given `root` makes the trust outlive one server. */
export function issueCertificates(now: Date, root: KeyPair = Curve.generateKeyPair()): CertificateChain {
  const intermediate = Curve.generateKeyPair();
  const serverKey = Curve.generateKeyPair();
  const encoded = proto.CertChain.encode({
    intermediate: certificate(root, ROOT_SERIAL, intermediate, INTERMEDIATE_SERIAL, now),
    leaf: certificate(intermediate, INTERMEDIATE_SERIAL, serverKey, LEAF_SERIAL, now),
  }).finish();
  return { rootKey: Buffer.from(root.public).toString('hex'), serverKey, encoded };
}

function certificate(issuer: KeyPair, issuerSerial: number, subject: KeyPair, serial: number, now: Date) {
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    serial,
    issuerSerial,
    key: subject.public,
    notBefore: Number(unixTime(later(now, -days(1)))),
    notAfter: Number(unixTime(later(now, days(VALID_DAYS)))),
  }).finish();
  return { details, signature: Curve.sign(issuer.private, details) };
}
