import { expect, test } from 'vitest';
import { findAddressToShare, renderStartUpText, type StartUpFacts } from './start-up-text.ts';

const facts: StartUpFacts = {
  config: {
    roles: ['turn', 'signaling', 'web'],
    turnPort: 3478,
    turnTlsPort: undefined,
    turnTransports: ['udp', 'tcp', 'tls'],
    relayPorts: { min: 61_000, max: 65_535 },
    httpOnly: false,
    basePath: '/',
    noLegacy: false,
  },
  port: 8080,
  signalPort: 8888,
  httpPort: undefined,
  isOnLoopback: true,
  publicAddresses: [],
  hosts: ['192.168.1.5', '2001:db8::7'],
  certificate: {
    isTrusted: false,
    askedFrom: undefined,
    authorityFingerprint: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16)).join(':'),
  },
  notices: [],
};

test('a start tells where to open it, which ports it uses and what to do next', () => {
  expect(renderStartUpText(facts)).toMatchInlineSnapshot(`
    "
      Callbox is running.

      This machine    http://localhost:8080
      Others          https://192.168.1.5:8080
                      https://[2001:db8::7]:8080
                      Browsers will warn: this server made its certificate itself, so nobody vouches for it.
                      Where you trust the network, continue past the warning.
                      Phones, and whoever wants no warning, install the certificate from http://192.168.1.5:8080/ca
                      and compare its fingerprint: 10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f
                                                   20:21:22:23:24:25:26:27:28:29:2a:2b:2c:2d:2e:2f

      Ports           8080 TCP: pages, signaling, relay
                      3478 UDP and TCP: relay
                      61000-65535 UDP: relayed media
                      8888 TCP: signaling for pages, old ones too, served elsewhere

      Open an address, start a call, and send its link to the others. Ctrl-C ends the server.

    "
  `);
});

test('a certificate that somebody vouches for is no matter for words', () => {
  const certificate = { isTrusted: true, askedFrom: undefined, authorityFingerprint: undefined };
  expect(renderStartUpText({ ...facts, certificate })).not.toMatch(/warn|vouch|terms/);
});

test.each([
  [false, 'A certificate is being asked for from ca.example; with that you agree to its terms of service.'],
  [true, 'Its certificate is from ca.example, whose terms of service you agree to.'],
])('who asks an authority is told of its terms (has a certificate: %s)', (isTrusted, words) => {
  const certificate = { isTrusted, askedFrom: 'ca.example', authorityFingerprint: undefined };
  const text = renderStartUpText({ ...facts, certificate });
  expect(text).toContain(words);
  expect(text.includes('browsers will warn')).toBe(!isTrusted);
});

test('the ports of the relay are those that it has, for what they take', () => {
  const textOf = (config: Partial<StartUpFacts['config']>): string =>
    renderStartUpText({ ...facts, config: { ...facts.config, ...config } });
  expect(textOf({})).toContain('3478 UDP and TCP: relay\n');
  expect(textOf({ turnTlsPort: 5349 })).toContain('5349 TCP: relay over TLS\n');
  expect(textOf({ turnTransports: ['udp'] })).toContain('3478 UDP: relay\n');
  expect(textOf({ turnTransports: ['tls'], turnTlsPort: 5349 })).not.toContain('3478');
});

test('the port of plain HTTP is named where there is one', () => {
  expect(renderStartUpText({ ...facts, httpPort: 80 })).toContain('80 TCP: leads people to HTTPS\n');
});

test('the port that https: stands for is not written', () => {
  const shared = { ...facts, port: 443, hosts: ['calls.example'], config: { ...facts.config } };
  expect(renderStartUpText(shared)).toContain('Others          https://calls.example\n');
  expect(findAddressToShare(shared)).toBe('https://calls.example');
});

test('there is no address to share where nobody else can come, or through a proxy alone', () => {
  expect(findAddressToShare({ ...facts, hosts: [] })).toBeUndefined();
  expect(findAddressToShare({ ...facts, config: { ...facts.config, httpOnly: true } })).toBeUndefined();
  expect(findAddressToShare({ ...facts, port: undefined })).toBeUndefined();
});

test('behind a proxy, the addresses are the ones that the proxy uses', () => {
  const config = { ...facts.config, httpOnly: true, basePath: '/calls/' };
  const certificate = { isTrusted: undefined, askedFrom: undefined, authorityFingerprint: undefined };
  const text = renderStartUpText({ ...facts, config, certificate });
  expect(text.split('\n').slice(3, 6)).toEqual([
    '  This machine    http://localhost:8080/calls/',
    '  The proxy       http://192.168.1.5:8080/calls/',
    '                  http://[2001:db8::7]:8080/calls/',
  ]);
  expect(text).not.toContain('warn');
});

test('a relay alone has no address to open', () => {
  const text = renderStartUpText({
    ...facts,
    config: { ...facts.config, roles: ['turn'] },
    port: undefined,
    signalPort: undefined,
    notices: ['Mind the gap.'],
  });
  expect(text).toMatchInlineSnapshot(`
    "
      Callbox is running (turn).

      Ports           3478 UDP and TCP: relay
                      61000-65535 UDP: relayed media

      Mind the gap.

      Ctrl-C ends the server.

    "
  `);
});

test('an address on the internet that nobody has configured is told, and why it is believed', () => {
  const text = renderStartUpText({
    ...facts,
    publicAddresses: [
      { address: '5.5.5.5', origin: 'cloud' },
      { address: '2a00::5', origin: 'interface' },
    ],
  });
  expect(text).toContain('  Internet        5.5.5.5, as the cloud says; --public-address says otherwise\n');
  expect(text).not.toContain('2a00::5');
});
