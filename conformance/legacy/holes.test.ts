import assert from 'node:assert';
import { request } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLegacyTarget, refusedOrigin, startOwn, type LegacyTarget } from './legacy-target.ts';
import { openByPolling, openByWebSocket, type OldWire, type WireOptions } from './old-frames.ts';
import { createOldPage, freshRoom, until, type OldPage } from './old-page.ts';

let target: LegacyTarget;
const wires: OldWire[] = [];
beforeAll(async () => {
  target = await openLegacyTarget();
});
afterEach(() => {
  for (const wire of wires.splice(0)) wire.cut();
});
afterAll(() => target.close());

async function page(options?: WireOptions, url = target.url): Promise<OldPage> {
  const wire = await openByWebSocket(url, options);
  wires.push(wire);
  return createOldPage(wire);
}

/** Two who are in a call, and know nothing of what others do. */
async function bystanders() {
  const room = freshRoom();
  const [ana, bo] = [await page(), await page()];
  await ana.ask('join', room);
  await bo.ask('join', room);
  return {
    room,
    ana,
    bo,
    /** What differs from two who hear each other, have heard nothing else, and are alone in their room. */
    findHarm: async (): Promise<unknown[]> => {
      await ana.message(bo.id, { type: 'still here' });
      await until(() => assert(bo.heard().length > 0, 'they do not hear each other any more'));
      const [error, inside] = await ana.ask('join', room);
      const here = { to: bo.id, sid: '1', roomType: 'video', type: 'still here', from: ana.id };
      const alone = { clients: { [bo.id]: { screen: false, video: true, audio: false } } };
      const found = [ana.heard(), bo.heard(), error, inside];
      const sound = [[], [{ name: 'message', args: [here] }], null, alone];
      return isDeepStrictEqual(found, sound) ? [] : found;
    },
  };
}

describe('an eavesdropper', () => {
  test('who joins a room named like somebody’s id is in a room of that name, and hears nothing of theirs', async () => {
    const { ana, bo } = await bystanders();
    const eve = await page();
    expect(await eve.ask('join', bo.id)).toEqual([null, { clients: {} }]);
    await ana.message(bo.id, { payload: 'secret' });
    await until(() => expect(bo.heard()).toHaveLength(1));
    // A word to herself in the end: what was to come before has come.
    await eve.ask('join', freshRoom());
    expect(eve.heard().filter(({ name }) => name === 'message')).toEqual([]);
    expect(bo.heard()).toMatchObject([{ name: 'message', args: [{ payload: 'secret' }] }]);
  });

  test('cannot use a connection of another by its name, although all in the room know it', async () => {
    const { ana, bo, findHarm } = await bystanders();
    const polling = await openByPolling(target.url, {
      headers: { 'X-From': '192.0.2.1', 'User-Agent': 'a' },
    });
    wires.push(polling);
    for (const sid of [ana.id, polling.sid]) {
      for (const method of ['GET', 'POST']) {
        const response = await fetch(`${target.url}/socket.io/?EIO=3&transport=polling&sid=${sid}`, {
          method,
          headers: { 'X-From': '192.0.2.66', 'User-Agent': 'a' },
          ...(method === 'POST' && { body: '11:42["leave"]' }),
        });
        expect([response.status, await response.json()]).toEqual([
          400,
          { code: 1, message: 'Session ID unknown' },
        ]);
      }
    }
    expect(bo.heard()).toEqual([]);
    // The owner goes on.
    await polling.send('2');
    await until(() => expect(polling.received).toContain('3'));
    expect(await findHarm()).toEqual([]);
  });
});

describe('a stranger to the room', () => {
  test('reaches neither its people by their ids nor the room by its name', async () => {
    const { room, ana, bo, findHarm } = await bystanders();
    const [outside, elsewhere] = [await page(), await page()];
    await elsewhere.ask('join', freshRoom());
    for (const stranger of [outside, elsewhere]) {
      for (const to of [ana.id, bo.id, room, '', '*', '/', '__proto__', 'constructor']) {
        await stranger.message(to, { from: bo.id, payload: { sdp: 'hello' } });
      }
      await stranger.emit('unshareScreen');
      await stranger.emit('leave');
      // Answered last, so all of that has been dealt with.
      await stranger.ask('create', freshRoom());
    }
    expect(await findHarm()).toEqual([]);
    // A server of somebody else's does not tell.
    expect(target.status?.().counters['dropped_outside_room'] ?? 14).toBeGreaterThanOrEqual(14);
  });

  test('is not heard any more after it has left', async () => {
    const { room, bo } = await bystanders();
    const guest = await page();
    await guest.ask('join', room);
    await guest.emit('leave');
    await guest.message(bo.id, { payload: 'late' });
    await guest.ask('join', freshRoom());
    await until(() => expect(bo.heard()).toEqual([{ name: 'remove', args: [{ id: guest.id }] }]));
  });
});

