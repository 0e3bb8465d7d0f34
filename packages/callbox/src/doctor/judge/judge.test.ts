import type { RelayProbe } from '@callbox/turn';
import { expect, test } from 'vitest';
import { diagnosisTable, type DiagnosisId } from '../diagnosis-table.ts';
import type { CertificateFact, Facts, HealthFact, WebFact } from '../facts.ts';
import {
  behindRouter,
  certificate,
  failed,
  healthy,
  nowMs,
  relayed,
  tries,
  web,
} from '../testing/healthy-facts.ts';
import { judge } from './judge.ts';

const dayMs = 24 * 60 * 60 * 1000;
const silent: HealthFact = { kind: 'silent', reason: 'ETIMEDOUT' };
const lan: Facts = {
  ...healthy,
  name: undefined,
  resolved: undefined,
  web: undefined,
  relaysOutside: undefined,
  local: { loopback: ['127.0.0.1'], network: ['192.168.1.5'] },
  relaysInside: { ...healthy.relaysInside, tries: tries('192.168.1.5', { udp: relayed('192.168.1.5') }) },
};

const withWeb = (change: Partial<WebFact>): Facts => ({ ...healthy, web: { ...web, ...change } });
const withCertificate = (change: Partial<CertificateFact>): Facts =>
  withWeb({ certificate: { ...certificate, ...change } });
const withOutside = (probes: Parameters<typeof tries>[1]): Facts => ({
  ...healthy,
  relaysOutside: { iceServers: healthy.relaysInside.iceServers, tries: tries('calls.example', probes) },
});
const withInside = (probes: Parameters<typeof tries>[1]): Facts => ({
  ...healthy,
  relaysInside: { iceServers: healthy.relaysInside.iceServers, tries: tries('5.9.1.7', probes) },
});
const stopped: Facts = {
  ...lan,
  health: silent,
  relaysInside: { iceServers: undefined, tries: [] },
  ports: [{ transport: 'tcp', port: 443, flag: '--port', state: 'free', holder: undefined }],
};
const withPort = (state: Facts['ports'][number]['state'], holder?: string): Facts => ({
  ...stopped,
  ports: [{ transport: 'tcp', port: 443, flag: '--port', state, holder }],
});

