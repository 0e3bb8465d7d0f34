import { formatTransportAddress, parseIpAddress, type TransportAddress } from '@callbox/stun';

/** An address from text. @throws where the text is no IP address: a mistake in the suite or its settings. */
export function transportAddress(ip: string, port: number): TransportAddress {
  const parsed = parseIpAddress(ip);
  if (parsed === undefined) throw new Error(`not an IP address: "${ip}"`);
  return { ...parsed, port };
}

export function isSameAddress(a: TransportAddress, b: TransportAddress): boolean {
  return formatTransportAddress(a) === formatTransportAddress(b);
}
