import { createHmac, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { askCheck, type ToldServer } from './ask-check.ts';
import { createConfiguredServers } from './configured-servers.ts';
import { openOldPage, until } from '../legacy/old-page.ts';
import { serverCertificate } from '../turn/servers/certificate.ts';

const servers = createConfiguredServers();
afterEach(() => servers.end());

/** What the file says of the port of signaling shall count. */
const fileDecides = { CALLBOX_SIGNAL_PORT: undefined };

async function isAlive(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/healthcheck`);
  return response.status === 200;
}

describe('the turnservers of a configuration of signalmaster', () => {
  test('are told beside our relay, but for those that are our own', async () => {
    const at = await servers.startWithSignalmaster(
      {
        server: { port: 24_046 },
        stunservers: [{ urls: 'stun:stun.example:3478' }],
        turnservers: [
          { urls: ['turn:relay.example:3478'], secret: 'north', expiry: 3600 },
          { urls: ['turn:127.0.0.1:24047'], secret: 'north', expiry: 3600 },
          { url: 'turn:static.example', username: 'ana', credential: 'word' },
        ],
      },
      { environment: { ...fileDecides, CALLBOX_TURN_PORT: '24047' } },
    );
    expect(at.signalPort).toBe(24_046);
    const told = await askCheck(24_046);
    expect(
      told.map(({ urls, username }) => [urls[0], username?.replace(/^\d+:.*$/u, 'EXPIRY:NAME')]),
    ).toEqual([
      ['turn:127.0.0.1:24047?transport=udp', 'EXPIRY:NAME'],
      ['stun:stun.example:3478', undefined],
      ['turn:relay.example:3478', 'EXPIRY:NAME'],
      ['turn:static.example', 'ana'],
    ]);
  });
});

describe('the stunservers and turnservers of a configuration of signalmaster', () => {
  test('are told to old pages, with credentials for each page that end when the file says', async () => {
    const at = await servers.startWithSignalmaster(
      {
        stunservers: [{ urls: 'stun:stun.example:3478' }],
        turnservers: [
          { urls: ['turn:relay.example:3478'], secret: 'north', expiry: 3600 },
          { url: 'turn:static.example', username: 'ana', credential: 'word' },
        ],
      },
      { environment: { CALLBOX_ROLES: 'signaling' } },
    );
    const listsOf = async (): Promise<readonly unknown[]> => {
      const page = await openOldPage(`http://127.0.0.1:${at.signalPort}`);
      await page.ask('join', 'blue');
      await until(() => expect(page.iceServers()).toHaveLength(4));
      page.wire.cut();
      return page
        .iceServers()
        .slice(2)
        .map(({ args }) => args[0]);
    };
    const [stun, turn] = await listsOf();
    expect(stun).toContainEqual({ urls: ['stun:stun.example:3478'] });
    const [timed, fixed] = turn as readonly ToldServer[];
    const { username = '', credential } = timed ?? {};
    expect(timed?.urls).toEqual(['turn:relay.example:3478']);
    expect(credential).toBe(createHmac('sha1', 'north').update(username).digest('base64'));
    const endsIn = Number(username.split(':')[0]) - Date.now() / 1_000;
    expect(endsIn).toBeGreaterThan(3_500);
    expect(endsIn).toBeLessThanOrEqual(3_600);
    expect(fixed).toEqual({ urls: ['turn:static.example'], username: 'ana', credential: 'word' });
    const [, other] = await listsOf();
    expect((other as readonly ToldServer[])[0]?.username).not.toBe(username);
  });
});

describe('a configuration of signalmaster', () => {
  test('rooms.maxClients is the size of a room, for old pages too', async () => {
    const at = await servers.startWithSignalmaster({ rooms: { maxClients: 2 } });
    await servers.join(at, 'blue', '127.1.0.1');
    await servers.join(at, 'blue', '127.1.0.2');
    await expect(servers.join(at, 'blue', '127.1.0.3')).rejects.toThrow(/full/u);
    const page = await openOldPage(`http://127.0.0.1:${at.signalPort}`);
    expect(await page.ask('join', 'blue')).toEqual(['full']);
    expect(await page.ask('join', 'green')).toEqual([null, { clients: {} }]);
    page.wire.cut();
  });

  test('server.port is where signaling is, unless PORT says otherwise', async () => {
    await servers.startWithSignalmaster({ server: { port: 24_048 } }, { environment: fileDecides });
    expect(await isAlive(24_048)).toBe(true);
    await servers.end();
    await servers.startWithSignalmaster(
      { server: { port: '$SIGNAL' } },
      { environment: { ...fileDecides, SIGNAL: '24049' } },
    );
    expect(await isAlive(24_049)).toBe(true);
    await servers.end();
    await servers.startWithSignalmaster(
      { server: { port: 24_048 } },
      { environment: { ...fileDecides, PORT: '24050' } },
    );
    expect(await isAlive(24_050)).toBe(true);
  });

  test('server.secure, key, cert and password: that certificate, opened with that password', async () => {
    const { cert, key } = await serverCertificate();
    const encrypted = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'sesame',
    });
    const server = { port: 24_048, secure: true, key: 'key.pem', cert: 'cert.pem', password: 'sesame' };
    const files = { 'key.pem': encrypted.toString(), 'cert.pem': cert };
    await servers.startWithSignalmaster({ server }, { environment: fileDecides, files });
    const socket = connectTls({ host: '127.0.0.1', port: 24_048, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    expect(socket.getPeerCertificate().subject.CN).toBe('conformance.example');
    socket.destroy();
    const locked = { ...server, password: 'wrong' };
    await servers.end();
    await expect(
      servers.startWithSignalmaster({ server: locked }, { environment: fileDecides, files }),
    ).rejects.toThrow(/do not make a pair: (?!.*wrong)/u);
  });

  test('turnorigins: only the pages named get relays', async () => {
    const at = await servers.startWithSignalmaster({ turnorigins: ['https://pages.example'] });
    const urlsFor = async (origin: string): Promise<readonly string[]> =>
      (await askCheck(at.signalPort, origin)).flatMap(({ urls }) => urls);
    expect(await urlsFor('https://pages.example')).toContainEqual(expect.stringMatching(/^turn:/u));
    expect(await urlsFor('http://localhost:8000')).toEqual([`stun:127.0.0.1:${at.turnPort}`]);
    const relaysOf = async (origin: string): Promise<readonly unknown[]> => {
      const page = await openOldPage(`http://127.0.0.1:${at.signalPort}`, { headers: { origin } });
      await page.ask('join', 'blue');
      await until(() => expect(page.iceServers()).toHaveLength(4));
      page.wire.cut();
      return page
        .iceServers()
        .filter(({ name }) => name === 'turnservers')
        .map(({ args }) => args[0]);
    };
    // Before a room, and in it.
    expect(await relaysOf('http://localhost:8000')).toEqual([[], []]);
    const told = { urls: expect.arrayContaining([expect.stringMatching(/^turn:/u)]) as unknown };
    expect(await relaysOf('https://pages.example')).toMatchObject([[told], [told]]);
  });
});
