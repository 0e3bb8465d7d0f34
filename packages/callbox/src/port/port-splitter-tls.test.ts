import { once } from 'node:events';
import { connect, type ConnectionOptions } from 'node:tls';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createSelfSigned } from '../certificate/create-self-signed.ts';
import { createPortSplitter, type KeyPair } from './port-splitter.ts';

let keyPair: KeyPair;
beforeAll(async () => {
  keyPair = await createSelfSigned({ names: ['calls.example'], addresses: [] }, Date.now());
});

/** What a client of these abilities agrees on with the port, or that it cannot. */
async function agree(options: ConnectionOptions, isRenewed: boolean): Promise<string> {
  const splitter = createPortSplitter({
    onRequest: (_request, response) => response.end(),
    onUpgrade: (_request, socket) => socket.destroy(),
    onTurn: undefined,
    keyPair,
  });
  await splitter.listen(0, '127.0.0.1');
  onTestFinished(() => splitter.stop());
  if (isRenewed) splitter.setKeyPair(keyPair);
  const client = connect({ ...options, port: splitter.port, host: '127.0.0.1', rejectUnauthorized: false });
  onTestFinished(() => void client.destroy());
  return once(client, 'secureConnect').then(
    () => `${client.getProtocol()} ${client.getCipher().name}`,
    () => 'nothing',
  );
}

describe.each([
  ['as it was opened', false],
  ['with another certificate', true],
])('a port %s', (_how, isRenewed) => {
  test.each<[string, ConnectionOptions, string]>([
    ['a browser of today', {}, 'TLSv1.3 TLS_AES_128_GCM_SHA256'],
    ['one of ten years ago', { maxVersion: 'TLSv1.2' }, 'TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256'],
    [
      'one of TLS 1.1',
      { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      'nothing',
    ],
    [
      'one without authenticated encryption',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA' },
      'nothing',
    ],
  ])('speaks with %s: %#', async (_whom, options, expected) => {
    expect(await agree(options, isRenewed)).toBe(expected);
  });
});

test('a port shows each who comes the certificate that stands for where they came to, also after a renewal', async () => {
  const local = await createSelfSigned({ names: ['box.local'], addresses: ['192.168.1.5'] }, Date.now());
  const splitter = createPortSplitter({
    onRequest: (_request, response) => response.end(),
    onUpgrade: (_request, socket) => socket.destroy(),
    onTurn: undefined,
    keyPair,
    localKeyPair: local,
  });
  await splitter.listen(0, '127.0.0.1');
  onTestFinished(() => splitter.stop());
  const see = async (servername: string | undefined): Promise<string | undefined> => {
    const name = servername === undefined ? {} : { servername };
    const client = connect({ ...name, port: splitter.port, host: '127.0.0.1', rejectUnauthorized: false });
    onTestFinished(() => void client.destroy());
    await once(client, 'secureConnect');
    return client.getPeerCertificate().subjectaltname;
  };
  const seeAll = () => Promise.all(['calls.example', 'box.local', undefined, 'other.example'].map(see));
  const [main, ours] = ['DNS:calls.example', 'DNS:box.local, IP Address:192.168.1.5'];
  expect(await seeAll()).toEqual([main, ours, ours, main]);
  const next = await createSelfSigned(
    { names: ['calls.example', 'www.calls.example'], addresses: [] },
    Date.now(),
  );
  splitter.setKeyPair(next, local);
  const renewed = 'DNS:calls.example, DNS:www.calls.example';
  expect(await seeAll()).toEqual([renewed, ours, ours, renewed]);
  splitter.setKeyPair(keyPair);
  expect(await seeAll()).toEqual([main, main, main, main]);
});