test.each<readonly [what: string, facts: Facts]>([
  ['a machine on the internet', healthy],
  ['one behind a router', behindRouter],
  ['one on a network of its own, without a name', lan],
  [
    'the same, by its address and with a certificate of its own making',
    {
      ...lan,
      name: {
        url: 'https://192.168.1.5:8080',
        host: '192.168.1.5',
        isAddress: true,
        port: 8080,
        secure: true,
      },
      web: {
        ...web,
        certificate: { ...certificate, isSelfSigned: true, untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      },
      relaysOutside: lan.relaysInside,
    },
  ],
  [
    'one that is looked at from another machine',
    {
      ...healthy,
      health: silent,
      ports: withPort('free').ports,
      relaysInside: { iceServers: undefined, tries: [] },
    },
  ],
  ['one that tells of a relay of others', withForeign(relayed('198.51.100.9'))],
  [
    'one whose name leads to a proxy of its own',
    withWeb({ headers: { server: 'nginx/1.26', via: '1.1 caddy' } }),
  ],
])('nothing is the matter with %s', (_what, facts) => {
  expect(judge(facts)).toEqual([]);
});

/** Beside our own relay one of others is told, and was tried from here. */
function withForeign(probe: RelayProbe): Facts {
  const url = 'turn:relay.example:3478?transport=udp';
  const fact = { url, transport: 'udp' as const, host: 'relay.example', port: 3478, probe };
  const { relaysInside } = healthy;
  return {
    ...healthy,
    foreignRelays: [url],
    relaysInside: { ...relaysInside, tries: [...relaysInside.tries, fact] },
  };
}

/** Each diagnosis, and every kind of facts that says it. */
const cases: Readonly<Record<DiagnosisId, readonly Facts[]>> = {
  'not-running': [stopped, { ...stopped, health: { kind: 'silent', reason: 'ECONNREFUSED' } }],
  'not-ready': [{ ...stopped, health: { kind: 'unready', status: 503 } }],
  'port-taken': [
    withPort('busy', 'nginx (process 812)'),
    { ...withPort('busy'), health: { kind: 'stranger', status: 404 } },
  ],
  'port-forbidden': [withPort('forbidden')],
  'address-missing': [{ ...withPort('no-such-address'), listenAddress: '5.9.1.8' }],
  'relay-ports-taken': [{ ...healthy, relayPortsTried: { tried: 4, failed: 4, reason: 'EADDRINUSE' } }],
  'relay-ports-shared': [{ ...healthy, relayPorts: { min: 50_000, max: 51_000 } }],
  'name-unknown': [
    { ...healthy, resolved: { addresses: [], error: 'ENOTFOUND' }, web: undefined, relaysOutside: undefined },
  ],
  'name-elsewhere': [
    { ...withWeb({ health: silent }), resolved: { addresses: ['5.9.9.9'], error: undefined } },
    {
      ...behindRouter,
      web: { ...web, health: silent },
      resolved: { addresses: ['5.9.9.9'], error: undefined },
    },
    withWeb({ health: { kind: 'stranger', status: 200 } }),
    withWeb({ health: { kind: 'callbox', instance: 'another', roles: [] } }),
  ],
  'name-private': [{ ...healthy, resolved: { addresses: ['10.0.0.7'], error: undefined } }],
  'no-hairpin': [
    { ...behindRouter, web: { ...web, health: silent } },
    { ...behindRouter, publicAddresses: [], web: { ...web, health: silent } },
  ],
  'public-address-unknown': [
    {
      ...behindRouter,
      publicAddresses: [],
      relaysInside: { ...healthy.relaysInside, tries: tries('192.168.1.5', { udp: relayed('192.168.1.5') }) },
    },
  ],
  'public-address-wrong': [
    {
      ...behindRouter,
      publicAddresses: ['5.9.1.8'],
      relaysInside: { ...healthy.relaysInside, tries: tries('192.168.1.5', { udp: relayed('5.9.1.8') }) },
    },
  ],
  'port-closed': [
    withWeb({ health: { kind: 'silent', reason: 'ECONNREFUSED' } }),
    withWeb({ health: silent }),
  ],
  'cdn-in-front': [
    withWeb({ headers: { 'cf-ray': '8e1', server: 'cloudflare' } }),
    withWeb({ health: { kind: 'stranger', status: 403 }, headers: { 'x-amz-cf-id': 'x' } }),
    { ...withWeb({ health: silent }), resolved: { addresses: ['104.21.3.9'], error: undefined } },
  ],
  'proxy-cannot-reach': [
    withWeb({ health: { kind: 'stranger', status: 502 }, headers: { server: 'nginx' } }),
  ],
  'proxy-without-websocket': [withWeb({ websocketStatus: 400 }), withWeb({ websocketStatus: 200 })],
  'no-tls': [withWeb({ certificate: { error: 'EPROTO' }, health: silent })],
  'certificate-expired': [withCertificate({ validToMs: nowMs - dayMs, untrusted: 'CERT_HAS_EXPIRED' })],
  'certificate-not-yet-valid': [
    withCertificate({ validFromMs: nowMs + dayMs, untrusted: 'CERT_NOT_YET_VALID' }),
  ],
  'certificate-wrong-name': [withCertificate({ isForName: false, names: ['www.example'] })],
  'certificate-chain-incomplete': [
    withCertificate({ chainLength: 1, untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
  ],
  'certificate-self-signed': [
    withCertificate({ isSelfSigned: true, untrusted: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    withCertificate({ isOwnAuthority: true, untrusted: 'SELF_SIGNED_CERT_IN_CHAIN' }),
  ],
  'certificate-unknown-authority': [
    withCertificate({ untrusted: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    withCertificate({ chainLength: 1, namesItsIssuer: false, untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
  ],
  'certificate-ends-soon': [
    withCertificate({ validFromMs: nowMs - 80 * dayMs, validToMs: nowMs + 10 * dayMs }),
    withCertificate({ validFromMs: nowMs - 6 * dayMs, validToMs: nowMs + dayMs / 2 }),
  ],
  'clock-wrong': [withWeb({ clockAheadMs: 91_000 }), withWeb({ clockAheadMs: -3_600_000 })],
  'no-relay': [
    { ...healthy, roles: ['signaling', 'web'], relaysInside: { iceServers: [], tries: [] } },
    {
      ...healthy,
      roles: ['signaling', 'web'],
      relaysInside: { iceServers: [{ urls: ['stun:s.example'] }], tries: [] },
    },
  ],
  'relay-closed': [{ ...healthy, relaysInside: { iceServers: [{ urls: ['stun:s.example'] }], tries: [] } }],
  'relay-dead': [
    withInside({ udp: failed('challenge') }),
    withInside({ tcp: failed('connect', 'ECONNREFUSED') }),
  ],
  'relay-refuses': [
    withInside({ udp: failed('allocate', '401', 401), tcp: failed('allocate', '401', 401) }),
    withOutside({ udp: failed('allocate', '401', 401) }),
  ],
  'foreign-relay-dead': [
    withForeign(failed('challenge')),
    { ...withForeign(failed('connect', 'ECONNREFUSED')), roles: ['signaling', 'web'] },
  ],
  'foreign-relay-alone': [withForeign(failed('packet'))],
  'foreign-relay-refuses': [withForeign(failed('allocate', '401', 401))],
  'relay-full': [
    withInside({ udp: failed('allocate', '486', 486), tcp: failed('allocate', '486', 486) }),
    withInside({ tcp: failed('allocate', '508', 508) }),
  ],
  'relay-does-not-relay': [
    withInside({ udp: failed('packet'), tcp: failed('packet') }),
    withInside({ udp: failed('permission', '403', 403) }),
  ],
  'udp-blocked': [withOutside({ udp: failed('challenge') })],
  'turn-tcp-blocked': [withOutside({ turnTcp: failed('connect', 'ETIMEDOUT') })],
  'one-port-no-relay': [withOutside({ tcp: failed('challenge', 'what answers there is no TURN server') })],
  'relay-tls-blocked': [withOutside({ tls: failed('tls', 'EPROTO') })],
  'datagrams-dropped': [{ ...healthy, system: { ...healthy.system, droppedDatagrams: 5_000 } }],
  'few-files': [{ ...healthy, system: { ...healthy.system, maxOpenFiles: 256 } }],
  'little-memory': [{ ...healthy, system: { ...healthy.system, freeMemoryBytes: 20_000_000 } }],
  'data-readable': [
    { ...healthy, data: { ...healthy.data, readable: [{ path: '/srv/callbox-data', mode: '777' }] } },
  ],
  'data-unusable': [
    { ...healthy, data: { ...healthy.data, error: 'EACCES' } },
    { ...stopped, data: { ...healthy.data, error: 'ENOTDIR' } },
  ],
};

const table = Object.entries(cases).flatMap(([id, all]) => all.map((facts, index) => ({ id, index, facts })));

test.each(table)('$id ($index), and nothing else', ({ id, facts }) => {
  const findings = judge(facts);
  expect(findings.map((finding) => finding.id)).toEqual([id]);
  for (const { what, fix, evidence } of findings) {
    expect(evidence).not.toBe('');
    // Every blank of the table's sentences was filled in.
    expect(`${what} ${fix}`).not.toMatch(/\{\w+\}/);
  }
});

test('a relay that is dead on two transports is dead twice, for each has a fix of its own', () => {
  const findings = judge(withInside({ udp: failed('challenge'), tcp: failed('connect') }));
  expect(findings.map(({ what }) => what)).toEqual([
    'The relay does not answer over UDP even on this machine.',
    'The relay does not answer over TCP even on this machine.',
  ]);
});

test('what only follows from something else is not said', () => {
  const deaf = withOutside({ udp: failed('challenge'), tcp: failed('challenge'), tls: failed('tls') });
  const cdn: Facts = { ...deaf, web: { ...web, headers: { 'cf-ray': '8e1' } } };
  expect(judge(cdn).map(({ id }) => id)).toEqual(['cdn-in-front']);
  const expired: Facts = {
    ...withOutside({ tls: failed('tls', 'CERT_HAS_EXPIRED') }),
    web: { ...web, certificate: { ...certificate, validToMs: nowMs - dayMs } },
  };
  expect(judge(expired).map(({ id }) => id)).toEqual(['certificate-expired']);
});

test('things that have nothing to do with each other are all said', () => {
  const facts: Facts = {
    ...withOutside({ udp: failed('challenge') }),
    data: { ...healthy.data, readable: [{ path: '/srv/callbox-data/turn-secret', mode: '644' }] },
    web: { ...web, clockAheadMs: 600_000 },
  };
  expect(judge(facts).map(({ id }) => id)).toEqual(['data-readable', 'clock-wrong', 'udp-blocked']);
});

test('every diagnosis has one sentence of what and one of what to do', () => {
  for (const { what, fix } of Object.values(diagnosisTable)) {
    expect(what).toMatch(/^[A-Z{].*\.$/);
    expect(fix).toMatch(/^[A-Z].*\.$/);
  }
});
