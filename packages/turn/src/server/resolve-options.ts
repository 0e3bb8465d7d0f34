import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseIpAddress, type IpAddress } from '@callbox/stun';
import type { PortRange } from '../allocation/port-pool.ts';
import { createCredentialStore, type CredentialStore } from '../auth/credential-store.ts';
import { MIN_NONCE_KEY_BYTES } from '../auth/nonce.ts';
import type { ControlLimits, ControlRules, Lifetimes, QuestionSettings } from '../control/control.ts';
import type { PlaneLimits } from '../plane/data-plane.ts';
import type { PlaneRelayAddress } from '../plane/route-change.ts';
import { parseCidr, type Cidr } from '../policy/cidr.ts';
import { createPeerPolicy, type PeerPolicy, type PeerRule } from '../policy/peer-policy.ts';
import type { ConnectionLimits } from '../transport/connection-gate.ts';
import type { StreamLimits } from '../transport/stream-client.ts';
import type { KeyPair } from '../transport/tls-front.ts';
import { guardPeerRule } from './guard-peer-rule.ts';
import {
  checkLimits,
  resolveConnectionLimits,
  resolveLifetimes,
  resolveLimits,
  resolvePlaneLimits,
  resolveQuestionLimits,
  resolveStreamLimits,
} from './resolve-limits.ts';
import { TurnOptionsError } from './turn-options-error.ts';
import type { CrewSize } from '../workers/crew-rule.ts';
import type {
  FindUser,
  ListenAddress,
  Logger,
  PeerLists,
  PlaneChoice,
  TurnCredentials,
  TurnServerOptions,
} from './turn-server-options.ts';

/** Options that have been checked, with every default filled in. */
export interface ResolvedOptions {
  readonly realm: string;
  readonly rules: ControlRules;
  readonly peerRule: PeerRule | undefined;
  readonly nonceKey: Uint8Array;
  readonly listeners: readonly (ListenAddress & { readonly ip: IpAddress })[];
  readonly relayAddresses: readonly PlaneRelayAddress[];
  readonly relayPorts: PortRange;
  readonly servicePorts: readonly number[];
  readonly udpHeadStartMs: number;
  readonly lifetimes: Lifetimes;
  readonly limits: ControlLimits;
  readonly questions: QuestionSettings;
  readonly findUser: FindUser | undefined;
  readonly streamLimits: StreamLimits;
  readonly connectionLimits: ConnectionLimits;
  readonly keyPair: KeyPair | undefined;
  readonly plane: PlaneChoice;
  /** Undefined where this process does everything. */
  readonly workers: CrewSize | undefined;
  readonly planeLimits: PlaneLimits;
  readonly logger: Logger;
}

/** REALM has fewer than 128 characters (RFC 8489 §14.9). */
const MAX_REALM_CHARACTERS = 127;
/** Ports below belong to well-known services, whose packets nobody shall be able to forge (RFC 8656 §7.2). */
const MIN_RELAY_PORT = 1024;
const MAX_PORT = 65_535;
const RANDOM_KEY_BYTES = 32;
const MD5_BYTES = 16;
const MAX_WORKERS = 64;

const ignore = (): void => undefined;
const SILENCE: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore };

/** @throws TurnOptionsError naming what is wrong. */
export function resolveOptions(options: TurnServerOptions): ResolvedOptions {
  const { realm, nonceKey } = options;
  if (realm.length === 0 || realm.length > MAX_REALM_CHARACTERS) {
    throw new TurnOptionsError('INVALID_REALM', `a realm has 1 to ${MAX_REALM_CHARACTERS} characters`);
  }
  if (nonceKey !== undefined && nonceKey.length < MIN_NONCE_KEY_BYTES) {
    throw new TurnOptionsError(
      'INVALID_NONCE_KEY',
      `a nonce key has at least ${MIN_NONCE_KEY_BYTES} octets, not ${nonceKey.length}`,
    );
  }
  if (options.keyPair === undefined && options.listeners.some(({ transport }) => transport === 'tls')) {
    throw new TurnOptionsError('INVALID_KEY_PAIR', 'a listener that speaks TLS needs a key pair');
  }
  const logger = options.logger ?? SILENCE;
  const { limits = {} } = options;
  checkLimits(limits);
  checkLimits(options.lifetimes ?? {});
  const peerRule = options.peerPolicy === undefined ? undefined : guardPeerRule(options.peerPolicy, logger);
  return {
    realm,
    rules: {
      credentials: resolveCredentials(realm, options),
      policy: resolvePeerPolicy({ allow: options.allowPeers, deny: options.denyPeers }, peerRule),
    },
    peerRule,
    nonceKey: nonceKey ?? randomBytes(RANDOM_KEY_BYTES),
    listeners: options.listeners.map(resolveListener),
    relayAddresses: resolveRelayAddresses(options.relayAddresses),
    relayPorts: resolveRelayPorts(options.relayPorts),
    servicePorts: options.servicePorts ?? [],
    udpHeadStartMs: options.udpHeadStartMs ?? 0,
    lifetimes: resolveLifetimes(options.lifetimes ?? {}),
    limits: resolveLimits(limits),
    questions: { isAnswered: options.findUser !== undefined, ...resolveQuestionLimits(limits) },
    findUser: options.findUser,
    streamLimits: resolveStreamLimits(limits),
    connectionLimits: resolveConnectionLimits(limits),
    keyPair: options.keyPair,
    plane: options.plane ?? 'auto',
    workers: resolveWorkers(options.workers ?? 1),
    planeLimits: resolvePlaneLimits(limits),
    logger,
  };
}

