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
  config: Pick<Config, 'host' | 'turnListen' | 'turnPort' | 'turnTransports' | 'proxyProtocol'>,
  ports: ReadonlyMap<PortName, number>,
): readonly RelayDoor[] {
  const nearest = (address: string | undefined): string => (isEverywhere(address) ? '127.0.0.1' : address);
  const ofPages = nearest(config.host);
  const ofRelay = config.turnListen.length > 0 ? nearest(config.turnListen[0]) : ofPages;
  const open = [...ports].find(([name]) => !config.proxyProtocol.includes(name));
  return [
    ...(config.turnTransports.includes('udp')
      ? [{ transport: 'udp' as const, host: ofRelay, port: config.turnPort }]
      : []),
    ...(open === undefined
      ? []
      : [{ transport: 'tcp' as const, host: open[0] === 'turnPort' ? ofRelay : ofPages, port: open[1] }]),
  ];
}
