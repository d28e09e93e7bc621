import { generate } from 'selfsigned';

export interface TlsCertificate {
  readonly key: string;
  readonly cert: string;
}

let issued: Promise<TlsCertificate> | undefined;

/** A certificate for an address of this machine that vouches for itself; one for the whole process, because it proves nothing. */
export function issueTlsCertificate(ip: string): Promise<TlsCertificate> {
  issued ??= generate([{ name: 'commonName', value: 'Simulated WhatsApp' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip }] },
    ],
  }).then(({ private: key, cert }) => ({ key, cert }));
  return issued;
}
