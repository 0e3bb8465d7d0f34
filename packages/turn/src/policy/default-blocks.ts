/** What a relay may reach when nobody said otherwise: global unicast, after IANA's special-purpose address registries. */
export const DEFAULT_ALLOWED_BLOCKS: readonly string[] = ['0.0.0.0/0', '2000::/3'];

/** Exceptions to the above, and everything of IPv6 that is not global unicast. */
export const DEFAULT_DENIED_BLOCKS: readonly string[] = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 anycast
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast

  '::/0', // all but the allowed block above
  '::/8', // unspecified, loopback, IPv4 in disguise, NAT64
  '100::/64', // discard
  '2001::/23', // protocol assignments, Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
  '5f00::/16', // segment routing
  'fc00::/7', // unique local
  'fe80::/10', // link-local
  'fec0::/10', // site-local
  'ff00::/8', // multicast
];

/**
 * Where clouds keep their machines' credentials. Single addresses, so that no wider block that somebody allows contains
 * them: the longest prefix wins.
 */
export const METADATA_ADDRESSES: readonly string[] = [
  '169.254.169.254', // AWS, Google, Azure, Oracle and many more
  '169.254.170.2', // AWS containers
  '169.254.170.23', // AWS containers
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure: a public address, but the host's own
  '192.0.0.192', // Oracle
  'fd00:ec2::254', // AWS
  'fd00:ec2::23', // AWS containers
  'fd20:ce::254', // Google
];
