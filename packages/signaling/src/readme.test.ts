import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createServer, type Server } from 'node:http';
import { createSignalingServer } from '@callbox/signaling';

/** Serves signaling for pages of the same host, with a STUN server for everybody. */
export function serveSignaling(port: number): Server {
  const signaling = createSignalingServer({
    maxParticipants: 8,
    issueIceServers: ({ host }) => ({
      iceServers: [{ urls: [`stun:${new URL(`http://${host}`).hostname}:3478`] }],
      lifetimeSeconds: 3_600,
    }),
    isOriginAllowed: (origin, host) => origin === undefined || origin === `http://${host}`,
  });
  const server = createServer((request, response) => {
    if (!signaling.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!signaling.handleUpgrade(request, socket, head)) socket.destroy();
  });
  return server.listen(port, '127.0.0.1');
}

test('the example of README.md is the code of this file, and does what it says', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/su.exec(readme)?.[1];
  expect(readFileSync(new URL(import.meta.url), 'utf8')).toContain(example);

  const server = serveSignaling(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (from: string): Promise<number> => {
    const answer = await fetch(`${origin}/signaling/?EIO=4&transport=polling`, { headers: { Origin: from } });
    return answer.status;
  };
  expect(await ask(origin)).toBe(200);
  expect(await ask('https://stranger.example')).toBe(403);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
