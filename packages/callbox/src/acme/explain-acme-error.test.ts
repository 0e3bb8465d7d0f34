import { expect, test } from 'vitest';
import { AcmeError, type AcmeProblem } from './acme-error.ts';
import { explainAcmeError } from './explain-acme-error.ts';

function unproven(type: string, detail = 'as it was said'): AcmeError {
  const problem: AcmeProblem = { type, detail, identifier: 'calls.example' };
  return new AcmeError('unproven', `calls.example: ${type}: ${detail}`, { problem });
}

test.each([
  [
    unproven('connection'),
    'the certificate authority reached calls.example neither on TCP port 443 nor on 80: open one of them to the internet and let it lead to this machine (calls.example: connection: as it was said)',
  ],
  [
    unproven('unauthorized', 'Failed to connect to 192.0.2.7:443'),
    'the certificate authority reached calls.example neither on TCP port 443 nor on 80: open one of them to the internet and let it lead to this machine (calls.example: unauthorized: Failed to connect to 192.0.2.7:443)',
  ],
  [
    unproven('unauthorized'),
    'another server than this one answered for calls.example: does the name point to this machine, and does the port lead here? (calls.example: unauthorized: as it was said)',
  ],
  [
    unproven('dns'),
    'calls.example has no address that the certificate authority could find: add it to the DNS (calls.example: dns: as it was said)',
  ],
  [
    unproven('caa'),
    'the DNS forbids this certificate authority to vouch for calls.example: change its CAA record (calls.example: caa: as it was said)',
  ],
  [
    unproven('serverInternal'),
    'the certificate authority could not see that calls.example is this machine (calls.example: serverInternal: as it was said)',
  ],
])('%s', (error, words) => {
  expect(explainAcmeError(error, ['tls-alpn-01', 'http-01'])).toBe(words);
});

test('one way that was tried is one port', () => {
  expect(explainAcmeError(unproven('connection'), ['http-01'])).toMatch(
    /calls\.example not on TCP port 80: /,
  );
});

test.each([
  ['rateLimited', /^the certificate authority was asked too often of late \(ca says so\)$/],
  ['rejectedIdentifier', /^the certificate authority vouches for no such name or address/],
  ['externalAccountRequired', /--acme-directory/],
  ['invalidContact', /--acme-email/],
  ['malformed', /^the certificate authority refused \(ca says so\)$/],
])('a refusal as %s is said in words', (type, words) => {
  const problem = { type, detail: '' };
  expect(explainAcmeError(new AcmeError('refused', 'ca says so', { problem }), [])).toMatch(words);
});

test('an authority that is down is said to be', () => {
  const error = new AcmeError('unreachable', 'ca.example does not answer (ECONNREFUSED)');
  expect(explainAcmeError(error, [])).toBe('ca.example does not answer (ECONNREFUSED)');
});
