import type { Config } from '../config/config.ts';
import { isEverywhere, isLoopback } from '../network/address-kind.ts';
import type { Surroundings } from '../surroundings.ts';
import { listOwnPlaces } from '../turn/list-own-places.ts';
import type { RelayPlace } from './list-relay-urls.ts';

/** Where our own relay is now, as far as this machine knows. */
export function describeRelay(config: Config, surroundings: Surroundings): RelayPlace {
  const { addresses, publicAddresses, certificate } = surroundings;
  const { host, turnListen } = config;
  const [nearest] = addresses.current().network;
  const chosen = turnListen.find((address) => !isEverywhere(address) && !isLoopback(address));
  const isAnywhere = turnListen.length === 0 ? isEverywhere(host) : turnListen.some(isEverywhere);
  return {
    turnPort: config.turnPort,
    turnTransports: config.turnTransports,
    turnHost: config.turnHost,
    fallbackHost: publicAddresses.current()[0]?.address ?? chosen ?? nearest ?? '127.0.0.1',
    networkAddress: isAnywhere ? nearest : chosen,
    ...listOwnPlaces(config, addresses.current(), publicAddresses.current()),
    isTrustedFor: (name) => certificate?.isTrustedFor(name) === true,
  };
}
