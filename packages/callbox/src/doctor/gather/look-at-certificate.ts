import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import type { CertificateFact, PublicName } from '../facts.ts';
import { reasonOf } from './fetch-answer.ts';

/** How the local authority that this program makes calls itself. */
const ownAuthority = /callbox/i;

function countChain(leaf: DetailedPeerCertificate): number {
  let count = 1;
  for (let one = leaf; one.issuerCertificate !== undefined; one = one.issuerCertificate) {
    if (one.issuerCertificate.fingerprint256 === one.fingerprint256) break;
    count += 1;
  }
  return count;
}

function nameOf(subject: string): string {
  return /(?:^|\n)CN=(?<name>[^\n]*)/.exec(subject)?.groups?.['name'] ?? subject.replaceAll('\n', ', ');
}

function describe(
  name: PublicName,
  leaf: DetailedPeerCertificate,
  untrusted: string | undefined,
): CertificateFact {
  const certificate = new X509Certificate(leaf.raw);
  const matches = isIP(name.host) === 0 ? certificate.checkHost(name.host) : certificate.checkIP(name.host);
  const isSelfSigned = certificate.verify(certificate.publicKey);
  const issuer = nameOf(certificate.issuer);
  return {
    issuer,
    names: (certificate.subjectAltName ?? '')
      .split(', ')
      .filter(Boolean)
      .map((entry) => entry.replace(/^(?:DNS|IP Address):/, '')),
    validFromMs: Date.parse(certificate.validFrom),
    validToMs: Date.parse(certificate.validTo),
    isForName: matches !== undefined,
    chainLength: countChain(leaf),
    isSelfSigned,
    isOwnAuthority: !isSelfSigned && ownAuthority.test(issuer),
    namesItsIssuer: (certificate.infoAccess ?? '').includes('CA Issuers'),
    untrusted,
  };
}

/** Shakes hands and looks at what is shown, trusted or not. Undefined where not even TCP connects. */
export function lookAtCertificate(
  name: PublicName,
  timeoutMs: number,
): Promise<CertificateFact | { readonly error: string } | undefined> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({
      host: name.host,
      port: name.port,
      ...(isIP(name.host) === 0 ? { servername: name.host } : {}),
      rejectUnauthorized: false,
      // The name is looked at apart from the trust.
      checkServerIdentity: () => undefined,
    });
    const settle = (result: CertificateFact | { readonly error: string } | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(
      () => settle(isConnected ? { error: 'no answer to its handshake' } : undefined),
      timeoutMs,
    );
    socket.on('connect', () => {
      isConnected = true;
    });
    socket.on('error', (error) => settle(isConnected ? { error: reasonOf(error) } : undefined));
    socket.on('secureConnect', () => {
      // Node declares an Error here, and gives the code of OpenSSL as a text.
      const untrusted: unknown = socket.authorizationError;
      const reason = socket.authorized
        ? undefined
        : untrusted instanceof Error
          ? untrusted.message
          : String(untrusted);
      settle(describe(name, socket.getPeerCertificate(true), reason));
    });
  });
}
