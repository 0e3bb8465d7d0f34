import { isIPv4, isIPv6 } from 'node:net';

/** Who sent a request, as far as it tells one party from another. */
export interface Sender {
  readonly remoteAddress: string;
  readonly userAgent: string;
}

/**
 * Keeps a connection to the one who opened it. The name of a connection is what opens it, and in the old protocol it is also
 * the id that everybody in a room knows its owner by: so by itself it proves nothing.
 */
export interface SessionHolders {
  hold(sid: string, sender: Sender): void;
  forget(sid: string): void;
  /** Whether a request for this connection may have come from the one who opened it. */
  isHolder(sid: string, sender: Sender): boolean;
}

export function createSessionHolders(): SessionHolders {
  const holders = new Map<string, Sender>();
  return {
    hold: (sid, sender) => void holders.set(sid, sender),
    forget: (sid) => void holders.delete(sid),
    isHolder(sid, sender) {
      const holder = holders.get(sid);
      if (holder === undefined) return false;
      const [first, now] = [networkOf(holder.remoteAddress), networkOf(sender.remoteAddress)];
      if (first === now) return true;
      // A browser may come by IPv4 once and by IPv6 next. That is no proof, so it has to be the same browser at least.
      const isOtherFamily = isIPv6(holder.remoteAddress) !== isIPv6(sender.remoteAddress);
      return isOtherFamily && holder.userAgent === sender.userAgent;
    },
  };
}

/** Within its /64 a browser changes its IPv6 address as it likes (RFC 8981). */
function networkOf(address: string): string {
  if (isIPv4(address) || !isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
