import { canonicalAddress, type Packet } from './read-capture.ts';

/** Where the packets of a host may go. */
export interface Allowance {
  /** The host's own addresses, and of those it talks with all that are theirs. */
  readonly addresses: readonly string[];
  /** The names it may ask for. */
  readonly names: readonly string[];
  /** What else it may send. */
  readonly exceptions: readonly PacketException[];
}

/** Packets that may go elsewhere. */
export interface PacketException {
  /** What they are, and why they may. */
  readonly reason: string;
  readonly covers: (packet: Packet) => boolean;
}

/** ICMPv6 types 130 to 137 and 143: who is on the link, and who listens to which group (RFC 4861, RFC 3810). */
const isNeighbourMessage = (type: number | null) =>
  type !== null && ((type >= 130 && type <= 137) || type === 143);

/** The kernel's own: how machines on one link find each other. No router passes any of it on. */
const linkProtocols: PacketException = {
  reason: 'the kernel asks who is on its own link',
  covers: ({ protocol, port }) =>
    protocol === 'arp' || protocol === 'igmp' || (protocol === 'icmpv6' && isNeighbourMessage(port)),
};

/** Browsers give out names in the place of addresses, and look up those of others (RFC 8828, RFC 6762). */
export const multicastNames: PacketException = {
  reason: 'browsers hide addresses behind names of the local network',
  covers: ({ protocol, destination, port }) =>
    protocol === 'udp' && port === 5353 && ['224.0.0.251', 'ff02::fb'].includes(destination),
};

/** Questions for one name, and for none below it. In the test internet it does not exist, so that nothing more can follow. */
export function questionsFor(name: string, reason: string): PacketException {
  return { reason, covers: ({ question, destination }) => question === name && isOwnLoopback(destination) };
}

/** @returns what was sent elsewhere or asked of others, each once; empty where all went where it may. */
export function findStrays(packets: readonly Packet[], allowance: Allowance): string[] {
  const addresses = new Set(allowance.addresses.map(canonicalAddress));
  const isAllowed = (packet: Packet): boolean => {
    if ([linkProtocols, ...allowance.exceptions].some(({ covers }) => covers(packet))) return true;
    if (packet.question !== null && !allowance.names.includes(packet.question)) return false;
    return isOwnLoopback(packet.destination) || addresses.has(packet.destination);
  };
  return [...new Set(packets.filter((packet) => !isAllowed(packet)).map(describePacket))];
}

function isOwnLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function describePacket({ protocol, destination, port, question }: Packet): string {
  const place = [protocol, destination, ...(port === null ? [] : [port])]
    .filter((part) => part !== '')
    .join(' ');
  return question === null
    ? place
    : `${place} asks for ${question === '' ? 'what cannot be read' : question}`;
}
