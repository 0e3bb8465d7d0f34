import type { IceGrant, IceServer } from '@callbox/contract';
import type { IceRequest } from '@callbox/signaling';
import { timeLimitedPassword } from '@callbox/turn';
import type { ForeignIceServer } from '../config/relay-value-types.ts';
import { guestAccount, tagOfRoom } from '../turn/guest-name.ts';
import { parseHost } from '../network/host.ts';
import { listForeignServers } from './list-foreign-servers.ts';
import { isOwnUrl, listRelayUrls, type RelayPlace } from './list-relay-urls.ts';

/**
 * Longer than a working day, so that no call depends on a renewal; over by tomorrow, so that a copied credential is
 * worth little. An allocation that exists is refreshed beyond it all the same.
 */
const lifetimeForCallsSeconds = 12 * 60 * 60;
/** For those who try a connection and are done. */
export const lifetimeForChecksSeconds = 10 * 60;

export interface IceServerIssuerOptions {
  /** Where our own relay is, now; undefined if it does not run here. */
  readonly findRelay: () => RelayPlace | undefined;
  /** Told instead of our own addresses, where the relay is elsewhere. */
  readonly turnUrls: readonly string[];
  /** Servers of others, told beside all that. Where one of them is found to be ours, ours is told as ours. */
  readonly iceServers: readonly ForeignIceServer[];
  /** Pages that get credentials, besides our own; empty for all. */
  readonly turnOrigins: readonly string[];
  /** Signs the credentials; the relay knows it too. */
  readonly secret: string;
  /** Our own relay takes newcomers. While it does not, it still tells everybody their address. */
  readonly isRelayOpen: () => boolean;
  /** How long the credentials open new allocations. By default twelve hours. */
  readonly lifetimeSeconds?: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

function listUrls(
  { turnUrls, findRelay, isRelayOpen }: IceServerIssuerOptions,
  request: IceRequest,
): readonly string[] {
  if (turnUrls.length > 0) return turnUrls;
  const relay = findRelay();
  if (relay === undefined) return [];
  const urls = listRelayUrls(relay, request);
  if (isRelayOpen()) return urls;
  return urls.filter((url) => url.endsWith('?transport=udp')).map(toStunUrl);
}

/** Others' pages may use the signaling and still get no relay. */
function mayRelay(turnOrigins: readonly string[], { origin, host }: IceRequest): boolean {
  if (turnOrigins.length === 0 || origin === undefined || turnOrigins.includes(origin)) return true;
  const page = URL.canParse(origin) ? parseHost(new URL(origin).host) : undefined;
  return page !== undefined && page.name === parseHost(host)?.name && page.port === parseHost(host)?.port;
}

/** The same server over UDP as what needs no credentials (RFC 7064 §3.1): direct calls go on without a relay. */
function toStunUrl(turnUrl: string): string {
  return turnUrl.replace(/^turn:([^?]*).*$/, 'stun:$1');
}

/** Makes the function that gives each admitted participant ICE servers with credentials of their own. */
export function createIceServerIssuer(options: IceServerIssuerOptions): (request: IceRequest) => IceGrant {
  const maxLifetimeSeconds = options.lifetimeSeconds ?? lifetimeForCallsSeconds;

  function issueOwn(request: IceRequest, account: string, nowSeconds: number): readonly IceServer[] {
    const urls = listUrls(options, request);
    const stunUrls = urls.filter((url) => url.startsWith('stun:'));
    const turnUrls = urls.filter((url) => !url.startsWith('stun:'));
    const username = `${nowSeconds + maxLifetimeSeconds}:${account}`;
    const credential = timeLimitedPassword(options.secret, username);
    return [
      ...(stunUrls.length > 0 ? [{ urls: stunUrls }] : []),
      ...(turnUrls.length > 0 ? [{ urls: turnUrls, username, credential }] : []),
    ];
  }

  return (request) => {
    const { room, participantId } = request;
    const nowSeconds = Math.floor(options.now() / 1000);
    const account = guestAccount({ roomTag: tagOfRoom(options.secret, room), participantId });
    const place = options.findRelay();
    const foreign = listForeignServers(
      options.iceServers.filter(({ url }) => place === undefined || !isOwnUrl(place, url, request)),
      { account, maxLifetimeSeconds, nowSeconds },
    );
    const all = [...issueOwn(request, account, nowSeconds), ...foreign.iceServers];
    const iceServers = mayRelay(options.turnOrigins, request) ? all : all.flatMap(withoutRelays);
    return { iceServers, lifetimeSeconds: foreign.lifetimeSeconds ?? maxLifetimeSeconds };
  };
}

/** What is left of an entry for somebody who gets no credentials: their own address, from a relay over UDP as well. */
function withoutRelays({ urls }: IceServer): readonly IceServer[] {
  const stunUrls = urls
    .filter((url) => url.startsWith('stun:') || url.endsWith('?transport=udp'))
    .map((url) => (url.startsWith('turn:') ? toStunUrl(url) : url));
  return stunUrls.length === 0 ? [] : [{ urls: stunUrls }];
}
