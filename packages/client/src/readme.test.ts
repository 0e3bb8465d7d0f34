import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeBrowserGlobals } from './testing/fake-peer-connection.ts';
import { createJoinReply } from './testing/join-reply.ts';
import { startStubServer } from './testing/stub-server.ts';
import { createCallboxClient, createLocalMedia, type Room } from '@callbox/client';

/** Enters a room with microphone and camera, and says what happens there. */
export async function enterRoom(url: string, name: string, say: (line: string) => void): Promise<Room> {
  const media = createLocalMedia();
  await media.acquire({ microphone: true, camera: true });

  const client = createCallboxClient({ signalingUrl: url });
  const room = client.joinRoom({ room: name, displayName: 'Ana', media });
  room.on('state-changed', ({ kind }) => say(`I am ${kind}`));
  room.on('participant-joined', ({ displayName }) => say(`${displayName} came`));
  room.on('chat-received', ({ authorName, text }) => say(`${authorName}: ${text}`));
  return room;
}

afterEach(() => vi.unstubAllGlobals());

test('the example of README.md is the code of this file, and does what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/su.exec(readme)?.[1];
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain(example);

  for (const [name, value] of Object.entries(fakeBrowserGlobals)) vi.stubGlobal(name, value);
  vi.stubGlobal('addEventListener', vi.fn());
  vi.stubGlobal('removeEventListener', vi.fn());
  const media = { audio: true, video: false, screen: false };
  const ben = { id: 'ben', displayName: 'Ben', media, joinedAtMs: 10, polite: true };
  const server = await startStubServer({
    'room-join': (_request, socket) => {
      queueMicrotask(() => {
        socket.emit('participant-joined', ben);
        socket.emit('chat', { authorId: 'ben', sequence: 1, authorName: 'Ben', text: 'hello', sentAtMs: 11 });
      });
      return { ok: true, value: createJoinReply() };
    },
  });
  const lines: string[] = [];
  const room = await enterRoom(server.url, 'Room', (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toEqual(['I am joined', 'Ben came', 'Ben: hello']));
  room.leave();
  await server.close();
});
