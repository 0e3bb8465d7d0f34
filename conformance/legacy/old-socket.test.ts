import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOwn, type LegacyTarget } from './legacy-target.ts';
import { connectOldSocket, type OldSocket, type OldSocketOptions } from './old-socket.ts';
import { freshRoom, until } from './old-page.ts';

let target: LegacyTarget;
const sockets: OldSocket[] = [];
beforeEach(async () => {
  target = await startOwn();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect();
  await target.close();
});

function open(options?: OldSocketOptions, url = target.url) {
  const socket = connectOldSocket(url, options);
  sockets.push(socket);
  const heard: unknown[][] = [];
  for (const name of ['connect', 'disconnect', 'message', 'remove', 'stunservers', 'turnservers', 'error']) {
    socket.on(name, (...args) => void heard.push([name, ...args]));
  }
  return {
    socket,
    heard,
    of: (name: string) => heard.filter(([which]) => which === name),
    ask: (name: string, ...args: unknown[]) =>
      new Promise<unknown[]>((resolve) =>
        socket.emit(name, ...args, (...result: unknown[]) => resolve(result)),
      ),
  };
}

const text = 'Ärger, 会议室, мир, 😀, \u007f\u0080ÿ';

describe('socket.io-client 1.7', () => {
  test.for<readonly [string, OldSocketOptions]>([
    ['polling, then WebSocket', {}],
    ['polling alone', { transports: ['polling'] }],
    ['polling for text alone', { transports: ['polling'], forceBase64: true }],
    ['WebSocket alone', { transports: ['websocket'] }],
  ])('by %s says what it means, and hears it', async ([, options]) => {
    const [ana, bo] = [open(options), open(options)];
    const room = freshRoom();
    expect(await ana.ask('join', room)).toEqual([null, { clients: {} }]);
    const [error, others] = await bo.ask('join', room);
    expect([error, others]).toEqual([
      null,
      { clients: { [ana.socket.id]: { screen: false, video: true, audio: false } } },
    ]);
    expect(ana.socket.id).toBe(ana.socket.io.engine.id);
    const message = { to: ana.socket.id, type: 'chat', payload: { message: text, deep: [{ a: null }] } };
    bo.socket.emit('message', message);
    await until(() => expect(ana.of('message')).toEqual([['message', { ...message, from: bo.socket.id }]]));
    const wanted = options.transports?.[0] === 'polling' ? 'polling' : 'websocket';
    await until(() => expect(ana.socket.io.engine.transport.name).toBe(wanted));
    bo.socket.emit('message', { ...message, payload: 'after' });
    await until(() => expect(ana.of('message')).toHaveLength(2));
    const { id } = bo.socket;
    bo.socket.disconnect();
    await until(() => expect(ana.of('remove')).toEqual([['remove', { id }]]));
    expect([ana.of('error'), ana.of('disconnect')]).toEqual([[], []]);
  });

  test('hears both lists of servers before anything else', async () => {
    const ana = open();
    await until(() => expect(ana.heard.length).toBeGreaterThanOrEqual(3));
    expect(ana.heard.slice(0, 3).map(([name]) => name)).toEqual(['connect', 'stunservers', 'turnservers']);
  });

  test('comes back to a server that was started anew, as somebody new', async () => {
    const probe = createServer();
    const port = await new Promise<number>((resolve) => {
      probe.listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
    const url = `http://127.0.0.1:${port}`;
    const first = await startOwn({}, {}, port);
    const [ana, bo] = [open({ reconnectionDelay: 20 }, url), open({ reconnectionDelay: 20 }, url)];
    const room = freshRoom();
    await ana.ask('join', room);
    await bo.ask('join', room);
    const former = [ana.socket.id, bo.socket.id];
    await first.close();
    await until(() =>
      expect([ana.of('disconnect'), bo.of('disconnect')].map(({ length }) => length)).toEqual([1, 1]),
    );
    const second = await startOwn({}, {}, port);
    try {
      await until(() =>
        expect([ana.of('connect'), bo.of('connect')].map(({ length }) => length)).toEqual([2, 2]),
      );
      expect(await ana.ask('join', room)).toEqual([null, { clients: {} }]);
      const [, others] = await bo.ask('join', room);
      expect(Object.keys((others as { clients: object }).clients)).toEqual([ana.socket.id]);
      expect(former).not.toContain(ana.socket.id);
      // Nobody was told that anybody left: those whom a restart has parted find each other again.
      expect([ana.of('remove'), bo.of('remove')]).toEqual([[], []]);
    } finally {
      for (const { socket } of [ana, bo]) socket.disconnect();
      await second.close();
    }
  });
});
