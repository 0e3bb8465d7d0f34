import { expect, test } from 'vitest';
import { renderStartUpText, type StartUpFacts } from './start-up-text.ts';

const facts: StartUpFacts = {
  config: {
    roles: ['turn', 'signaling', 'web'],
    turnPort: 3478,
    relayPorts: { min: 61_000, max: 65_535 },
    httpOnly: false,
    basePath: '/',
  },
  port: 8080,
  signalPort: 8888,
  isOnLoopback: true,
  hosts: ['192.168.1.5', '2001:db8::7'],
  hasOwnCertificate: false,
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

      Ports           8080 TCP: pages, signaling, relay
                      3478 UDP and TCP: relay
                      61000-65535 UDP: relayed media
                      8888 TCP: signaling for pages served elsewhere

      Open an address, start a call, and send its link to the others. Ctrl-C ends the server.

    "
  `);
});

test('a certificate that somebody vouches for is no matter for words', () => {
  expect(renderStartUpText({ ...facts, hasOwnCertificate: true })).not.toContain('warn');
});

test('behind a proxy, the addresses are the ones that the proxy uses', () => {
  const config = { ...facts.config, httpOnly: true, basePath: '/calls/' };
  const text = renderStartUpText({ ...facts, config });
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
