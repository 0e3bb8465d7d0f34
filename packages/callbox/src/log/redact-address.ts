import { isIPv4, isIPv6 } from 'node:net';

const withPort = /^(?:\[([^\]]+)\]|([\d.]+))(:\d{1,5})?$/;

function redactBare(address: string): string {
  if (isIPv4(address)) {
    return address.startsWith('127.') ? address : `${address.split('.').slice(0, 3).join('.')}.x`;
  }
  if (address === '::1') return address;
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return redactBare(mapped);
  // Forty-eight bits name a site, not a person.
  return `${address.split(':').slice(0, 3).join(':')}::x`;
}

/** Shortens an IP address, with or without a port, so that it no longer names one person. Other text is left alone. */
export function redactAddress(text: string): string {
  if (isIPv4(text) || isIPv6(text)) return redactBare(text);
  const match = withPort.exec(text);
  const inner = match?.[1] ?? match?.[2];
  if (inner === undefined || (!isIPv4(inner) && !isIPv6(inner))) return text;
  return `${redactBare(inner)}${match?.[3] ?? ''}`;
}
