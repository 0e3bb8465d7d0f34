import { isIPv4 } from 'node:net';

/** What became of the addresses of this machine. */
export interface AddressChange {
  readonly come: readonly string[];
  readonly gone: readonly string[];
  /** The one that is told to others is another. */
  readonly isMainChanged: boolean;
  /**
   * It is worth a word: IPv6 addresses come and go by themselves (RFC 8981), and so do those that the machine has for its
   * own containers.
   */
  readonly isNews: boolean;
}

/**
 * Compares the addresses of this machine with those before.
 *
 * @param before the best first, and so `now`.
 * @param containers those that programs for containers have made, now or before.
 */
export function compareAddresses(
  before: readonly string[],
  now: readonly string[],
  containers: readonly string[],
): AddressChange {
  const come = now.filter((address) => !before.includes(address));
  const gone = before.filter((address) => !now.includes(address));
  const isMainChanged = before[0] !== now[0];
  const isNews =
    isMainChanged || [...come, ...gone].some((address) => isIPv4(address) && !containers.includes(address));
  return { come, gone, isMainChanged, isNews };
}
