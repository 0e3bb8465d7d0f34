import type { IncomingMessage } from 'node:http';
import type { Approach } from '@callbox/signaling';
import type { ForwardedHeader } from '../config/value-types.ts';
import type { AddressSet } from '../network/address-set.ts';
import { canonicalAddress } from '../network/canonical-address.ts';
import { isOwnMachine, parseHost } from '../network/host.ts';
import { readForwarded, readXForwarded } from './forwarded-headers.ts';

export interface ApproachReaderOptions {
  /** Those whose word on their clients is believed. */
  readonly proxies: AddressSet;
  readonly proxyHeader: ForwardedHeader;
  /** Everybody but this machine itself comes through a proxy, which speaks HTTPS unless it says otherwise. */
  readonly httpOnly: boolean;
}

/**
 * Makes the function that tells who sent a request and by which way. What headers say of it counts if, and only if, the
 * request came from one of our proxies.
 */
export function createApproachReader(options: ApproachReaderOptions): (request: IncomingMessage) => Approach {
  const { proxies, httpOnly } = options;
  const read = options.proxyHeader === 'forwarded' ? readForwarded : readXForwarded;

  /**
   * Each proxy adds whom it heard from at the end, behind what it was told: so the last that is no proxy of ours is the
   * guest, and what stands before that may be invented. Who is hidden by a proxy, or by nonsense, is not known; never are
   * they taken for the proxy.
   */
  function findGuest(path: readonly (string | undefined)[], proxy: string): string {
    let nearest = proxy;
    for (const address of path.toReversed()) {
      nearest = address ?? '';
      if (!proxies.has(nearest)) return nearest;
    }
    return nearest;
  }

  return ({ socket, headers }) => {
    const sender = canonicalAddress(socket.remoteAddress ?? '') ?? '';
    const named = parseHost(headers.host);
    const isBehindProxy = httpOnly && (named === undefined || !isOwnMachine(named));
    const direct: Approach = {
      remoteAddress: sender,
      host: headers.host ?? '',
      secure: isBehindProxy || ('encrypted' in socket && socket.encrypted === true),
      isProxied: isBehindProxy,
      ...(headers.origin === undefined ? {} : { origin: headers.origin }),
    };
    if (!proxies.has(sender)) return direct;
    const forwarded = read(headers);
    // The proxy's own check of health, or a program beside it.
    if (forwarded === undefined) return direct;
    return {
      ...direct,
      remoteAddress: findGuest(forwarded.path, sender),
      host: parseHost(forwarded.host) === undefined ? direct.host : (forwarded.host ?? direct.host),
      secure: forwarded.scheme === undefined ? direct.secure : forwarded.scheme === 'https',
      isProxied: true,
    };
  };
}
