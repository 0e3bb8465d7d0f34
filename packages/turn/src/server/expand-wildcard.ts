import type { IpAddress } from '@callbox/stun';

/**
 * The addresses that a UDP listener has to be bound to. A socket on a wildcard cannot tell which address a datagram was
 * sent to, and clients drop answers from any other; so each address gets a socket. Link-local addresses need a zone that
 * no TURN URL can carry.
 */
export function expandWildcard(listen: IpAddress, machine: readonly IpAddress[]): readonly IpAddress[] {
  if (!isWildcard(listen)) return [listen];
  return machine.filter((address) => address.family === listen.family && !isLinkLocalIpv6(address));
}

/** True for `0.0.0.0` and `::`. */
export function isWildcard({ address }: IpAddress): boolean {
  return address.every((octet) => octet === 0);
}

function isLinkLocalIpv6({ family, address }: IpAddress): boolean {
  return family === 6 && address[0] === 0xfe && ((address[1] ?? 0) & 0xc0) === 0x80;
}
