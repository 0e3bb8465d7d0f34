import type { IceGrant } from '@callbox/contract';
import type { IceRequest } from '@callbox/signaling';
import { timeLimitedPassword } from '@callbox/turn';
import { isOwnMachine, parseHost, toUrlHost, type Host } from '../network/host.ts';

/**
 * Longer than a working day, so that no call depends on a renewal; over by tomorrow, so that a copied credential is
 * worth little. An allocation that exists is refreshed beyond it all the same.
 */
const lifetimeForCallsSeconds = 12 * 60 * 60;
/** For those who try a connection and are done. */
export const lifetimeForChecksSeconds = 10 * 60;

export interface IceServerIssuerOptions {
  /** Port of our own relay; undefined if it does not run here. */
  readonly turnPort: number | undefined;
  /** Told instead of our own addresses, where the relay is elsewhere. */
  readonly turnUrls: readonly string[];
  /** Signs the credentials; the relay knows it too. */
  readonly secret: string;
  /** Named to a client that did not say how it reached us. */
  readonly fallbackHost: string;
  /**
   * Named to browsers on this very machine in place of `localhost`: Firefox uses no relay at a loopback address. Undefined
   * if the relay listens on loopback only.
   */
  readonly networkAddress: string | undefined;
  /** Whether browsers trust our certificate for that name. */
  readonly isTrustedFor: (name: string) => boolean;
  /** How long the credentials open new allocations. By default twelve hours. */
  readonly lifetimeSeconds?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

function nameRelay({ fallbackHost, networkAddress }: IceServerIssuerOptions, host: Host | undefined): string {
  if (host === undefined) return fallbackHost;
  return isOwnMachine(host) ? (networkAddress ?? host.name) : host.name;
}

/**
 * Our own relay by every way that may be open, best first. Each URL costs a browser one allocation for each of its
 * networks and each connection, so there is no `stun:`: a TURN server over UDP tells the mapped address as well.
 */
function listOwnUrls(
  options: IceServerIssuerOptions,
  turnPort: number,
  request: Pick<IceRequest, 'host' | 'secure'>,
): readonly string[] {
  const host = parseHost(request.host);
  const name = toUrlHost(nameRelay(options, host));
  const urls = [`turn:${name}:${turnPort}?transport=udp`];
  if (host === undefined) return [...urls, `turn:${name}:${turnPort}?transport=tcp`];

  // The port that this browser has just used is open to it, whatever else is not.
  const onePort = host.port ?? (request.secure ? 443 : 80);
  urls.push(`turn:${name}:${onePort}?transport=tcp`);
  // Nobody can click a relay's certificate warning away, and Firefox refuses `turns:` with a bare address whatever the
  // certificate says.
  if (request.secure && !host.isAddress && !isOwnMachine(host) && options.isTrustedFor(host.name)) {
    urls.push(`turns:${name}:${onePort}?transport=tcp`);
  }
  return urls;
}

function listUrls(options: IceServerIssuerOptions, request: IceRequest): readonly string[] {
  if (options.turnUrls.length > 0) return options.turnUrls;
  return options.turnPort === undefined ? [] : listOwnUrls(options, options.turnPort, request);
}

/** Makes the function that gives each admitted participant ICE servers with credentials of their own. */
export function createIceServerIssuer(options: IceServerIssuerOptions): (request: IceRequest) => IceGrant {
  const lifetimeSeconds = options.lifetimeSeconds ?? lifetimeForCallsSeconds;
  return (request) => {
    const urls = listUrls(options, request);
    const stunUrls = urls.filter((url) => url.startsWith('stun:'));
    const turnUrls = urls.filter((url) => !url.startsWith('stun:'));
    const username = `${Math.floor(options.now() / 1000) + lifetimeSeconds}:${request.participantId}`;
    const credential = timeLimitedPassword(options.secret, username);
    return {
      iceServers: [
        ...(stunUrls.length > 0 ? [{ urls: stunUrls }] : []),
        ...(turnUrls.length > 0 ? [{ urls: turnUrls, username, credential }] : []),
      ],
      lifetimeSeconds,
    };
  };
}
