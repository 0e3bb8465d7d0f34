import { isIPv4 } from 'node:net';
import { asksForCertificate } from './asks-for-certificate.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';

function checkPorts(config: Config): void {
  const { port, signalPort, turnPort, turnTlsPort, httpPort } = config;
  const inUse = new Map<number, string>();
  const claims: readonly (readonly [number, string, boolean])[] = [
    [port, 'port', config.roles.includes('web')],
    [signalPort, 'signal-port', config.roles.includes('signaling')],
    [turnPort, 'turn-port', config.roles.includes('turn')],
    [turnTlsPort ?? 0, 'turn-tls-port', config.roles.includes('turn')],
    [httpPort ?? 0, 'http-port', true],
  ];
  for (const [number, key, isOpened] of claims) {
    if (!isOpened || number === 0) continue;
    const other = inUse.get(number);
    if (other !== undefined)
      throw new ConfigError(`--${other} and --${key} are both ${number}; they must differ`);
    inUse.set(number, key);
  }
  if (turnTlsPort !== undefined && !config.turnTransports.includes('tls')) {
    throw new ConfigError('--turn-tls-port and --turn-transports without tls: leave one of the two out');
  }
  const { min, max } = config.relayPorts;
  if (config.roles.includes('turn') && turnPort >= min && turnPort <= max) {
    throw new ConfigError(
      `--turn-port ${turnPort} lies within --relay-ports ${min}-${max}; they must differ`,
    );
  }
}

function checkOnePerFamily(key: 'public-address' | 'relay-address', addresses: readonly string[]): void {
  const ofFamily4 = addresses.filter((address) => isIPv4(address));
  if (ofFamily4.length > 1 || addresses.length - ofFamily4.length > 1) {
    throw new ConfigError(`--${key}: at most one IPv4 and one IPv6 address`);
  }
}

function checkUsers(config: Config): void {
  const names = new Set<string>();
  for (const { name } of [...config.turnUser, ...config.turnUserKey]) {
    if (names.has(name)) throw new ConfigError(`--turn-user: "${name}" is given twice`);
    names.add(name);
  }
}

function checkCertificate(config: Config): void {
  if ((config.cert === undefined) !== (config.key === undefined)) {
    throw new ConfigError('--cert and --key belong together; one of them is missing');
  }
  if (config.acme && config.cert !== undefined) {
    throw new ConfigError('--acme and --cert: the one obtains a certificate, the other brings one; choose');
  }
  if ((config.acmeEabKid === undefined) !== (config.acmeEabKey === undefined)) {
    throw new ConfigError('--acme-eab-kid and --acme-eab-key belong together; one of them is missing');
  }
  if (config.acme && config.publicAddress.length === 0 && config.domain.length === 0) {
    throw new ConfigError('--acme: say for which address, with --public-address');
  }
}

function checkProxies(config: Config): void {
  if (config.proxyProtocol.length > 0 && config.trustedProxy.length === 0) {
    throw new ConfigError('--proxy-protocol: say by which proxies, with --trusted-proxy');
  }
  const everybody = config.trustedProxy.find((block) => block.endsWith('/0'));
  if (everybody !== undefined) {
    throw new ConfigError(`--trusted-proxy ${everybody}: that is everybody; name the proxy by its address`);
  }
  if (config.httpOnly && (config.cert !== undefined || asksForCertificate(config))) {
    throw new ConfigError('--http-only: a certificate is of no use without HTTPS; leave one of the two out');
  }
}

function checkRoles(config: Config): void {
  const { roles } = config;
  if (roles.includes('web') && !roles.includes('signaling') && config.signalingUrl === undefined) {
    throw new ConfigError('--roles without signaling: say where it runs with --signaling-url');
  }
  const needsSecret = config.turnUrl.some((url) => !url.startsWith('stun:'));
  if (needsSecret && !roles.includes('turn') && config.turnSecret.length === 0) {
    throw new ConfigError('--turn-url: give the --turn-secret that the relay there knows');
  }
}

/** Looks at the options together. Throws a `ConfigError` for what cannot work. */
export function checkConfig(config: Config): void {
  checkPorts(config);
  checkOnePerFamily('public-address', config.publicAddress);
  checkOnePerFamily('relay-address', config.relayAddress);
  checkUsers(config);
  checkCertificate(config);
  checkRoles(config);
  checkProxies(config);
}

/** What will work, though perhaps not as meant: one sentence each. */
export function findNotices(config: Config): readonly string[] {
  const { roles } = config;
  const notices: string[] = [];
  const hasForeignRelay = config.iceServer.some(({ credentials }) => credentials !== undefined);
  const hasRelay = roles.includes('turn') || config.turnUrl.length > 0 || hasForeignRelay;
  if (roles.includes('signaling') && !hasRelay) {
    notices.push(
      'No relay is known here (--turn-url): only calls between networks that can reach each other will work.',
    );
  }
  if (roles.includes('signaling') && !roles.includes('web') && config.allowOrigin.length === 0) {
    notices.push('No page may use this signaling yet: name its origin with --allow-origin.');
  }
  if (
    roles.length === 1 &&
    roles.includes('turn') &&
    config.turnSecret.length + config.turnUser.length + config.turnUserKey.length === 0
  ) {
    notices.push(
      'Nobody has credentials for this relay yet: give --turn-secret, the same as where signaling runs.',
    );
  }
  return notices;
}
