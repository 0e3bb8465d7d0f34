import type { KeyPair } from '../port/port-splitter.ts';

/** Ways to prove that a name or address is ours (RFC 8555 §8.3, RFC 8737). */
export type ChallengeType = 'http-01' | 'tls-alpn-01';

/** What is to be answered while a certificate authority looks whether a name is ours. Empty at all other times. */
export interface ChallengeResponses {
  /** By the path that is asked for (RFC 8555 §8.3). */
  readonly http: Map<string, string>;
  /** By the server name that is asked for (RFC 8737 §3, RFC 8738 §6). */
  readonly tls: Map<string, KeyPair>;
}

export const challengePathPrefix = '/.well-known/acme-challenge/';

export function createChallengeResponses(): ChallengeResponses {
  return { http: new Map(), tls: new Map() };
}
