import type { Config } from '../config/config.ts';

/** A TCP port that the relay has for itself. */
export interface RelayPort {
  readonly port: number;
  /** Undefined for all addresses of the machine. */
  readonly address: string | undefined;
  /** What it takes; all else is ended. */
  readonly takes: readonly ('tcp' | 'tls')[];
  /** The option that chooses it. */
  readonly key: 'turn-port' | 'turn-tls-port';
}

/**
 * The TCP ports of the relay, on each address where it listens. TLS has a port of its own or shares that of TCP, which is
 * closed where neither is wanted there.
 */
export function planRelayPorts(
  config: Pick<Config, 'host' | 'turnListen' | 'turnPort' | 'turnTlsPort' | 'turnTransports'>,
): readonly RelayPort[] {
  const { host, turnListen, turnPort, turnTlsPort, turnTransports } = config;
  const takes = (['tcp', 'tls'] as const).filter((transport) => turnTransports.includes(transport));
  const isShared = turnTlsPort === undefined && takes.length > 0;
  const addresses = turnListen.length > 0 ? [...new Set(turnListen)] : [host];
  return addresses.flatMap((address): readonly RelayPort[] => [
    ...(isShared || takes.includes('tcp')
      ? [{ port: turnPort, address, takes, key: 'turn-port' as const }]
      : []),
    ...(turnTlsPort === undefined
      ? []
      : [{ port: turnTlsPort, address, takes, key: 'turn-tls-port' as const }]),
  ]);
}
