import type { Config } from '../config/config.ts';
import type { RelayPlace } from '../ice-servers/list-relay-urls.ts';
import type { PublicAddress } from '../network/find-public-addresses.ts';
import type { LocalAddresses } from '../network/local-addresses.ts';

/** By which names and ports our own relay may be spoken of, so that it is known for ours where somebody lists it. */
export function listOwnPlaces(
  config: Pick<Config, 'domain' | 'turnHost' | 'turnPort' | 'turnTlsPort' | 'port'>,
  local: LocalAddresses,
  publicAddresses: readonly PublicAddress[],
): Pick<RelayPlace, 'ownNames' | 'ownPorts'> {
  const { domain, turnHost, turnPort, turnTlsPort, port } = config;
  const known = [...domain, turnHost, ...local.network, ...publicAddresses.map(({ address }) => address)];
  return {
    ownNames: known.filter((name) => name !== undefined),
    ownPorts: [turnPort, port, ...(turnTlsPort === undefined ? [] : [turnTlsPort])],
  };
}
