import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTRACT_VERSION, OLDEST_CONTRACT_VERSION, SIGNALING_PATH } from '@callbox/contract';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createSignalingConnection,
  type ConnectionEvents,
  type SignalingConnection,
} from './signaling-connection.ts';

let http: HttpServer;
let server: Server;
let url: string;
let connection: SignalingConnection;
/** What the server's side does with each socket that connects. */
let serve: (socket: Socket) => void;
const log = vi.fn();

beforeEach(async () => {
  serve = () => {};
  log.mockReset();
  http = createServer();
  server = new Server(http, { path: SIGNALING_PATH });
  server.on('connection', (socket) => serve(socket));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  connection = createSignalingConnection(url, log);
});

afterEach(async () => {
  connection.close();
  await server.close();
});

/** The next event of this name. */
function next(name: keyof ConnectionEvents): Promise<unknown> {
  return new Promise((resolve) => {
    const stop = connection.on(name, (event) => {
      stop();
      resolve(event);
    });
  });
}

async function open(): Promise<void> {
  const opened = next('opened');
  connection.open();
  await opened;
}

const peekReply = { room: 'room', displayNames: ['Ana'], maxParticipants: 8 };

describe('the connection to the server', () => {
  it.each(['/calls/', '/calls/r/room', '/calls/index.html?x=1'])(
    'finds a server under a path by the address %s',
    async (path) => {
      await server.close();
      http = createServer();
      const base = path === '/calls/r/room' ? '/calls/r/' : '/calls/';
      server = new Server(http, { path: `${base.slice(0, -1)}${SIGNALING_PATH}` });
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      const { port } = http.address() as AddressInfo;
      connection = createSignalingConnection(`http://127.0.0.1:${port}${path}`, log);
      await open();
      expect(connection.isOpen).toBe(true);
    },
  );

  it('opens when it is told to, by WebSocket, and names the version of the contract', async () => {
    const sockets: Socket[] = [];
    serve = (socket) => sockets.push(socket);
    expect(connection.isOpen).toBe(false);
    await open();
    expect(connection.isOpen).toBe(true);
    await vi.waitFor(() => expect(sockets).toHaveLength(1));
    expect(sockets[0]?.handshake.auth).toEqual({
      version: OLDEST_CONTRACT_VERSION,
      upTo: CONTRACT_VERSION,
    });
    expect(sockets[0]?.conn.transport.name).toBe('websocket');
  });

  it('falls back to polling where WebSocket is blocked', async () => {
    const transports: string[] = [];
    serve = (socket) => transports.push(socket.conn.transport.name);
    http.removeAllListeners('upgrade');
    http.on('upgrade', (_request, socket) => socket.destroy());
    await open();
    await vi.waitFor(() => expect(transports).toEqual(['polling']));
  });

  it('tells of a refusal by the server in its own words, and asks again only when told to', async () => {
    let asked = 0;
    server.use((_socket, proceed) => {
      asked += 1;
      proceed(Object.assign(new Error('no'), { data: { code: 'version-unsupported', message: 'too old' } }));
    });
    for (const times of [1, 2]) {
      const refused = next('refused');
      connection.open();
      expect(await refused).toEqual({ code: 'version-unsupported', message: 'too old' });
      expect(asked).toBe(times);
    }
  });

  it('comes back after a loss, also when the server itself has ended the connection', async () => {
    await open();
    for (const end of [
      () => server.disconnectSockets(true),
      () => {
        for (const { conn } of server.sockets.sockets.values()) conn.close();
      },
    ]) {
      const lost = next('lost');
      const opened = next('opened');
      end();
      await lost;
      await opened;
    }
    expect(connection.isOpen).toBe(true);
  });

  it('is lost within a second when the server stops to answer, and comes back when it answers again', async () => {
    let answers = true;
    serve = (socket) => {
      socket.on('probe', (_request, answer: (answer: unknown) => void) => {
        if (answers) answer({ ok: true, value: {} });
      });
    };
    await open();
    const stop = connection.watch(() => 7);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(connection.isOpen).toBe(true);
    answers = false;
    const stalledAtMs = performance.now();
    await next('lost');
    // A second, and what a busy machine adds to it: without the watch it takes socket.io's own 45 s.
    expect(performance.now() - stalledAtMs).toBeLessThan(10_000);
    answers = true;
    await next('opened');
    stop();
  });

  it('knocks while the server is away, and is back soon after it answers', async () => {
    await open();
    const { port } = http.address() as AddressInfo;
    const lost = next('lost');
    await server.close();
    await lost;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(connection.isOpen).toBe(false);
    const opened = next('opened');
    http = createServer();
    server = new Server(http, { path: SIGNALING_PATH });
    await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
    await opened;
    expect(connection.isOpen).toBe(true);
  });

  it('is not lost but closed when this side closes it', async () => {
    await open();
    const lost = vi.fn();
    connection.on('lost', lost);
    connection.close();
    await vi.waitFor(() => expect(server.sockets.sockets.size).toBe(0));
    expect(connection.isOpen).toBe(false);
    expect(lost).not.toHaveBeenCalled();
  });
});

