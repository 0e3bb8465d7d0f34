import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createPortSplitter, type KeyPair } from '../port/port-splitter.ts';
import { createChallengeCertificate } from './create-challenge-certificate.ts';
import { createTlsAlpnResponder } from './tls-alpn-responder.ts';

const proof = 'token.thumbprint';
const certificates = new Map<string, KeyPair>();
let keyPair: KeyPair;
let challenge: KeyPair;
let port: number;

beforeAll(async () => {
  keyPair = await createSelfSigned({ names: ['calls.example'], addresses: [] }, Date.now());
  challenge = await createChallengeCertificate({ type: 'dns', value: 'calls.example' }, proof, Date.now());
});

beforeEach(async () => {
  certificates.clear();
  const splitter = createPortSplitter({
    onRequest: (_request, response) => response.end('page'),
    onUpgrade: (_request, socket) => socket.destroy(),
    onTurn: undefined,
    keyPair,
    challenges: createTlsAlpnResponder(certificates),
  });
  await splitter.listen(0, '127.0.0.1');
  port = splitter.port;
  onTestFinished(() => splitter.stop());
});

function dial(options: ConnectionOptions): TLSSocket {
  const client = connect({ port, ...options, host: '127.0.0.1', rejectUnauthorized: false });
  onTestFinished(() => void client.destroy());
  return client;
}

/** The certificate that a client with this ClientHello is served, and the protocol that is agreed on. */
async function look(options: ConnectionOptions): Promise<{ raw: Buffer; protocol: string | false | null }> {
  const client = dial(options);
  await once(client, 'secureConnect');
  return { raw: client.getPeerCertificate().raw, protocol: client.alpnProtocol };
}

function derOf({ cert }: KeyPair): Buffer {
  return Buffer.from(cert.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}

describe('while a name is being proven', () => {
  beforeEach(() => {
    certificates.set('calls.example', challenge);
  });

  test('the certificate authority is served the proof, and the connection ends', async () => {
    const client = dial({ servername: 'calls.example', ALPNProtocols: ['acme-tls/1'] });
    await once(client, 'secureConnect');
    const { raw } = client.getPeerCertificate();
    expect(raw).toEqual(derOf(challenge));
    expect(client.alpnProtocol).toBe('acme-tls/1');
    // The octets of the extension: critical, and the hash of the key authorization.
    const hash = createHash('sha256').update(proof).digest('hex');
    expect(raw.toString('hex')).toContain(`06082b060105050701 1f0101ff04220420${hash}`.replaceAll(' ', ''));
    client.resume();
    await once(client, 'close');
  });

  test.each<[string, ConnectionOptions]>([
    ['a visitor', { servername: 'calls.example', ALPNProtocols: ['http/1.1'] }],
    ['a visitor who names no protocol', { servername: 'calls.example' }],
    ['a visitor by address', { ALPNProtocols: ['http/1.1'] }],
    [
      'one who offers the challenge among other protocols',
      { servername: 'calls.example', ALPNProtocols: ['acme-tls/1', 'http/1.1'] },
    ],
  ])('%s is served the certificate as ever', async (_who, options) => {
    expect((await look(options)).raw).toEqual(derOf(keyPair));
  });

  test('a visitor whose ClientHello comes in pieces is served as ever', async () => {
    const client = dial({ servername: 'calls.example', port: await openSlowWay() });
    await once(client, 'secureConnect');
    expect(client.getPeerCertificate().raw).toEqual(derOf(keyPair));
    client.write('GET / HTTP/1.0\r\n\r\n');
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
  });

  test('a certificate authority that asks for another name gets no proof', async () => {
    const client = dial({ servername: 'other.example', ALPNProtocols: ['acme-tls/1'] });
    const [error] = (await once(client, 'error')) as [Error];
    expect(error.message).toMatch(/no application protocol/);
  });
});

test('when no name is being proven, the challenge’s protocol is refused', async () => {
  const client = dial({ servername: 'calls.example', ALPNProtocols: ['acme-tls/1'] });
  const [error] = (await once(client, 'error')) as [Error];
  expect(error.message).toMatch(/no application protocol/);
});

/** A way to the port on which what a client sends travels in pieces of 50 octets. */
async function openSlowWay(): Promise<number> {
  const server = createServer((near) => {
    const far = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    onTestFinished(() => void far.destroy());
    far.pipe(near);
    near.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; at += 50) {
        setImmediate(() => far.write(chunk.subarray(at, at + 50)));
      }
    });
    for (const socket of [near, far]) socket.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}
