import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { keyOf } from '../../config/option-names.ts';
import { isEverywhere } from '../../network/address-kind.ts';
import { toUrlHost } from '../../network/host.ts';
import { findLocalAddresses, type LocalAddresses } from '../../network/local-addresses.ts';
import { planRelayPorts } from '../../turn/plan-relay-ports.ts';
import { chooseRelayAddresses } from '../../turn/choose-relay-addresses.ts';
import type { Facts, PortFact, PublicName, RelayFacts, WebFact } from '../facts.ts';
import { findPortHolder } from './find-port-holder.ts';
import { lookAtData } from './look-at-data.ts';
import { lookAtWeb } from './look-at-web.ts';
import { probeHealth } from './probe-health.ts';
import { probePorts } from './probe-ports.ts';
import { probeRelayPorts } from './probe-relay-ports.ts';
import { probeRelayAlone, probeRelays } from './probe-relays.ts';
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
    ...(config.httpPort === undefined
      ? []
      : [{ transport: 'tcp' as const, port: config.httpPort, flag: '--http-port' }]),
    ...(has('signaling') ? [tcp('signalPort')] : []),
    ...(has('turn') && config.turnTransports.includes('udp')
      ? [{ ...tcp('turnPort'), transport: 'udp' as const }]
      : []),
    ...(has('turn')
      ? planRelayPorts(config).map(({ port, key }) => ({ transport: 'tcp' as const, port, flag: `--${key}` }))
      : []),
  ].filter(({ port }) => port !== 0);
}

interface Inside {
  readonly base: string;
  /** By which guests reach this machine, so that the server answers as it would them. */
  readonly guestHost: string;
  readonly port: number;
}

/** Where the server is asked on this machine itself. */
function insideOf(config: Config, local: LocalAddresses): Inside {
  const address = isEverywhere(config.host) ? '127.0.0.1' : config.host;
  const { proxyProtocol } = config;
  const ports = listPorts(config).filter(
    ({ transport, flag }) => transport === 'tcp' && flag !== '--http-port',
  );
  // A port where proxies speak their own protocol first is none to ask at without one.
  const plain = ports.find(({ flag }) => !proxyProtocol.some((name) => flag === `--${keyOf(name)}`));
  const port = (plain ?? ports[0])?.port ?? config.port;
  return {
    base: `http://${toUrlHost(address)}:${port}${config.basePath.replace(/\/$/, '')}`,
    guestHost: isEverywhere(config.host) ? (local.network[0] ?? address) : address,
    port,
  };
}

/** The relay as guests are told of it; one without signaling beside it is tried with credentials made here. */
async function probeInside(config: Config, inside: Inside, timeoutMs: number): Promise<RelayFacts> {
  if (config.roles.includes('signaling')) {
    return probeRelays(inside.base, `${toUrlHost(inside.guestHost)}:${inside.port}`, timeoutMs);
  }
  const secret = config.turnSecret[0] ?? (await readSecret(config.dataDir));
  if (!config.roles.includes('turn') || secret === undefined) return noRelays;
  return probeRelayAlone({ host: inside.guestHost, port: config.turnPort }, secret, timeoutMs);
}

async function readSecret(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'turn-secret'), 'utf8')).trim();
  } catch {
    return undefined;
  }
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
  const relay = chooseRelayAddresses({ local, ...config, publicAddresses: config.publicAddress });
  const resolved = name === undefined || name.isAddress ? undefined : await resolveName(name.host);
  const canBeAsked = name !== undefined && (resolved === undefined || resolved.addresses.length > 0);
  const [web, relaysInside, relaysOutside] = await Promise.all([
    canBeAsked ? lookAtWeb(name, hasSignaling, timeoutMs) : undefined,
    health.kind === 'callbox' ? probeInside(config, inside, timeoutMs) : noRelays,
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
    foreignRelays: config.iceServer.filter(({ credentials }) => credentials).map(({ url }) => url),
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
