import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOldSignaling, type OldSignaling, type OldSignalingOptions } from '@callbox/compat';
import type { IceGrant } from '@callbox/contract';
import { createSignalingServer, type SignalingServerOptions } from '@callbox/signaling';

/** The server that the suite speaks to. */
export interface LegacyTarget {
  readonly url: string;
  /** Participants a room holds. */
  readonly maxParticipants: number;
  /** Undefined where the server is somebody else's. */
  readonly status: (() => ReturnType<OldSignaling['status']>) | undefined;
  close(): Promise<void>;
}

export const refusedOrigin = 'https://stranger.invalid';
const maxParticipants = 4;

/** Credentials that say for whom they are. */
export function grantFor(room: string, participantId: string, lifetimeSeconds = 600): IceGrant {
  return {
    iceServers: [
      {
        urls: ['turn:127.0.0.1:3478?transport=udp'],
        username: `9:${room}.${participantId}`,
        credential: 'secret',
      },
    ],
    lifetimeSeconds,
  };
}

/** The server at `LEGACY_URL`, if that is set; otherwise our own on loopback. */
export async function openLegacyTarget(): Promise<LegacyTarget> {
  const url = process.env['LEGACY_URL'];
  if (url === undefined) return startOwn();
  const most = Number(process.env['LEGACY_MAX_PARTICIPANTS'] ?? 8);
  return { url, maxParticipants: most, status: undefined, close: async () => {} };
}

export async function startOwn(
  options: Partial<SignalingServerOptions> = {},
  oldOptions: Partial<OldSignalingOptions> = {},
  port = 0,
): Promise<LegacyTarget> {
  const logger = { error() {}, warn() {}, info() {}, debug() {} };
  const isOriginAllowed = (origin: string | undefined): boolean => origin !== refusedOrigin;
  const signaling = createSignalingServer({
    maxParticipants,
    issueIceServers: ({ room, participantId }) => grantFor(room, participantId),
    isOriginAllowed,
    ...options,
  });
  const old = createOldSignaling({
    signaling,
    maxParticipants,
    issueForStranger: () => grantFor('nowhere', 'nobody'),
    readApproach: ({ socket, headers }) => ({
      // As if by a proxy that says from where somebody comes: on loopback everybody is from one address.
      remoteAddress: [headers['x-from']].flat()[0] ?? socket.remoteAddress ?? '',
      host: headers.host ?? '',
      secure: false,
      isProxied: false,
      ...(headers.origin !== undefined && { origin: headers.origin }),
    }),
    isOriginAllowed,
    mayConnect: () => true,
    logger,
    ...oldOptions,
  });
  const http = createServer((request, response) => {
    if (signaling.handleRequest(request, response)) return;
    if (!old.handleRequest(request, response)) response.writeHead(404).end();
  });
  http.on('upgrade', (request, socket, head) => {
    if (signaling.handleUpgrade(request, socket, head)) return;
    if (!old.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    maxParticipants,
    status: () => old.status(),
    async close() {
      await Promise.all([signaling.close(), old.close()]);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
