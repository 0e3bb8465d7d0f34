/** What one packet says of where it goes. */
export interface Packet {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `igmp`, `arp`, or a number where it is another. */
  readonly protocol: string;
  /** The address it goes to, IPv6 as the URL Standard writes it; empty where there is none. */
  readonly destination: string;
  /** The port it goes to, or the type of an ICMP message; null where there is neither. */
  readonly port: number | null;
  /** The name that a DNS question to port 53 asks for, in lower case; empty where it cannot be read. Else null. */
  readonly question: string | null;
}

const FILE_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
const MAGIC = 0xa1b2c3d4;
/** LINKTYPE_LINUX_SLL2: packets of all interfaces, under one header. */
const LINK_TYPE = 276;
const LINK_HEADER_LENGTH = 20;
const DNS_PORT = 53;
const DNS_HEADER_LENGTH = 12;
const IPV6_HEADER_LENGTH = 40;
/** Of IPv6, those that stand before the protocol's own (RFC 8200 §4.1). */
const extensionHeaders = new Set([0, 43, 60]);
const FRAGMENT_HEADER = 44;
const protocolNames = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
]);

/**
 * Reads a capture file (pcap, of link type LINUX_SLL2, as a machine of the same byte order has written it).
 *
 * @throws when it is another kind of file, or cut short.
 */
export function readCapture(file: Buffer): Packet[] {
  if (file.readUInt32LE(0) !== MAGIC || file.readUInt32LE(20) !== LINK_TYPE) {
    throw new Error('this is no capture of all interfaces');
  }
  const packets: Packet[] = [];
  for (let start = FILE_HEADER_LENGTH; start < file.length;) {
    const end = start + RECORD_HEADER_LENGTH + file.readUInt32LE(start + 8);
    if (end > file.length) throw new Error('the capture is cut short');
    packets.push(readPacket(file.subarray(start + RECORD_HEADER_LENGTH, end)));
    start = end;
  }
  return packets;
}

function readPacket(frame: Buffer): Packet {
  const kind = frame.readUInt16BE(0);
  const body = frame.subarray(LINK_HEADER_LENGTH);
  if (kind === 0x0800) return readIPv4(body);
  if (kind === 0x86dd) return readIPv6(body);
  const protocol = kind === 0x0806 ? 'arp' : `0x${kind.toString(16)}`;
  return { protocol, destination: '', port: null, question: null };
}

function readIPv4(packet: Buffer): Packet {
  const destination = packet.subarray(16, 20).join('.');
  const isFirstFragment = (packet.readUInt16BE(6) & 0x1fff) === 0;
  const payload = packet.subarray((packet.readUInt8(0) & 0x0f) * 4);
  return readPayload(packet.readUInt8(9), destination, isFirstFragment ? payload : null);
}

function readIPv6(packet: Buffer): Packet {
  const groups = Array.from({ length: 8 }, (_, index) => packet.readUInt16BE(24 + index * 2).toString(16));
  const destination = canonicalAddress(groups.join(':'));
  let next = packet.readUInt8(6);
  let start = IPV6_HEADER_LENGTH;
  while (extensionHeaders.has(next)) {
    next = packet.readUInt8(start);
    start += (packet.readUInt8(start + 1) + 1) * 8;
  }
  if (next !== FRAGMENT_HEADER) return readPayload(next, destination, packet.subarray(start));
  const isFirstFragment = (packet.readUInt16BE(start + 2) & 0xfff8) === 0;
  return readPayload(
    packet.readUInt8(start),
    destination,
    isFirstFragment ? packet.subarray(start + 8) : null,
  );
}

/** @param payload null for a later fragment, which says no more than where it goes. */
function readPayload(number: number, destination: string, payload: Buffer | null): Packet {
  const protocol = protocolNames.get(number) ?? String(number);
  const base = { protocol, destination, port: null, question: null };
  if (payload === null) return base;
  if (protocol === 'icmp' || protocol === 'icmpv6') return { ...base, port: payload.readUInt8(0) };
  if (protocol !== 'tcp' && protocol !== 'udp') return base;
  const port = payload.readUInt16BE(2);
  if (port !== DNS_PORT) return { ...base, port };
  return { ...base, port, question: protocol === 'udp' ? readQuestion(payload.subarray(8)) : '' };
}

/** The name in the first question of a DNS query (RFC 1035 §4.1.2). */
function readQuestion(query: Buffer): string {
  const labels: string[] = [];
  let start = DNS_HEADER_LENGTH;
  for (let length = query[start]; length !== undefined && length > 0; length = query[start]) {
    labels.push(query.toString('latin1', start + 1, start + 1 + length));
    start += 1 + length;
  }
  return start < query.length ? labels.join('.').toLowerCase() : '';
}

/** An address as packets of a capture give it: of the many forms of an IPv6 address, one. */
export function canonicalAddress(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
