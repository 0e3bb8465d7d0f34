import { isAboutConnection, type AcmeError } from './acme-error.ts';
import type { ChallengeType } from './challenge-responses.ts';

const portOf = { 'http-01': 80, 'tls-alpn-01': 443 } as const;

function explainProof({ problem }: AcmeError, tried: readonly ChallengeType[]): string {
  const name = problem?.identifier ?? 'the name';
  const ports = tried.map((type) => portOf[type]).join(' nor on ');
  const either = tried.length === 2 ? 'neither ' : 'not ';
  if (isAboutConnection(problem)) {
    return `the certificate authority reached ${name} ${either}on TCP port ${ports}: open one of them to the internet and let it lead to this machine`;
  }
  switch (problem?.type) {
    case 'dns':
      return `${name} has no address that the certificate authority could find: add it to the DNS`;
    case 'caa':
      return `the DNS forbids this certificate authority to vouch for ${name}: change its CAA record`;
    case 'tls':
    case 'unauthorized':
    case 'incorrectResponse':
      return `another server than this one answered for ${name}: does the name point to this machine, and does the port lead here?`;
    default:
      return `the certificate authority could not see that ${name} is this machine`;
  }
}

function explainRefusal({ problem }: AcmeError): string {
  switch (problem?.type) {
    case 'rateLimited':
      return 'the certificate authority was asked too often of late';
    case 'rejectedIdentifier':
      return 'the certificate authority vouches for no such name or address';
    case 'externalAccountRequired':
      return 'this certificate authority serves known customers only: give what it knows you by with --acme-eab-kid and --acme-eab-key, or choose another with --acme-directory';
    case 'invalidContact':
    case 'unsupportedContact':
      return 'the certificate authority does not take the address of --acme-email';
    case 'caa':
      return 'the DNS forbids this certificate authority to vouch for the name: change its CAA record';
    default:
      return 'the certificate authority refused';
  }
}

/**
 * Says in one line why there is no certificate and what to do; what the authority said itself comes last.
 *
 * @param tried the ways in which control was to be proven.
 */
export function explainAcmeError(error: AcmeError, tried: readonly ChallengeType[]): string {
  switch (error.code) {
    case 'unproven':
      return `${explainProof(error, tried)} (${error.message})`;
    case 'refused':
      return `${explainRefusal(error)} (${error.message})`;
    case 'unreachable':
    case 'malformed':
    case 'overdue':
      return error.message;
  }
}
