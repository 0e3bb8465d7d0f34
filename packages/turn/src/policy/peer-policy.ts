import type { IpAddress } from '@callbox/stun';
import { cidrContains, parseCidr, type Cidr } from './cidr.ts';
import { DEFAULT_ALLOWED_BLOCKS, DEFAULT_DENIED_BLOCKS, METADATA_ADDRESSES } from './default-blocks.ts';
import { embeddedIpv4 } from './embedded-ipv4.ts';

/** Whose relay it is. */
export interface TurnUser {
  readonly username: string;
  /** The id behind the expiry of time-limited credentials, the name itself otherwise. */
  readonly account: string;
}

/**
 * An embedder's word on peers, which can only narrow what the lists allow: true where the user may reach the peer. Asked
 * when a permission or channel is made or refreshed, and again when rules change; it must answer at once. An IPv6
 * address that carries an IPv4 address is asked about as both.
 */
export type PeerRule = (peer: IpAddress, user: TurnUser) => boolean;

/** Decides which peers a user may reach through a relay. The one place that is asked, for every path. */
export interface PeerPolicy {
  mayReach(peer: IpAddress, user: TurnUser): boolean;
}

interface Rule {
  readonly cidr: Cidr;
  readonly allowed: boolean;
  /** Lower goes first among rules of one prefix length. */
  readonly rank: number;
}

/**
 * A policy from lists. The longest prefix that contains the peer decides; at one length the embedder's word comes before
 * the defaults, and a denial before a permission. An IPv6 address that carries an IPv4 address must pass as both. What
 * the lists allow has to pass the embedder's rule, too.
 */
export function createPeerPolicy(lists: {
  readonly allowed: readonly Cidr[];
  readonly denied: readonly Cidr[];
  readonly rule?: PeerRule | undefined;
}): PeerPolicy {
  const { rule } = lists;
  const rules: readonly Rule[] = [
    ...lists.denied.map((cidr) => ({ cidr, allowed: false, rank: 0 })),
    ...lists.allowed.map((cidr) => ({ cidr, allowed: true, rank: 1 })),
    ...[...DEFAULT_DENIED_BLOCKS, ...METADATA_ADDRESSES].map((text) => defaultRule(text, false)),
    ...DEFAULT_ALLOWED_BLOCKS.map((text) => defaultRule(text, true)),
  ].toSorted((a, b) => b.cidr.prefixLength - a.cidr.prefixLength || a.rank - b.rank);

  const isAllowed = (address: IpAddress): boolean =>
    rules.find(({ cidr }) => cidrContains(cidr, address))?.allowed ?? false;

  return {
    mayReach: (peer, user) => {
      const inner = embeddedIpv4(peer);
      const spellings = inner === undefined ? [peer] : [peer, inner];
      return (
        spellings.every(isAllowed) &&
        (rule === undefined || spellings.every((spelling) => rule(spelling, user)))
      );
    },
  };
}

function defaultRule(text: string, allowed: boolean): Rule {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`a default block is wrong: ${parsed.reason}`);
  return { cidr: parsed.value, allowed, rank: 2 };
}