describe('a sender', () => {
  test('is named by the server, whatever it says', async () => {
    const room = freshRoom();
    const [ana, bo] = [await page(), await page()];
    await ana.ask('join', room);
    await bo.ask('join', room);
    await ana.message(bo.id, { from: bo.id });
    await until(() => expect(bo.heard()).toMatchObject([{ args: [{ from: ana.id }] }]));
  });
});

describe('what killed the old server or filled it', () => {
  const hostile: readonly (readonly [string, readonly string[]])[] = [
    [
      'reports of nothing',
      ['42["trace"]', '42["trace",null]', '42["trace",[]]', '42["trace",{"value":{"a":{}}}]'],
    ],
    [
      'names that objects have',
      [
        '420["join","__proto__"]',
        '421["join","constructor"]',
        '422["create","hasOwnProperty"]',
        '423["join","toString"]',
      ],
    ],
    [
      'no data where there should be some',
      ['42["message"]', '42["join"]', '42["create"]', '42["unshareScreen",{}]'],
    ],
    ['acknowledgements nobody asked for', ['430[]', '4399["x"]', '43[null]']],
    ['other namespaces', ['40/admin', '42/admin,["join","x"]', '41/admin']],
    ['a name that is too long', [`420["join","${'x'.repeat(100_000)}"]`]],
    [
      'fields that objects inherit',
      ['42["message",{"__proto__":{"to":"x"},"to":"y","constructor":{"prototype":{"z":1}}}]'],
    ],
  ];

  test.for(hostile)('%s harm nobody', async ([, frames]) => {
    const { findHarm } = await bystanders();
    const rogue = await page();
    for (const frame of frames) await rogue.wire.send(frame);
    await Promise.race([rogue.wire.ended, rogue.ask('create', freshRoom())]);
    expect(await findHarm()).toEqual([]);
  });

  test('a message nested without end reaches nobody, and its sender goes on', async () => {
    const { room, ana, bo, findHarm } = await bystanders();
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    await ana.wire.send(`42["message",{"to":"${bo.id}","type":"x","payload":${deep}}]`);
    await ana.wire.send(`420["join",${deep}]`);
    expect(await ana.ask('join', room)).toMatchObject([null, {}]);
    expect(await findHarm()).toEqual([]);
  });

  test.for(['4', '42', '42[', '42{}', '42["', '47', '9', 'b4', '45', '451-', '459-["x"]'])(
    'a frame that is none, %j, ends its own connection at most',
    async (frame) => {
      const { findHarm } = await bystanders();
      const rogue = await page();
      await rogue.wire.send(frame);
      await Promise.race([rogue.wire.ended, rogue.ask('create', freshRoom())]);
      expect(await findHarm()).toEqual([]);
    },
  );

  test('a frame beyond any use ends its own connection', async () => {
    const { findHarm } = await bystanders();
    const rogue = await page();
    await rogue.wire.send(`42["trace","${'x'.repeat(300_000)}"]`);
    await rogue.wire.ended;
    const polling = await openByPolling(target.url);
    wires.push(polling);
    await expect(polling.send(`42["trace","${'x'.repeat(300_000)}"]`)).rejects.toThrow(/413|fetch failed/);
    expect(await findHarm()).toEqual([]);
  });

  test('a flood is refused, then ended', async () => {
    const { findHarm } = await bystanders();
    const rogue = await page();
    const frames = Array.from({ length: 6_000 }, (_, index) => rogue.wire.send(`42${index}["join",""]`));
    await rogue.wire.ended;
    await Promise.all(frames);
    expect(rogue.wire.received.some((frame) => frame.includes('"rate-limited"'))).toBe(true);
    expect(await findHarm()).toEqual([]);
  });
});

