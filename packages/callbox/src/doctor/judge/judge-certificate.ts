import { isPublicAddress } from '../../network/is-public-address.ts';
import { find, type Finding } from '../diagnosis-table.ts';
import type { CertificateFact, Facts, PublicName } from '../facts.ts';
import { addressesOf } from './perspective.ts';
import type { Judgement } from './judgement.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** A certificate is renewed when a third of its life is left; half of that is late. */
const lateShare = 1 / 6;

const days = (ms: number): string => `${Math.floor(Math.abs(ms) / dayMs)} days`;
const date = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

/** OpenSSL's words for a chain that ends before an authority that is known (openssl-verification-options(1)). */
const brokenChain = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY']);

/** On a network of one's own a certificate of the server's own making is as good as it gets. */
function isLocal(facts: Facts): boolean {
  return (
    addressesOf(facts).every((address) => !isPublicAddress(address)) && facts.publicAddresses.length === 0
  );
}

function judgeTrust(name: PublicName, certificate: CertificateFact): Finding | undefined {
  const { untrusted, issuer } = certificate;
  if (untrusted === undefined) return undefined;
  const values = { name: name.host };
  if (brokenChain.has(untrusted) && certificate.chainLength === 1 && certificate.namesItsIssuer) {
    const evidence = `it comes alone, without that of ${issuer}: ${untrusted}`;
    return find('certificate-chain-incomplete', evidence, values);
  }
  return find('certificate-unknown-authority', `issued by ${issuer}: ${untrusted}`, values);
}

/** What a browser would say of the certificate: the first thing only, for it is replaced as a whole. */
export const judgeCertificate: Judgement = (facts, hasFound) => {
  const { name, web, nowMs } = facts;
  const certificate = web?.certificate;
  if (name === undefined || certificate === undefined || 'error' in certificate) return [];
  if (hasFound('name-elsewhere', 'cdn-in-front', 'not-running', 'not-ready', 'port-taken')) return [];
  const { validFromMs, validToMs } = certificate;
  const values = { name: name.host };
  if (validToMs < nowMs) {
    return [
      find('certificate-expired', `valid until ${date(validToMs)}, ${days(nowMs - validToMs)} ago`, values),
    ];
  }
  if (validFromMs > nowMs) {
    return [
      find('certificate-not-yet-valid', `valid from ${date(validFromMs)}; it is ${date(nowMs)} here`, values),
    ];
  }
  if (certificate.untrusted !== undefined && (certificate.isSelfSigned || certificate.isOwnAuthority)) {
    if (isLocal(facts)) return [];
    return [find('certificate-self-signed', `made by ${certificate.issuer}`, values)];
  }
  if (!certificate.isForName) {
    return [find('certificate-wrong-name', `it is for ${certificate.names.join(', ') || 'no name'}`, values)];
  }
  const untrusted = judgeTrust(name, certificate);
  if (untrusted !== undefined) return [untrusted];
  const left = validToMs - nowMs;
  if (certificate.untrusted === undefined && left < (validToMs - validFromMs) * lateShare) {
    return [find('certificate-ends-soon', `valid until ${date(validToMs)}, for ${days(left)} more`, values)];
  }
  return [];
};
