import { parseIpAddress, type IpAddress, type TransportAddress } from '@callbox/stun';

/** An address that the test has written down itself, so that it must be one. */
export function ip(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new Error(`"${text}" is not an IP address`);
  return parsed;
}

/** The same with a port. */
export function at(text: string, port: number): TransportAddress {
  return { ...ip(text), port };
}
