import type { IpAddress } from '@callbox/stun';
import { cidrContains, parseCidr, type Cidr } from './cidr.ts';
import { DEFAULT_ALLOWED_BLOCKS, DEFAULT_DENIED_BLOCKS, METADATA_ADDRESSES } from './default-blocks.ts';
import { embeddedIpv4 } from './embedded-ipv4.ts';

/** Decides which peers a user may reach through a relay. The one place that is asked, for every path. */
export interface PeerPolicy {
  mayReach(peer: IpAddress, username: string): boolean;
}

interface Rule {
  readonly cidr: Cidr;
  readonly allowed: boolean;
  /** Lower goes first among rules of one prefix length. */
  readonly rank: number;
}

/**
 * A policy from lists. The longest prefix that contains the peer decides; at one length the embedder's word comes before
 * the defaults, and a denial before a permission. An IPv6 address that carries an IPv4 address must pass as both.
 */
export function createPeerPolicy(lists: {
  readonly allowed: readonly Cidr[];
  readonly denied: readonly Cidr[];
}): PeerPolicy {
  const rules: readonly Rule[] = [
    ...lists.denied.map((cidr) => ({ cidr, allowed: false, rank: 0 })),
    ...lists.allowed.map((cidr) => ({ cidr, allowed: true, rank: 1 })),
    ...[...DEFAULT_DENIED_BLOCKS, ...METADATA_ADDRESSES].map((text) => defaultRule(text, false)),
    ...DEFAULT_ALLOWED_BLOCKS.map((text) => defaultRule(text, true)),
  ].toSorted((a, b) => b.cidr.prefixLength - a.cidr.prefixLength || a.rank - b.rank);

  const isAllowed = (address: IpAddress): boolean =>
    rules.find(({ cidr }) => cidrContains(cidr, address))?.allowed ?? false;

  return {
    mayReach: (peer) => {
      const inner = embeddedIpv4(peer);
      return isAllowed(peer) && (inner === undefined || isAllowed(inner));
    },
  };
}

function defaultRule(text: string, allowed: boolean): Rule {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`a default block is wrong: ${parsed.reason}`);
  return { cidr: parsed.value, allowed, rank: 2 };
}
