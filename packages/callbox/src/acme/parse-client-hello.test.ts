import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseClientHello } from './parse-client-hello.ts';

/** What a TLS client of Node's sends first. */
async function captureHello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ ...options, host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  client.on('error', () => {});
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [octets] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return octets;
}

/** The same message in records of at most so many octets. */
function splitRecords(octets: Buffer, maxLength: number): Buffer {
  const message = octets.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += maxLength) {
    const part = message.subarray(at, at + maxLength);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(records);
}

describe('a ClientHello', () => {
  test.each<[string, ConnectionOptions, object]>([
    [
      'of a certificate authority',
      { servername: 'calls.example', ALPNProtocols: ['acme-tls/1'] },
      { serverName: 'calls.example', protocols: ['acme-tls/1'] },
    ],
    [
      'of a browser',
      { servername: 'calls.example', ALPNProtocols: ['h2', 'http/1.1'] },
      { serverName: 'calls.example', protocols: ['h2', 'http/1.1'] },
    ],
    ['to an address', {}, { serverName: undefined, protocols: [] }],
    ['in capitals', { servername: 'Calls.Example' }, { serverName: 'calls.example', protocols: [] }],
    [
      'of TLS 1.2',
      { servername: 'calls.example', maxVersion: 'TLSv1.2' },
      { serverName: 'calls.example', protocols: [] },
    ],
  ])('%s says name and protocols', async (_whose, options, hello) => {
    expect(parseClientHello(await captureHello(options))).toEqual({ kind: 'complete', hello });
  });

  test('is incomplete until its last octet has come', async () => {
    const octets = await captureHello({ servername: 'calls.example' });
    for (let length = 0; length < octets.length; length += 1) {
      expect(parseClientHello(octets.subarray(0, length))).toEqual({ kind: 'incomplete' });
    }
  });

  test('may be split over records', async () => {
    const octets = await captureHello({ servername: 'calls.example', ALPNProtocols: ['acme-tls/1'] });
    const hello = { serverName: 'calls.example', protocols: ['acme-tls/1'] };
    for (const length of [1, 2, 7, 100]) {
      expect(parseClientHello(splitRecords(octets, length))).toEqual({ kind: 'complete', hello });
    }
  });

  test.each([
    ['a record of another kind', Buffer.from([23, 3, 1, 0, 4, 1, 0, 0, 0])],
    ['another message', Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0])],
    ['a message that is far too long', Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])],
    ['one without contents', Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0])],
  ])('%s is none', (_what, octets) => {
    expect(parseClientHello(octets)).toEqual({ kind: 'malformed' });
  });

  test('no damage makes the parser fail otherwise', async () => {
    const octets = await captureHello({ servername: 'calls.example', ALPNProtocols: ['acme-tls/1'] });
    let seed = 1;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return seed % below;
    };
    for (let round = 0; round < 20_000; round += 1) {
      const damaged = Buffer.from(octets);
      for (let hit = next(6); hit >= 0; hit -= 1) damaged[next(damaged.length)] = next(256);
      expect(['incomplete', 'malformed', 'complete']).toContain(
        parseClientHello(damaged.subarray(0, next(damaged.length + 1))).kind,
      );
    }
  });
});
