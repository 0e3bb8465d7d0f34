import { connect as connectTcp } from 'node:net';
import { request as httpRequest } from 'node:http';
import { CONTRACT_VERSION, SIGNALING_PATH } from '@callbox/contract';
import { afterEach, describe, expect, it } from 'vitest';
import {
  connected,
  media,
  startSignaling,
  type SignalingHarness,
  type TestClient,
} from '../testing/signaling-harness.ts';
import { askHttp, askUpgrade } from '../testing/ask-http.ts';

let harness: SignalingHarness | null = null;
async function start(options?: Parameters<typeof startSignaling>[0]): Promise<SignalingHarness> {
  harness = await startSignaling(options);
  return harness;
}
afterEach(async () => {
  await harness?.stop();
  harness = null;
});

const refusal = (code: string): unknown => ({ code, message: expect.any(String) });

/** Two in a room; the second has heard nothing yet. */
async function pair({ connect }: SignalingHarness): Promise<readonly [TestClient, TestClient]> {
  const [ana, bo] = [await connect(), await connect()];
  await ana.join('blue', 'Ana');
  await bo.join('blue', 'Bo');
  return [ana, bo];
}

describe('the handshake', () => {
  it.each([
    ['no version', {}],
    ['a version of another type', { version: '1' }],
    ['a version before the oldest', { version: 0 }],
    ['a version to come', { version: CONTRACT_VERSION + 1 }],
    ['versions to come only', { version: CONTRACT_VERSION + 1, upTo: CONTRACT_VERSION + 5 }],
    ['versions before the oldest only', { version: 0, upTo: 0 }],
    ['versions in the wrong order', { version: 2, upTo: 1 }],
  ])('with %s is refused', async (_what, auth) => {
    const { client } = await start();
    await expect(connected(client({ auth }).socket)).rejects.toMatchObject({
      data: refusal('version-unsupported'),
    });
  });

  it.each([
    { version: 1 },
    { version: 2 },
    { version: 1, upTo: 2 },
    { version: 2, upTo: CONTRACT_VERSION + 5 },
    { version: 1, more: 'than we know' },
  ])('with a version that both speak is accepted: %o', async (auth) => {
    const ana = await (await start()).connect({ auth });
    expect(ana.socket.connected).toBe(true);
  });

  it('opens the one namespace there is', async () => {
    const { urls } = await start();
    const { io } = await import('socket.io-client');
    const socket = io(`${urls[0]}/admin`, {
      path: SIGNALING_PATH,
      reconnection: false,
      auth: { version: 1 },
    });
    await expect(connected(socket)).rejects.toThrow('Invalid namespace');
    socket.io.engine.close();
  });
});

