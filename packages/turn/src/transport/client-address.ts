import { parseIpAddress, type TransportAddress } from '@callbox/stun';

const MAPPED_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * The address of a connection's end as octets; an IPv4 address that a dual-stack socket shows as IPv6 is IPv4 again.
 * `undefined` for what is no address, such as the end of a connection that has been reset already.
 */
export function readSocketAddress(
  address: string | undefined,
  port: number | undefined,
): TransportAddress | undefined {
  const parsed = parseIpAddress((address ?? '').replace(/%.*$/u, ''));
  if (parsed === undefined || port === undefined) return undefined;
  const isMapped =
    parsed.family === 6 && MAPPED_PREFIX.every((octet, index) => parsed.address[index] === octet);
  return isMapped ? { family: 4, address: parsed.address.slice(12), port } : { ...parsed, port };
}
