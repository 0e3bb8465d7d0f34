import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSignalingServer } from '@callbox/signaling';

/** The server that the suite speaks to. */
export interface SignalingTarget {
  readonly url: string;
  close(): Promise<void>;
}

/** The server at `SIGNALING_URL`, if that is set; otherwise our own library on loopback. */
export async function openSignalingTarget(): Promise<SignalingTarget> {
  const url = process.env['SIGNALING_URL'];
  return url === undefined ? await startOwn() : { url, close: async () => {} };
}

async function startOwn(): Promise<SignalingTarget> {
  const signaling = createSignalingServer({
    maxParticipants: 4,
    graceSeconds: 2,
    issueIceServers: ({ host, participantId }) => ({
      iceServers: [{ urls: [`turn:${host}?transport=udp`], username: participantId, credential: 'secret' }],
      lifetimeSeconds: 600,
    }),
    isOriginAllowed: (origin, host) => origin === undefined || origin === `http://${host}`,
  });
  const http = createServer((request, response) => {
    if (!signaling.handleRequest(request, response)) response.writeHead(404).end();
  });
  http.on('upgrade', (request, socket, head) => {
    if (!signaling.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      await signaling.close();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
