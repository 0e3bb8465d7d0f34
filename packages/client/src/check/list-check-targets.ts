import type { IceServer } from '@callbox/contract';
import type { CheckWay } from './check-types.ts';

type ServerWay = Exclude<CheckWay, 'socket'>;

function wayOf(url: string): 'relay-udp' | 'relay-tcp' | 'relay-tls' | undefined {
  if (url.startsWith('turns:')) return 'relay-tls';
  if (!url.startsWith('turn:')) return undefined;
  return url.endsWith('transport=tcp') ? 'relay-tcp' : 'relay-udp';
}

/**
 * Which server stands for which way: the first URL of each kind, alone with its credentials. Every TURN server over UDP
 * answers STUN too (RFC 8656 §3), so the question for the mapping goes there unless the server names another.
 */
export function listCheckTargets(
  iceServers: readonly IceServer[],
): Partial<Readonly<Record<ServerWay, RTCIceServer>>> {
  const targets: Partial<Record<ServerWay, RTCIceServer>> = {};
  for (const { urls, username, credential } of iceServers) {
    for (const url of urls) {
      if (url.startsWith('stun:')) targets.mapping ??= { urls: url };
      const way = wayOf(url);
      if (way === undefined || username === undefined || credential === undefined) continue;
      targets[way] ??= { urls: url, username, credential };
    }
  }
  const overUdp = targets['relay-udp'];
  if (targets.mapping === undefined && overUdp !== undefined) {
    targets.mapping = {
      urls: String(overUdp.urls)
        .replace(/^turn:/, 'stun:')
        .replace(/\?.*$/, ''),
    };
  }
  return targets;
}
