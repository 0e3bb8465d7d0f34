import { BlockList, isIPv4 } from 'node:net';

/** What the internet does not route, of those addresses that a machine has (IANA's special-purpose registries). */
const privateBlocks = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateBlocks.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  privateBlocks.addSubnet(network, prefix, 'ipv6');
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

/** An address of a home, an office, a cloud's inside or the machine itself: the internet cannot send to it. */
export function isPrivateAddress(address: string): boolean {
  return privateBlocks.check(address, familyOf(address));
}

/** https://www.cloudflare.com/ips, which has not changed since 2021. */
const cloudflare = new BlockList();
for (const block of [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
]) {
  const [network = '', prefix] = block.split('/');
  cloudflare.addSubnet(network, Number(prefix), familyOf(network));
}

/** One of Cloudflare's own, behind which the server is hidden. */
export function isCloudflareAddress(address: string): boolean {
  return cloudflare.check(address, familyOf(address));
}