describe('a transport', () => {
  it('may be polling alone', async () => {
    const { connect } = await start();
    const ana = await connect({ transports: ['polling'] });
    const bo = await connect({ transports: ['polling'] });
    await ana.join('blue', 'Ana');
    const { self } = await bo.join('blue', '博');
    await bo.ask('chat-send', { sequence: 1, text: '你好' });
    await expect
      .poll(() => ana.heard)
      .toMatchObject([
        { name: 'participant-joined', body: { displayName: '博' } },
        { name: 'chat', body: { text: '你好' } },
      ]);
    expect(ana.socket.io.engine.transport.name).toBe('polling');
    bo.socket.disconnect();
    await expect
      .poll(() => ana.heard.at(-1))
      .toMatchObject({ name: 'participant-left', body: { id: self.id } });
  });

  it('may begin as polling and become a WebSocket, and nothing is lost between', async () => {
    const { connect } = await start();
    const ana = await connect({ transports: ['polling', 'websocket'] });
    const bo = await connect();
    await ana.join('blue');
    await bo.join('blue');
    let sequence = 0;
    while (ana.socket.io.engine.transport.name !== 'websocket' || sequence < 20) {
      sequence += 1;
      await bo.ask('chat-send', { sequence, text: `line ${sequence}` });
    }
    await expect.poll(() => ana.heard.length).toBe(1 + sequence);
    expect(ana.heard.slice(1).map(({ body }) => (body as { sequence: number }).sequence)).toEqual(
      Array.from({ length: sequence }, (_unused, index) => index + 1),
    );
  });

  it('notices a client that vanished within twenty seconds', async () => {
    const { urls } = await start();
    const { body } = await askHttp(urls[0] ?? '', {});
    const { pingInterval, pingTimeout } = JSON.parse(body.slice(1)) as Record<string, number>;
    expect((pingInterval ?? Infinity) + (pingTimeout ?? Infinity)).toBeLessThanOrEqual(20_000);
    // Long enough for a phone that changes its network.
    expect(pingTimeout).toBeGreaterThanOrEqual(5_000);
  });

  it('does not offer compression', async () => {
    const { urls } = await start();
    const { headers } = await askUpgrade(urls[0] ?? '', { 'Sec-WebSocket-Extensions': 'permessage-deflate' });
    expect(headers.upgrade).toBe('websocket');
    expect(headers['sec-websocket-extensions']).toBeUndefined();
  });

  it('of a page that is gone is noticed at once, though polling has no connection to lose', async () => {
    const { connect, urls } = await start();
    const ana = await connect();
    await ana.join('blue');
    const bo = await openPolling(urls[0] ?? '');
    await bo.post(`42${joinOf('Bo')}`);
    await expect.poll(() => ana.heard.at(-1)).toMatchObject({ body: { displayName: 'Bo' } });
    const poll = httpRequest(bo.url, { agent: false });
    // Its own end of the connection hears that it was cut.
    poll.on('error', () => {});
    await new Promise<void>((resolve) => poll.end(resolve));
    poll.destroy();
    await expect
      .poll(() => ana.heard.at(-1))
      .toMatchObject({ name: 'participant-left', body: { reason: 'disconnected' } });
  });

  it('may be preceded by a knock, whose answer pages of other origins may read', async () => {
    const { urls } = await start();
    const knock = [
      urls[0] ?? '',
      { Origin: 'https://calls.example' },
      'GET',
      `${SIGNALING_PATH}knock`,
    ] as const;
    const { status, headers, body } = await askHttp(...knock);
    expect([status, body]).toEqual([204, '']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://calls.example',
      'cache-control': 'no-store',
    });
  });

  it('that carries a farewell and a request at once leaves nobody behind in a room', async () => {
    const { connect, server, urls } = await start();
    const bo = await openPolling(urls[0] ?? '');
    await bo.post(`41\u001E42${joinOf('Bo')}`);
    await (await connect()).settle();
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
    const cleo = await openPolling(urls[0] ?? '');
    await cleo.post(`42${joinOf('Cleo')}`);
    await expect.poll(() => server.counts().participants).toBe(1);
  });
});

describe('an origin', () => {
  const mine = 'https://calls.example';
  const asked: [string | undefined, string][] = [];
  const options = {
    isOriginAllowed(origin: string | undefined, host: string) {
      asked.push([origin, host]);
      return origin === undefined || origin === mine;
    },
  };

  it.each([['websocket'], ['polling']])('that is allowed connects by %s', async (transport) => {
    const { connect, urls } = await start(options);
    asked.length = 0;
    const ana = await connect({ transports: [transport], extraHeaders: { Origin: mine } });
    expect(ana.socket.connected).toBe(true);
    expect(asked[0]).toEqual([mine, new URL(urls[0] ?? '').host]);
  });

  it.each([
    ['websocket', 'https://evil.example'],
    ['polling', 'https://evil.example'],
    ['websocket', 'null'],
    ['polling', 'null'],
  ])('that is not allowed is refused by %s (%s)', async (transport, origin) => {
    const { client, server } = await start(options);
    const ana = client({ transports: [transport], extraHeaders: { Origin: origin } });
    await expect(connected(ana.socket)).rejects.toThrow(/xhr poll error|websocket error/);
    expect(server.counts()).toEqual({ rooms: 0, participants: 0 });
  });

  it('may read what it is answered, if it is allowed', async () => {
    const { urls } = await start(options);
    const answer = await askHttp(urls[0] ?? '', { Origin: mine });
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(mine);
    expect(answer.headers.vary).toBe('Origin');
  });

  it('is refused with 403 and may not read even that, if it is not', async () => {
    const { urls } = await start(options);
    const answer = await askHttp(urls[0] ?? '', { Origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    const upgraded = await askUpgrade(urls[0] ?? '', { Origin: 'https://evil.example' });
    expect(upgraded.status).toBe(403);
    expect((await askUpgrade(urls[0] ?? '', { Origin: mine })).status).toBe(101);
  });

  it('may ask before it asks', async () => {
    const { urls } = await start(options);
    const answer = await askHttp(urls[0] ?? '', { Origin: mine }, 'OPTIONS');
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': mine,
      'access-control-allow-methods': 'GET, POST',
    });
    expect((await askHttp(urls[0] ?? '', { Origin: 'https://evil.example' }, 'OPTIONS')).status).toBe(403);
  });

  it('is refused when its check fails', async () => {
    const { urls, log } = await start({
      isOriginAllowed: (origin) => new URL(origin ?? '').host === 'calls.example',
    });
    expect((await askHttp(urls[0] ?? '', { Origin: 'not a URL' })).status).toBe(403);
    expect((await askHttp(urls[0] ?? '', { Origin: mine })).status).toBe(200);
    expect(log.filter(({ level }) => level === 'error')).toHaveLength(1);
  });
});

