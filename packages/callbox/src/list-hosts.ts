import type { Config } from './config/config.ts';
import { isEverywhere, isLoopback } from './network/address-kind.ts';
import type { Surroundings } from './surroundings.ts';

/** Names and addresses by which others reach this machine, best first. */
export function listHosts(
  config: Config,
  { addresses, publicAddresses, certificate }: Surroundings,
): readonly string[] {
  const { host } = config;
  if (!isEverywhere(host)) return isLoopback(host) ? [] : [...config.domain, host];
  const known = publicAddresses.current().map(({ address }) => address);
  const local = addresses.current().network.slice(0, 1);
  const hosts = [...new Set([...(certificate?.names ?? []), ...known, ...local])];
  const trusted = hosts.filter((name) => certificate?.isTrustedFor(name));
  return trusted.length > 0 ? trusted : hosts;
}
