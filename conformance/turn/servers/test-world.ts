import type { Credential } from '../client/credential.ts';

/** What every server under test is told, so that one suite can judge them all. */
export const WORLD = {
  host: '127.0.0.1',
  host6: '::1',
  realm: 'conformance.example',
  users: [
    { username: 'ana', password: 'ana-password' },
    { username: 'ben', password: 'ben-password' },
  ] as const satisfies readonly Credential[],
  sharedSecret: 'a secret of the conformance suite',
  /** Relays have an address of their own: a peer on the relays' address is taken for another client of the server. */
  relayHost: '127.0.0.9',
  peerHosts: ['127.0.0.1', '127.0.0.2'] as const,
  /** One loopback address is denied although the others are allowed. */
  deniedPeer: '127.0.0.66',
} as const;
