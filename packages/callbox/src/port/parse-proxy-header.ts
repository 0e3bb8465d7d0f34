import { isIP, isIPv4, isIPv6 } from 'node:net';
import { addressOfOctets } from '../network/canonical-address.ts';

/** Who is at the far end of a connection, as a proxy tells it. */
export interface ProxySource {
  readonly address: string;
  readonly port: number;
}

export type ProxyHeader =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed' }
  /** `source` is undefined where the proxy speaks for itself, as in a check of health. */
  | { readonly kind: 'complete'; readonly octets: number; readonly source: ProxySource | undefined };

// The PROXY protocol, https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt; its §2.1 is version 1, §2.2 version 2.
const signature1 = Buffer.from('PROXY ');
const signature2 = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
/** §2.1: the longest line, with its CRLF. */
const longestLine = 107;
/** Far more than addresses and the usual extensions take. */
const longestBody = 2_048;

const malformed: ProxyHeader = { kind: 'malformed' };
const incomplete: ProxyHeader = { kind: 'incomplete' };

/** Whether these octets begin a header of version 1, which could else be taken for a method of HTTP. */
export function isProxyLine(octets: Buffer): boolean {
  return octets.subarray(0, signature1.length).equals(signature1);
}

function mayBecomeHeader(octets: Buffer): boolean {
  return [signature1, signature2].some((signature) => {
    const length = Math.min(octets.length, signature.length);
    return length > 0 && octets.subarray(0, length).equals(signature.subarray(0, length));
  });
}

/** Reads the header with which a proxy begins a connection, from all octets that have come so far. */
export function parseProxyHeader(octets: Buffer): ProxyHeader {
  if (octets.length === 0) return incomplete;
  if (!mayBecomeHeader(octets)) return malformed;
  return octets[0] === signature1[0] ? parseVersion1(octets) : parseVersion2(octets);
}

function parsePort(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : undefined;
}

function parseVersion1(octets: Buffer): ProxyHeader {
  const end = octets.subarray(0, longestLine).indexOf('\r\n');
  if (end === -1) return octets.length < longestLine ? incomplete : malformed;
  const [, family, source = '', destination = '', sourcePort, destinationPort, ...rest] = octets
    .toString('latin1', 0, end)
    .split(' ');
  const length = end + 2;
  // What follows UNKNOWN is to be ignored.
  if (family === 'UNKNOWN') return { kind: 'complete', octets: length, source: undefined };
  const isOfFamily = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : () => false;
  const port = parsePort(sourcePort);
  const isWhole = rest.length === 0 && parsePort(destinationPort) !== undefined && port !== undefined;
  if (!isWhole || !isOfFamily(source) || !isOfFamily(destination)) return malformed;
  return { kind: 'complete', octets: length, source: { address: source, port } };
}

function parseVersion2(octets: Buffer): ProxyHeader {
  const head = signature2.length + 4;
  if (octets.length < head) return incomplete;
  const versionAndCommand = octets.readUInt8(12);
  const family = octets.readUInt8(13);
  const length = octets.readUInt16BE(14);
  const command = versionAndCommand & 0x0f;
  if (versionAndCommand >> 4 !== 2 || command > 1 || length > longestBody) return malformed;
  if (octets.length < head + length) return incomplete;
  const end = { kind: 'complete', octets: head + length } as const;
  // LOCAL: the proxy's own. Families that have no IP address are to be taken as if nothing were said.
  const addressLength = { 0x11: 4, 0x21: 16 }[family];
  if (command === 0 || addressLength === undefined) return { ...end, source: undefined };
  if (length < addressLength * 2 + 4) return malformed;
  const address = addressOfOctets(octets.subarray(head, head + addressLength));
  if (address === undefined || isIP(address) === 0) return malformed;
  return { ...end, source: { address, port: octets.readUInt16BE(head + addressLength * 2) } };
}