describe('a room that is full', () => {
  test('takes nobody more, and who is turned away stays where it was', async () => {
    const [full, before] = [freshRoom(), freshRoom()];
    for (let inside = 0; inside < target.maxParticipants; inside += 1) {
      expect((await (await page()).ask('join', full))[0]).toBeNull();
    }
    const [guest, friend] = [await page(), await page()];
    await guest.ask('join', before);
    await friend.ask('join', before);
    expect(await guest.ask('join', full)).toEqual(['full']);
    await friend.message(guest.id, { payload: 'still here?' });
    await until(() => expect(guest.heard()).toMatchObject([{ args: [{ from: friend.id }] }]));
  });

  test('has room again for one who comes after another has left', async () => {
    const full = freshRoom();
    const inside = await Promise.all(Array.from({ length: target.maxParticipants }, () => page()));
    for (const each of inside) await each.ask('join', full);
    // Who is inside may ask again.
    expect((await inside[0]?.ask('join', full))?.[0]).toBeNull();
    const guest = await page();
    expect(await guest.ask('join', full)).toEqual(['full']);
    inside[1]?.wire.cut();
    await until(() => expect(inside[0]?.heard()).toHaveLength(1));
    expect((await guest.ask('join', full))[0]).toBeNull();
  });
});

describe('who may connect', () => {
  const ask = (path: string, init?: RequestInit) =>
    fetch(`${target.url}${path}`, { redirect: 'manual', ...init });
  const polling = '/socket.io/?EIO=3&transport=polling';

  test('a page of a welcome origin is answered by name, with its cookies', async () => {
    const origin = 'http://localhost:8080';
    const response = await ask(polling, { headers: { origin } });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('vary')).toMatch(/Origin/);
    expect(response.headers.get('set-cookie')).toBeNull();
    const preflight = await ask(polling, {
      method: 'OPTIONS',
      headers: {
        origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  });

  test('a page of another site may not, by no transport', async () => {
    const response = await ask(polling, { headers: { origin: refusedOrigin } });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    await expect(openByWebSocket(target.url, { headers: { origin: refusedOrigin } })).rejects.toThrow(/403/);
  });

  test.for([
    ['/socket.io/', 'transport nobody named', { code: 0, message: 'Transport unknown' }],
    ['/socket.io/?transport=jsonp&EIO=3', 'unknown transport', { code: 0, message: 'Transport unknown' }],
    [
      '/socket.io/?transport=polling&EIO=4',
      'newer protocol',
      { code: 5, message: 'Unsupported protocol version' },
    ],
    [
      '/socket.io/?transport=polling',
      'protocol nobody named',
      { code: 5, message: 'Unsupported protocol version' },
    ],
    [`${polling}&sid=nobody`, 'unknown connection', { code: 1, message: 'Session ID unknown' }],
    [`${polling}&j=0`, 'answer as a script', { code: 3, message: 'Bad request' }],
    ['/socket.io/1/?t=1', 'protocol of 2012', { code: 0, message: 'Transport unknown' }],
  ] as const)('%s is refused: %s', async ([path, , body]) => {
    const response = await ask(path);
    expect([response.status, await response.json()]).toEqual([400, body]);
  });

  test('nothing under the path of sockets is ever led elsewhere', async () => {
    for (const path of ['/socket.io/', '/socket.io', '/socket.io/x', polling, '/socket.io/socket.io.js']) {
      const response = await ask(path, { headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate' } });
      expect(Math.floor(response.status / 100), path).not.toBe(3);
      await response.arrayBuffer();
    }
  });

  test('who watches over the server is told that it lives', async () => {
    const response = await ask('/healthcheck');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('who looks for the client library is told where it is not', async () => {
    const response = await ask('/socket.io/socket.io.js');
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining('/simplewebrtc.js'),
    ]);
  });

  test('a request whose query says something twice is read one way only', async () => {
    const response = await ask(`${polling}&EIO=4`);
    expect(await response.json()).toMatchObject({ code: 5 });
  });

  test('an upgrade that is none is ended', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(`${target.url}/socket.io/?EIO=3&transport=websocket`, {
        headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
      })
        .on('response', ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe('a page that cannot read our answers, and tries without end', () => {
  test('is made to wait, and nobody else is', async () => {
    const seen = new Map<string, number>();
    const own = await startOwn(undefined, {
      mayConnect(address) {
        seen.set(address, (seen.get(address) ?? 0) + 1);
        return (seen.get(address) ?? 0) <= 5;
      },
    });
    try {
      const handshake = () =>
        fetch(`${own.url}/socket.io/?EIO=3&transport=polling`, { headers: { 'X-From': '192.0.2.9' } });
      const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await handshake()).status));
      expect(statuses.filter((status) => status === 200)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(15);
      await expect(openByWebSocket(own.url, { headers: { 'X-From': '192.0.2.9' } })).rejects.toThrow(/429/);
      const other = await openByWebSocket(own.url, { headers: { 'X-From': '192.0.2.10' } });
      expect(await createOldPage(other).ask('join', freshRoom())).toEqual([null, { clients: {} }]);
      expect(own.status?.().counters['refused_too_many_connections']).toBe(16);
      other.cut();
    } finally {
      await own.close();
    }
  });
});
