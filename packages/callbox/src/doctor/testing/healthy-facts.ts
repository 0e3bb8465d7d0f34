import type { RelayProbe } from '@callbox/turn';
import type { CertificateFact, Facts, RelayFact, WebFact } from '../facts.ts';

export const nowMs = Date.UTC(2026, 10, 22, 12);
const dayMs = 24 * 60 * 60 * 1000;

const iceServers = [
  {
    urls: ['turn:calls.example:3478?transport=udp', 'turn:calls.example:443?transport=tcp'],
    username: 'u',
    credential: 'c',
  },
];

/** A packet that came through. */
export function relayed(relayedAddress = '5.9.1.7'): RelayProbe {
  return {
    ok: true,
    roundTripMs: 2,
    setUpMs: 9,
    mappedAddress: '5.9.1.7',
    relayedAddress,
    relayed: `${relayedAddress}:61000`,
  };
}

/** A probe that ended early. */
export function failed(
  step: (RelayProbe & { ok: false })['step'],
  reason = 'no answer in time',
  answeredCode?: number,
): RelayProbe {
  return { ok: false, step, reason, answeredCode };
}

export function tries(
  host: string,
  probes: {
    readonly udp?: RelayProbe;
    readonly tcp?: RelayProbe;
    readonly tls?: RelayProbe;
    readonly turnTcp?: RelayProbe;
  } = {},
): readonly RelayFact[] {
  const { udp = relayed(), tcp = relayed(), tls, turnTcp } = probes;
  const one = (transport: RelayFact['transport'], port: number, probe: RelayProbe): RelayFact => ({
    url: `turn${transport === 'tls' ? 's' : ''}:${host}:${port}?transport=${transport === 'udp' ? 'udp' : 'tcp'}`,
    transport,
    host,
    port,
    probe,
  });
  return [
    one('udp', 3478, udp),
    one('tcp', 443, tcp),
    ...(tls === undefined ? [] : [one('tls', 443, tls)]),
    ...(turnTcp === undefined ? [] : [one('tcp', 3478, turnTcp)]),
  ];
}

export const certificate: CertificateFact = {
  issuer: 'R11',
  names: ['calls.example'],
  validFromMs: nowMs - 10 * dayMs,
  validToMs: nowMs + 80 * dayMs,
  isForName: true,
  chainLength: 2,
  isSelfSigned: false,
  isOwnAuthority: false,
  namesItsIssuer: true,
  untrusted: undefined,
};

export const web: WebFact = {
  health: { kind: 'callbox', instance: 'this', roles: ['turn', 'signaling', 'web'] },
  headers: { date: 'Sun, 22 Nov 2026 12:00:00 GMT' },
  certificate,
  websocketStatus: 101,
  clockAheadMs: 120,
};

/** A machine on the internet with a name and nothing the matter. */
export const healthy: Facts = {
  nowMs,
  roles: ['turn', 'signaling', 'web'],
  listenAddress: undefined,
  turnPort: 3478,
  onePort: 443,
  signalPort: 8888,
  relayPorts: { min: 61_000, max: 65_535 },
  publicAddresses: [],
  foreignRelays: [],
  name: { url: 'https://calls.example', host: 'calls.example', isAddress: false, port: 443, secure: true },
  local: { loopback: ['127.0.0.1', '::1'], network: ['5.9.1.7'] },
  ports: [],
  relayPortsTried: { tried: 16, failed: 0, reason: '' },
  health: { kind: 'callbox', instance: 'this', roles: ['turn', 'signaling', 'web'] },
  resolved: { addresses: ['5.9.1.7'], error: undefined },
  web,
  relaysInside: { iceServers, tries: tries('5.9.1.7') },
  relaysOutside: { iceServers, tries: tries('calls.example', { tls: relayed() }) },
  system: {
    droppedDatagrams: 3,
    maxReceiveBuffer: 212_992,
    ephemeralPorts: { min: 32_768, max: 60_999 },
    maxOpenFiles: 524_288,
    freeMemoryBytes: 512_000_000,
  },
  data: { directory: '/srv/callbox-data', error: undefined, exists: true, readable: [] },
};

/** The same machine behind a router that maps the public address. */
export const behindRouter: Facts = {
  ...healthy,
  publicAddresses: ['5.9.1.7'],
  local: { loopback: ['127.0.0.1'], network: ['192.168.1.5'] },
};
