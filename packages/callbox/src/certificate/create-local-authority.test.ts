import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { checkServerIdentity, connect, createServer } from 'node:tls';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { KeyPair } from '../port/port-splitter.ts';
import { listCertificateNames } from './certificate-names.ts';
import { createLocalAuthority, issueCertificate } from './create-local-authority.ts';

const own = listCertificateNames({ network: ['192.168.1.5', '2001:db8::5'] }, [], 'box');

let authority: KeyPair;
beforeAll(async () => {
  authority = await createLocalAuthority(own, Date.now());
});

/** What a client that trusts the authority says of a server with this certificate, reached by this name. */
async function judge(keyPair: KeyPair, name: string, trusted: KeyPair = authority): Promise<string> {
  const server = createServer(keyPair).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({
    port,
    host: '127.0.0.1',
    ca: trusted.cert,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  });
  onTestFinished(() => void client.destroy());
  return new Promise((resolve) => {
    client.once('secureConnect', () => resolve('trusted'));
    client.once('error', (error) => resolve(error.message));
  });
}

describe('who trusts the authority', () => {
  test.each(['box', 'box.local', '192.168.1.5', '2001:db8::5'])('trusts this server as %s', async (name) => {
    expect(await judge(await issueCertificate(authority, own, Date.now()), name)).toBe('trusted');
  });

  test.each([
    ['another name', { names: ['bank.example'], addresses: [] }, 'bank.example'],
    ['a neighbour by address', { names: [], addresses: ['192.168.1.1'] }, '192.168.1.1'],
    ['another IPv6 address', { names: [], addresses: ['2001:db8::6'] }, '2001:db8::6'],
    ['its own machine', { names: ['localhost'], addresses: ['127.0.0.1'] }, 'localhost'],
    ['a name of this server and another one', { names: ['box', 'bank.example'], addresses: [] }, 'box'],
  ])('does not trust what it signed for %s', async (_what, wanted, name) => {
    expect(await judge(await issueCertificate(authority, wanted, Date.now()), name)).toBe(
      'permitted subtree violation',
    );
  });

  test('trusts nobody by address where the server has a name only', async () => {
    const named = await createLocalAuthority(listCertificateNames({ network: [] }, [], 'box'), Date.now());
    const wanted = { names: [], addresses: ['192.168.1.1'] };
    expect(await judge(await issueCertificate(named, wanted, Date.now()), '192.168.1.1', named)).toBe(
      'permitted subtree violation',
    );
  });
});

test('a machine with hundreds of addresses has an authority all the same', async () => {
  const many = Array.from({ length: 300 }, (_, index) => `10.0.${index >> 8}.${index & 0xff}`);
  const wanted = listCertificateNames({ network: many }, [], 'box');
  const made = await createLocalAuthority(wanted, Date.now());
  expect(await judge(await issueCertificate(made, wanted, Date.now()), '10.0.1.43', made)).toBe('trusted');
});
