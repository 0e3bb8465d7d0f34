import type { Approach } from '@callbox/signaling';
import type { RelayTransport } from '../config/relay-value-types.ts';
import { isOwnMachine, parseHost, toUrlHost, type Host } from '../network/host.ts';

export interface RelayPlace {
  /** UDP and TCP port of the relay. */
  readonly turnPort: number;
  /** What the relay's own ports take. */
  readonly turnTransports: readonly RelayTransport[];
  /** The host to name in place of the one that a browser used, where that one does not lead to the relay's port. */
  readonly turnHost: string | undefined;
  /** Named to a client that did not say how it reached us. */
  readonly fallbackHost: string;
  /**
   * Named to browsers on this very machine in place of `localhost`: Firefox uses no relay at a loopback address. Undefined
   * if the relay listens on loopback only.
   */
  readonly networkAddress: string | undefined;
  /** Names and addresses of this machine, as far as it knows them. */
  readonly ownNames: readonly string[];
  /** Ports at which the relay is found. */
  readonly ownPorts: readonly number[];
  /** Whether browsers trust our certificate for this name or address. */
  readonly isTrustedFor: (name: string) => boolean;
}

/** Our own name for whoever came by this host. */
function nameOurselves(place: RelayPlace, host: Host | undefined): string {
  if (host === undefined) return place.fallbackHost;
  return isOwnMachine(host) ? (place.networkAddress ?? host.name) : host.name;
}

/**
 * Our own relay by every way that may be open to a browser, best first: UDP, TCP, TLS. Each URL costs a browser one
 * allocation for each of its networks and each connection, so there is no `stun:`: a TURN server over UDP tells the mapped
 * address as well.
 *
 * Over TCP it is the very port by which the browser reached us, for that one is open to it whatever else is not. What came
 * through a proxy of HTTP can do nothing but HTTP there: then it is the relay's own port.
 */
export function listRelayUrls(
  place: RelayPlace,
  approach: Pick<Approach, 'host' | 'secure' | 'isProxied'>,
): readonly string[] {
  const { turnPort, turnTransports, isTrustedFor } = place;
  const host = parseHost(approach.host);
  const own = nameOurselves(place, host);
  const relay = place.turnHost ?? own;
  const isOnePort = host !== undefined && !approach.isProxied;
  const name = isOnePort ? own : relay;
  const port = isOnePort ? (host.port ?? (approach.secure ? 443 : 80)) : turnPort;
  const overTcp = `${toUrlHost(name)}:${port}?transport=tcp`;
  // Nobody can click a relay's certificate warning away. Firefox passes over `turns:` with a bare address.
  const isTrusted = (approach.secure || approach.isProxied) && isTrustedFor(name);
  const takes = (transport: RelayTransport): boolean =>
    turnTransports.includes(transport) || (transport !== 'udp' && isOnePort);
  return [
    ...(takes('udp') ? [`turn:${toUrlHost(relay)}:${turnPort}?transport=udp`] : []),
    ...(takes('tcp') ? [`turn:${overTcp}`] : []),
    ...(isTrusted && takes('tls') ? [`turns:${overTcp}`] : []),
  ];
}

/** `turn:HOST:PORT?transport=udp` and its like (RFC 7065 §3.1), host and port. */
const iceUrlPattern = /^(?<scheme>stun|turns?):(?:\[(?<literal>[^\]]+)\]|(?<name>[^:?]+))(?::(?<port>\d+))?/i;

/** Whether a URL leads to our own relay, by one of our names or the very one that the browser used. */
export function isOwnUrl(place: RelayPlace, url: string, approach: Pick<Approach, 'host'>): boolean {
  const { scheme = '', literal, name, port } = iceUrlPattern.exec(url)?.groups ?? {};
  const host = parseHost(toUrlHost((literal ?? name ?? '').toLowerCase()));
  if (host === undefined) return false;
  const number = port === undefined ? (scheme.toLowerCase() === 'turns' ? 5349 : 3478) : Number(port);
  const isOurs =
    isOwnMachine(host) || [...place.ownNames, parseHost(approach.host)?.name].includes(host.name);
  return isOurs && place.ownPorts.includes(number);
}
