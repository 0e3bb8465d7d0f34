import { formatIpAddress } from './format-ip-address.ts';

/** An IP address as octets. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** 4 or 16 octets, in network order. */
  readonly address: Uint8Array;
}

/** Where datagrams come from and go to. */
export interface TransportAddress extends IpAddress {
  /** 0 to 65535. */
  readonly port: number;
}

/** `192.0.2.1:3478` or `[2001:db8::1]:3478`. */
export function formatTransportAddress(address: TransportAddress): string {
  const host = formatIpAddress(address.address);
  return address.family === 4 ? `${host}:${address.port}` : `[${host}]:${address.port}`;
}
