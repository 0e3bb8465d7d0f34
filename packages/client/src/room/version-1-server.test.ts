import { readFileSync } from 'node:fs';
import type { Socket } from 'socket.io';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSignalingConnection, type SignalingConnection } from '../connection/signaling-connection.ts';
import type { MediaTransport } from '../peer/media-transport.ts';
import { createFakeLocalMedia } from '../testing/fake-local-media.ts';
import { startStubServer, type StubServer } from '../testing/stub-server.ts';
import { createRoom } from './create-room.ts';
import { readTicket } from './ticket.ts';

interface Named {
  readonly name: string;
}
interface Recorded {
  readonly requests: readonly (Named & { readonly body: unknown })[];
  readonly answers: readonly (Named & { readonly answer: { readonly ok: boolean } })[];
  readonly notices: readonly (Named & { readonly body: unknown })[];
}

// What a client and a server of version 1 said to each other. Never to be changed.
const recorded = JSON.parse(
  readFileSync(new URL('../../../contract/src/recorded/version-1.json', import.meta.url), 'utf8'),
) as Recorded;
/** Ana, who was alone when she came. */
const ana = 'WFbWG399swoxvD4yhkcLQA';
const bo = 'u4Exob8wDOFP4C151PJuMg';
const ticket = ['t'.repeat(43), ana].join('.');

const beacon = vi.fn(() => true);
let server: StubServer;
let connection: SignalingConnection;
/** What the server was asked, without the signs of life. */
let asked: { readonly name: string; readonly body: unknown; readonly more: number }[];

/** Answers as it was recorded: the first answer to a request of this name that was not a refusal. */
function serve(socket: Socket): void {
  socket.onAny((name: string, body: unknown, ...more: unknown[]) => {
    const acknowledge = more.at(-1);
    if (name !== 'probe') asked.push({ name, body, more: more.length });
    const found = recorded.answers.find((answer) => answer.name === name && answer.answer.ok)?.answer;
    // In its words, for a request that it had never heard of.
    const refusal = { ok: false, error: { code: 'bad-request', message: 'no request has this name' } };
    if (typeof acknowledge === 'function') acknowledge(found ?? refusal);
    else if (found === undefined) socket.emit('refused', refusal.error);
  });
}

beforeEach(async () => {
  vi.stubGlobal('navigator', { sendBeacon: beacon });
  beacon.mockClear();
  asked = [];
  server = await startStubServer();
  server.sockets.on('connection', serve);
  connection = createSignalingConnection(server.url, () => {});
});
afterEach(async () => {
  connection.close();
  await server.close();
  vi.unstubAllGlobals();
});

function enter(ticketOfPage?: string) {
  const opened = createRoom(
    {
      room: 'Team Blue',
      displayName: 'Ana',
      media: createFakeLocalMedia().media,
      ...(ticketOfPage !== undefined && { ticket: ticketOfPage }),
    },
    {
      connection,
      log: () => {},
      createTransport: () => new Proxy({} as MediaTransport, { get: () => () => {} }),
    },
  );
  opened.enter();
  return opened.room;
}

/** The server says something, as it was recorded. */
function say(...names: string[]): void {
  for (const { name, body } of recorded.notices.slice(0, 7)) {
    if (names.includes(name)) server.sockets.emit(name, body);
  }
}

it('a server of version 1 is spoken to as it was then: no seat, no numbers, a new stay for each connection', async () => {
  const room = enter();
  await vi.waitFor(() => expect(room.snapshot.state.kind).toBe('joined'));
  expect(room.snapshot).toMatchObject({ room: 'team-blue', self: { id: ana, displayName: 'Ana' } });
  say('participant-joined', 'chat');
  await vi.waitFor(() => expect(room.snapshot.chat).toMatchObject([{ authorId: bo, text: 'hello Ana' }]));
  expect(room.snapshot.participants).toMatchObject([{ id: bo, displayName: 'Bo' }]);

  expect(await room.sendChat('hello')).toBeNull();
  expect(room.snapshot.chat).toMatchObject([{ authorId: bo }, { authorId: ana, text: 'hello' }]);
  // One object and an acknowledgement, as it expects; numbers would have been one more.
  expect(asked.at(-1)).toEqual({ name: 'chat-send', body: { sequence: 1, text: 'hello' }, more: 1 });

  // Whatever it does not know it refuses, and signs of life are refused, too: that is a sign.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(room.snapshot.state.kind).toBe('joined');

  const kinds: string[] = [];
  room.subscribe(() => kinds.push(room.snapshot.state.kind));
  server.sockets.disconnectSockets(true);
  // It may be back before anybody looks.
  await vi.waitFor(() => expect(kinds).toContain('reconnecting'), 10_000);
  await vi.waitFor(() => expect(room.snapshot.state.kind).toBe('joined'), 10_000);
  expect(asked.map(({ name }) => name)).not.toContain('room-resume');
  expect(asked.filter(({ name }) => name === 'room-join')).toHaveLength(2);
  expect(room.snapshot.participants).toEqual([]);

  // No seat to come back to, but the page that follows knows its lines.
  expect(readTicket(room.part() ?? '')?.ids).toEqual([ana]);
  await vi.waitFor(() => expect(asked.at(-1)?.name).toBe('room-leave'));
  expect(beacon).not.toHaveBeenCalled();
}, 20_000);

it('a server of version 1 lets in a page with a ticket as anybody', async () => {
  const room = enter(ticket);
  await vi.waitFor(() => expect(room.snapshot.state.kind).toBe('joined'));
  say('participant-joined');
  await vi.waitFor(() => expect(room.snapshot.participants).toHaveLength(1));
  say('participant-left');
  await vi.waitFor(() => expect(room.snapshot.participants).toEqual([]));
}, 20_000);
