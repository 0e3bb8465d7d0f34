import { asksForCertificate } from '../config/asks-for-certificate.ts';
import type { Config } from '../config/config.ts';
import type { CertificateFacts } from '../start-up-text.ts';
import { fingerprintOf } from './create-authority-handler.ts';
import type { CertificateKeeper } from './create-certificate-keeper.ts';

/** What there is to say about the certificate when the program has started. */
export function describeCertificate(
  config: Config,
  certificate: CertificateKeeper | undefined,
): CertificateFacts {
  const authority = certificate?.origin === 'self-signed' ? certificate.findLocal('')?.authority : undefined;
  return {
    isTrusted: certificate === undefined ? undefined : certificate.origin !== 'self-signed',
    askedFrom: asksForCertificate(config) ? new URL(config.acmeDirectory).hostname : undefined,
    authorityFingerprint: authority === undefined ? undefined : fingerprintOf(authority),
  };
}