/** @throws TurnOptionsError when that is no number of processes. */
function resolveWorkers(workers: NonNullable<TurnServerOptions['workers']>): CrewSize | undefined {
  const isFixed = typeof workers === 'number';
  const processes = isFixed ? workers : workers === 'auto' ? availableParallelism() : workers.atMost;
  if (!Number.isInteger(processes) || processes < 1 || (isFixed && processes > MAX_WORKERS)) {
    throw new TurnOptionsError('INVALID_LIMIT', `workers are 1 to ${MAX_WORKERS}, not ${processes}`);
  }
  if (processes === 1) return undefined;
  // By load, this process carries calls, too.
  return isFixed
    ? { kind: 'fixed', workers: processes }
    : { kind: 'by-load', most: Math.min(MAX_WORKERS, processes - 1) };
}

/**
 * Who may use the server.
 *
 * @throws TurnOptionsError when a name, password or secret is empty: everybody would know it.
 */
export function resolveCredentials(
  realm: string,
  { users, userKeys, sharedSecrets }: TurnCredentials,
): CredentialStore {
  const words = [...Array.from(users ?? []).flat(), ...(userKeys?.keys() ?? []), ...(sharedSecrets ?? [])];
  if (words.includes('')) {
    throw new TurnOptionsError('INVALID_CREDENTIALS', 'no user name, password or shared secret may be empty');
  }
  if ([...(userKeys?.values() ?? [])].some((key) => key.length !== MD5_BYTES)) {
    throw new TurnOptionsError('INVALID_CREDENTIALS', `the key of a user has ${MD5_BYTES} octets`);
  }
  return createCredentialStore({
    realm,
    users: new Map(users),
    userKeys: new Map(userKeys),
    sharedSecrets: [...(sharedSecrets ?? [])],
  });
}

/**
 * What may be reached, by lists and the embedder's rule.
 *
 * @throws TurnOptionsError when a block is malformed.
 */
export function resolvePeerPolicy({ allow, deny }: PeerLists, rule: PeerRule | undefined): PeerPolicy {
  return createPeerPolicy({ allowed: (allow ?? []).map(readCidr), denied: (deny ?? []).map(readCidr), rule });
}

function resolveListener(listener: ListenAddress): ListenAddress & { readonly ip: IpAddress } {
  const ip = parseIpAddress(listener.address);
  const { address, port } = listener;
  if (ip === undefined || !Number.isInteger(port) || port < 0 || port > MAX_PORT) {
    throw new TurnOptionsError('INVALID_LISTEN_ADDRESS', `cannot listen on "${address}" port ${port}`);
  }
  return { ...listener, ip };
}

/** @throws TurnOptionsError when one is none, or a family has two. */
export function resolveRelayAddresses(
  addresses: TurnServerOptions['relayAddresses'],
): readonly PlaneRelayAddress[] {
  const resolved = addresses.map(({ local, advertised }) => ({
    local: readRelayAddress(local),
    advertised: readRelayAddress(advertised),
  }));
  if (resolved.some(({ local, advertised }) => local.family !== advertised.family)) {
    throw new TurnOptionsError(
      'INVALID_RELAY_ADDRESS',
      'local and advertised address are of different families',
    );
  }
  if (new Set(resolved.map(({ local }) => local.family)).size < resolved.length) {
    throw new TurnOptionsError('INVALID_RELAY_ADDRESS', 'there is more than one relay address of one family');
  }
  return resolved;
}

/** A wildcard is no address that a peer could send to. */
function readRelayAddress(text: string): IpAddress {
  const ip = parseIpAddress(text);
  if (ip === undefined || ip.address.every((octet) => octet === 0)) {
    throw new TurnOptionsError('INVALID_RELAY_ADDRESS', `"${text}" is not an address for relays`);
  }
  return ip;
}

function resolveRelayPorts({ min, max }: PortRange): PortRange {
  const areWhole = Number.isInteger(min) && Number.isInteger(max);
  if (!areWhole || min < MIN_RELAY_PORT || max > MAX_PORT || min > max) {
    throw new TurnOptionsError(
      'INVALID_RELAY_PORTS',
      `relay ports lie between ${MIN_RELAY_PORT} and ${MAX_PORT}, not from ${min} to ${max}`,
    );
  }
  return { min, max };
}

function readCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok)
    throw new TurnOptionsError('INVALID_CIDR', `"${text}" is not a block of addresses: ${parsed.reason}`);
  return parsed.value;
}