describe('a request', () => {
  it('is answered with what was asked for or with a refusal', async () => {
    serve = (socket) =>
      socket.on('room-peek', ({ room }: { room: string }, answer: (answer: unknown) => void) =>
        answer(
          room === 'room'
            ? { ok: true, value: peekReply }
            : { ok: false, error: { code: 'room-name-invalid', message: 'no' } },
        ),
      );
    await open();
    const answers = await Promise.all(
      ['room', '!'].map(
        (room) => new Promise((resolve) => connection.request('room-peek', { room }, resolve)),
      ),
    );
    expect(answers).toEqual([
      { ok: true, value: peekReply },
      { ok: false, error: { code: 'room-name-invalid', message: 'no' } },
    ]);
  });

  it.each([
    ['no answer at all', undefined],
    ['an answer of another shape', { ok: true, value: { room: 'room' } }],
    ['a refusal of an unknown code', { ok: false, error: { code: 'tuesday', message: '' } }],
  ])('takes %s for a fault of the server', async (_what, reply) => {
    serve = (socket) =>
      socket.on('room-peek', (_request, answer: (answer: unknown) => void) => answer(reply));
    await open();
    const answer = await new Promise((resolve) => connection.request('room-peek', { room: 'room' }, resolve));
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('is refused at once, and never sent, while there is no connection', async () => {
    const asked = vi.fn();
    const onAnswer = vi.fn();
    connection.request('room-peek', { room: 'room' }, onAnswer);
    expect(onAnswer).toHaveBeenCalledExactlyOnceWith({
      ok: false,
      error: expect.objectContaining({ code: 'internal' }),
    });
    const answered = vi.fn();
    serve = (socket) => {
      socket.on('room-peek', asked);
      socket.on('room-leave', (_request, answer: (answer: unknown) => void) =>
        answer({ ok: true, value: {} }),
      );
    };
    await open();
    // What came after it has been answered, so it would have been there by now.
    connection.request('room-leave', {}, answered);
    await vi.waitFor(() => expect(answered).toHaveBeenCalled());
    expect(asked).not.toHaveBeenCalled();
  });

  it('is refused when the connection is lost before the answer', async () => {
    await open();
    const answer = new Promise((resolve) => connection.request('room-peek', { room: 'room' }, resolve));
    server.disconnectSockets(true);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('has its answer handed over before a notice that the server sent after it', async () => {
    serve = (socket) =>
      socket.on('room-leave', (_request, answer: (answer: unknown) => void) => {
        answer({ ok: true, value: {} });
        socket.emit('participant-left', { id: 'ana', reason: 'left' });
      });
    await open();
    const order: string[] = [];
    const told = next('notice').then(() => order.push('notice'));
    connection.request('room-leave', {}, () => order.push('answer'));
    await told;
    expect(order).toEqual(['answer', 'notice']);
  });
});

describe('a notice', () => {
  it('is handed over as the contract has it, and dropped if it does not fit', async () => {
    serve = (socket) => {
      socket.emit('participant-left', { id: 'ana', reason: 'bored' });
      socket.emit('participant-left', { id: '<ana>', reason: 'left' });
      socket.emit('participant-left', { id: 'ana', reason: 'left', more: 'than we know' }, { number: 7 });
      socket.emit('participant-left', { id: 'ana', reason: 'left' });
      socket.emit('participant-left', { id: 'ana', reason: 'left' }, { number: 'seven' });
    };
    const heard: unknown[] = [];
    connection.on('notice', (notice) => heard.push(notice));
    await open();
    const body = { id: 'ana', reason: 'left' };
    const name = 'participant-left';
    await vi.waitFor(() =>
      expect(heard).toEqual([
        { name, body, number: 7 },
        { name, body, number: null },
      ]),
    );
    expect(log.mock.calls.filter(([level]) => level === 'warn')).toHaveLength(3);
  });
});
