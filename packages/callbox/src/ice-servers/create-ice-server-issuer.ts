import type { IceGrant } from '@callbox/contract';
import type { IceRequest } from '@callbox/signaling';
import { timeLimitedPassword } from '@callbox/turn';
import { guestAccount, tagOfRoom } from '../turn/guest-name.ts';
import { listRelayUrls, type RelayPlace } from './list-relay-urls.ts';

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
  return isRelayOpen() ? urls : urls.slice(0, 1).map(toStunUrl);
}

/** The same server over UDP as what needs no credentials (RFC 7064 §3.1): direct calls go on without a relay. */
function toStunUrl(turnUrl: string): string {
  return turnUrl.replace(/^turn:([^?]*).*$/, 'stun:$1');
}

/** Makes the function that gives each admitted participant ICE servers with credentials of their own. */
export function createIceServerIssuer(options: IceServerIssuerOptions): (request: IceRequest) => IceGrant {
  const lifetimeSeconds = options.lifetimeSeconds ?? lifetimeForCallsSeconds;
  return (request) => {
    const urls = listUrls(options, request);
    const stunUrls = urls.filter((url) => url.startsWith('stun:'));
    const turnUrls = urls.filter((url) => !url.startsWith('stun:'));
    const { room, participantId } = request;
    const account = guestAccount({ roomTag: tagOfRoom(options.secret, room), participantId });
    const username = `${Math.floor(options.now() / 1000) + lifetimeSeconds}:${account}`;
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
