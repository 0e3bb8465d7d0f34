import { isIPv4, isIPv6 } from 'node:net';
import type { RelayAddress } from '@callbox/turn';
import { isEverywhere } from '../network/address-kind.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';

export interface RelayAddressChoice {
  readonly local: LocalAddresses;
  /** Listen on this address only. */
  readonly host: string | undefined;
  /** Chosen by the operator, at most one of each family. */
  readonly relayAddress?: readonly string[];
  /** At most one of each family. */
  readonly publicAddresses: readonly string[];
}

/** RFC 4291 §2.4: the addresses that the internet routes. */
function isGlobalIPv6(address: string): boolean {
  return /^[23][0-9a-f]{3}:/i.test(address);
}

function chooseFor(
  candidates: readonly string[],
  publicAddress: string | undefined,
  isGoodAlone: (address: string) => boolean,
): RelayAddress | undefined {
  if (publicAddress === undefined) {
    const local = candidates.find(isGoodAlone);
    return local === undefined ? undefined : { local, advertised: local };
  }
  const local = candidates.includes(publicAddress) ? publicAddress : candidates[0];
  return local === undefined ? undefined : { local, advertised: publicAddress };
}

/** An address that was asked for relays, and there is nothing to choose but what it is called outside. */
function advertise(local: string, publicAddresses: readonly string[]): RelayAddress {
  const mapped = publicAddresses.find((address) => isIPv4(address) === isIPv4(local));
  return { local, advertised: mapped ?? local };
}

/**
 * Chooses the addresses of relayed media, one per family at most: the one of the default route, told to guests as the
 * public address that maps it if there is one. A machine without a network relays over loopback.
 */
export function chooseRelayAddresses(choice: RelayAddressChoice): readonly RelayAddress[] {
  const { relayAddress = [] } = choice;
  if (relayAddress.length > 0) return relayAddress.map((local) => advertise(local, choice.publicAddresses));
  const candidates = isEverywhere(choice.host) ? choice.local.network : [choice.host];
  const chosen = [
    chooseFor(
      candidates.filter((address) => isIPv4(address)),
      choice.publicAddresses.find((address) => isIPv4(address)),
      () => true,
    ),
    chooseFor(
      candidates.filter((address) => isIPv6(address)),
      choice.publicAddresses.find((address) => isIPv6(address)),
      (address) => isGlobalIPv6(address) || address === choice.host,
    ),
  ].filter((address) => address !== undefined);
  return chosen.length > 0 ? chosen : [{ local: '127.0.0.1', advertised: '127.0.0.1' }];
}
