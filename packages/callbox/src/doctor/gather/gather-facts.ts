import type { Config } from '../../config/config.ts';
import { keyOf } from '../../config/option-names.ts';
import { toUrlHost } from '../../network/host.ts';
import { findLocalAddresses, type LocalAddresses } from '../../network/local-addresses.ts';
import { chooseRelayAddresses } from '../../turn/choose-relay-addresses.ts';
import type { Facts, PortFact, PublicName, RelayFacts, WebFact } from '../facts.ts';
import { findPortHolder } from './find-port-holder.ts';
import { lookAtData } from './look-at-data.ts';
import { lookAtWeb } from './look-at-web.ts';
import { probeHealth } from './probe-health.ts';
import { probePorts } from './probe-ports.ts';
import { probeRelayPorts } from './probe-relay-ports.ts';
import { probeRelays } from './probe-relays.ts';
import { readSystem } from './read-system.ts';
import { resolveName } from './resolve-name.ts';

export interface GatherOptions {
  /** How long each question may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Where the kernel tells of itself; other places in tests. */
  readonly proc?: string;
  readonly cgroup?: string;
}

const noRelays: RelayFacts = { iceServers: undefined, tries: [] };

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The ports that the server opens, with the options that choose others. */
function listPorts(config: Config): readonly Pick<PortFact, 'transport' | 'port' | 'flag'>[] {
  const has = (role: Config['roles'][number]): boolean => config.roles.includes(role);
  const tcp = (name: 'port' | 'signalPort' | 'turnPort') => ({
    transport: 'tcp' as const,
    port: config[name],
    flag: `--${keyOf(name)}`,
  });
  return [
    ...(has('web') ? [tcp('port')] : []),
    ...(has('signaling') ? [tcp('signalPort')] : []),
    ...(has('turn') ? [tcp('turnPort'), { ...tcp('turnPort'), transport: 'udp' as const }] : []),
  ].filter(({ port }) => port !== 0);
}

/** Where the server is asked on this machine itself, and by which name, so that it answers as it would a guest. */
function insideOf(config: Config, local: LocalAddresses): { readonly base: string; readonly host: string } {
  const { host } = config;
  const address = host === undefined || isWildcard(host) ? '127.0.0.1' : host;
  const [first] = listPorts(config);
  const port = first?.port ?? config.port;
  const guestHost = address === '127.0.0.1' && host !== '127.0.0.1' ? (local.network[0] ?? address) : address;
  return { base: `http://${toUrlHost(address)}:${port}`, host: `${toUrlHost(guestHost)}:${port}` };
}

/** Gathers everything, changes nothing, and asks nobody but this server and, for a name, the system's resolver. */
export async function gatherFacts(
  config: Config,
  name: PublicName | undefined,
  options: GatherOptions,
): Promise<Facts> {
  const { timeoutMs } = options;
  const local = await findLocalAddresses();
  const inside = insideOf(config, local);
  const hasSignaling = config.roles.includes('signaling');
  const { health } = await probeHealth(inside.base, timeoutMs);
  const wantedPorts = listPorts(config);
  const relay = chooseRelayAddresses({ local, host: config.host, publicAddresses: config.publicAddress });
  const resolved = name === undefined || name.isAddress ? undefined : await resolveName(name.host);
  const canBeAsked = name !== undefined && (resolved === undefined || resolved.addresses.length > 0);
  const [web, relaysInside, relaysOutside] = await Promise.all([
    canBeAsked ? lookAtWeb(name, hasSignaling, timeoutMs) : undefined,
    health.kind === 'callbox' && hasSignaling ? probeRelays(inside.base, inside.host, timeoutMs) : noRelays,
    canBeAsked && hasSignaling ? probeRelays(name.url, undefined, timeoutMs) : undefined,
  ]);
  const [first] = wantedPorts;
  const holder = first === undefined ? undefined : findPortHolder(first.transport, first.port);
  return {
    nowMs: Date.now(),
    roles: config.roles,
    listenAddress: config.host,
    turnPort: config.turnPort,
    onePort: config.roles.includes('web') ? config.port : undefined,
    signalPort: hasSignaling ? config.signalPort : undefined,
    relayPorts: config.relayPorts,
    publicAddresses: config.publicAddress,
    name,
    local,
    // A server that runs has them all.
    ports:
      health.kind === 'silent' || health.kind === 'stranger'
        ? await probePorts(wantedPorts, config.host)
        : [],
    relayPortsTried: config.roles.includes('turn')
      ? await probeRelayPorts(config.relayPorts, relay[0]?.local ?? '0.0.0.0')
      : { tried: 0, failed: 0, reason: '' },
    health,
    resolved,
    web: web === undefined ? undefined : withFurtherClock(web, relaysOutside?.clockAheadMs),
    relaysInside,
    relaysOutside,
    system: readSystem({
      proc: options.proc ?? '/proc',
      cgroup: options.cgroup ?? '/sys/fs/cgroup',
      relayPort: config.turnPort,
      serverPid: health.kind === 'callbox' ? holder?.pid : undefined,
    }),
    data: await lookAtData(config.dataDir),
  };
}

/** Two clocks were seen: a proxy's, and that of the server itself. The worse one counts. */
function withFurtherClock(web: WebFact, aheadMs: number | undefined): WebFact {
  const isFurther = aheadMs !== undefined && Math.abs(aheadMs) > Math.abs(web.clockAheadMs ?? 0);
  return isFurther ? { ...web, clockAheadMs: aheadMs } : web;
}