describe('several HTTP servers', () => {
  it('feed the same rooms, and each connection is known by how it came', async () => {
    const { connect, iceRequests, urls } = await start({
      httpServers: [{ encrypted: false }, { encrypted: true }],
    });
    const [ana, bo] = [await connect({ via: 0 }), await connect({ via: 1 })];
    await ana.join('blue', 'Ana');
    const { participants } = await bo.join('blue', 'Bo');
    expect(participants).toMatchObject([{ displayName: 'Ana' }]);
    await expect.poll(() => ana.heard).toMatchObject([{ body: { displayName: 'Bo' } }]);
    expect(iceRequests.map(({ host, secure }) => [host, secure])).toEqual([
      [new URL(urls[0] ?? '').host, false],
      [new URL(urls[1] ?? '').host, true],
    ]);
  });

  it.each([['/'], ['/signaling'], ['/signaling/x'], ['/signalingx/'], ['//signaling/'], ['/socket.io/']])(
    'keep %s for themselves',
    async (path) => {
      const { urls } = await start();
      const answer = await askHttp(urls[0] ?? '', {}, 'GET', `${path}?EIO=4&transport=polling`);
      expect([answer.status, answer.body]).toEqual([404, 'not for signaling']);
    },
  );
});

describe('close', () => {
  it('ends every connection, says that it comes back, and says of nobody that they left', async () => {
    const all = await start();
    const [ana, bo] = await pair(all);
    const cleo = await all.connect({ transports: ['polling'] });
    await cleo.join('blue');
    const everybody = [ana, bo, cleo];
    for (const client of everybody) await client.settle();
    await all.server.close();
    await expect.poll(() => everybody.filter(({ socket }) => socket.connected)).toEqual([]);
    const names = everybody.map(({ heard }) => heard.map(({ name }) => name));
    expect(names.flat()).not.toContain('participant-left');
    expect(names.slice(0, 2).map((heard) => heard.at(-1))).toEqual([
      'server-restarting',
      'server-restarting',
    ]);
  });

  it('leaves the client to reconnect by itself', async () => {
    const all = await start();
    const ana = await all.connect({ reconnection: true });
    const reason = new Promise<string>((resolve) => ana.socket.once('disconnect', resolve));
    await all.server.close();
    expect(await reason).toBe('transport close');
    expect(ana.socket.active).toBe(true);
  });

  it('does not wait for a client that never answers', async () => {
    const all = await start();
    const url = new URL(all.urls[0] ?? '');
    const deaf = connectTcp(Number(url.port), url.hostname);
    deaf.write(
      `GET ${SIGNALING_PATH}?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await new Promise((resolve) => deaf.once('data', resolve));
    let isEnded = false;
    deaf.once('close', () => (isEnded = true));
    await all.server.close();
    await expect.poll(() => isEnded).toBe(true);
  });

  it('may be called twice, and refuses what comes after', async () => {
    const { server, urls } = await start();
    await Promise.all([server.close(), server.close()]);
    expect((await askHttp(urls[0] ?? '', {})).status).toBe(503);
    expect((await askUpgrade(urls[0] ?? '', {})).status).toBe(503);
  });
});

const joinOf = (displayName: string): string =>
  JSON.stringify(['room-join', { room: 'blue', displayName, media }]);

/** A client that speaks the polling transport by hand, connected and with no poll under way. */
async function openPolling(server: string) {
  const handshake = await askHttp(server, {});
  const { sid } = JSON.parse(handshake.body.slice(1)) as { sid: string };
  const path = `${SIGNALING_PATH}?EIO=4&transport=polling&sid=${sid}`;
  await askHttp(server, {}, 'POST', path, '40{"version":1}');
  await askHttp(server, {}, 'GET', path);
  return {
    url: `${server}${path}`,
    post: async (packets: string) => void (await askHttp(server, {}, 'POST', path, packets)),
  };
}
