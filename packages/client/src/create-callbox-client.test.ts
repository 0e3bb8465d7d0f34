import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCallboxClient } from './create-callbox-client.ts';
import type { CallboxClient } from './room-types.ts';
import { createFakeLocalMedia } from './testing/fake-local-media.ts';
import { fakeBrowserGlobals, FakePeerConnection } from './testing/fake-peer-connection.ts';
import { createJoinReply } from './testing/join-reply.ts';
import { startStubServer, type StubServer } from './testing/stub-server.ts';

const { media } = createFakeLocalMedia();
/** What the server was asked for, in order. */
let asked: string[];
/** The same, and all else that came. */
let heard: string[];
let server: StubServer;
let client: CallboxClient;

beforeEach(async () => {
  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('removeEventListener', vi.fn());
  asked = [];
  server = await startStubServer({
    'room-peek': () => {
      asked.push('peek');
      return { ok: true, value: { room: 'room', displayNames: ['Ben'], maxParticipants: 8 } };
    },
    'room-join': () => {
      asked.push('join');
      return { ok: true, value: createJoinReply() };
    },
    'room-leave': () => {
      asked.push('leave');
      return { ok: true, value: {} };
    },
  });
  heard = [];
  server.sockets.on('connection', (socket) => {
    socket.onAny((name: string) => heard.push(name));
  });
  client = createCallboxClient({ signalingUrl: server.url });
});

afterEach(async () => {
  client.close();
  await server.close();
  vi.unstubAllGlobals();
});

function join() {
  return client.joinRoom({ room: 'Room', displayName: 'Ana', media });
}

describe('a client', () => {
  it('looks into a room without going in, over the connection that the call then uses', async () => {
    expect(await client.peekRoom('room')).toEqual({
      ok: true,
      peek: { room: 'room', displayNames: ['Ben'], maxParticipants: 8 },
    });
    const room = join();
    expect(room.snapshot.state).toEqual({ kind: 'joining' });
    await vi.waitFor(() => expect(room.snapshot.state).toEqual({ kind: 'joined' }));
    expect(server.sockets.sockets.sockets.size).toBe(1);
  });

  it('asks to come in before anything else once it has looked', async () => {
    await client.peekRoom('room');
    const room = join();
    await vi.waitFor(() => expect(room.snapshot.state).toEqual({ kind: 'joined' }));
    await vi.waitFor(() => expect(heard).toContain('probe'));
    expect(heard.slice(0, 3)).toEqual(['room-peek', 'room-join', 'probe']);
  });

  it('has an offer ready for who is inside when it has looked, and lets go of it when nobody is', async () => {
    const made: FakePeerConnection[] = [];
    vi.stubGlobal(
      'RTCPeerConnection',
      class extends FakePeerConnection {
        constructor(configuration: RTCConfiguration) {
          super(configuration);
          made.push(this);
        }

        override createOffer(): Promise<RTCSessionDescriptionInit> {
          const sdp = ['0', '1', '2', '3'].map((mid) => `a=mid:${mid}\r\n`).join('');
          return Promise.resolve({ type: 'offer', sdp });
        }
      },
    );
    await client.peekRoom('room');
    await client.peekRoom('room');
    await vi.waitFor(() => expect(made).toHaveLength(1));
    const room = join();
    await vi.waitFor(() => expect(room.snapshot.state.kind).toBe('joined'));
    expect(made.map(({ closed }) => closed)).toEqual([true]);
  });

  it('is in one room at a time: entering another leaves the one before', async () => {
    const first = join();
    await vi.waitFor(() => expect(first.snapshot.state.kind).toBe('joined'));
    const second = join();
    expect(first.snapshot.state).toEqual({ kind: 'left', reason: 'left' });
    await vi.waitFor(() => expect(second.snapshot.state.kind).toBe('joined'));
    expect(asked).toEqual(['join', 'leave', 'join']);
  });

  it('takes its room and its connection with it when it is closed', async () => {
    const room = join();
    await vi.waitFor(() => expect(room.snapshot.state.kind).toBe('joined'));
    client.close();
    expect(room.snapshot.state).toEqual({ kind: 'left', reason: 'closed' });
    await vi.waitFor(() => expect(server.sockets.sockets.sockets.size).toBe(0));
  });

  it('passes on why the server does not want it', async () => {
    const refusal = { code: 'version-unsupported', message: 'too old' };
    server.sockets.use((_socket, proceed) => proceed(Object.assign(new Error('no'), { data: refusal })));
    expect(await client.peekRoom('room')).toEqual({ ok: false, refusal });
    const room = join();
    await vi.waitFor(() => expect(room.snapshot.state).toEqual({ kind: 'refused', refusal }));
  });

  it('refuses at once in a browser that has no WebRTC', async () => {
    vi.stubGlobal('RTCPeerConnection', undefined);
    const bare = createCallboxClient({ signalingUrl: server.url });
    const room = bare.joinRoom({ room: 'Room', displayName: 'Ana', media });
    await vi.waitFor(() =>
      expect(room.snapshot.state).toMatchObject({ kind: 'refused', refusal: { code: 'internal' } }),
    );
    expect(asked).toEqual([]);
  });
});
