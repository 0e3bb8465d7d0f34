import type { Config } from '../config/config.ts';
import type { PortName } from '../config/value-types.ts';
import { isEverywhere } from '../network/address-kind.ts';
import type { RelayDoor } from './create-readiness.ts';

/**
 * Ways to our relay from within: over UDP, and over TCP by the first port that takes whoever comes without a proxy.
 *
 * @param ports the TCP ports that are open, the most important first.
 */
export function listRelayDoors(
  { host, turnPort, proxyProtocol }: Pick<Config, 'host' | 'turnPort' | 'proxyProtocol'>,
  ports: ReadonlyMap<PortName, number>,
): readonly RelayDoor[] {
  const at = isEverywhere(host) ? '127.0.0.1' : host;
  const open = [...ports].find(([name]) => !proxyProtocol.includes(name));
  return [
    { transport: 'udp', host: at, port: turnPort },
    ...(open === undefined ? [] : [{ transport: 'tcp' as const, host: at, port: open[1] }]),
  ];
}
