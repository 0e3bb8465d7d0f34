import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** No chain of the web is longer. */
const maxLinks = 8;

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function splitChain(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

let roots: readonly X509Certificate[] | undefined;

function listRoots(): readonly X509Certificate[] {
  roots ??= rootCertificates.map((pem) => new X509Certificate(pem));
  return roots;
}

/**
 * Whether the chain ends at an authority that browsers come with, by Mozilla's list as Node carries it. A certificate of a
 * company's own authority, of a test authority or of nobody does not, though some browser may trust it.
 *
 * @param chain the certificate and those between it and the root, in PEM, in any order after the first.
 */
export function isPubliclyTrusted(chain: string): boolean {
  const [leaf, ...others] = splitChain(chain);
  let last = leaf;
  for (let link = 0; last !== undefined && link < maxLinks; link += 1) {
    const current = last;
    if (listRoots().some((root) => isIssuedBy(current, root))) return true;
    last = others.find((other) => other !== current && isIssuedBy(current, other));
  }
  return false;
}
