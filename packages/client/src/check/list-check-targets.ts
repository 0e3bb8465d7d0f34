import type { IceServer } from '@callbox/contract';
import type { CheckWay } from './check-types.ts';

type ServerWay = Exclude<CheckWay, 'socket'>;

/** The servers that stand for each way; none for what is not offered. */
export type CheckTargets = Readonly<Record<ServerWay, readonly RTCIceServer[]>>;

function wayOf(url: string): 'relay-udp' | 'relay-tcp' | 'relay-tls' | undefined {
  if (url.startsWith('turns:')) return 'relay-tls';
  if (!url.startsWith('turn:')) return undefined;
  return url.endsWith('transport=tcp') ? 'relay-tcp' : 'relay-udp';
}

/**
 * Which servers stand for which way: the first URL of each kind, alone with its credentials. A relay that stands for none of
 * them, such as another one that the operator has beside ours, is tried as well, by its first URL. Every TURN server over UDP
 * answers STUN too (RFC 8656 §3), so the question for the mapping goes there unless the server names another.
 */
export function listCheckTargets(iceServers: readonly IceServer[]): CheckTargets {
  const targets: Record<ServerWay, RTCIceServer[]> = {
    mapping: [],
    'relay-udp': [],
    'relay-tcp': [],
    'relay-tls': [],
    'relay-other': [],
  };
  for (const { urls, username, credential } of iceServers) {
    if (targets.mapping.length === 0) {
      targets.mapping.push(
        ...urls
          .filter((url) => url.startsWith('stun:'))
          .slice(0, 1)
          .map((url) => ({ urls: url })),
      );
    }
    const relays = urls.flatMap((url) => {
      const way = wayOf(url);
      if (way === undefined || username === undefined || credential === undefined) return [];
      return [{ way, server: { urls: url, username, credential } }];
    });
    const isKnown = relays.some(({ way }) => targets[way].length === 0);
    for (const { way, server } of relays) if (targets[way].length === 0) targets[way].push(server);
    const [first] = relays;
    if (!isKnown && first !== undefined) targets['relay-other'].push(first.server);
  }
  const [overUdp] = targets['relay-udp'];
  if (targets.mapping.length === 0 && overUdp !== undefined) {
    const urls = String(overUdp.urls)
      .replace(/^turn:/, 'stun:')
      .replace(/\?.*$/, '');
    targets.mapping.push({ urls });
  }
  return targets;
}
